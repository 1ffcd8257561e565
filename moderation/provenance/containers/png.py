"""PNG chunks: texts, EXIF, ComfyUI's private chunk. W3C PNG specification, third edition."""

import binascii
import re
import struct

from moderation.provenance.bytesource import ByteSource
from moderation.provenance.containers.metadata import MAX_BOXES, MAX_PIECE, Metadata, Text, inflate

_XMP_KEY = "xml:com.adobe.xmp"
_RAW_PROFILE = re.compile(r"raw profile type (exif|app1|xmp)$", re.IGNORECASE)
_WANTED = {b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"comf"}


def read(source: ByteSource, found: Metadata) -> None:
    offset = 8
    for _ in range(MAX_BOXES):
        header = source.at(offset, 8)
        if len(header) < 8:
            return
        length, kind = struct.unpack(">I4s", header)
        if kind in _WANTED:
            _take(kind, source.at(offset + 8, min(length, MAX_PIECE)), found)
        offset += 12 + length
        if kind == b"IEND":
            return


def _take(kind: bytes, data: bytes, found: Metadata) -> None:
    if kind == b"eXIf":
        found.add_exif(data)
        return
    text = {b"tEXt": _text, b"zTXt": _compressed, b"iTXt": _international, b"comf": _comfy}[kind](data)
    if text is None:
        return
    if text.key.strip().lower() == _XMP_KEY:
        found.add_xmp(text.value.encode("utf-8", "replace"))
    elif profile := _RAW_PROFILE.match(text.key.strip()):
        _take_profile(profile[1].lower(), text.value, found)
    else:
        found.add_text(text)


def _text(data: bytes) -> Text | None:
    key, split, value = data.partition(b"\x00")
    return Text(key.decode("latin-1"), _latin_or_utf8(value), "PNG tEXt") if split else None


def _compressed(data: bytes) -> Text | None:
    key, split, rest = data.partition(b"\x00")
    value, cut = inflate(rest[1:])
    return Text(key.decode("latin-1"), _latin_or_utf8(value), "PNG zTXt", cut) if split and rest else None


def _international(data: bytes) -> Text | None:
    key, split, rest = data.partition(b"\x00")
    if not split or len(rest) < 4:
        return None
    compressed, fields = rest[0] == 1, rest[2:].split(b"\x00", 2)
    if len(fields) < 3:
        return None
    value, cut = inflate(fields[2]) if compressed else (fields[2], False)
    return Text(key.decode("latin-1"), value.decode("utf-8", "replace"), "PNG iTXt", cut)


def _comfy(data: bytes) -> Text | None:
    """ComfyUI's chunk in animated PNG: a key, a zero, JSON."""
    key, split, value = data.partition(b"\x00")
    return Text(key.decode("latin-1"), value.decode("utf-8", "replace"), "PNG comf") if split else None


def _latin_or_utf8(value: bytes) -> str:
    """The specification says Latin-1, many tools write UTF-8."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _take_profile(kind: str, value: str, found: Metadata) -> None:
    """ImageMagick's profiles: a name, a length, then hexadecimal digits."""
    digits = "".join(value.split("\n")[3:] if value.startswith("\n") else value.split())
    try:
        data = binascii.unhexlify("".join(digits.split()))
    except (binascii.Error, ValueError):
        return
    if kind == "xmp" or data.startswith(b"http://ns.adobe.com/xap/"):
        found.add_xmp(data.removeprefix(b"http://ns.adobe.com/xap/1.0/\x00"))
    else:
        found.add_exif(data)
