"""The second look at a data hash: generous to an odd exclusion, blind to none that could hide a picture."""

import base64
import hashlib
from typing import Any

import pytest

from moderation.provenance import binding
from moderation.provenance.bytesource import ByteSource
from tests.moderation.provenance.signing import picture

HEAD = b"\xff\xd8" + b"\xff\xeb\x00\x64" + bytes(98)  # a start and one APP11 segment, 104 bytes together
FILE = HEAD + picture()[2:]


def details(exclusions: list[dict[str, Any]], digest: bytes, algorithm: str = "sha256") -> dict[str, Any]:
    data_hash = {"exclusions": exclusions, "alg": algorithm, "hash": base64.b64encode(digest).decode()}
    return {"manifests": {"m": {"claim": {}, "assertion_store": {"c2pa.hash.data": data_hash}}}}


def excluding(*ranges: tuple[int, int]) -> list[dict[str, Any]]:
    return [{"start": start, "length": length} for start, length in ranges]


def digest_without(*ranges: tuple[int, int]) -> bytes:
    kept = bytearray(FILE)
    for start, length in reversed(ranges):
        del kept[start : start + length]
    return hashlib.sha256(kept).digest()


@pytest.mark.parametrize("ranges", [[(0, 104)], [(2, 102)], [(2, 10), (50, 54)]])
def test_a_hash_over_all_but_metadata_holds(ranges: list[tuple[int, int]]) -> None:
    assert binding.holds(ByteSource(FILE), details(excluding(*ranges), digest_without(*ranges)), "m")


@pytest.mark.parametrize(
    "ranges",
    [[(0, len(FILE))], [(0, 104), (len(FILE) - 50, 50)], [(0, 600)]],
    ids=["everything", "the end", "into the tables"],
)
def test_an_exclusion_that_could_hide_the_picture_never_holds(ranges: list[tuple[int, int]]) -> None:
    assert not binding.holds(ByteSource(FILE), details(excluding(*ranges), digest_without(*ranges)), "m")


@pytest.mark.parametrize(
    "exclusions",
    [
        [],
        excluding((0, 50), (40, 20)),
        excluding((-5, 50)),
        excluding((0, 0)),
        [{"start": "0", "length": 104}],
        [None],
        excluding(*((2 + at, 1) for at in range(101))),
    ],
)
def test_senseless_exclusions_never_hold(exclusions: list[Any]) -> None:
    digest = hashlib.sha256(FILE).digest()

    assert not binding.holds(ByteSource(FILE), details(exclusions, digest), "m")


def test_a_changed_picture_a_weak_algorithm_and_another_format_never_hold() -> None:
    exclusions, digest = excluding((0, 104)), digest_without((0, 104))
    changed = FILE[:-20] + bytes(20)
    md5 = hashlib.md5(FILE[104:]).digest()
    other = b"\x89PNG" + FILE[4:]

    assert not binding.holds(ByteSource(changed), details(exclusions, digest), "m")
    assert not binding.holds(ByteSource(FILE), details(exclusions, md5, "md5"), "m")
    assert not binding.holds(
        ByteSource(other), details(exclusions, hashlib.sha256(other[104:]).digest()), "m"
    )
    assert not binding.holds(ByteSource(FILE), details(exclusions, digest), "another")
