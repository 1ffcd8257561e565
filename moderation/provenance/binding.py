"""Checks a data hash again where the library says mismatch.

Some cameras of 2023 sign one exclusion from the start of the file to the end of the store. The library
refuses it because it does not begin where the store begins, and reports tampering; the hash itself is good.
An exclusion is honoured here only if it covers nothing but metadata: it is signed by the maker, who could
otherwise exclude the picture and swap it at will.
"""

import base64
import binascii
import hashlib
import itertools
from typing import Any

from moderation.provenance.bytesource import ByteSource
from moderation.provenance.store import mapping, sequence

_ALGORITHMS = {"sha256", "sha384", "sha512"}
_JPEG_METADATA = {*range(0xE0, 0xF0), 0xFE}  # APPn and COM
_MAX_EXCLUSIONS = 100


def holds(source: ByteSource, details: dict[str, Any], label: str) -> bool:
    """Whether the data hash of manifest ``label`` matches outside its signed, harmless exclusions."""
    manifest = mapping(mapping(details.get("manifests")).get(label))
    hashes = [
        mapping(data)
        for name, data in mapping(manifest.get("assertion_store")).items()
        if name == "c2pa.hash.data" or name.startswith("c2pa.hash.data__")
    ]
    return len(hashes) == 1 and _matches(
        source, hashes[0], str(mapping(manifest.get("claim")).get("alg") or "sha256")
    )


def _matches(source: ByteSource, assertion: dict[str, Any], default_algorithm: str) -> bool:
    algorithm = str(assertion.get("alg") or default_algorithm).lower()
    exclusions = _exclusions(assertion.get("exclusions"))
    try:
        signed = base64.b64decode(str(assertion.get("hash")), validate=True)
    except (binascii.Error, ValueError):
        return False
    if algorithm not in _ALGORITHMS or not exclusions or not _only_metadata(source, exclusions):
        return False
    digest = hashlib.new(algorithm)
    offset = 0
    for start, end in [*exclusions, (source.size, source.size)]:
        for block in source.blocks(offset, start):
            digest.update(block)
        offset = end
    return digest.digest() == signed


def _exclusions(value: object) -> list[tuple[int, int]]:
    """Start and end of each exclusion in order; empty where any is senseless."""
    ranges = []
    for item in sequence(value)[: _MAX_EXCLUSIONS + 1]:
        start, length = mapping(item).get("start"), mapping(item).get("length")
        if not isinstance(start, int) or not isinstance(length, int) or start < 0 or length <= 0:
            return []
        ranges.append((start, start + length))
    ranges.sort()
    overlaps = any(before[1] > after[0] for before, after in itertools.pairwise(ranges))
    return [] if overlaps or len(ranges) > _MAX_EXCLUSIONS else ranges


def _only_metadata(source: ByteSource, exclusions: list[tuple[int, int]]) -> bool:
    """Whether the exclusions end where a JPEG's leading metadata segments end, at the latest."""
    if source.at(0, 2) != b"\xff\xd8":
        return False
    offset = 2
    while len(header := source.at(offset, 4)) == 4 and header[0] == 0xFF and header[1] in _JPEG_METADATA:
        offset += 2 + max(int.from_bytes(header[2:], "big"), 2)
    return exclusions[-1][1] <= offset
