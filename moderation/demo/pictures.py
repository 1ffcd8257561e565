"""Pictures for the demonstration: photographs that scikit-image ships, and drawings that this code makes."""

import io
import math
from importlib.resources import files

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageOps, PngImagePlugin

SIDE = 1024
LIGHTS = (  # zenith, horizon, ground, sun
    ((36, 44, 84), (238, 178, 128), (150, 120, 140), (250, 226, 180)),
    ((96, 148, 178), (244, 236, 214), (112, 138, 112), (255, 250, 232)),
    ((24, 26, 46), (120, 92, 134), (84, 92, 138), (232, 232, 240)),
)


def photograph(name: str, suffix: str = "png") -> Image.Image:
    """A photograph that scikit-image carries inside its package (no download)."""
    file = files("skimage.data").joinpath(f"{name}.{suffix}")
    return Image.open(io.BytesIO(file.read_bytes())).convert("RGB")


def cropped_mirrored_copy(work: Image.Image) -> Image.Image:
    """Two thirds of the work, mirrored and recoloured a little: what a copyist would hand in."""
    width, height = work.size
    part = work.crop((width // 6, height // 8, width - width // 8, height - height // 10))
    warmer = np.asarray(ImageOps.mirror(part), np.float32) * np.array([1.06, 1.0, 0.93], np.float32)
    return Image.fromarray(np.clip(warmer, 0, 255).astype(np.uint8))


def hills(seed: int) -> Image.Image:
    """Ranges of hills under a low sun, each paler with distance; seeds differ in light, sun and ridges."""
    random = np.random.default_rng(seed)
    zenith, horizon, ground, sun = LIGHTS[seed % len(LIGHTS)]
    sky = np.linspace(zenith, horizon, SIDE).astype(np.uint8)
    image = Image.fromarray(np.repeat(sky[:, None, :], SIDE, axis=1))
    draw = ImageDraw.Draw(image)
    x, y, size = (int(random.integers(*span)) for span in ((120, 760), (120, 360), (90, 190)))
    draw.ellipse((x, y, x + size, y + size), fill=sun)
    for layer in range(6):
        base, height = 470 + layer * 95, 120 - layer * 8
        phases = random.uniform(0, 2 * math.pi, 5)
        ridge = [
            (
                x,
                base
                - height * sum(math.sin(x / (210 / (k + 1)) + p) / (k + 1.5) for k, p in enumerate(phases)),
            )
            for x in range(0, SIDE + 8, 8)
        ]
        shade = tuple(int(c * (0.82 - 0.12 * layer)) for c in ground)
        draw.polygon([*ridge, (SIDE, SIDE), (0, SIDE)], fill=shade)
    return _grained(image, random)


def tiles(seed: int) -> Image.Image:
    """Quarter circles on a grid, in five inks."""
    random = np.random.default_rng(seed)
    inks = [(28, 52, 74), (206, 88, 62), (236, 196, 116), (92, 138, 120), (240, 232, 214)]
    image = Image.new("RGB", (SIDE, SIDE), inks[-1])
    draw = ImageDraw.Draw(image)
    step = SIDE // 8
    for row in range(8):
        for column in range(8):
            x, y = column * step, row * step
            ground, figure = random.choice(len(inks), 2, replace=False)
            draw.rectangle((x, y, x + step, y + step), fill=inks[ground])
            turn = int(random.integers(4))
            corner = [(x, y), (x - step, y), (x - step, y - step), (x, y - step)][turn]
            box = (corner[0], corner[1], corner[0] + 2 * step, corner[1] + 2 * step)
            draw.pieslice(box, 180 + 90 * turn - 0, 270 + 90 * turn, fill=inks[figure])
    return _grained(image, random)


def orbits(seed: int) -> Image.Image:
    """Interfering waves, coloured by phase."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32) / SIDE
    field = np.zeros((SIDE, SIDE), np.float32)
    for _ in range(5):
        cx, cy, rate = random.uniform(0, 1), random.uniform(0, 1), random.uniform(18, 46)
        field += np.sin(rate * np.hypot(x - cx, y - cy))
    colours = np.stack([np.sin(field + shift) for shift in (0.2, 1.4, 2.9)], axis=-1)
    return Image.fromarray((127 + 110 * colours).clip(0, 255).astype(np.uint8))


def _grained(image: Image.Image, random: np.random.Generator) -> Image.Image:
    soft = np.asarray(image.filter(ImageFilter.GaussianBlur(0.8)), np.float32)
    return Image.fromarray((soft + random.normal(0, 4, soft.shape)).clip(0, 255).astype(np.uint8))


def as_jpeg(image: Image.Image, quality: int = 92) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return file.getvalue()


def as_png(image: Image.Image, **text: str) -> bytes:
    """PNG with the given text chunks."""
    chunks = PngImagePlugin.PngInfo()
    for key, value in text.items():
        chunks.add_text(key, value)
    file = io.BytesIO()
    image.save(file, "PNG", pnginfo=chunks)
    return file.getvalue()
