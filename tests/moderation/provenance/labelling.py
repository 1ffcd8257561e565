"""Writes the metadata that generators write, byte by byte, into pictures of every format."""

import io
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.pictures import Pixels, draw

PARAMETERS = (
    "a red fox in snow\nNegative prompt: blurry\n"
    "Steps: 28, Sampler: DPM++ 2M, CFG scale: 7, Seed: 1, Size: 512x512, Version: v1.9.4"
)
GRAPH = (
    '{"3": {"class_type": "KSampler", "inputs": {"seed": 1}}, '
    '"6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a red fox in snow"}}}'
)
WORKFLOW = '{"last_node_id": 2, "nodes": [{"id": 1, "type": "KSampler"}], "links": [], "version": 0.4}'


def png(
    *texts: tuple[str, str], pixels: Pixels | None = None, compressed: bool = False, **options: Any
) -> bytes:
    info = PngInfo()
    for key, value in texts:
        info.add_text(key, value, zip=compressed)
    output = io.BytesIO()
    Image.fromarray(pixels if pixels is not None else draw(1, 64, 48)).save(
        output, "PNG", pnginfo=info, **options
    )
    return output.getvalue()


def with_chunk(data: bytes, kind: bytes, body: bytes) -> bytes:
    """A PNG with one more chunk, right after its header."""
    return data[:33] + _chunk(kind, body) + data[33:]


def exif(
    fields: dict[int, bytes | str], *, order: str = ">", nested: dict[int, bytes] | None = None
) -> bytes:
    """A TIFF structure with ``fields`` in its first directory and ``nested`` in its EXIF directory."""
    head = b"MM\x00*" if order == ">" else b"II*\x00"
    entries = {
        tag: value.encode() + b"\x00" if isinstance(value, str) else value for tag, value in fields.items()
    }
    first_size = 2 + 12 * (len(entries) + bool(nested)) + 4
    first, data = _directory(entries, 8, order, extra=bool(nested))
    if nested:
        at = 8 + first_size + len(data)
        first = first.replace(b"\xee\xee\xee\xee", struct.pack(order + "I", at))
        inner, inner_data = _directory(nested, at, order)
        return head + struct.pack(order + "I", 8) + first + data + inner + inner_data
    return head + struct.pack(order + "I", 8) + first + data


def _directory(entries: dict[int, bytes], at: int, order: str, *, extra: bool = False) -> tuple[bytes, bytes]:
    count = len(entries) + extra
    table = struct.pack(order + "H", count)
    data = b""
    start = at + 2 + 12 * count + 4
    for tag, value in sorted(entries.items()):
        where = value.ljust(4, b"\x00")
        if len(value) > 4:
            where = struct.pack(order + "I", start + len(data))
            data += value + b"\x00" * (len(value) % 2)
        table += struct.pack(order + "HHI", tag, 7, len(value)) + where
    if extra:
        table += struct.pack(order + "HHI", 0x8769, 4, 1) + b"\xee\xee\xee\xee"
    return table + bytes(4), data


def user_comment(text: str, encoding: str = "utf-16-be") -> bytes:
    code = {"ascii": b"ASCII\x00\x00\x00", "utf-8": bytes(8)}.get(encoding, b"UNICODE\x00")
    return code + text.encode(encoding)


def xmp(properties: str, *, prefix: str = "x") -> bytes:
    """A packet with ``properties`` inside one description; prefixes are bound as usual, IPTC's to ``ext``."""
    return (
        f'<{prefix}:xmpmeta xmlns:{prefix}="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        'xmlns:ext="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
        'xmlns:ps="http://ns.adobe.com/photoshop/1.0/" xmlns:xap="http://ns.adobe.com/xap/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:exif="http://ns.adobe.com/exif/1.0/" '
        'xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" xmlns:T="http://www.tc260.org.cn/ns/AIGC/1.0/" '
        f"{properties}</rdf:RDF></{prefix}:xmpmeta>"
    ).encode()


_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def interlaced_png(pixels: Pixels) -> bytes:
    """An RGBA PNG in seven passes, which Pillow reads but does not write."""
    height, width, _ = pixels.shape
    passes = [pixels[y::down, x::right] for x, y, right, down in _ADAM7]
    rows = b"".join(b"\x00" + row.tobytes() for each in passes if each.size for row in each)
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 1)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in parts)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def hidden(
    text: str,
    mode: str,
    *,
    compressed: bool = False,
    interlaced: bool = False,
    kind: str = "PNG",
    width: int = 64,
    height: int = 160,
) -> bytes:
    """A PNG or lossless WebP with ``text`` in the lowest bits of its alpha, or of its red, green and blue."""
    import gzip

    body = gzip.compress(text.encode()) if compressed else text.encode()
    magic = f"stealth_{'rgb' if mode == 'rgb' else 'png'}{'comp' if compressed else 'info'}".encode()
    stream = magic + struct.pack(">I", 8 * len(body)) + body
    bits = np.unpackbits(np.frombuffer(stream, np.uint8))
    pixels = np.dstack([draw(1, width, height), np.full((height, width), 254, np.uint8)])
    channels = pixels[:, :, 3:4] if mode == "alpha" else pixels[:, :, :3]
    columns = channels.swapaxes(0, 1).reshape(-1).copy()
    assert len(bits) <= len(columns), "the picture is too small for the text"
    columns[: len(bits)] = (columns[: len(bits)] & 254) | bits
    channels[:] = columns.reshape(width, height, -1).swapaxes(0, 1)
    if interlaced:
        return interlaced_png(pixels)
    output = io.BytesIO()
    image = Image.fromarray(pixels if mode == "alpha" else pixels[:, :, :3])
    image.save(output, kind, **({"lossless": True, "exact": True} if kind == "WEBP" else {}))
    return output.getvalue()
