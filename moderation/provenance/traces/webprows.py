"""The first pixels of a lossless WebP's rows, decoded no further than they are asked for.

Pillow decodes a WebP whole or not at all. Its own libwebp can crop while it decodes, and stops below the last
row wanted, so it is asked directly: a few rows tell a magic word in the lowest bits from an ordinary picture.
Where that library cannot be reached (Pillow built otherwise), the caller has to decode the picture whole.

Chunks: https://developers.google.com/speed/webp/docs/riff_container
"""

import ctypes
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Any, Final

from moderation.provenance.bytesource import ByteSource

_ABI: Final = 0x0200  # of libwebp's decoder; it refuses another first byte
_RGBA: Final = 1  # WEBP_CSP_MODE.MODE_RGBA
_MAX_CHUNKS: Final = 100
_MAX_SIDE: Final = 1 << 14
_FIRST: Final = 4  # rows: next to no ordinary picture agrees with a magic word for longer
_GROWTH: Final = 4
_TABLES: Final = 32 << 10  # bytes of code tables and transforms before the first pixel, at first guess


@dataclass(frozen=True)
class Lossless:
    """A lossless stream in a file: the picture itself, or the alpha of one whose colours are not."""

    offset: int
    length: int
    width: int
    height: int
    modes: tuple[str, ...]  # where hidden text may lie, "alpha" or "rgb"
    alpha_filter: int | None = None  # of an alpha alone; it has no header of its own

    @property
    def header(self) -> bytes:
        """What the decoder wants to read before the bytes at ``offset``."""
        if self.alpha_filter is None:
            return b""
        return b"\x2f" + struct.pack("<I", self.width - 1 | self.height - 1 << 14)


def lossless(source: ByteSource) -> Lossless | None:
    """The stream of a still WebP in whose lowest bits text could lie; None where there is none."""
    offset, size, alpha = 12, (0, 0), None
    for _ in range(_MAX_CHUNKS):
        header = source.at(offset, 18)
        kind, length = header[:4], int.from_bytes(header[4:8], "little")
        if len(header) < 18 or kind in {b"ANIM", b"ANMF", b"VP8 "}:
            return alpha if kind == b"VP8 " else None
        if kind == b"VP8L":
            bits = int.from_bytes(header[9:13], "little")
            size = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
            return Lossless(offset + 8, length, *size, ("alpha", "rgb") if bits >> 28 & 1 else ("rgb",))
        if kind == b"VP8X":
            size = int.from_bytes(header[12:15], "little") + 1, int.from_bytes(header[15:18], "little") + 1
        compressed_alpha = kind == b"ALPH" and header[8] & 3 == 1
        if compressed_alpha and min(size) > 0 and max(size) <= _MAX_SIDE:
            alpha = Lossless(offset + 9, length - 1, *size, ("alpha",), alpha_filter=header[8] >> 2 & 3)
        offset += 8 + length + length % 2
    return None


def can_look() -> bool:
    return _library() is not None


def first_pixels(source: ByteSource, picture: Lossless, rows: int) -> Iterator[bytes]:
    """Red, green, blue and alpha of each row's first pixel, from the top, of at most ``rows``; fewer or none
    where the file is broken. A few rows are decoded first, all only for who asks for more."""
    yielded = 0
    for wanted in (min(_FIRST, rows, picture.height), min(rows, picture.height)):
        pixels = _column(source, picture, wanted)
        yield from pixels[yielded:]
        yielded = max(yielded, len(pixels))


def _column(source: ByteSource, picture: Lossless, rows: int) -> list[bytes]:
    """The first pixels of the first ``rows`` rows, from as much of the stream as they need."""
    available = min(picture.length, source.size - picture.offset)
    piece = _TABLES + 2 * available * rows // picture.height
    while True:
        data = picture.header + source.at(picture.offset, min(piece, available))
        column = _decoded(data, rows)
        if column or piece >= available:
            break
        piece *= _GROWTH
    pixels = [column[at : at + 4] for at in range(0, len(column), 4)]
    return pixels if picture.alpha_filter is None else _alphas(pixels, picture.alpha_filter)


def _alphas(pixels: list[bytes], kind: int) -> list[bytes]:
    """An alpha lies in the green of its stream. Every filter predicts a first pixel from the one above."""
    stored = [pixel[1] for pixel in pixels]
    values = accumulate(stored, lambda above, value: (above + value) & 255) if kind else stored
    return [bytes((0, 0, 0, value)) for value in values]


class _Config(ctypes.Structure):
    """libwebp's ``WebPDecoderConfig``, with room for what later versions add."""

    _fields_ = [
        ("features", ctypes.c_uint32 * 10),
        ("colorspace", ctypes.c_int),
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("is_external_memory", ctypes.c_int),
        ("pixels", ctypes.c_void_p),
        ("stride", ctypes.c_int),
        ("size", ctypes.c_size_t),
        ("rest_of_planes", ctypes.c_char * 56),
        ("padding", ctypes.c_uint32 * 4),
        ("private_memory", ctypes.c_void_p),
        ("bypass_filtering", ctypes.c_int),
        ("no_fancy_upsampling", ctypes.c_int),
        ("use_cropping", ctypes.c_int),
        ("crop_left", ctypes.c_int),
        ("crop_top", ctypes.c_int),
        ("crop_width", ctypes.c_int),
        ("crop_height", ctypes.c_int),
        ("other_options", ctypes.c_int * 12),
        ("later", ctypes.c_char * 256),
    ]


def _decoded(data: bytes, rows: int) -> bytes:
    """RGBA of the first pixel of the first ``rows`` rows; nothing where ``data`` is broken or ends before."""
    library, config, pixels = _library(), _Config(), ctypes.create_string_buffer(4 * rows)
    if library is None or not library.WebPInitDecoderConfigInternal(ctypes.byref(config), _ABI):
        return b""
    config.colorspace, config.is_external_memory = _RGBA, 1
    config.pixels, config.stride, config.size = ctypes.addressof(pixels), 4, len(pixels)
    config.use_cropping, config.crop_width, config.crop_height = 1, 1, rows
    return b"" if library.WebPDecode(data, len(data), ctypes.byref(config)) else pixels.raw


@cache
def _library() -> Any:
    """libwebp as Pillow brings it, through Pillow's own extension; None where it cannot be reached."""
    try:
        from PIL import _webp  # noqa: PLC0415 -- Pillow may lack it

        library: Any = ctypes.CDLL(_webp.__file__)
        library.WebPInitDecoderConfigInternal.argtypes = [ctypes.c_void_p, ctypes.c_int]
        library.WebPDecode.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_void_p]
    except (ImportError, OSError, AttributeError):
        return None
    return library
