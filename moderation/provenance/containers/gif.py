"""GIF extensions: comments and Adobe's XMP application block. GIF89a specification."""

from moderation.provenance.bytesource import ByteSource
from moderation.provenance.containers.metadata import MAX_BOXES, MAX_PIECE, Metadata

_XMP = b"XMP DataXMP"


def read(source: ByteSource, found: Metadata) -> None:
    screen = source.at(0, 13)
    if len(screen) < 13:
        return
    offset = 13 + _palette(screen[10])
    for _ in range(MAX_BOXES):
        block = source.at(offset, 14)
        if not block or block[0] == 0x3B:
            return
        if block[0] == 0x2C:  # picture: descriptor, palette, code size, data
            if len(block) < 10:
                return
            offset = _skip(source, offset + 10 + _palette(block[9]) + 1)
        elif block[:2] == b"\x21\xfe":
            end = _skip(source, offset + 2)
            found.add_comment(_joined(source.at(offset + 2, min(end - offset - 2, MAX_PIECE))))
            offset = end
        elif block[:3] == b"\x21\xff\x0b" and block[3:14] == _XMP:
            # The packet lies bare, followed by a "magic trailer" that makes it look like sub-blocks.
            packet = source.at(offset + 14, MAX_PIECE)
            end = packet.find(b"\x01\xff\xfe\xfd")
            found.add_xmp(packet[:end] if end >= 0 else b"")
            offset = _skip(source, offset + 14)
        elif block[0] == 0x21:
            offset = _skip(source, offset + 2)
        else:
            return


def _palette(packed: int) -> int:
    return 3 << ((packed & 7) + 1) if packed & 0x80 else 0


def _skip(source: ByteSource, offset: int) -> int:
    """The offset after the sub-blocks that start at ``offset``."""
    for _ in range(MAX_BOXES * 10):
        size = source.at(offset, 1)
        offset += 1
        if not size or size == b"\x00":
            return offset
        offset += size[0]
    return source.size


def _joined(blocks: bytes) -> bytes:
    parts, at = [], 0
    while at < len(blocks) and blocks[at]:
        parts.append(blocks[at + 1 : at + 1 + blocks[at]])
        at += 1 + blocks[at]
    return b"".join(parts)
