"""What would another head have said of the cases of before? It decides nothing; it is looked at first."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import structlog
from django.conf import settings
from django.db.models import OuterRef, Subquery

from matching.encoding import encoder
from matching.engine.cache import FeatureCache
from matching.engine.images import PictureError, open_picture
from matching.registry import limits
from moderation.detector import Medium, judge_encoded
from moderation.detector.calibration import Calibration
from moderation.detector.features import Progress, silent
from moderation.detector.head import Head
from moderation.detector.judgement import trained
from moderation.estimates.knowing import corrected
from moderation.models import Case, CheckResult
from submissions.models import Artwork

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Flip:
    """A picture that the other head would judge differently."""

    case: int | None
    """Of the entry, the newest; None where it never waited for a person."""
    is_open: bool
    contest: str
    entry: str
    medium: str
    """As the installed head takes it, or a reviewer named it."""
    before: str
    after: str
    """Bands."""
    score_before: float
    score_after: float


def flips(
    head: Head, calibration: Calibration, *, contest: str | None = None, progress: Progress = silent
) -> tuple[list[Flip], int]:
    """Judge every picture that was ever estimated by both heads; also says how many there were.

    Features come from the cache, by the file's content, or are made anew and kept there.
    """
    artworks = _estimated(contest)
    media = corrected(artwork.pk for artwork in artworks)
    cache = FeatureCache(Path(settings.CACHE_DIR), encoder())
    found, looked = [], 0
    for at, artwork in enumerate(artworks):
        progress("shadow", at, len(artworks))
        try:
            with artwork.original.open("rb") as file:
                picture = open_picture(cast("BinaryIO", file), limits=limits())
            features = cache.encode([picture])
        except (OSError, PictureError) as error:
            log.warning("not looked at", artwork=artwork.pk, error=str(error))
            continue
        looked += 1
        budget = artwork.entry.contest.policy.rules.budget
        medium: Medium | None = media.get(artwork.pk)
        now, then = (
            judge_encoded(picture, features, encoder(), budget=budget, medium=medium, by=pair)
            for pair in (trained(), (head, calibration))
        )
        if now.band != then.band:
            case = Case.objects.filter(entry=artwork.entry).order_by("-pk").first()
            found.append(
                Flip(
                    case=case.pk if case else None,
                    is_open=bool(case and case.closed_at is None),
                    contest=artwork.entry.contest.slug,
                    entry=str(artwork.entry.public_id),
                    medium=now.medium or then.medium,
                    before=now.band,
                    after=then.band,
                    score_before=now.score or 0.0,
                    score_after=then.score or 0.0,
                )
            )
    progress("shadow", len(artworks), len(artworks))
    return found, looked


def _estimated(contest: str | None) -> list[Artwork]:
    """Pictures with an estimate, those of open cases first."""
    estimates = CheckResult.objects.filter(check_name="synthetic", score__isnull=False)
    newest = Case.objects.filter(entry=OuterRef("entry")).order_by("-pk")
    rows = (
        Artwork.objects.filter(pk__in=estimates.values("artwork"))
        .select_related("entry__contest")
        .annotate(open_since=Subquery(newest.filter(closed_at=None).values("opened_at")[:1]))
        .order_by("open_since", "pk")
    )
    return list(rows.filter(entry__contest__slug=contest) if contest else rows)


def table(found: list[Flip]) -> Iterator[str]:
    """Counts by medium and change, then every flip."""
    counts = Counter((flip.medium, flip.before, flip.after) for flip in found)
    for (medium, before, after), number in sorted(counts.items()):
        yield f"{medium}: {before} -> {after}: {number}"
    for flip in found:
        if flip.case is None:
            what = "no case"
        else:
            what = f"case {flip.case} ({'open' if flip.is_open else 'closed'})"
        yield (
            f"  {what}, {flip.contest}, entry {flip.entry}, {flip.medium}:"
            f" {flip.before} {flip.score_before:.2f} -> {flip.after} {flip.score_after:.2f}"
        )
