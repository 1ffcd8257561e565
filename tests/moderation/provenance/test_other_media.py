"""Sound, film, drawings and pages through the same reader, though the intake takes only pictures yet."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command

from moderation.provenance import Integrity, Origin, Signer, media_type, read, read_traces
from tests.moderation.provenance.media import MEDIA, SIGNED_PLACE
from tests.moderation.provenance.signing import Authority, Leaf, Made, created, sign

KINDS = pytest.mark.parametrize("media", MEDIA)
OPT_OUT = {"label": "cawg.training-mining", "data": {"entries": {"cawg.ai_training": {"use": "notAllowed"}}}}


def signed(media: str, signer: Leaf) -> bytes:
    made = Made([created("trainedAlgorithmicMedia")], "Model of Everything", assertions=[OPT_OUT])
    return sign(MEDIA[media], signer, made, media=media)


@KINDS
def test_a_signed_file_of_any_kind_is_read(media: str, root: Authority, signer: Leaf) -> None:
    found = read(signed(media, signer), trust=root.trusted)

    assert (found.integrity, found.signer, found.origin, found.generator) == (
        Integrity.INTACT,
        Signer.TRUSTED,
        Origin.AI_GENERATED,
        "Model of Everything",
    )
    assert found.training.prohibits


@KINDS
def test_its_kind_is_told_by_its_bytes(media: str, signer: Leaf) -> None:
    assert media_type(MEDIA[media]) == media
    assert media_type(signed(media, signer)) == media


@KINDS
def test_a_changed_byte_is_tampering(media: str, root: Authority, signer: Leaf) -> None:
    file = signed(media, signer)
    at = file.index(SIGNED_PLACE[media]) + len(SIGNED_PLACE[media]) - 2
    changed = file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :]

    found = read(changed, trust=root.trusted)

    assert found.integrity in {Integrity.TAMPERED, Integrity.UNREADABLE}
    assert not found.vouched


@KINDS
def test_without_credentials_there_are_none(media: str) -> None:
    assert read(MEDIA[media]).integrity is Integrity.NONE
    assert read_traces(MEDIA[media]) == ()


@KINDS
def test_a_store_cut_off_does_not_read_as_none(media: str, signer: Leaf) -> None:
    """The library finds nothing in some of these; the bytes of a store are seen all the same."""
    file = signed(media, signer)
    at = file.find(b"jumdc2pa")
    if at < 0:
        pytest.skip("the store is written as text")

    found = read(file[: at + 200])

    assert found.integrity in {Integrity.UNREADABLE, Integrity.TAMPERED, Integrity.MALFORMED}


def test_inspect_takes_them(tmp_path: Path, root: Authority, signer: Leaf) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "test_root.pem").write_text(root.pem)
    works = tmp_path / "works"
    works.mkdir()
    for number, media in enumerate(MEDIA):
        (works / f"{number}.bin").write_bytes(signed(media, signer))
    output = io.StringIO()

    call_command("inspect", str(works), "--trust", str(tmp_path / "lists"), stdout=output)

    lines = [json.loads(line) for line in output.getvalue().splitlines()]
    assert [line["media"] for line in lines] == list(MEDIA)
    assert {line["provenance"]["origin"] for line in lines} == {"ai_generated"}
    assert {line["provenance"]["signer"] for line in lines} == {"trusted"}
    assert {line["synthetic"] for line in lines} == {None}  # the detector looks at pictures


def test_a_free_box_is_outside_the_hash_and_nothing_is_read_from_it(root: Authority, signer: Leaf) -> None:
    """The standard leaves such boxes out of the hash: whatever lies there is no damage, and no evidence."""
    parameters = b"parameters\x00a fox\nSteps: 20, Sampler: Euler a, Seed: 1, Model: sd_xl_base_1.0"
    film = signed("video/mp4", signer)
    hidden = (len(parameters) + 8).to_bytes(4, "big") + b"free" + parameters

    found = read(film + hidden, trust=root.trusted)

    assert (found.integrity, found.signer) == (Integrity.INTACT, Signer.TRUSTED)
    assert found.origin == Origin.AI_GENERATED
    assert read_traces(film + hidden) == read_traces(film)


@pytest.mark.parametrize("kind", [b"mdat", b"uuid", b"meta"])
def test_a_box_that_could_hold_a_picture_is_damage(root: Authority, signer: Leaf, kind: bytes) -> None:
    film = signed("video/mp4", signer)

    found = read(film + (24).to_bytes(4, "big") + kind + bytes(16), trust=root.trusted)

    assert found.integrity is not Integrity.INTACT
