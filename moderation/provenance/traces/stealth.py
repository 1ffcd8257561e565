"""Parameters hidden in the lowest bits of pixels ("stealth PNG info"), as NovelAI and web UIs do, in PNG and
lossless WebP.

Bits run down the columns, most significant first: a magic word, a 32-bit length in bits, then JSON or text,
plain or gzipped; one bit a pixel in alpha, or three in red, green, blue. The magic word lies in the first
column, so a few rows' first pixels tell whether there is anything to decode.
"""

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from itertools import tee

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from moderation.provenance import generators
from moderation.provenance.bytesource import ByteSource
from moderation.provenance.containers.metadata import MAX_BOXES, inflate
from moderation.provenance.traces import webprows
from moderation.provenance.traces.prompts import Found, Kind, clipped, parsed, recognise
from moderation.provenance.values import Trace

MAX_PIXELS = 50_000_000
_MAX_FILE = 128 << 20
_MAX_TEXT = 4 << 20
_PIECE = 8 << 10
_GZIP = 31  # zlib window bits that read gzip
_MAGIC = {
    "alpha": {b"stealth_pnginfo": False, b"stealth_pngcomp": True},
    "rgb": {b"stealth_rgbinfo": False, b"stealth_rgbcomp": True},
}
_MAGIC_BYTES = 15
_MAGIC_BITS = {
    mode: [[byte >> shift & 1 for byte in magic for shift in range(7, -1, -1)] for magic in magics]
    for mode, magics in _MAGIC.items()
}
_CHANNELS = {2: 3, 6: 4}  # PNG colour types: RGB, RGBA


def traces(source: ByteSource, media: str) -> Iterator[Trace]:
    if source.size > _MAX_FILE:
        return
    if media == "image/png":
        yield from _in_png(source)
    elif media == "image/webp":
        yield from _in_webp(source)


def _in_webp(source: ByteSource) -> Iterator[Trace]:
    picture = webprows.lossless(source)
    if picture is None or picture.width * picture.height > MAX_PIXELS:
        return
    columns = tee(webprows.first_pixels(source, picture, 8 * _MAGIC_BYTES), len(picture.modes))
    for mode, column in zip(picture.modes, columns, strict=True):
        if not webprows.can_look() or _begins(column, mode):
            yield from _found(source, mode, "WEBP")


def _in_png(source: ByteSource) -> Iterator[Trace]:
    header = source.at(8, 25)
    if len(header) < 25 or header[4:8] != b"IHDR":
        return
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", header[8:21])
    channels = _CHANNELS.get(colour)
    if channels is None or depth != 8 or not 0 < width * height <= MAX_PIXELS:
        return
    for mode in ("alpha", "rgb") if channels == 4 else ("rgb",):
        if interlaced or _begins(_first_pixels(source, width, height, channels), mode):
            yield from _found(source, mode, "PNG")


def _found(source: ByteSource, mode: str, kind: str) -> Iterator[Trace]:
    text = _hidden_text(source, mode, kind)
    if text is not None:
        found = _recognised(text)
        yield Trace(f"stealth_{mode}", found.generator, where=f"lowest bits, {mode}", prompt=found.prompt)


def _begins(pixels: Iterator[bytes], mode: str) -> bool:
    """Whether the first column's bits begin a magic word; stops at the first row that says otherwise."""
    bits, at = _MAGIC_BITS[mode], 0
    for pixel in pixels:
        for value in pixel[3:4] if mode == "alpha" else pixel[:3]:
            bits = [magic for magic in bits if at >= len(magic) or magic[at] == value & 1]
            at += 1
        if not bits:
            return False
        if at >= 8 * _MAGIC_BYTES:
            return True
    return at > 0


def _first_pixels(source: ByteSource, width: int, height: int, channels: int) -> Iterator[bytes]:
    """The first pixel of each row, which depends on nothing to its left: undoing PNG's filters is trivial."""
    above = bytes(channels)
    for row in _rows(source, 1 + width * channels, min(height, 8 * _MAGIC_BYTES)):
        above = _first_pixel(row[0], row[1 : 1 + channels], above)
        yield above


