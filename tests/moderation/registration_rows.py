"""Registrations that wait for a neutral person, and an entry in which a later work was seen."""

from datetime import date, timedelta

from django.utils import timezone

from matching.models import Conflict, QuarantineReason
from matching.registry import proofs
from matching.registry.standing import quarantine
from moderation.models import Sighting
from submissions.models import Contest, Entry, Organization
from tests.factories import make_user
from tests.moderation.rows import make_work


def registration_paths(contest: Contest, seen_in: Entry) -> dict[str, str]:
    """The pages about registrations. The contest's organization is trusted from here on."""
    organization = contest.organization
    Organization.objects.filter(pk=organization.pk).update(is_trusted=True)
    older, newer, seen, known = (make_work() for _ in range(4))
    conflict = Conflict.objects.create(older=older, newer=newer, due_at=timezone.now() + timedelta(days=30))
    doubt = quarantine(seen, QuarantineReason.PUBLIC_DOMAIN, year=1850)
    day = date(2020, 1, 1)
    page = proofs.ask_publication(seen.artist, work=seen, url="https://example.org/", published_on=day)
    vouched = proofs.vouch(known.artist, work=None, organization=organization.slug, by=make_user())
    artwork = seen_in.artworks.get()
    sighting = Sighting.objects.create(
        work=seen, artwork=artwork, code="copy.verified", data={"work": str(seen.public_id)}, later=True
    )
    desk, slug = "/organize/registrations/", organization.slug
    return {
        "registrations": desk,
        "decide_proof": f"{desk}proofs/{page.public_id}/",
        "revoke_proof": f"{desk}proofs/{vouched.public_id}/revoke/",
        "lift_doubt": f"{desk}doubts/{doubt.pk}/lift/",
        "conflict": f"{desk}conflicts/{conflict.public_id}/",
        "conflict_picture": f"{desk}conflicts/{conflict.public_id}/older",
        "later": "/organize/later/",
        "note_later": f"/organize/later/{sighting.public_id}/note/",
        "ledger": f"/organize/organization/{slug}/ledger/",
        "ledger_file": f"/organize/organization/{slug}/ledger.csv",
        "artist_matches": f"/artists/{seen.artist.public_id}/matches/",
        "match_region": f"/artists/matches/{sighting.public_id}/region",
    }
