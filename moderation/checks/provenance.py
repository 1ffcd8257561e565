"""Content Credentials: what was signed into the file, whether it still holds, and who signed."""

from functools import cache

from django.conf import settings

from moderation import provenance as reader
from moderation.checks.look import ArtworkLook, Look
from moderation.provenance import Integrity, TrustLists
from moderation.verdicts import Finding, Lane, Outcome

NAME = "provenance"
LANE = Lane.PROVENANCE
VERSION = reader.VERSION

TAMPERED = {Integrity.TAMPERED, Integrity.TAMPERED_INGREDIENT}
# Bytes of a store that say nothing we can use: somebody should look, but nothing speaks against the entrant.
UNREADABLE = {Integrity.UNREADABLE, Integrity.MALFORMED}


@cache
def trust_lists() -> TrustLists:
    """The lists as they were when this worker started; ``trust update`` asks for a restart of the workers."""
    return TrustLists.load(*settings.TRUST_DIRS)


def run(look: Look) -> list[Finding]:
    return [_read(artwork) for artwork in look.artworks]


def _read(look: ArtworkLook) -> Finding:
    with look.original() as file:
        said = reader.read(file, trust=trust_lists())
    if said.integrity in TAMPERED:
        outcome, code = Outcome.FLAG, f"provenance.{said.integrity}"
    elif said.integrity in UNREADABLE:
        outcome, code = Outcome.UNKNOWN, f"provenance.{said.integrity}"
    elif said.integrity == Integrity.INTACT:
        outcome, code = Outcome.CLEAR, f"provenance.{said.origin}"
    else:
        outcome, code = Outcome.CLEAR, f"provenance.{said.integrity}"
    versions = {
        "check": VERSION,
        **{f"trust {name}": version for name, version in trust_lists().versions.items()},
    }
    return Finding(NAME, LANE, outcome, code, said.as_json(), artwork=look.pk, versions=versions)
