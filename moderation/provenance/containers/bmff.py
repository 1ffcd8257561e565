"""ISO base media files (AVIF, HEIC, MP4, JPEG XL): EXIF and XMP items, and the XMP box. ISO/IEC 14496-12."""

import struct
from collections.abc import Iterator

from moderation.provenance.bytesource import ByteSource
from moderation.provenance.containers.metadata import MAX_PIECE, Metadata, inflate

_XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_MAX_BOXES = 5_000
_MAX_META = 4 << 20


def read(source: ByteSource, found: Metadata) -> None:
    for kind, start, end in _boxes(source, 0, source.size):
        if kind == b"meta":
            _items(source, start, end, found)
        elif kind == b"uuid" and source.at(start, 16) == _XMP_UUID:
            found.add_xmp(source.at(start + 16, min(end - start - 16, MAX_PIECE)))
        elif kind == b"xml ":  # JPEG XL
            found.add_xmp(source.at(start, min(end - start, MAX_PIECE)))
        elif kind == b"Exif":
            found.add_exif(source.at(start + 4, min(end - start, MAX_PIECE)))


def _boxes(source: ByteSource, offset: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Type, start of content and end of every box between ``offset`` and ``end``."""
    for _ in range(_MAX_BOXES):
        header = source.at(offset, 16)
        if len(header) < 8 or offset >= end:
            return
        length, kind = struct.unpack(">I4s", header[:8])
        start = offset + 8
        if length == 1 and len(header) == 16:
            length, start = int.from_bytes(header[8:], "big"), offset + 16
        elif length == 0:
            length = end - offset
        if length < start - offset:
            return
        yield kind, start, min(offset + length, end)
        offset += length


def _items(source: ByteSource, start: int, end: int, found: Metadata) -> None:
    """EXIF and XMP items: their types from ``iinf``, where they lie from ``iloc``."""
    if end - start > _MAX_META:
        return
    wanted: dict[int, tuple[str, bool]] = {}
    places: dict[int, list[tuple[int, int]]] = {}
    inline = 0
    for kind, inner, inner_end in _boxes(source, start + 4, end):
        if kind == b"iinf":
            wanted = _wanted_items(source, inner, inner_end)
        elif kind == b"iloc":
            places = _locations(source.at(inner, inner_end - inner))
        elif kind == b"idat":
            inline = inner
    for item, (what, deflated) in wanted.items():
        for offset, length in places.get(item, []):
            at = offset if offset >= 0 else inline + ~offset
            data = source.at(at, min(length, MAX_PIECE))
            if deflated:
                data, _ = inflate(data)
            if what == "xmp":
                found.add_xmp(data)
            elif len(data) > 4:
                skip = 4 + int.from_bytes(data[:4], "big")  # offset to the TIFF header, then the header
                found.add_exif(data[skip:] if skip < len(data) else data[4:])


def _wanted_items(source: ByteSource, start: int, end: int) -> dict[int, tuple[str, bool]]:
    version = source.at(start, 1)
    first = start + (6 if version == b"\x00" else 8)
    wanted = {}
    for kind, inner, inner_end in _boxes(source, first, end):
        entry = source.at(inner, min(inner_end - inner, 500))
        if kind != b"infe" or len(entry) < 12 or entry[0] not in (2, 3):
            continue
        wide = entry[0] == 3
        item = int.from_bytes(entry[4 : 8 if wide else 6], "big")
        rest = entry[10 if wide else 8 :]
        if rest[:4] == b"Exif":
            wanted[item] = ("exif", False)
        elif rest[:4] == b"mime" and b"rdf+xml" in rest:
            wanted[item] = ("xmp", b"deflate" in rest)
    return wanted


def _locations(box: bytes) -> dict[int, list[tuple[int, int]]]:
    """Item to extents. An offset into the ``idat`` box is kept as its bitwise complement (below zero)."""
    places: dict[int, list[tuple[int, int]]] = {}
    try:
        version, sizes, base_sizes = box[0], box[4], box[5]
        offset_size, length_size, base_size = sizes >> 4, sizes & 15, base_sizes >> 4
        index_size = base_sizes & 15 if version in (1, 2) else 0
        at = 6

        def number(size: int) -> int:
            nonlocal at
            at += size
            if at > len(box):
                raise IndexError(at)
            return int.from_bytes(box[at - size : at], "big")

        for _ in range(min(number(4 if version == 2 else 2), _MAX_BOXES)):
            item = number(4 if version == 2 else 2)
            method = number(2) & 15 if version in (1, 2) else 0
            number(2)  # data reference
            base = number(base_size)
            for _ in range(min(number(2), 100)):
                number(index_size)
                offset, length = base + number(offset_size), number(length_size)
                if method in (0, 1):
                    places.setdefault(item, []).append((~offset if method == 1 else offset, length))
    except IndexError:
        pass
    return places
