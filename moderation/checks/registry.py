"""Does the work repeat one that an artist has registered? Copy lane: verified or not claimed at all.

A verified match speaks only for a work that is proved to be its artist's, and only as far as the owners'
terms reach: what repeats a work that somebody merely claims, or a licence permits, is a note.
"""

from typing import Any

from matching import registry, terms
from matching.engine.images import PictureError
from matching.models import Work
from matching.registry import Match
from moderation import sightings
from moderation.checks.look import ArtworkLook, Look
from moderation.verdicts import Finding, Lane, Outcome
from submissions.models import Entry, Membership

NAME = "registry"
LANE = Lane.COPY
VERSION = "4"

SHOWN = 5  # unverified likenesses kept for the reviewer's information

VERIFIED, QUARANTINED, PERMITTED = "copy.verified", "copy.quarantined", "copy.permitted"


def run(look: Look) -> list[Finding]:
    party = party_of(look.entry)
    return [finding for artwork in look.artworks for finding in _match(artwork, look, party)]


def _match(artwork: ArtworkLook, look: Look, party: terms.Party) -> list[Finding]:
    try:
        picture, encoded = artwork.picture, artwork.encoded
    except PictureError:
        return [Finding(NAME, LANE, Outcome.UNKNOWN, "copy.not_compared", artwork=artwork.pk)]
    # Before the registry is asked: a work that comes at this moment finds the entry, or is found by it.
    sightings.keep_looks(artwork.artwork, picture, encoded)
    try:
        found = registry.match(picture, encoded, exclude_owner=look.entry.entrant)
    except registry.RegistryUnavailable as error:
        data = {"problem": str(error)}
        return [Finding(NAME, LANE, Outcome.UNKNOWN, "copy.registry_unavailable", data, artwork=artwork.pk)]
    versions = {"check": VERSION, "index": found.index, "encoder": found.encoder}
    verified = [match for match in found.matches if match.verified]
    if verified:
        return [finding(match, party, artwork.pk, versions) for match in verified]
    likeness = {"works": found.size, "nearest": [match.as_json() for match in found.matches[:SHOWN]]}
    return [Finding(NAME, LANE, Outcome.CLEAR, "copy.none", likeness, artwork=artwork.pk, versions=versions)]


def party_of(entry: Entry) -> terms.Party:
    """Who entered, as an artist's terms ask."""
    slugs = Membership.objects.filter(user=entry.entrant).values_list("organization__slug", flat=True)
    return terms.Party(
        account=entry.entrant_id,
        email=entry.entrant.email,
        organizations=frozenset(slugs),
        country=entry.contest.country,
    )


def finding(match: Match, party: terms.Party, artwork: int, versions: dict[str, str]) -> Finding:
    """What a verified match is: something to answer, or a note and why it is no more."""
    code, said = stands(match.work, party)
    outcome = Outcome.CLEAR if code == PERMITTED else Outcome.FLAG
    data = match.as_json() | said
    return Finding(NAME, LANE, outcome, code, data, match.score, artwork, versions)


def stands(work: Work, party: terms.Party) -> tuple[str, dict[str, Any]]:
    """What a match with ``work`` is called for this party, at the moment it is asked, and why."""
    standing = registry.standing(work)
    applied = terms.apply(terms.wishes_of(work), party)
    said: dict[str, Any] = applied.as_json() | {"grade": standing.grade.name.lower(), "doubts": []}
    if applied.exempt:
        return PERMITTED, said
    if standing.doubts:
        return QUARANTINED, said | {"doubts": list(standing.doubts)}
    return VERIFIED, said
