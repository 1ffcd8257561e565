"""Real rows of the desk: entries with findings, concluded by the real policy."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.base import ContentFile

from matching.models import Artist, Work
from moderation import screening as screenings
from moderation.models import Case, CheckResult, ReviewSettings, Screening
from moderation.verdicts import Finding, Lane, Outcome
from submissions.models import Artwork, Contest, Entry, Role, User
from submissions.states import State
from tests.factories import make_contest, make_entry, make_member
from tests.pictures import as_file, draw

NO_CREDENTIALS = Finding(
    "provenance", Lane.PROVENANCE, Outcome.CLEAR, "provenance.none", {"integrity": "none"}
)
CONTRADICTION = Finding(
    "statement",
    Lane.STATEMENT,
    Outcome.FLAG,
    "statement.none_but_credentials_say_ai",
    {
        "origin": "ai_generated",
        "generator": "Adobe Firefly",
        "signer": "trusted",
        "signer_name": "Adobe Inc.",
    },
)
SIGNS = Finding(
    "synthetic",
    Lane.SYNTHETIC,
    Outcome.FLAG,
    "synthetic.signs_of_generation",
    {
        "score": 0.93,
        "band": "signs_of_generation",
        "medium": "line_art",
        "budget": 10,
        "no_sign_below": 0.21,
        "signs_above": 0.88,
    },
    score=0.93,
    versions={"check": "1", "model": "head-0123+calibration-4567"},
)
BROKEN_OFF = Finding("registry", Lane.COPY, Outcome.UNKNOWN, "check.gave_up", {"check": "registry"})
DAMAGED = Finding("file", Lane.FILE, Outcome.UNKNOWN, "file.damaged", {"problem": "The picture is cut off."})


def copy_of(work: Work, **data: Any) -> Finding:
    told = {
        "work": str(work.public_id),
        "reference": work.title,
        "artist": work.artist.name,
        "on_match": "block",
        "score": 0.91,
        "pdq": 90,
        "verified": True,
        "by": "geometry",
        "inliers": 142,
        "mirrored": True,
        "region": [[0.1, 0.2], [0.9, 0.15], [0.95, 0.8], [0.12, 0.9]],
        "work_region": [[0.0, 0.0], [0.5, 0.0], [0.5, 1.0], [0.0, 1.0]],
        "view": [[-1.6, 0.0, 0.9], [0.0, 0.7, 0.2], [0.0, 0.0, 1.0]],
        **data,
    }
    return Finding("registry", Lane.COPY, Outcome.FLAG, "copy.verified", told, score=0.91)


def duplicate_of(entry: Entry) -> Finding:
    data = {"entry": entry.pk, "artwork": 1, "same_entrant": False, "same_contest": True, "bits": 4}
    return Finding("duplicate", Lane.FILE, Outcome.FLAG, "duplicate.same_picture", data)


def make_work(**fields: Any) -> Work:
    """A work with a picture, as a reader of the registry leaves it, but for what matching needs."""
    artist = fields.pop("artist", None) or Artist.objects.create(name=f"Artist {Artist.objects.count() + 1}")
    work = Work(
        artist=artist, **{"title": "Harbour at dusk", "sha256": f"{Work.objects.count():064}", **fields}
    )
    work.display.save("display.webp", ContentFile(as_file(draw(77, 160, 100), "WEBP")), save=False)
    work.save()
    return work


def make_judged(*findings: Finding, entry: Entry | None = None, **fields: Any) -> Entry:
    """An entry whose checks found ``findings``, all of its first picture, after the policy concluded."""
    entry = entry or make_entry(seen=True, **fields)
    disclosure = entry.disclosure
    assert disclosure is not None
    screening = Screening.objects.create(
        entry=entry, number=entry.screenings.count() + 1, disclosure=disclosure, policy=entry.contest.policy
    )
    artwork = entry.artworks.values_list("pk", flat=True).first()
    CheckResult.objects.bulk_create(_row(screening, finding, artwork) for finding in findings)
    assert screenings.conclude(screening) is not None
    entry.refresh_from_db()
    return entry


def _row(screening: Screening, finding: Finding, artwork: int | None) -> CheckResult:
    return CheckResult(
        screening=screening,
        artwork_id=artwork,
        check_name=finding.check,
        lane=finding.lane,
        outcome=finding.outcome,
        code=finding.code,
        score=finding.score,
        data=dict(finding.data),
        versions=dict(finding.versions),
    )


def make_reading(artwork: Artwork, data: Mapping[str, Any]) -> CheckResult:
    """What the check of Content Credentials found of one picture, in a screening of its own."""
    entry, disclosure = artwork.entry, artwork.entry.disclosure
    assert disclosure is not None
    screening = Screening.objects.create(
        entry=entry, number=entry.screenings.count() + 1, disclosure=disclosure, policy=entry.contest.policy
    )
    finding = Finding("provenance", Lane.PROVENANCE, Outcome.CLEAR, "provenance.no_claim", data)
    (row,) = CheckResult.objects.bulk_create([_row(screening, finding, artwork.pk)])
    return row


def make_case(*findings: Finding, **fields: Any) -> Case:
    """An open case; a contradiction where no finding is given."""
    entry = make_judged(*(findings or (CONTRADICTION,)), **fields)
    assert entry.state == State.HELD
    return Case.objects.open().get(entry=entry)


def make_desk() -> tuple[Contest, User]:
    """A contest and one who organizes it."""
    contest = make_contest()
    return contest, make_member(contest.organization, Role.ORGANIZER)


def make_open_desk() -> tuple[Contest, User]:
    """A desk where reviewers see estimates at once."""
    contest, organizer = make_desk()
    ReviewSettings.objects.create(contest=contest, impression_first=False)
    return contest, organizer


def titles(cases: Sequence[Case]) -> list[str]:
    return [case.entry.title for case in cases]
