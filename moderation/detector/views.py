"""The ways to look at a picture: as it is, altered at random for training, altered on purpose for measuring.

Both classes go through the same alterations, drawn by the picture's own sha256, so that neither format nor
size nor framing tells them apart and every run draws the same.
"""

import io
from collections.abc import Callable
from typing import Final

import numpy as np
from PIL import Image, ImageFilter

from matching.engine.images import Pixels

VERSION: Final = "v1"
"""Raised whenever a view changes: features of old views are then made anew."""

NATIVE_SIDE: Final = 224

_Draw = np.random.Generator
_View = Callable[[Image.Image, _Draw], Image.Image]


def look(pixels: Pixels, view: str, sha256: str) -> Pixels:
    """The named view of a picture; ``sha256`` (of its file, in hex) seeds what is drawn.

    A digit at the end of a name tells draws of one view apart. Names joined by ``+`` are taken in turn:
    ``jpeg50+native0`` is a crop of the re-encoded picture. Raises ``KeyError`` where no view has the name.
    """
    seed = [int(sha256[at : at + 8], 16) for at in range(0, 32, 8)]
    image = Image.fromarray(pixels)
    for step in view.split("+"):
        name = step.rstrip("0123456789") if step not in VIEWS else step
        image = VIEWS[name](image, np.random.default_rng([*seed, *step.encode()]))
    return np.asarray(image)


def _whole(image: Image.Image, _draw: _Draw) -> Image.Image:
    return image


def _mixed(image: Image.Image, draw: _Draw) -> Image.Image:
    """Crop, mirror, resize, sometimes blur, then re-encode, each at random."""
    image = _random_crop(image, draw, least=0.5)
    if draw.random() < 0.5:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    longest = max(image.size)
    side = int(draw.integers(192, max(256, longest) + 1))
    image = _scaled(image, side / longest)
    if draw.random() < 0.15:
        image = image.filter(ImageFilter.GaussianBlur(float(draw.uniform(0.3, 1.2))))
    return _jpeg(image, int(draw.integers(70, 96)))


def _resaved(image: Image.Image, draw: _Draw) -> Image.Image:
    """As pictures come that went through other people's software: made smaller, re-encoded, whole."""
    image = _scaled(image, float(draw.uniform(0.5, 1)))
    return _jpeg(image, int(draw.integers(40, 91)))


def _native(image: Image.Image, draw: _Draw) -> Image.Image:
    """A square of the input's own size, pixel for pixel, from a random place; small pictures are enlarged."""
    shortest = min(image.size)
    if shortest < NATIVE_SIDE:
        image = _scaled(image, NATIVE_SIDE / shortest)
    left = int(draw.integers(0, image.width - NATIVE_SIDE + 1))
    top = int(draw.integers(0, image.height - NATIVE_SIDE + 1))
    return image.crop((left, top, left + NATIVE_SIDE, top + NATIVE_SIDE))


def _jpeg50(image: Image.Image, _draw: _Draw) -> Image.Image:
    return _jpeg(image, 50)


def _half(image: Image.Image, _draw: _Draw) -> Image.Image:
    return _scaled(image, 0.5)


def _blur(image: Image.Image, _draw: _Draw) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(1.5))


def _noise(image: Image.Image, draw: _Draw) -> Image.Image:
    """Gaussian, standard deviation 8 of 255."""
    pixels = np.asarray(image, np.float32)
    noisy = pixels + draw.normal(0, 8, pixels.shape)
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))


