"""Decode strangers' pictures without trusting them.

What a file says of itself is checked before a pixel is decoded: its kind by its first bytes, its size in
bytes, its width times height, its scans. Whatever a decoder raises becomes one of three named exceptions. The
pixels handed on are a working copy of bounded size, upright, in sRGB, on white; the original's size is kept
beside it.

Time is not bounded here: the worker's time limit does that.
"""

import hashlib
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from matching.engine import colours

Pixels = NDArray[np.uint8]
"""``[height, width, 3]``, RGB, 0 to 255."""


@dataclass(frozen=True)
class Limits:
    """How much a file may ask for."""

    bytes: int = 60_000_000
    pixels: int = 200_000_000
    side: int = 65_535
    working_side: int = 2048
    """Longest side of the decoded working copy, in pixels."""
    scans: int = 100
    """A progressive JPEG may repeat its passes without end; cameras and editors write about ten."""


DEFAULT_LIMITS: Final = Limits()

# Pillow raises only beyond twice this number. The exact bound is checked below; this one stays as a second
# fence for code that opens pictures without coming through here.
Image.MAX_IMAGE_PIXELS = DEFAULT_LIMITS.pixels

_PLUGINS: Final = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/tiff": "TIFF",
    "image/avif": "AVIF",
    "image/heic": "HEIF",
    "image/gif": "GIF",
}
MEDIA_TYPES: Final = tuple(_PLUGINS)

_AVIF_BRANDS = {b"avif", b"avis"}
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}

_MOST_FRAMES_COUNTED = 1000
_ORIENTATION_TAG = 0x0112
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class PictureError(Exception):
    """The file can't be used as a picture; the message is one sentence for the person who sent it."""


class NotAPicture(PictureError):
    """The bytes are of no kind that is taken."""


class TooLarge(PictureError):
    """The file asks for more bytes or pixels than the limits give."""


class Damaged(PictureError):
    """The file is of a known kind, but can't be decoded to its end."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A decoded picture: working copy and the facts of the original."""

    pixels: Pixels
    """Read-only; at most ``Limits.working_side`` on the long side."""
    width: int
    """Of the original, upright, in pixels; so is ``height``."""
    height: int
    media_type: str
    sha256: str
    """Of the file's bytes, in hex."""
    frames: int = 1
    """Counted up to 1,000; only the first is decoded."""

    @cached_property
    def image(self) -> Image.Image:
        """The working copy as a Pillow image."""
        return Image.fromarray(self.pixels)


