"""What copyists do to pictures: a seeded suite of transforms, from re-saving to photographing a screen.

Every transform takes the work's pixels, a random generator, and another picture that may serve as ground; it
returns the pixels of the copy. ``copy_of`` finishes with a JPEG, since copies travel that way.
"""

import io
import zlib
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

Pixels = NDArray[np.uint8]
Transform = Callable[[Image.Image, np.random.Generator, Image.Image], Image.Image]


def copy_of(
    pixels: Pixels,
    transform: str,
    *,
    seed: str,
    ground: Pixels,
    among: Mapping[str, Transform] | None = None,
) -> Pixels:
    """The work ``pixels`` after one named transform, the same for the same ``seed``; saved once as JPEG."""
    rng = np.random.default_rng(zlib.crc32(f"{transform} {seed}".encode()))
    changed = (among or TRANSFORMS)[transform](Image.fromarray(pixels), rng, Image.fromarray(ground))
    out = io.BytesIO()
    changed.save(out, "JPEG", quality=int(rng.integers(70, 93)))
    with Image.open(out) as saved:
        return np.asarray(saved.convert("RGB"))


def _reencode(image: Image.Image, rng: np.random.Generator, ground: Image.Image) -> Image.Image:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=int(rng.integers(15, 40)))
    with Image.open(out) as saved:
        return saved.convert("RGB")


def _resize(image: Image.Image, rng: np.random.Generator, ground: Image.Image) -> Image.Image:
    scale = 160 / max(image.size)
    return image.resize((max(1, round(image.width * scale)), max(1, round(image.height * scale))))


def _crop(share: float) -> Transform:
    def crop(image: Image.Image, rng: np.random.Generator, ground: Image.Image) -> Image.Image:
        aspect = float(rng.uniform(0.8, 1.25))
        width = min(image.width, round(image.width * (share * aspect) ** 0.5))
        height = min(image.height, round(image.height * (share / aspect) ** 0.5))
        left, top = int(rng.integers(image.width - width + 1)), int(rng.integers(image.height - height + 1))
        return image.crop((left, top, left + width, top + height))

    return crop


def _mirror(image: Image.Image, rng: np.random.Generator, ground: Image.Image) -> Image.Image:
    return ImageOps.mirror(image)


def _rotate(degrees: float) -> Transform:
    def rotate(image: Image.Image, rng: np.random.Generator, ground: Image.Image) -> Image.Image:
        angle = degrees * float(rng.choice([-1, 1]))
        if degrees == 90:
            return image.rotate(angle, expand=True)
        return image.rotate(angle, Image.Resampling.BICUBIC, fillcolor=_colour(rng))

    return rotate


def _grey(image: Image.Image, rng: np.random.Generator, ground: Image.Image) -> Image.Image:
    return image.convert("L").convert("RGB")


def _hue(image: Image.Image, rng: np.random.Generator, ground: Image.Image) -> Image.Image:
    channels = np.array(image.convert("HSV"))
    channels[..., 0] += np.uint8(rng.integers(40, 216))
    return Image.fromarray(channels, "HSV").convert("RGB")


def _colours(image: Image.Image, rng: np.random.Generator, ground: Image.Image) -> Image.Image:
    image = ImageEnhance.Brightness(image).enhance(float(rng.uniform(0.6, 1.5)))
    image = ImageEnhance.Contrast(image).enhance(float(rng.uniform(0.6, 1.6)))
    return ImageEnhance.Color(image).enhance(float(rng.uniform(0.2, 2.5)))


def _blur(image: Image.Image, rng: np.random.Generator, ground: Image.Image) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(max(image.size) / 512 * float(rng.uniform(3, 6))))


def _text(image: Image.Image, rng: np.random.Generator, ground: Image.Image) -> Image.Image:
    image = image.copy()
    pen = ImageDraw.Draw(image)
    for _ in range(5):
        place = (float(rng.uniform(0, image.width * 0.5)), float(rng.uniform(0, image.height * 0.9)))
        words = "".join(chr(int(rng.integers(65, 91))) for _ in range(12))
        pen.text(place, words, fill=_colour(rng), font_size=max(10, image.height / 9))
    return image


def _frame(image: Image.Image, rng: np.random.Generator, ground: Image.Image) -> Image.Image:
    border = int(max(image.size) * float(rng.uniform(0.08, 0.2)))
    return ImageOps.expand(image, border, _colour(rng))


def _collage(share: float) -> Transform:
    def collage(image: Image.Image, rng: np.random.Generator, ground: Image.Image) -> Image.Image:
        ground = ground.resize((640, 480))
        scale = min(
            (share * 640 * 480 / (image.width * image.height)) ** 0.5, 640 / image.width, 480 / image.height
        )
        piece = image.resize((max(1, int(image.width * scale)), max(1, int(image.height * scale))))
        place = (int(rng.integers(640 - piece.width + 1)), int(rng.integers(480 - piece.height + 1)))
        ground.paste(piece, place)
        return ground

    return collage


