"""Pictures for tests: drawn from a seed, or photographs that scikit-image ships.

Arrays are ``[height, width, 3]`` RGB uint8; ``as_file`` makes bytes of them as an entrant would send them.
"""

import io
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Pixels = NDArray[np.uint8]

BUNDLED = (
    "astronaut",
    "brick",
    "chelsea",
    "coffee",
    "grass",
    "gravel",
    "hubble_deep_field",
    "motorcycle_left",
)
"""Photographs and textures in scikit-image's own package; other names of its data folder work as well."""


def bundled(name: str) -> Pixels:
    """A picture out of scikit-image's package, without any download."""
    import skimage.data

    folder = Path(str(skimage.data.__file__)).parent
    path = next(path for path in sorted(folder.iterdir()) if path.stem == name)
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def draw(seed: int, width: int = 480, height: int = 360) -> Pixels:
    """A drawing: washed background, some two hundred strokes, shapes and spots, paper grain.

    The same seed gives the same picture; two seeds share nothing but the way of drawing.
    """
    rng = np.random.default_rng(seed)
    image = Image.fromarray(_wash(rng, width, height))
    pen = ImageDraw.Draw(image)
    for _ in range(160):
        _mark(pen, rng, width, height)
    image = image.filter(ImageFilter.GaussianBlur(0.6))
    grain = rng.normal(0, 4, (height, width, 1))
    return np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8)


def plain(width: int = 64, height: int = 48, colour: tuple[int, int, int] = (200, 60, 20)) -> Pixels:
    """One colour: nothing to see."""
    return np.full((height, width, 3), colour, dtype=np.uint8)


def as_file(pixels: Pixels, kind: str = "PNG", **options: Any) -> bytes:
    """The picture as the bytes of a file; ``kind`` is Pillow's name, "HEIF" included."""
    if kind == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, kind, **options)
    return out.getvalue()


def save(pixels: Pixels, path: Path, **options: Any) -> Path:
    """Write the picture to ``path``, its format by the suffix; returns ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path, **options)
    return path


def _wash(rng: np.random.Generator, width: int, height: int) -> Pixels:
    """Soft colour fields: a few random colours, blown up smoothly."""
    coarse = rng.integers(30, 226, (4, 5, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC))


def _mark(pen: ImageDraw.ImageDraw, rng: np.random.Generator, width: int, height: int) -> None:
    colour = (int(rng.integers(256)), int(rng.integers(256)), int(rng.integers(256)))
    x, y = float(rng.uniform(0, width)), float(rng.uniform(0, height))
    size = float(rng.uniform(0.01, 0.12)) * max(width, height)
    kind = int(rng.integers(4))
    if kind == 0:
        pen.ellipse((x, y, x + size, y + size * float(rng.uniform(0.4, 1))), fill=colour)
    elif kind == 1:
        corners = rng.uniform(-size, size, (int(rng.integers(3, 7)), 2))
        pen.polygon([(x + float(dx), y + float(dy)) for dx, dy in corners], fill=colour)
    elif kind == 2:
        path = np.cumsum(rng.normal(0, size / 3, (6, 2)), axis=0)
        points = [(x + float(dx), y + float(dy)) for dx, dy in path]
        pen.line(points, fill=colour, width=int(rng.integers(1, 6)))
    else:
        pen.arc((x, y, x + size, y + size), 0, float(rng.uniform(90, 360)), fill=colour, width=3)