def _first_pixel(kind: int, stored: bytes, above: bytes) -> bytes:
    """PNG filters for the leftmost pixel, whose left neighbours count as zero."""
    if kind in (2, 4):  # up; Paeth without left neighbours predicts the one above
        return bytes((value + up) & 255 for value, up in zip(stored, above, strict=False))
    if kind == 3:
        return bytes((value + up // 2) & 255 for value, up in zip(stored, above, strict=False))
    return stored


def _rows(source: ByteSource, length: int, count: int) -> Iterator[bytes]:
    """The first ``count`` filtered rows of ``length`` bytes each, inflating no more than they need."""
    engine = zlib.decompressobj()
    buffer = bytearray()
    for compressed in _picture_data(source):
        waiting = compressed
        while waiting:
            try:
                buffer += engine.decompress(waiting, max(length, 1 << 12))
            except zlib.error:
                return
            waiting = engine.unconsumed_tail
            while len(buffer) >= length:
                yield bytes(buffer[:length])
                del buffer[:length]
                count -= 1
                if count <= 0:
                    return
        if engine.eof:
            return


def _picture_data(source: ByteSource) -> Iterator[bytes]:
    offset = 8
    for _ in range(MAX_BOXES):
        header = source.at(offset, 8)
        if len(header) < 8 or header[4:] == b"IEND":
            return
        length = int.from_bytes(header[:4], "big")
        if header[4:] == b"IDAT":
            end = min(offset + 8 + length, source.size)
            for start in range(offset + 8, end, _PIECE):  # small ones: the first rows are mostly enough
                yield source.at(start, min(_PIECE, end - start))
        offset += 12 + length


def _hidden_text(source: ByteSource, mode: str, kind: str) -> str | None:
    """The hidden text, or None where there is no magic word after all or the picture cannot be decoded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # bounded above
            with Image.open(io.BytesIO(source.at(0, source.size)), formats=[kind]) as image:
                pixels = np.asarray(image)
    except (OSError, ValueError, SyntaxError, OverflowError, MemoryError, Image.DecompressionBombError):
        return None
    if pixels.ndim != 3 or pixels.shape[2] < (4 if mode == "alpha" else 3):
        return None
    channels = pixels[:, :, 3:4] if mode == "alpha" else pixels[:, :, :3]
    return _decoded(channels, mode)


def _decoded(channels: NDArray[np.uint8], mode: str) -> str | None:
    """Text in the lowest bits of ``channels``, shape (height, width, channels)."""
    height, _, count = channels.shape

    def octets(start: int, length: int) -> bytes:
        """``length`` bytes from byte ``start``: only as many columns as they need are unpacked."""
        columns = (8 * (start + length) - 1) // (height * count) + 1
        bits = (channels[:, :columns] & 1).swapaxes(0, 1).reshape(-1)
        return np.packbits(bits[8 * start : 8 * (start + length)]).tobytes()

    magic = octets(0, _MAGIC_BYTES)
    if magic not in _MAGIC[mode]:
        return None
    length = int.from_bytes(octets(_MAGIC_BYTES, 4), "big") // 8
    if not 0 < length <= min(_MAX_TEXT, channels.size // 8):
        return None
    data = octets(_MAGIC_BYTES + 4, length)
    if _MAGIC[mode][magic]:
        data, _ = inflate(data, _MAX_TEXT, wbits=_GZIP)
    return data.decode("utf-8", "replace")


def _recognised(text: str) -> Found:
    value = parsed(text)
    if isinstance(value, dict):
        software = " ".join(str(value.get(key, "")) for key in ("Software", "Source", "software", "source"))
        inner = recognise(str(value.get("Comment", ""))) or recognise(str(value.get("parameters", "")))
        generator = generators.named_in(software) or (inner.generator if inner else None)
        prompt = (
            (inner.prompt if inner else None)
            or clipped(value.get("Description"))
            or clipped(value.get("prompt"))
        )
        return Found(Kind.STEALTH, generator, prompt)
    return recognise(text) or Found(Kind.STEALTH, generators.named_in(text), clipped(text))
