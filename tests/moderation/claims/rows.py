"""Claims for tests: an entry that hangs, an artist whose proved work it repeats, and what they say of it."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from matching.models import Artist, Work, WorkState
from matching.registry import proofs
from moderation.claims import answering, filing, trust
from moderation.models import AnswerKind, Claim, ClaimEnd, Sighting
from submissions.models import Contest, Entry, User
from submissions.states import State
from submissions.uploads import take_process_file
from tests.factories import make_user
from tests.moderation.rows import NO_CREDENTIALS, copy_of, make_judged, make_work

REGION = [[0.1, 0.2], [0.6, 0.2], [0.6, 0.9], [0.1, 0.9]]


def make_hung(**fields: Any) -> Entry:
    """An entry that the rules hung in the human category."""
    entry = make_judged(NO_CREDENTIALS, **fields)
    assert entry.state == State.HUNG
    return entry


def make_claimant(*, proved: bool = True, **fields: Any) -> Artist:
    artist = Artist.objects.create(owner=make_user(**fields), name=f"Painter {Artist.objects.count() + 1}")
    if proved:
        proofs.vouch(artist, work=None, organization="a-house", by=make_user())
    return artist


def owner_of(artist: Artist) -> User:
    """Who signs in for ``artist``."""
    assert isinstance(artist.owner, User)
    return artist.owner


def end_of(claim: Claim) -> ClaimEnd:
    """How ``claim`` ended; it did."""
    end = claim.end
    assert end is not None
    return end


def make_claimable_work(artist: Artist, **fields: Any) -> Work:
    matchable = {
        "state": WorkState.MATCHABLE,
        "matchable_since": timezone.now(),
        "pdq": bytes(32),
        "features": b"nothing",
    }
    return make_work(artist=artist, **{**matchable, **fields})


def make_sighting(entry: Entry, work: Work) -> Sighting:
    """The work was seen in the entry, proved, after it was judged."""
    data = dict(copy_of(work).data)
    return Sighting.objects.create(
        work=work, artwork=entry.artworks.get(), code="copy.verified", data=data, later=True
    )


def make_claim(
    entry: Entry | None = None, artist: Artist | None = None, *, sighting: bool = False, **fields: Any
) -> Claim:
    """An open claim, filed by the verb."""
    entry, artist = entry or make_hung(), artist or make_claimant()
    work = artist.works.first() or make_claimable_work(artist)
    given: dict[str, Any] = {"region": REGION, "words": "This is my harbour.", **fields}
    seen = make_sighting(entry, work) if sighting else None
    claim = filing.file_claim(
        work, entry.artworks.get(), by=owner_of(artist), artist=artist, sighting=seen, **given
    )
    entry.refresh_from_db()
    return claim


def claim_paths(contest: Contest, entrant: User) -> dict[str, str]:
    """The pages about a claim: an open one with an answer and a file, and a suspension."""
    entry = make_hung(contest=contest, entrant=entrant, title="Planted title")
    claim = make_claim(entry)
    file = take_process_file(SimpleUploadedFile("licence.pdf", b"%PDF-1.7 signed"))
    answering.answer(claim, by=entrant, kind=AnswerKind.LICENCE, words="I bought it.", file=file)
    other = make_claim(make_hung(contest=contest))
    until = timezone.now() + timedelta(days=9)
    suspension = trust.suspend(other, by=make_user(), reason="Many claims, none right.", until=until)
    own, desk = f"/claims/{claim.public_id}/", f"/organize/claims/{claim.public_id}/"
    artist = f"/artists/{claim.artist.public_id}/claims/"
    return {
        "artist_claims": artist,
        "claim_new": f"{artist}new/",
        "claim": own,
        "claim_withdraw": f"{own}withdraw/",
        "claim_erase": f"{own}erase/",
        "claim_picture": f"{own}picture",
        "claim_work": f"{own}work",
        "claim_answer": f"{own}answer/",
        "claim_answer_file": f"{own}answer/file",
        "claim_laid": f"{desk}laid/work",
        "claim_suspend": f"{desk}suspend/",
        "claim_lift": f"/organize/claims/suspensions/{suspension.pk}/lift/",
    }
