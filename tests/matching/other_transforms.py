"""More of what copyists do, to see what the suite does not show: few of the bounds were chosen by these."""

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from tests.matching.transforms import TRANSFORMS, Transform, _colour

Random = np.random.Generator


def _of(values: np.ndarray) -> Image.Image:
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def _stretch(image: Image.Image, rng: Random, ground: Image.Image) -> Image.Image:
    factor = float(rng.uniform(1.25, 1.6))
    if rng.random() < 0.5:
        return image.resize((int(image.width * factor), image.height))
    return image.resize((image.width, int(image.height * factor)))


def _rotate_far(image: Image.Image, rng: Random, ground: Image.Image) -> Image.Image:
    angle = float(rng.uniform(30, 60))
    return image.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=_colour(rng))


def _negative(image: Image.Image, rng: Random, ground: Image.Image) -> Image.Image:
    return ImageOps.invert(image)


def _sepia(image: Image.Image, rng: Random, ground: Image.Image) -> Image.Image:
    return ImageOps.colorize(image.convert("L"), (60, 30, 10), (255, 240, 200))


def _noise(image: Image.Image, rng: Random, ground: Image.Image) -> Image.Image:
    values = np.asarray(image, dtype=np.float64)
    return _of(values + rng.normal(0, 35, values.shape))


def _thumbnail(image: Image.Image, rng: Random, ground: Image.Image) -> Image.Image:
    small = image.copy()
    small.thumbnail((96, 96))
    return small


def _blend(image: Image.Image, rng: Random, ground: Image.Image) -> Image.Image:
    return Image.blend(image, ground.resize(image.size), 0.4)


def _halftone(image: Image.Image, rng: Random, ground: Image.Image) -> Image.Image:
    return image.convert("L").convert("1").convert("RGB")


def _cartoon(image: Image.Image, rng: Random, ground: Image.Image) -> Image.Image:
    values = np.asarray(image)
    for _ in range(3):
        values = np.asarray(cv2.bilateralFilter(values, 9, 60, 9))
    return _of(values)


def _wave(image: Image.Image, rng: Random, ground: Image.Image) -> Image.Image:
    y, x = np.mgrid[: image.height, : image.width].astype(np.float32)
    high, period = 0.012 * max(image.size), max(image.size) / 3
    across = (x + high * np.sin(2 * np.pi * y / period)).astype(np.float32)
    down = (y + high * np.sin(2 * np.pi * x / period)).astype(np.float32)
    return _of(cv2.remap(np.asarray(image), across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))


def _traced(image: Image.Image, rng: Random, ground: Image.Image) -> Image.Image:
    grey = cv2.GaussianBlur(np.asarray(image.convert("L")), (0, 0), 1.5)
    lines = cv2.dilate(cv2.Canny(grey, 40, 110), np.ones((2, 2), np.uint8))
    return _of(255 - lines).convert("RGB")


def _sketch(image: Image.Image, rng: Random, ground: Image.Image) -> Image.Image:
    grey = np.asarray(image.convert("L"), dtype=np.float32)
    soft = cv2.GaussianBlur(255 - grey, (0, 0), max(image.size) / 100)
    return _of(grey * 255 / (256 - soft)).convert("RGB")


def _meme(image: Image.Image, rng: Random, ground: Image.Image) -> Image.Image:
    bar = image.height // 5
    out = Image.new("RGB", (image.width, image.height + 2 * bar), "white")
    out.paste(image, (0, bar))
    pen = ImageDraw.Draw(out)
    for words, y in (("WHEN YOU SEE IT", 5), ("TOO LATE", image.height + bar + 5)):
        pen.text((10, y), words, fill="black", font_size=max(10, bar * 0.6))
    return out


