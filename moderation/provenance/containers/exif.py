"""EXIF and TIFF directories: the few fields in which tools leave names and texts. EXIF 3.0, TIFF 6.0."""

import struct
from collections.abc import Iterator

from moderation.provenance.bytesource import ByteSource
from moderation.provenance.containers.metadata import MAX_PIECE

XMP_TAG = 0x02BC
NAMES = {
    0x010E: "ImageDescription",
    0x010F: "Make",
    0x0110: "Model",
    0x0131: "Software",
    0x013B: "Artist",
    0x013C: "HostComputer",
    0x8298: "Copyright",
    0x9003: "DateTimeOriginal",
    0x927C: "MakerNote",
    0x9286: "UserComment",
    0x9C9B: "XPTitle",
    0x9C9C: "XPComment",
    0x9C9D: "XPAuthor",
    0x9C9E: "XPKeywords",
    0x9C9F: "XPSubject",
    0xA430: "CameraOwnerName",
    0xA436: "ImageTitle",
    0xA437: "Photographer",
    0xA43B: "ImageEditingSoftware",
    0xA43C: "MetadataEditingSoftware",
}
_EXIF_DIRECTORY = 0x8769
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 129: 1}
_MAX_DIRECTORIES = 8
_MAX_FIELDS = 1_000


def fields(source: ByteSource) -> Iterator[tuple[int, bytes]]:
    """Tag and raw value of the wanted fields, over the chained directories and the EXIF directory."""
    head = source.at(0, 8)
    order = {b"II": "<", b"MM": ">"}.get(head[:2])
    if order is None or len(head) < 8:
        return
    waiting = [struct.unpack(order + "I", head[4:])[0]]
    seen: set[int] = set()
    while waiting and len(seen) < _MAX_DIRECTORIES:
        offset = waiting.pop(0)
        if offset in seen or offset < 8:
            continue
        seen.add(offset)
        count_bytes = source.at(offset, 2)
        if len(count_bytes) < 2:
            continue
        count = min(struct.unpack(order + "H", count_bytes)[0], _MAX_FIELDS)
        table = source.at(offset + 2, 12 * count + 4)
        for entry in range(0, min(len(table) - 11, 12 * count), 12):
            tag, kind, number, where = struct.unpack(order + "HHII", table[entry : entry + 12])
            if tag == _EXIF_DIRECTORY:
                waiting.append(where)
            elif tag in NAMES or tag == XMP_TAG:
                length = min(number * _SIZES.get(kind, 1), MAX_PIECE)
                yield tag, table[entry + 8 : entry + 8 + length] if length <= 4 else source.at(where, length)
        if len(table) == 12 * count + 4:
            waiting.append(struct.unpack(order + "I", table[-4:])[0])
    return


def texts(source: ByteSource) -> Iterator[tuple[str, str]]:
    """Field name and text; every wanted field but XMP is text in one encoding or another."""
    for tag, value in fields(source):
        if tag in NAMES:
            yield NAMES[tag], _decoded(tag, value, source)


def _decoded(tag: int, value: bytes, source: ByteSource) -> str:
    if tag == 0x9286:
        return _user_comment(value, big_endian=source.at(0, 2) == b"MM")
    if 0x9C9B <= tag <= 0x9C9F:
        return value.decode("utf-16-le", "replace").rstrip("\x00")
    return _latin_or_utf8(value.split(b"\x00", 1)[0] if tag != 0x927C else value).strip()


def _user_comment(value: bytes, *, big_endian: bool) -> str:
    """Eight bytes name the encoding. ``UNICODE`` is UTF-16 in either order, whatever the directory's."""
    code, body = value[:8], value[8:]
    if code.startswith(b"UNICODE"):
        if body.startswith((b"\xff\xfe", b"\xfe\xff")):
            return body.decode("utf-16", "replace").strip("\x00 ")
        zeros = body[:2000:2].count(0), body[1:2000:2].count(0)
        order = "be" if zeros[0] > zeros[1] or (zeros[0] == zeros[1] and big_endian) else "le"
        return body.decode(f"utf-16-{order}", "replace").strip("\x00 ")
    if code.startswith((b"ASCII", b"JIS")) or code == bytes(8):
        return _latin_or_utf8(body).strip("\x00 ")
    return _latin_or_utf8(value).strip("\x00 ")


def _latin_or_utf8(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
