"""RIFF chunks of WebP, WAV and AVI: EXIF, XMP, INFO texts."""

from moderation.provenance.bytesource import ByteSource
from moderation.provenance.containers.metadata import MAX_BOXES, MAX_PIECE, Metadata, Text

_XMP = {b"XMP ", b"_PMX"}  # WebP; WAV and AVI
_INFO = {b"ICMT": "Comment", b"ISFT": "Software", b"INAM": "Title", b"IART": "Artist"}


def read(source: ByteSource, found: Metadata) -> None:
    _chunks(source, 12, source.size, found)


def _chunks(source: ByteSource, offset: int, end: int, found: Metadata) -> None:
    for _ in range(MAX_BOXES):
        header = source.at(offset, 8)
        if len(header) < 8 or offset >= end:
            return
        kind, length = header[:4], int.from_bytes(header[4:], "little")
        body = min(length, MAX_PIECE)
        if kind == b"EXIF":
            found.add_exif(source.at(offset + 8, body))
        elif kind in _XMP:
            found.add_xmp(source.at(offset + 8, body))
        elif kind in _INFO:
            value = source.at(offset + 8, body).rstrip(b"\x00").decode("utf-8", "replace")
            found.add_text(Text(_INFO[kind], value, "RIFF INFO"))
        elif kind == b"LIST" and source.at(offset + 8, 4) == b"INFO":
            offset += 12  # step into the list: its entries are chunks of the same form
            continue
        offset += 8 + length + length % 2
