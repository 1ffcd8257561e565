"""What kind of file is this, and does it hold bytes of a C2PA store? Asked of the bytes, never of a name."""

import re
from typing import BinaryIO

from moderation.provenance.bytesource import ByteSource

# https://www.iana.org/assignments/media-types
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "image/jxl"),
    (b"\xff\x0a", "image/jxl"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"II+\x00", "image/tiff"),
    (b"MM\x00+", "image/tiff"),
    (b"8BPS", "image/vnd.adobe.photoshop"),
    (b"BM", "image/bmp"),
    (b"%PDF-", "application/pdf"),
    (b"ID3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"OggS", "audio/ogg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"PK\x03\x04", "application/zip"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_BRANDS: tuple[tuple[tuple[bytes, ...], str], ...] = (
    ((b"avif", b"avis"), "image/avif"),
    ((b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis"), "image/heic"),
    ((b"mif1", b"msf1"), "image/heif"),
    ((b"qt  ",), "video/quicktime"),
    ((b"M4A ", b"M4B "), "audio/mp4"),
    ((b"crx ",), "image/x-canon-cr3"),
)
_SVG = re.compile(rb"<svg[\s>]")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[?!s]")

# A C2PA store is a JUMBF superbox whose description box carries this type; the BMFF box carries a UUID.
# Long enough that compressed pixels do not contain them by chance.
_JUMBF_STORE = b"jumdc2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71"
_BMFF_STORE = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_SVG_STORE = b"<c2pa:manifest"
_OTHER_JUMBF = (b"json", b"xml ", b"cbor", b"jp2c")  # first bytes of the content types of ISO 19566-5


def media_type(file: ByteSource | BinaryIO | bytes) -> str:
    """The media type that the first bytes show; ``application/octet-stream`` where nothing known does.

    An open file stands at its start afterwards.
    """
    source = file if isinstance(file, ByteSource) else ByteSource(file)
    head = source.at(0, 4096)
    source.rewind()
    for signature, media in _SIGNATURES:
        if head.startswith(signature):
            return media
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], "application/octet-stream")
    if head[4:8] == b"ftyp":
        return _bmff_type(head)
    if _MARKUP.match(head) and _SVG.search(head):
        return "image/svg+xml"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return "audio/mpeg"
    return "application/octet-stream"


def _bmff_type(head: bytes) -> str:
    length = int.from_bytes(head[:4], "big")
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, min(length, len(head)), 4))]
    for brand in (brands[0], *brands[1:]):  # the major brand decides first, then the compatible ones
        for names, media in _BRANDS:
            if brand in names:
                return media
    return "video/mp4"


def store_bytes(source: ByteSource, media: str) -> str | None:
    """Where bytes of a C2PA store were seen, in words; None where there are none.

    Boxes are found by walking the container, so that a store whose inside is broken still shows; where the
    container itself is broken, the store's long identifiers are looked for in all bytes.
    """
    walked = {"image/png": _png_box, "image/jpeg": _jpeg_box}.get(media)
    found = walked(source) if walked else _riff_box(source) if source.at(0, 4) == b"RIFF" else None
    if found:
        return found
    needles: tuple[bytes, ...] = (_JUMBF_STORE, _BMFF_STORE)
    if media == "image/svg+xml":
        needles += (_SVG_STORE,)
    hit = source.contains(needles)
    if hit is None:
        return None
    return {_JUMBF_STORE: "JUMBF store", _BMFF_STORE: "BMFF uuid box"}.get(hit, "SVG manifest element")


def _png_box(source: ByteSource) -> str | None:
    offset = 8
    for _ in range(100_000):
        header = source.at(offset, 8)
        if len(header) < 8 or header[4:] == b"IEND":
            return None
        if header[4:] == b"caBX":
            return "PNG caBX chunk"
        offset += 12 + int.from_bytes(header[:4], "big")
    return None


def _jpeg_box(source: ByteSource) -> str | None:
    offset = 2
    for _ in range(10_000):
        header = source.at(offset, 4)
        if len(header) < 4 or header[0] != 0xFF or header[1] in (0xD9, 0xDA):
            return None
        length = int.from_bytes(header[2:], "big")
        if header[1] == 0xEB and _holds_store(source.at(offset + 4, min(length, 64))):
            return "JPEG APP11 segment"
        offset += 2 + max(length, 2)
    return None


def _holds_store(segment: bytes) -> bool:
    """Whether an APP11 segment starts a JUMBF box that is C2PA's, or too damaged to say whose."""
    if segment[:2] != b"JP" or b"jumb" not in segment[:24]:
        return False
    described = segment.find(b"jumd")
    if described < 0:
        return True
    # Other standards keep their own JUMBF types in the same segments; only a type that is surely another's is
    # not a store of ours, since a damaged type must not read as "nothing there".
    return segment[described + 4 : described + 8] not in _OTHER_JUMBF


def _riff_box(source: ByteSource) -> str | None:
    offset = 12
    for _ in range(100_000):
        header = source.at(offset, 8)
        if len(header) < 8:
            return None
        if header[:4] == b"C2PA":
            return "RIFF C2PA chunk"
        length = int.from_bytes(header[4:], "little")
        offset += 8 + length + length % 2
    return None
