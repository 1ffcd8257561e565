"""Content Credentials: what was signed into the file, whether it still holds, and who signed."""

from functools import cache

from django.conf import settings

from moderation import provenance as reader
from moderation.checks.look import ArtworkLook, Look
from moderation.provenance import Integrity, Provenance, TrustLists
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
    outcome, code = _outcome(said)
    versions = {
        "check": VERSION,
        **{f"trust {name}": version for name, version in trust_lists().versions.items()},
    }
    data = said.as_json() | {"says_ai": said.says_ai, "vouched": said.vouched}
    return Finding(NAME, LANE, outcome, code, data, artwork=look.pk, versions=versions)


def _outcome(said: Provenance) -> tuple[Outcome, str]:
    if said.integrity in TAMPERED:
        return Outcome.FLAG, f"provenance.{said.integrity}"
    if "laundered" in said.flags:
        return Outcome.FLAG, "provenance.laundered"
    # A broken history that still admits AI is believed: nobody writes that against themselves.
    if said.integrity in UNREADABLE and not said.says_ai:
        return Outcome.UNKNOWN, f"provenance.{said.integrity}"
    if said.says_ai or said.integrity == Integrity.INTACT:
        return Outcome.CLEAR, f"provenance.{said.origin}"
    return Outcome.CLEAR, f"provenance.{said.integrity}"
