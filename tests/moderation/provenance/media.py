"""The smallest files of other kinds that the library writes into: sound, moving pictures, drawings, pages."""

import io
import struct
import wave

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10" '
    b'fill="#123456"/></svg>'
)


def wav() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(16_000))
    return out.getvalue()


def mp3() -> bytes:
    """An empty ID3 tag and four silent frames."""
    return b"ID3\x03\x00\x00" + bytes(4) + (b"\xff\xfb\x90\x00" + bytes(413)) * 4


def bmff(brand: bytes) -> bytes:
    """An ISO base media file without tracks: type, movie header, some data."""
    matrix = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    header = struct.pack(">IIIIIIH", 0, 0, 0, 1000, 0, 0x10000, 0x100) + bytes(10) + matrix + bytes(24)
    kind = _box(b"ftyp", brand + struct.pack(">I", 512) + brand)
    return kind + _box(b"moov", _box(b"mvhd", header + struct.pack(">I", 1))) + _box(b"mdat", bytes(100))


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, kind) + content


def pdf() -> bytes:
    """One empty page."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
    )
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%sendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(out)
    return out + b"xref\n0 4\n0000000000 65535 f \n" + table + trailer


MEDIA = {
    "audio/wav": wav(),
    "audio/mpeg": mp3(),
    "audio/mp4": bmff(b"M4A "),
    "video/mp4": bmff(b"isom"),
    "video/quicktime": bmff(b"qt  "),
    "image/svg+xml": SVG,
    "application/pdf": pdf(),
}
# A place in each that belongs to what was signed.
SIGNED_PLACE = {
    "audio/wav": b"WAVEfmt ",
    "audio/mpeg": b"\xff\xfb\x90\x00",
    "audio/mp4": b"mvhd",
    "video/mp4": b"mvhd",
    "video/quicktime": b"mvhd",
    "image/svg+xml": b"#123456",
    "application/pdf": b"MediaBox[0 0 9 9]",
}
