"""Whose work is in it: earlier entries, credit that was taken out, references that belong to somebody."""

from collections.abc import Iterator
from typing import BinaryIO, cast

from matching import registry
from matching.engine.images import PictureError, open_picture
from matching.models import Proof, ProofKind, Work
from matching.registry import limits
from moderation.checks.registry import QUARANTINED, VERIFIED, party_of, stands
from moderation.checks.statement.rule import Said, Severity, rule
from moderation.checks.statement.seen import Seen
from moderation.provenance import Integrity
from moderation.verdicts import Lane, Outcome
from submissions.models import ProcessFile, ProcessRole

MOST_REFERENCES = 4  # looked up in the registry; a form with more is read as far as this
LARGEST_REFERENCE = 30_000_000  # bytes


@rule(Severity.DOUBT, Lane.FILE)
def another_persons_entry(seen: Seen) -> Iterator[Said]:
    """Hands in as one's own what another person had entered before."""
    for finding in seen.findings("duplicate"):
        if finding.outcome == Outcome.FLAG and finding.data.get("same_entrant") is False:
            yield Said(finding.artwork)


@rule(Severity.DOUBT, Lane.COPY, Lane.PROVENANCE)
def credit_stripped(seen: Seen) -> Iterator[Said]:
    """Repeats a registered work whose file carried its author's credentials, and carries none itself."""
    for finding in seen.findings("registry"):
        if finding.code not in (VERIFIED, QUARANTINED) or not _carries_nothing(seen, finding.artwork):
            continue
        work = Work.objects.filter(public_id=str(finding.data["work"])).select_related("artist").first()
        carried = _carried(work) if work else None
        if work and carried:
            data = {
                "reference": finding.data.get("reference"),
                "artist": work.artist.name,
                "carried": carried,
            }
            yield Said(finding.artwork, data)


def _carries_nothing(seen: Seen, artwork: int | None) -> bool:
    read = list(seen.findings("provenance", artwork=artwork))
    author = any(seen.capture(one).author for one in seen.look.artworks if one.pk == artwork)
    return bool(read) and not author and all(one.data.get("integrity") == Integrity.NONE for one in read)


def _carried(work: Work) -> str | None:
    """Who had signed the registered file, as the registry noted when it read it."""
    seen = Proof.objects.filter(work=work, kind=ProofKind.SIGNED_ORIGINAL).first()
    if seen is None or seen.evidence.get("kind") != "c2pa":
        return None
    return str(seen.evidence.get("signer_name") or seen.evidence.get("generator") or work.artist.name)


@rule(Severity.DOUBT)
def reference_is_registered(seen: Seen) -> Iterator[Said]:
    """A picture given as reference for generated parts is a work that somebody registered for protection.

    Not one's own, and not one whose owners permit it. Drawing after a reference by hand says nothing.
    """
    if seen.says_not_generated:
        return
    party = party_of(seen.look.entry)
    for reference in _references(seen):
        try:
            found = _matches(seen, reference)
        except registry.RegistryUnavailable:
            yield Said(unknown="statement.references_not_compared")
            return
        for match in found:
            if match.verified and stands(match.work, party)[0] == VERIFIED:
                data = {
                    "work": str(match.work.public_id),
                    "reference": match.as_json()["reference"],
                    "artist": match.work.artist.name,
                    "file": reference.original_name,
                }
                yield Said(data=data)


def _references(seen: Seen) -> list[ProcessFile]:
    files = seen.look.entry.process_files.filter(role=ProcessRole.REFERENCE, size__lte=LARGEST_REFERENCE)
    return list(files.order_by("pk")[:MOST_REFERENCES])


def _matches(seen: Seen, reference: ProcessFile) -> tuple[registry.Match, ...]:
    """What the registry finds in a reference; nothing where it is no picture that can be read."""
    try:
        with reference.original.open("rb") as file:
            picture = open_picture(cast("BinaryIO", file), limits=limits())
    except (PictureError, FileNotFoundError):
        return ()
    return registry.match(picture, exclude_owner=seen.look.entry.entrant).matches
