"""Damaged files of every format: no exception, no hang, and no damage that reads as an honest answer.

``VERNISSAGE_FUZZ_SECONDS`` sets how long; ``VERNISSAGE_FUZZ_SEED`` repeats a run.
"""

import io
import os
import random
import time
import wave
from collections.abc import Callable

import pytest

from moderation.provenance import Integrity, read, read_traces
from tests.moderation.provenance.labelling import (
    GRAPH,
    PARAMETERS,
    WORKFLOW,
    exif,
    hidden,
    png,
    user_comment,
    xmp,
)
from tests.moderation.provenance.signing import Authority, Leaf, Made, created, picture, sign

SECONDS = float(os.environ.get("VERNISSAGE_FUZZ_SECONDS", "60"))
SEED = int(os.environ.get("VERNISSAGE_FUZZ_SEED", "20260806"))
SLOWEST = 5.0  # seconds for one small file on a busy machine
EXTREMES = (
    b"\x00\x00\x00\x00",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\x80\x00\x00\x00",
    b"\x00\x00\x00\x01",
)


def flip(data: bytearray, rng: random.Random) -> None:
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def overwrite(data: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(data))
    data[at : at + 4] = rng.choice(EXTREMES)


def remove(data: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(data))
    del data[at : at + rng.randrange(1, 200)]


def repeat(data: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(data))
    data[at:at] = data[at : at + rng.randrange(1, 500)] * rng.randrange(1, 4)


def cut(data: bytearray, rng: random.Random) -> None:
    del data[rng.randrange(1, len(data)) :]


Damage = Callable[[bytearray, random.Random], None]
DAMAGE: tuple[Damage, ...] = (flip, flip, flip, overwrite, overwrite, remove, repeat, cut)


def damaged(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    # Half of the damage goes to the head, where the containers' structure and the store lie.
    head = changed[: min(len(changed), 6000)] if rng.random() < 0.5 else None
    part = changed if head is None else head
    for _ in range(rng.randrange(1, 6)):
        if len(part) > 1:
            rng.choice(DAMAGE)(part, rng)
    return bytes(part) if head is None else bytes(head) + data[6000:]


@pytest.fixture(scope="module")
def seeds(signer: Leaf) -> dict[str, bytes]:
    """Signed and labelled files of every format that we can write."""
    block = b"Exif\x00\x00" + exif({0x010F: "prompt:" + GRAPH}, nested={0x9286: user_comment(PARAMETERS)})
    packet = xmp('ext:DigitalSourceType="trainedAlgorithmicMedia"/>')
    files = {}
    once = sign(picture(), signer, Made([created("digitalCapture")]))
    for kind in ("JPEG", "PNG", "WEBP", "AVIF", "HEIF", "TIFF", "GIF"):
        name = {"HEIF": "heic"}.get(kind, kind.lower())
        extra = {"exif": block, "xmp": packet} if kind in {"JPEG", "WEBP", "AVIF", "HEIF"} else {}
        made = Made([created("trainedAlgorithmicMedia")], "Generator")
        if kind == "JPEG":
            made = Made([{"action": "c2pa.cropped"}], "Editor", parents=[once])
        files[name] = sign(picture(1, kind, **extra), signer, made, media=f"image/{name}")
        files[f"{name} unsigned"] = picture(1, kind, **extra)
    sound = io.BytesIO()
    with wave.open(sound, "wb") as out:
        out.setparams((1, 2, 8000, 0, "NONE", ""))
        out.writeframes(bytes(4000))
    files["wav"] = sign(sound.getvalue(), signer, Made([created("digitalCapture")]), media="audio/wav")
    drawing = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><g/></svg>'
    files["svg"] = sign(drawing, signer, Made([created("digitalCreation")]), media="image/svg+xml")
    files["png texts"] = png(
        ("parameters", PARAMETERS), ("prompt", GRAPH), ("workflow", WORKFLOW), compressed=True
    )
    files["png hidden"] = hidden(PARAMETERS, "alpha", compressed=True)
    return files


def test_every_seed_reads_well_before_it_is_damaged(seeds: dict[str, bytes], root: Authority) -> None:
    answers = {name: read(data, trust=root.trusted).integrity for name, data in seeds.items()}

    signed = {name for name in seeds if " " not in name}
    assert {name for name, answer in answers.items() if answer is Integrity.INTACT} == signed


@pytest.mark.timeout(SECONDS + 120)
def test_damaged_files_are_read_without_exception_or_hang(seeds: dict[str, bytes], root: Authority) -> None:
    rng = random.Random(SEED)
    names = sorted(seeds)
    until = time.monotonic() + SECONDS
    number, slowest = 0, (0.0, "")

    while time.monotonic() < until:
        name = names[number % len(names)]
        data = damaged(seeds[name], rng)
        started = time.monotonic()
        try:
            found = read(data, trust=root.trusted)
            found.as_json()
            for trace in read_traces(data, name=name):
                trace.as_json(with_prompt=True)
        except Exception as error:
            raise AssertionError(f"{name}, file {number} of seed {SEED}") from error
        slowest = max(slowest, (time.monotonic() - started, f"{name}, file {number}"))
        number += 1

    assert slowest[0] < SLOWEST, slowest
    assert number > 20


def test_a_flipped_byte_in_a_signed_picture_never_reads_as_unsigned(
    seeds: dict[str, bytes], root: Authority
) -> None:
    rng = random.Random(SEED)
    answers = {}
    for name in ("jpeg", "png", "webp", "gif", "tiff", "avif", "heic", "wav"):
        data = seeds[name]
        for _ in range(60):
            changed = bytearray(data)
            at = rng.randrange(len(data))
            changed[at] ^= 1 << rng.randrange(8)
            answers[name, at] = read(bytes(changed), trust=root.trusted).integrity

    assert {key for key, answer in answers.items() if answer is Integrity.NONE} == set()