def _watermark(image: Image.Image, rng: Random, ground: Image.Image) -> Image.Image:
    layer = Image.new("RGBA", image.size, (0, 0, 0, 0))
    pen, size = ImageDraw.Draw(layer), max(12, image.height // 12)
    for y in range(0, image.height, 2 * size):
        for x in range(-(y // 2) % size * 3, image.width, 6 * size):
            pen.text((x, y), "SAMPLE", fill=(255, 255, 255, 130), font_size=size)
    return Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB")


def _gamma(image: Image.Image, rng: Random, ground: Image.Image) -> Image.Image:
    power = float(rng.choice([0.35, 2.8]))
    return _of(255 * (np.asarray(image, dtype=np.float64) / 255) ** power)


def _equalize(image: Image.Image, rng: Random, ground: Image.Image) -> Image.Image:
    return ImageOps.equalize(image)


def _turned_crop(image: Image.Image, rng: Random, ground: Image.Image) -> Image.Image:
    turned = image.rotate(float(rng.uniform(-25, 25)), Image.Resampling.BICUBIC)
    return TRANSFORMS["crop-60"](turned, rng, ground)


def _print_and_scan(image: Image.Image, rng: Random, ground: Image.Image) -> Image.Image:
    angle = float(rng.uniform(-3, 3))
    paper = image.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=(250, 248, 240))
    paper = ImageEnhance.Contrast(ImageEnhance.Color(paper).enhance(0.6)).enhance(0.75)
    values = np.asarray(paper, dtype=np.float64)
    y, x = np.mgrid[: paper.height, : paper.width]
    dots = 8 * np.sin(1.9 * x) * np.sin(1.9 * y)
    return _of(values + dots[..., None] + rng.normal(0, 5, values.shape)).filter(
        ImageFilter.GaussianBlur(0.7)
    )


def _on_a_phone(image: Image.Image, rng: Random, ground: Image.Image) -> Image.Image:
    """A slanted screen in a room: rows, a reflection, noise, soft focus."""
    shown = image.copy()
    shown.thumbnail((520, 440))
    out = np.array(ground.resize((800, 600)), dtype=np.float64)
    side = np.array(shown.size)
    at = np.array([rng.integers(30, 770 - side[0]), rng.integers(30, 570 - side[1])])
    corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) * side
    seen = corners + at + rng.uniform(-0.09, 0.09, (4, 2)) * side
    view = cv2.getPerspectiveTransform(corners.astype(np.float32), seen.astype(np.float32))
    inside = cv2.warpPerspective(np.ones(side[::-1], np.uint8), view, (800, 600)) > 0
    out[inside] = cv2.warpPerspective(np.asarray(shown), view, (800, 600))[inside]
    out[::2] *= 0.9
    y, x = np.mgrid[:600, :800]
    across, down = at + rng.uniform(0, 1, 2) * side
    out += 90 * np.exp(-((x - across) ** 2 + (y - down) ** 2) / (2 * 90**2))[..., None]
    return _of(out + rng.normal(0, 6, out.shape)).filter(ImageFilter.GaussianBlur(1.0))


def _stickers(image: Image.Image, rng: Random, ground: Image.Image) -> Image.Image:
    image = image.copy()
    pen = ImageDraw.Draw(image)
    for _ in range(6):
        x, y = rng.uniform(0, image.width), rng.uniform(0, image.height)
        reach = min(image.size) * rng.uniform(0.06, 0.14)
        pen.ellipse((x - reach, y - reach, x + reach, y + reach), fill=_colour(rng))
    return image


def _pixelate(image: Image.Image, rng: Random, ground: Image.Image) -> Image.Image:
    small = image.copy()
    small.thumbnail((90, 90), Image.Resampling.BOX)
    return small.resize(image.size, Image.Resampling.NEAREST)


def _turned_on_a_ground(image: Image.Image, rng: Random, ground: Image.Image) -> Image.Image:
    piece = image.convert("RGBA")
    piece.thumbnail((330, 330))
    piece = piece.rotate(float(rng.uniform(-40, 40)), Image.Resampling.BICUBIC, expand=True)
    out = ground.resize((700, 520))
    out.paste(piece, (int(rng.integers(700 - piece.width)), int(rng.integers(520 - piece.height))), piece)
    return out


def _shaken(image: Image.Image, rng: Random, ground: Image.Image) -> Image.Image:
    side = max(5, round(max(image.size) / 512 * 15)) | 1
    way = np.zeros((side, side), np.float32)
    cv2.line(way, (0, int(rng.integers(side))), (side - 1, int(rng.integers(side))), 1.0)
    return _of(cv2.filter2D(np.asarray(image), -1, way / way.sum()))


def _other_channels(image: Image.Image, rng: Random, ground: Image.Image) -> Image.Image:
    red, green, blue = image.split()
    return Image.merge("RGB", (blue, red, ImageOps.invert(green)))


OTHERS: dict[str, Transform] = {
    "stretch": _stretch,
    "rotate-30-to-60": _rotate_far,
    "negative": _negative,
    "sepia": _sepia,
    "noise": _noise,
    "thumbnail-96": _thumbnail,
    "blend-40": _blend,
    "halftone": _halftone,
    "cartoon": _cartoon,
    "wave": _wave,
    "traced": _traced,
    "sketch": _sketch,
    "meme": _meme,
    "watermark": _watermark,
    "gamma": _gamma,
    "equalize": _equalize,
    "rotate+crop-60": _turned_crop,
    "print-scan": _print_and_scan,
    "phone": _on_a_phone,
    "stickers": _stickers,
    "pixelate": _pixelate,
    "turned-on-ground": _turned_on_a_ground,
    "shaken": _shaken,
    "other-channels": _other_channels,
}
