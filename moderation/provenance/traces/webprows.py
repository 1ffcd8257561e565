"""The first pixels of a WebP's rows, decoded no further than they are asked for.

Pillow decodes a WebP whole or not at all. Its own libwebp can decode as bytes come in, so it is asked
directly: a few rows tell a magic word in the lowest bits from an ordinary picture. Where that library cannot
be reached (Pillow built otherwise), nothing is yielded and the caller has to decode the picture whole.
"""

import ctypes
from collections.abc import Iterator
from functools import cache
from typing import Any

from moderation.provenance.bytesource import ByteSource

_CHUNK = 64 << 10  # a large picture's tables are read again from their start with every piece
_RGBA = 1  # WEBP_CSP_MODE.MODE_RGBA
_OK, _SUSPENDED = 0, 5  # VP8StatusCode
_MAX_CHUNKS = 100


def modes(source: ByteSource, max_pixels: int) -> tuple[str, ...]:
    """Where hidden text may lie: in colours and alpha if both are lossless, in a lossless alpha alone; else
    nowhere. An animation is left out, and a picture of more than ``max_pixels``."""
    offset, alpha_alone = 12, False
    for _ in range(_MAX_CHUNKS):
        header = source.at(offset, 18)
        kind, length = header[:4], int.from_bytes(header[4:8], "little")
        if len(header) < 18 or kind in {b"ANIM", b"ANMF"}:
            return ()
        if kind == b"VP8L":
            bits = int.from_bytes(header[9:13], "little")
            width, height, has_alpha = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bits >> 28 & 1
            if width * height > max_pixels:
                return ()
            return ("alpha", "rgb") if has_alpha else ("rgb",)
        if kind == b"VP8X":
            width = int.from_bytes(header[12:15], "little") + 1
            height = int.from_bytes(header[15:18], "little") + 1
            if width * height > max_pixels:
                return ()
        alpha_alone = alpha_alone or kind == b"ALPH"
        if kind == b"VP8 ":
            return ("alpha",) if alpha_alone else ()
        offset += 8 + length + length % 2
    return ()


def can_look() -> bool:
    return _library() is not None


def first_pixels(source: ByteSource) -> Iterator[bytes]:
    """Red, green, blue and alpha of each row's first pixel, from the top, as far as rows can be decoded."""
    library = _library()
    decoder = library.WebPINewRGB(_RGBA, None, 0, 0) if library else None
    if not library or not decoder:
        return
    try:
        yielded = 0
        for offset in range(0, source.size, _CHUNK):
            block = source.at(offset, _CHUNK)
            status = library.WebPIAppend(decoder, block, len(block))
            pixels, rows, stride = _decoded(library, decoder)
            while yielded < rows:
                yield ctypes.string_at(pixels + yielded * stride, 4)
                yielded += 1
            if status != _SUSPENDED:
                return  # all is decoded, or the file is broken
    finally:
        library.WebPIDelete(decoder)


def _decoded(library: Any, decoder: int) -> tuple[int, int, int]:
    """Address of the pixels, rows decoded so far, bytes a row."""
    rows, width, height, stride = (ctypes.c_int() for _ in range(4))
    pixels = library.WebPIDecGetRGB(decoder, rows, width, height, stride)
    return (pixels, rows.value, stride.value) if pixels else (0, 0, 0)


@cache
def _library() -> Any:
    """libwebp as Pillow brings it, through Pillow's own extension; None where it cannot be reached."""
    try:
        from PIL import _webp  # noqa: PLC0415 -- Pillow may lack it

        library: Any = ctypes.CDLL(_webp.__file__)
        library.WebPINewRGB.restype = ctypes.c_void_p
        library.WebPINewRGB.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
        library.WebPIAppend.restype = ctypes.c_int
        library.WebPIAppend.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]
        library.WebPIDecGetRGB.restype = ctypes.c_void_p
        library.WebPIDecGetRGB.argtypes = [ctypes.c_void_p, *[ctypes.POINTER(ctypes.c_int)] * 4]
        library.WebPIDelete.restype = None
        library.WebPIDelete.argtypes = [ctypes.c_void_p]
    except (ImportError, OSError, AttributeError):
        return None
    return library