def _screenshot(image: Image.Image, _draw: _Draw) -> Image.Image:
    """Shown smaller in a window with a bar above and a margin around, as screens show pictures."""
    shown = image.resize(
        (max(1, round(image.width * 0.8)), max(1, round(image.height * 0.8))), Image.Resampling.BILINEAR
    )
    margin, bar = max(4, shown.width // 24), max(12, shown.height // 12)
    window = Image.new("RGB", (shown.width + 2 * margin, shown.height + 2 * margin + bar), (244, 244, 246))
    window.paste((222, 222, 228), (0, 0, window.width, bar))
    window.paste(shown, (margin, bar + margin))
    return window


def _enlarged(image: Image.Image, _draw: _Draw) -> Image.Image:
    """A copy of half the size, enlarged again."""
    return _half(image, _draw).resize(image.size, Image.Resampling.LANCZOS)


def _sharp(image: Image.Image, draw: _Draw) -> Image.Image:
    """As learnt upscalers leave pictures: enlarged, grain smoothed away, edges drawn hard. None was run."""
    smooth = _enlarged(image, draw).filter(ImageFilter.MedianFilter(3))
    return smooth.filter(ImageFilter.UnsharpMask(radius=2, percent=180, threshold=2))


def _cloaklike(image: Image.Image, draw: _Draw) -> Image.Image:
    """A perturbation of the size and grain of protective cloaks: blotches of at most 12 of 255."""
    pixels = np.asarray(image, np.float32)
    grain = Image.fromarray(draw.integers(0, 256, pixels.shape, dtype=np.uint8))
    blotches = np.asarray(grain.filter(ImageFilter.GaussianBlur(1.5)), np.float32) - 127.5
    blotches *= 12 / max(1.0, float(np.abs(blotches).max()))
    return Image.fromarray((pixels + blotches).clip(0, 255).astype(np.uint8))


def _edited(image: Image.Image, draw: _Draw) -> Image.Image:
    """A quarter of the picture stamped over with another part of it, mirrored, its rim softened."""
    wide, high = max(1, image.width // 2), max(1, image.height // 2)
    places = [
        (int(draw.integers(0, image.width - wide + 1)), int(draw.integers(0, image.height - high + 1)))
        for _ in range(2)
    ]
    (left, top), (onto_left, onto_top) = places
    part = image.crop((left, top, left + wide, top + high)).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    rim = max(1, min(wide, high) // 8)
    mask = Image.new("L", (wide, high), 0)
    mask.paste(255, (rim, rim, max(rim + 1, wide - rim), max(rim + 1, high - rim)))
    image = image.copy()
    image.paste(part, (onto_left, onto_top), mask.filter(ImageFilter.GaussianBlur(rim / 2)))
    return image


VIEWS: Final[dict[str, _View]] = {
    "whole": _whole,
    "mixed": _mixed,
    "resaved": _resaved,
    "native": _native,
    "jpeg50": _jpeg50,
    "half": _half,
    "blur": _blur,
    "noise": _noise,
    "screenshot": _screenshot,
    "enlarged": _enlarged,
    "sharp": _sharp,
    "cloaklike": _cloaklike,
    "edited": _edited,
}
PERTURBATIONS: Final = (
    "jpeg50",
    "half",
    "blur",
    "noise",
    "screenshot",
    "enlarged",
    "sharp",
    "cloaklike",
    "edited",
)


def _random_crop(image: Image.Image, draw: _Draw, *, least: float) -> Image.Image:
    """A part of at least ``least`` of the area, between 3:4 and 4:3 times the picture's own proportions."""
    area, stretch = draw.uniform(least, 1), np.exp(draw.uniform(-0.29, 0.29))
    width = min(1.0, float(np.sqrt(area * stretch)))
    height = min(1.0, float(np.sqrt(area / stretch)))
    wide, high = max(1, round(image.width * width)), max(1, round(image.height * height))
    left = int(draw.integers(0, image.width - wide + 1))
    top = int(draw.integers(0, image.height - high + 1))
    return image.crop((left, top, left + wide, top + high))


def _scaled(image: Image.Image, factor: float) -> Image.Image:
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    return image.resize(size, Image.Resampling.BICUBIC)


def _jpeg(image: Image.Image, quality: int) -> Image.Image:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return Image.open(out).convert("RGB")
