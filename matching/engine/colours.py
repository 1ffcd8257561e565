"""Whatever a file's pixels mean, make them 8-bit sRGB on white."""

import io
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageCms

Converter = Callable[[Image.Image], Image.Image]

# Real profiles have a few kilobytes, printing presses' up to about 2 MB.
_LARGEST_PROFILE = 4_000_000


def converter(image: Image.Image) -> Converter:
    """How to turn ``image``, or any strip cut out of it, into RGB.

    Made once for the whole picture, because strips of it must share one range and one colour transform.
    """
    if image.mode == "F" or image.mode.startswith("I"):
        return _from_deep_grey(image)
    in_srgb = _from_profile(image)

    def convert(part: Image.Image) -> Image.Image:
        if part.has_transparency_data:
            part = _on_white(part)
        elif part.mode in ("P", "1", "PA"):
            part = part.convert("RGB")
        return in_srgb(part)

    return convert


def _on_white(part: Image.Image) -> Image.Image:
    see_through = part.convert("RGBA")
    white = Image.new("RGBA", part.size, "white")
    return Image.alpha_composite(white, see_through).convert("RGB")


def _from_deep_grey(image: Image.Image) -> Converter:
    """Grey of 16 or 32 bit or floating point: the kind's full range where it is known, else what is used."""
    low, high = _range(image)
    scale = 255 / (high - low) if high > low else 0.0

    def convert(part: Image.Image) -> Image.Image:
        grey = np.nan_to_num(np.asarray(part).astype(np.float32))
        return Image.fromarray(np.clip((grey - low) * scale + 0.5, 0, 255).astype(np.uint8)).convert("RGB")

    return convert


def _range(image: Image.Image) -> tuple[float, float]:
    if image.mode.startswith("I;16"):
        return 0.0, 65535.0
    values = np.asarray(image)
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    if low < 0:
        return low, high
    for full in (1.0, 255.0, 65535.0) if image.mode == "F" else (255.0, 65535.0):
        if high <= full:
            return 0.0, full
    return 0.0, high


def _from_profile(image: Image.Image) -> Converter:
    """Through the picture's ICC profile to sRGB, where it has one that works; else by Pillow's rules."""
    mode = (
        "RGB" if image.mode in ("P", "PA", "1", "RGBA", "RGBa") or image.has_transparency_data else image.mode
    )
    transform = _transform(image.info.get("icc_profile"), mode)
    if transform is None:
        return lambda part: part.convert("RGB")

    def convert(part: Image.Image) -> Image.Image:
        result = ImageCms.applyTransform(part if part.mode == mode else part.convert(mode), transform)
        return result if result is not None else part.convert("RGB")

    return convert


def _transform(profile: object, mode: str) -> ImageCms.ImageCmsTransform | None:
    try:
        if mode == "LAB":
            source = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        elif isinstance(profile, bytes) and len(profile) <= _LARGEST_PROFILE:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if mode == "RGB" and "srgb" in ImageCms.getProfileDescription(source).lower():
                return None
        else:
            return None
        return ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), mode, "RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        # A profile that is broken or of another colour space says nothing that could be used.
        return None
