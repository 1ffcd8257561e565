"""Does the work repeat one that a living artist has registered? Copy lane: verified or not claimed at all."""

from matching import registry
from matching.engine.images import PictureError
from moderation.checks.look import ArtworkLook, Look
from moderation.verdicts import Finding, Lane, Outcome

NAME = "registry"
LANE = Lane.COPY
VERSION = "1"

SHOWN = 5  # unverified likenesses kept for the reviewer's information


def run(look: Look) -> list[Finding]:
    return [finding for artwork in look.artworks for finding in _match(artwork, look)]


def _match(artwork: ArtworkLook, look: Look) -> list[Finding]:
    try:
        picture, encoded = artwork.picture, artwork.encoded
    except PictureError:
        return [Finding(NAME, LANE, Outcome.UNKNOWN, "copy.not_compared", artwork=artwork.pk)]
    try:
        found = registry.match(picture, encoded, exclude_owner=look.entry.entrant)
    except registry.RegistryUnavailable as error:
        data = {"problem": str(error)}
        return [Finding(NAME, LANE, Outcome.UNKNOWN, "copy.registry_unavailable", data, artwork=artwork.pk)]
    versions = {"check": VERSION, "index": found.index, "encoder": found.encoder}
    verified = [match for match in found.matches if match.verified]
    if verified:
        return [
            Finding(
                NAME,
                LANE,
                Outcome.FLAG,
                "copy.verified",
                match.as_json(),
                score=match.score,
                artwork=artwork.pk,
                versions=versions,
            )
            for match in verified
        ]
    likeness = {"works": found.size, "nearest": [match.as_json() for match in found.matches[:SHOWN]]}
    return [Finding(NAME, LANE, Outcome.CLEAR, "copy.none", likeness, artwork=artwork.pk, versions=versions)]
