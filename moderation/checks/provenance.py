"""Content Credentials: what was signed into the file, whether it still holds, and who signed."""

from moderation import provenance as reader
from moderation.checks.look import ArtworkLook, Look
from moderation.credentials import keeping
from moderation.credentials.trusting import lists_for, public_lists
from moderation.provenance import Integrity, Provenance, TrustLists
from moderation.verdicts import Finding, Lane, Outcome
from submissions.models import Artwork

NAME = "provenance"
LANE = Lane.PROVENANCE
VERSION = reader.VERSION

TAMPERED = {Integrity.TAMPERED, Integrity.TAMPERED_INGREDIENT}
# Bytes of a store that say nothing we can use: somebody should look, but nothing speaks against the entrant.
UNREADABLE = {Integrity.UNREADABLE, Integrity.MALFORMED}


def trust_lists() -> TrustLists:
    """The public lists alone, for files that belong to no organization."""
    return public_lists()


def run(look: Look) -> list[Finding]:
    trust = lists_for(look.entry.contest.organization)
    return [_read(artwork, trust) for artwork in look.artworks]


def _read(look: ArtworkLook, trust: TrustLists) -> Finding:
    with look.original() as file:
        reading = reader.read_with_pictures(file, trust=trust)
    said = reading.provenance
    outcome, code = _outcome(said)
    versions = {"check": VERSION, **{f"trust {name}": version for name, version in trust.versions.items()}}
    data = said.as_json() | {"says_ai": said.says_ai, "vouched": said.vouched, "label": said.label}
    kept = keeping.keep_pictures(look.artwork, reading.pictures)
    data["manifests"] = keeping.only_kept(data["manifests"], kept)
    data["report"] = keeping.keep_report(look.artwork, reading.report)
    _keep_answers(look.artwork, said)
    return Finding(NAME, LANE, outcome, code, data, artwork=look.pk, versions=versions)


def _keep_answers(artwork: Artwork, said: Provenance) -> None:
    """What other rooms ask of the picture itself: its label, and whether it may be learned from."""
    answers = {"credential_label": said.label or "", "training_opt_out": said.training.prohibits}
    if said.training.prohibits:
        answers["may_calibrate"] = False  # whatever was agreed to, the file's own word is stricter
    Artwork.objects.filter(pk=artwork.pk).update(**answers)


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
