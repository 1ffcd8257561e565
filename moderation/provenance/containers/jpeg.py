"""JPEG segments before the picture data: EXIF, XMP and its extension, comments. ISO 10918-1, XMP part 3."""

from moderation.provenance.bytesource import ByteSource
from moderation.provenance.containers.metadata import MAX_PIECE, Metadata

_XMP = b"http://ns.adobe.com/xap/1.0/\x00"
_XMP_EXTENSION = b"http://ns.adobe.com/xmp/extension/\x00"
_EXTENSION_HEAD = len(_XMP_EXTENSION) + 32 + 4 + 4  # then GUID, full length, offset
_MAX_SEGMENTS = 10_000
_STANDALONE = {0x01, *range(0xD0, 0xD8)}


def read(source: ByteSource, found: Metadata) -> None:
    offset = 2
    extensions: dict[bytes, list[bytes]] = {}
    for _ in range(_MAX_SEGMENTS):
        header = source.at(offset, 4)
        if len(header) < 4 or header[0] != 0xFF or header[1] in {0xD9, 0xDA}:
            break
        if header[1] == 0xFF or header[1] in _STANDALONE:  # fill byte, or a marker without length
            offset += 1 if header[1] == 0xFF else 2
            continue
        length = int.from_bytes(header[2:], "big")
        if header[1] in {0xE1, 0xFE}:
            _take(header[1], source.at(offset + 4, length - 2), found, extensions)
        offset += 2 + max(length, 2)
    for parts in extensions.values():
        found.add_xmp(b"".join(parts)[:MAX_PIECE])


def _take(marker: int, data: bytes, found: Metadata, extensions: dict[bytes, list[bytes]]) -> None:
    if marker == 0xFE:
        found.add_comment(data)
    elif data.startswith(b"Exif\x00"):
        found.add_exif(data[6:])
    elif data.startswith(_XMP):
        found.add_xmp(data[len(_XMP) :])
    elif data.startswith(_XMP_EXTENSION) and found.room(len(data)):
        guid = data[len(_XMP_EXTENSION) : len(_XMP_EXTENSION) + 32]
        extensions.setdefault(guid, []).append(data[_EXTENSION_HEAD:])