def _perspective(image: Image.Image, rng: np.random.Generator, ground: Image.Image) -> Image.Image:
    width, height = image.size
    corners = np.array([(0, 0), (0, height), (width, height), (width, 0)], dtype=float)
    pulled = corners + (corners.mean(axis=0) - corners) * rng.uniform(0.0, 0.35, (4, 2))
    return _warp(image, pulled, _colour(rng))


def _warp(image: Image.Image, to: NDArray[np.float64], fill: tuple[int, int, int]) -> Image.Image:
    """Put the picture's corners (left top, left bottom, right bottom, right top) where ``to`` says."""
    width, height = image.size
    rows, values = [], []
    for (x, y), (u, v) in zip(to, [(0, 0), (0, height), (width, height), (width, 0)], strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    way = np.linalg.solve(np.array(rows), np.array(values, dtype=float))
    return image.transform(
        image.size,
        Image.Transform.PERSPECTIVE,
        tuple(map(float, way)),
        Image.Resampling.BICUBIC,
        fillcolor=fill,
    )


def _posterize(image: Image.Image, rng: np.random.Generator, ground: Image.Image) -> Image.Image:
    return ImageOps.posterize(image, 2)


def _edges(image: Image.Image, rng: np.random.Generator, ground: Image.Image) -> Image.Image:
    return ImageOps.invert(image.convert("L").filter(ImageFilter.FIND_EDGES)).convert("RGB")


def _screen(image: Image.Image, rng: np.random.Generator, ground: Image.Image) -> Image.Image:
    """Photographed from a screen: pixel rows, a slanted view, glare, noise."""
    values = np.asarray(_perspective(image, rng, ground), dtype=np.float64)
    values[::3] *= 0.82
    glare = np.linspace(0, float(rng.uniform(20, 70)), values.shape[1])
    values = values + glare[None, :, None] + rng.normal(0, 7, values.shape)
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.8))


def _inpaint(image: Image.Image, rng: np.random.Generator, ground: Image.Image) -> Image.Image:
    """A quarter of the picture replaced by something else, with soft edges."""
    mask = Image.new("L", image.size, 0)
    width, height = image.width // 2, image.height // 2
    left, top = int(rng.integers(image.width - width + 1)), int(rng.integers(image.height - height + 1))
    mask.paste(255, (left, top, left + width, top + height))
    return Image.composite(ground.resize(image.size), image, mask.filter(ImageFilter.GaussianBlur(6)))


def _cloak(image: Image.Image, rng: np.random.Generator, ground: Image.Image) -> Image.Image:
    """Low-amplitude structured noise, as protective cloaks leave it."""
    coarse = rng.normal(0, 1, (image.height // 3 + 1, image.width // 3 + 1, 3))
    layers = [
        np.asarray(
            Image.fromarray(coarse[..., channel].astype(np.float32)).resize(
                image.size, Image.Resampling.BICUBIC
            )
        )
        for channel in range(3)
    ]
    noisy = np.asarray(image, dtype=np.float64) + 10 * np.stack(layers, axis=-1)
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))


def _chain(*names: str) -> Transform:
    def chain(image: Image.Image, rng: np.random.Generator, ground: Image.Image) -> Image.Image:
        for name in names:
            image = TRANSFORMS[name](image, rng, ground)
        return image

    return chain


def _colour(rng: np.random.Generator) -> tuple[int, int, int]:
    return int(rng.integers(256)), int(rng.integers(256)), int(rng.integers(256))


TRANSFORMS: dict[str, Transform] = {
    "re-encode": _reencode,
    "resize-160": _resize,
    "crop-60": _crop(0.60),
    "crop-30": _crop(0.30),
    "crop-15": _crop(0.15),
    "mirror": _mirror,
    "rotate-15": _rotate(15),
    "rotate-90": _rotate(90),
    "grey": _grey,
    "hue": _hue,
    "colours": _colours,
    "blur": _blur,
    "text": _text,
    "frame": _frame,
    "collage-40": _collage(0.40),
    "collage-15": _collage(0.15),
    "perspective": _perspective,
    "posterize": _posterize,
    "edges": _edges,
    "screen": _screen,
    "inpaint": _inpaint,
    "cloak": _cloak,
    "mirror+crop-60+colours": _chain("mirror", "crop-60", "colours"),
    "crop-30+hue+text": _chain("crop-30", "hue", "text"),
    "rotate-15+grey+frame": _chain("rotate-15", "grey", "frame"),
    "mirror+collage-40+re-encode": _chain("mirror", "collage-40", "re-encode"),
    "perspective+crop-60+blur": _chain("perspective", "crop-60", "blur"),
}