def sniff(head: bytes) -> str | None:
    """The media type that a file's first bytes announce, or None; 64 bytes are enough."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[:4] in (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"):
        return "image/tiff"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "image/gif"
    if head[4:8] == b"ftyp":
        return _sniff_brands(head)
    return None


def _sniff_brands(head: bytes) -> str | None:
    """ISO media files tell their kind by brands: one major, then any number of compatible ones."""
    end = min(int.from_bytes(head[:4], "big"), 64, len(head))
    major, others = head[8:12], {head[at : at + 4] for at in range(16, end - 3, 4)}
    if major in _AVIF_BRANDS:
        return "image/avif"
    if major in _HEIC_BRANDS:
        return "image/heic"
    if major in (b"mif1", b"msf1"):
        return "image/avif" if others & _AVIF_BRANDS else "image/heic" if others & _HEIC_BRANDS else None
    return None


def open_picture(file: BinaryIO | bytes | Path, *, limits: Limits = DEFAULT_LIMITS) -> Picture:
    """Decode the first frame of ``file``; raises ``NotAPicture``, ``TooLarge`` or ``Damaged``."""
    data = _read(file, limits)
    media_type = sniff(data[:64])
    if media_type is None:
        raise NotAPicture("This file is not a JPEG, PNG, WebP, TIFF, AVIF, HEIC or GIF picture.")
    _require_heif(media_type)
    with _decoder_errors(), Image.open(io.BytesIO(data), formats=[_PLUGINS[media_type]]) as image:
        _check_size(image.size, limits)
        if media_type == "image/jpeg":
            _check_scans(data, limits)
        size = image.size
        frames = _count_frames(image, data)
        working = _working_copy(image, limits.working_side)
        # Some decoders find out the real size only while decoding.
        _check_size(image.size, limits)
        turn = _orientation(image)
    if turn in _TURNS:
        working = working.transpose(_TURNS[turn])
    width, height = (size[1], size[0]) if turn in (5, 6, 7, 8) else size
    pixels = np.asarray(working)
    pixels.flags.writeable = False
    digest = hashlib.sha256(data).hexdigest()
    return Picture(pixels, width, height, media_type, digest, frames)


def to_jpeg(picture: Picture, *, max_side: int, quality: int = 85) -> bytes:
    """A JPEG of at most ``max_side`` pixels on the long side, without any metadata of the original."""
    out = io.BytesIO()
    shrink(picture.image, max_side).save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()


def to_webp(picture: Picture, *, max_side: int, quality: int = 80) -> bytes:
    """A WebP of at most ``max_side`` pixels on the long side, without any metadata of the original."""
    out = io.BytesIO()
    shrink(picture.image, max_side).save(out, "WEBP", quality=quality, method=4)
    return out.getvalue()


def shrink(image: Image.Image, max_side: int) -> Image.Image:
    """``image`` with its long side at most ``max_side`` pixels, its proportions kept."""
    longest = max(image.size)
    if longest <= max_side:
        return image
    width, height = (max(1, round(side * max_side / longest)) for side in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _read(file: BinaryIO | bytes | Path, limits: Limits) -> bytes:
    if isinstance(file, Path):
        with file.open("rb") as opened:
            data = opened.read(limits.bytes + 1)
    elif isinstance(file, bytes):
        data = file
    else:
        data = file.read(limits.bytes + 1)
    if len(data) > limits.bytes:
        raise TooLarge(f"The file is larger than {limits.bytes / 1e6:.0f} MB.")
    return data


@contextmanager
def _decoder_errors() -> Iterator[None]:
    """Turn whatever a decoder raises over hostile bytes into a named exception."""
    try:
        with warnings.catch_warnings():
            # Decoders warn of odd metadata; the pixels decide here.
            warnings.simplefilter("ignore")
            yield
    except PictureError:
        raise
    except Image.DecompressionBombError as error:
        raise TooLarge("The picture has more pixels than are taken.") from error
    except MemoryError as error:
        raise TooLarge("The picture needs more memory than there is.") from error
    except Exception as error:  # decoders raise nearly every built-in exception
        raise Damaged("The picture is damaged or cut off: it cannot be decoded to its end.") from error


def _require_heif(media_type: str) -> None:
    if media_type == "image/heic" and "HEIF" not in Image.OPEN:
        import pillow_heif  # noqa: PLC0415 -- slow import

        pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)


def _check_size(size: tuple[int, int], limits: Limits) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise Damaged("The picture has no pixels.")
    if width * height > limits.pixels or max(size) > limits.side:
        raise TooLarge(
            f"The picture has {width} × {height} pixels; at most {limits.pixels / 1e6:.0f} million are taken,"
            f" and {limits.side} on a side."
        )


def _check_scans(data: bytes, limits: Limits) -> None:
    if data.count(b"\xff\xda") > limits.scans:
        raise TooLarge(f"The JPEG has more than {limits.scans} scans.")


def _count_frames(image: ImageFile.ImageFile, data: bytes) -> int:
    """How many frames the file has, without decoding them, at most 1,000."""
    if image.format == "GIF":
        return _count_gif_frames(data)
    if image.format != "TIFF":
        return min(int(getattr(image, "n_frames", 1)), _MOST_FRAMES_COUNTED)
    # Pillow's own count would follow every page of a file made of pages.
    frames = 1
    try:
        while frames < _MOST_FRAMES_COUNTED:
            image.seek(frames)
            frames += 1
    except Exception:  # noqa: S110 -- the end of the pages, or a damaged later page that nobody reads
        pass
    image.seek(0)
    return frames


def _count_gif_frames(data: bytes) -> int:
    """Walk the blocks of a GIF: https://www.w3.org/Graphics/GIF/spec-gif89a.txt."""

    def table(flags: int) -> int:
        return 3 << ((flags & 7) + 1) if flags & 0x80 else 0

    at = 13 + table(data[10]) if len(data) > 10 else len(data)
    frames = 0
    while at < len(data) and frames < _MOST_FRAMES_COUNTED:
        kind = data[at]
        if kind == 0x2C and at + 10 < len(data):
            frames += 1
            at += 11 + table(data[at + 9])
        elif kind == 0x21:
            at += 2
        else:
            break
        while at < len(data) and data[at]:
            at += 1 + data[at]
        at += 1
    return max(frames, 1)


def _working_copy(image: ImageFile.ImageFile, side: int) -> Image.Image:
    """The picture in RGB, at most ``side`` on its long side.

    Only the decoder ever holds the whole picture: a JPEG is decoded at a fraction already, and colours are
    converted strip by strip, each reduced before the next.
    """
    scale = side / max(image.size)
    if scale < 1:
        image.draft(image.mode, (max(1, int(image.width * scale)), max(1, int(image.height * scale))))
    image.load()
    to_rgb = colours.converter(image)
    factor = max(1, max(image.size) // (2 * side))
    if factor == 1:
        return shrink(to_rgb(image), side)
    reduced = Image.new("RGB", (-(-image.width // factor), -(-image.height // factor)))
    rows = factor * max(1, 4_000_000 // (image.width * factor))
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(top + rows, image.height)))
        reduced.paste(to_rgb(strip).reduce(factor), (0, top // factor))
    return shrink(reduced, side)


def _orientation(image: Image.Image) -> int:
    """EXIF orientation 1 to 8; TIFF and HEIC come upright from their decoders."""
    if image.format in ("TIFF", "HEIF"):
        return 1
    try:
        value = image.getexif().get(_ORIENTATION_TAG, 1)
    except Exception:  # broken metadata is no reason to refuse the pixels
        return 1
    return value if isinstance(value, int) else 1
