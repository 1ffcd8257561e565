"""What a registered file's own bytes prove: Content Credentials of a known signer, or those of a camera.

Only a signature of a signer on our lists is proof without a person. Anybody can write a camera's metadata,
and sign with a key of their own: both are shown to those who decide on proof.
"""

from typing import Any, BinaryIO, cast

from matching.models import Work
from matching.registry import proofs
from moderation.credentials.trusting import public_lists
from moderation.provenance import Integrity, Provenance, read, read_capture
from moderation.provenance.values import Origin

BY_HAND_OR_CAMERA = {
    Origin.CAPTURED,
    Origin.CAPTURED_EDITED,
    Origin.SCANNED,
    Origin.HUMAN_CREATED,
    Origin.HUMAN_EDITED,
}


def look(work: Work) -> None:
    """Record what the file proves, once. Raises ``OSError`` where the storage is out of reach."""
    if not work.original:
        return
    try:
        with work.original.open("rb") as stored:
            file = cast(BinaryIO, stored)
            said = read(file, trust=public_lists())
            file.seek(0)
            camera = camera_of(file)
    except FileNotFoundError:
        return
    if said.integrity == Integrity.INTACT and not said.says_ai:
        accepted = said.vouched and said.origin in BY_HAND_OR_CAMERA
        proofs.record_original(work, accepted=accepted, evidence=_signed(said))
    elif said.integrity == Integrity.NONE and camera:
        proofs.record_original(work, accepted=False, evidence={"kind": "camera", **camera})


def _signed(said: Provenance) -> dict[str, Any]:
    return {
        "kind": "c2pa",
        "origin": str(said.origin),
        "signer": str(said.signer),
        "signer_name": said.signer_name or "",
        "generator": said.generator or "",
        "signed_at": said.signed_at.isoformat() if said.signed_at else "",
    }


def camera_of(file: BinaryIO) -> dict[str, str]:
    """Make, model and time, where the file has all that a camera writes; else nothing."""
    found = read_capture(file)
    if not found.is_whole:
        return {}
    return {"make": found.make, "model": found.model, "taken": found.taken}
