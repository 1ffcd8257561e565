"""Simple shapes on plain grounds, as clip art has them by the thousand: discs, coins, moons, clocks, flags.

Two of them, of whatever seeds, copy nothing from each other, however well their rims lie over one another:
nobody owns a disc in the middle of a page. ``draw_shape`` draws one; the same seed gives the same picture.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Pixels = NDArray[np.uint8]
Colour = tuple[int, int, int]
Draw = Callable[["_Sheet"], None]

_SIDE: Final = 384
_FINER: Final = 3  # drawn so many times larger, for smooth edges


class _Sheet:
    """A plain ground, and a shape's middle and size on it, all from one seed."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.kind = KINDS[seed % len(KINDS)]
        self.ground: Colour = self._ground()
        width, height = (3 * _SIDE // 2, _SIDE) if self.kind in WIDE else (_SIDE, _SIDE)
        self.image = Image.new("RGB", (width * _FINER, height * _FINER), self.ground)
        self.pen = ImageDraw.Draw(self.image)
        self.width, self.height = self.image.size
        self.radius = self.height * float(self.rng.choice([0.4, 0.45, 0.48])) * self.uniform(0.9, 1)
        self.x = self.width * (0.5 + self.uniform(-0.015, 0.015))
        self.y = self.height * (0.5 + self.uniform(-0.015, 0.015))

    def _ground(self) -> Colour:
        plain = [(0, 0, 0), (255, 255, 255), (255, 255, 255), self.colour()]
        return plain[int(self.rng.integers(len(plain)))]

    def uniform(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def colour(self) -> Colour:
        red, green, blue = (int(value) for value in self.rng.integers(0, 256, 3))
        return red, green, blue

    def disc(self, share: float, fill: Colour, *, off: tuple[float, float] = (0.0, 0.0)) -> None:
        """A disc of a share of the shape's radius, its middle ``off`` by shares of the radius."""
        x, y, reach = self.x + off[0] * self.radius, self.y + off[1] * self.radius, share * self.radius
        self.pen.ellipse((x - reach, y - reach, x + reach, y + reach), fill=fill)

    def sector(self, start: float, end: float, share: float, fill: Colour) -> None:
        reach = share * self.radius
        box = (self.x - reach, self.y - reach, self.x + reach, self.y + reach)
        self.pen.pieslice(box, start, end, fill=fill)

    def ray(self, angle: float, inner: float, outer: float, fill: Colour, thick: float) -> None:
        """A line from the middle outwards, from share to share of the radius; ``angle`` in radians."""
        ends = [
            (self.x + share * self.radius * np.cos(angle), self.y + share * self.radius * np.sin(angle))
            for share in (inner, outer)
        ]
        self.pen.line(ends, fill=fill, width=max(1, round(thick * self.radius)))

    def corners(self, shares: list[tuple[float, float]], fill: Colour) -> None:
        """A polygon by angles in radians and shares of the radius."""
        points = [
            (
                self.x + share * self.radius * float(np.cos(angle)),
                self.y + share * self.radius * float(np.sin(angle)),
            )
            for angle, share in shares
        ]
        self.pen.polygon(points, fill=fill)


def draw_shape(seed: int) -> Pixels:
    """One simple shape on a plain ground, ``[height, width, 3]``, of kind ``KINDS[seed % len(KINDS)]``."""
    sheet = _Sheet(seed)
    DRAWN[sheet.kind](sheet)
    small = (sheet.width // _FINER, sheet.height // _FINER)
    return np.asarray(sheet.image.resize(small, Image.Resampling.LANCZOS))


def _ball(sheet: _Sheet) -> None:
    """A disc that grows lighter towards a highlight."""
    dark, light = np.array(sheet.colour()) // 2, np.array(sheet.colour())
    turn, reach = sheet.uniform(0, 2 * np.pi), sheet.uniform(0.2, 0.45)
    for step in np.linspace(0, 1, 60):
        red, green, blue = (int(value) for value in dark + step * (light - dark))
        off = (float(step * reach * np.cos(turn)), float(step * reach * np.sin(turn)))
        sheet.disc(float(1 - 0.95 * step), (red, green, blue), off=off)


def _disc(sheet: _Sheet) -> None:
    """A compact disc: a plain disc with bright wedges and a hole."""
    sheet.disc(1, sheet.colour())
    start = sheet.uniform(0, 180)
    for opposite in (0, 180):
        for part in range(4):
            sheet.sector(start + opposite + 12 * part, start + opposite + 12 * part + 12, 1, sheet.colour())
    sheet.disc(sheet.uniform(0.12, 0.3), sheet.colour())
    sheet.disc(sheet.uniform(0.05, 0.1), sheet.ground)


def _slice(sheet: _Sheet) -> None:
    """A slice of fruit: a peel and segments."""
    sheet.disc(1, sheet.colour())
    sheet.disc(sheet.uniform(0.86, 0.94), pith := sheet.colour())
    flesh, parts, start = sheet.colour(), int(sheet.rng.integers(7, 14)), sheet.uniform(0, 360)
    gap, outer = sheet.uniform(1.5, 5), sheet.uniform(0.78, 0.85)
    for part in range(parts):
        begin = start + 360 * part / parts
        sheet.sector(begin + gap, begin + 360 / parts - gap, outer, flesh)
    sheet.disc(sheet.uniform(0.04, 0.12), pith)


def _wheel(sheet: _Sheet) -> None:
    """A tyre, a rim, spokes and a hub."""
    sheet.disc(1, sheet.colour())
    sheet.disc(sheet.uniform(0.65, 0.88), sheet.ground)
    spokes, start, colour = int(sheet.rng.integers(3, 17)), sheet.uniform(0, 2 * np.pi), sheet.colour()
    thick = sheet.uniform(0.03, 0.12)
    for spoke in range(spokes):
        sheet.ray(start + 2 * np.pi * spoke / spokes, 0, 0.8, colour, thick)
    sheet.disc(sheet.uniform(0.08, 0.25), sheet.colour())


def _coin(sheet: _Sheet) -> None:
    """A rim, a row of dots, and a figure or a head in the middle."""
    metal = sheet.colour()
    sheet.disc(1, metal)
    sheet.disc(sheet.uniform(0.88, 0.95), sheet.colour())
    dots, relief = int(sheet.rng.integers(20, 50)), sheet.colour()
    for dot in range(dots):
        angle = 2 * np.pi * dot / dots
        sheet.disc(0.025, relief, off=(0.8 * float(np.cos(angle)), 0.8 * float(np.sin(angle))))
    if sheet.rng.integers(2):
        word = str(int(sheet.rng.integers(1, 100)))
        sheet.pen.text((sheet.x, sheet.y), word, fill=relief, font_size=0.9 * sheet.radius, anchor="mm")
    else:
        turns = np.linspace(0, 2 * np.pi, 24, endpoint=False)
        shares = sheet.rng.uniform(0.3, 0.6, len(turns))
        sheet.corners(list(zip(turns, shares, strict=True)), relief)


def _moon(sheet: _Sheet) -> None:
    """Full, with craters."""
    sheet.disc(1, sheet.colour())
    grey = sheet.colour()
    for _ in range(int(sheet.rng.integers(3, 12))):
        far, turn = sheet.uniform(0, 0.75), sheet.uniform(0, 2 * np.pi)
        sheet.disc(sheet.uniform(0.05, 0.2), grey, off=(far * float(np.cos(turn)), far * float(np.sin(turn))))


def _crescent(sheet: _Sheet) -> None:
    """Open to the right or to the left, and a little up or down."""
    sheet.disc(1, sheet.colour())
    reach, turn = sheet.uniform(0.2, 0.6), sheet.uniform(-0.3, 0.3) + np.pi * int(sheet.rng.integers(2))
    sheet.disc(1, sheet.ground, off=(reach * float(np.cos(turn)), reach * float(np.sin(turn))))


def _half(sheet: _Sheet) -> None:
    """A disc in two colours, or a pie with a piece cut out."""
    sheet.disc(1, sheet.colour())
    start = 90.0 * int(sheet.rng.integers(4)) + sheet.uniform(-10, 10)
    sheet.sector(start, start + float(sheet.rng.choice([60, 90, 180])), 1, sheet.colour())


def _arrow(sheet: _Sheet) -> None:
    """To one of the four sides."""
    turn, thick, head = (
        np.pi / 2 * int(sheet.rng.integers(4)),
        sheet.uniform(0.15, 0.4),
        sheet.uniform(0.5, 0.9),
    )
    neck = sheet.uniform(-0.2, 0.3)
    outline = [(-1, -thick), (neck, -thick), (neck, -head), (1, 0), (neck, head), (neck, thick), (-1, thick)]
    shares = [(float(np.arctan2(y, x)) + turn, float(np.hypot(x, y))) for x, y in outline]
    sheet.corners(shares, sheet.colour())


def _heart(sheet: _Sheet) -> None:
    colour, lobe = sheet.colour(), sheet.uniform(0.46, 0.54)
    for side in (-1, 1):
        sheet.disc(lobe, colour, off=(side * 0.48, -0.35))
    sheet.corners(
        [(-0.1, 0.9), (np.pi / 2, sheet.uniform(0.85, 1)), (np.pi + 0.1, 0.9), (-np.pi / 2, 0.3)], colour
    )


def _sign(sheet: _Sheet) -> None:
    """A triangle in a triangle, and a stroke and a dot, or a disc."""
    for colour, share in ((sheet.colour(), 1.0), (sheet.colour(), sheet.uniform(0.6, 0.85))):
        sheet.corners([(-np.pi / 2 + 2 * np.pi * at / 3, share) for at in range(3)], colour)
    mark = sheet.colour()
    if sheet.rng.integers(2):
        sheet.ray(-np.pi / 2, 0.05, 0.45, mark, sheet.uniform(0.08, 0.14))
        sheet.disc(0.08, mark, off=(0, 0.22))
    else:
        sheet.disc(sheet.uniform(0.15, 0.3), mark, off=(0, 0.1))


def _clock(sheet: _Sheet) -> None:
    """A case, a face, twelve marks and two hands."""
    sheet.disc(1, sheet.colour())
    sheet.disc(sheet.uniform(0.84, 0.95), sheet.colour())
    mark, thick, inner = sheet.colour(), sheet.uniform(0.02, 0.06), sheet.uniform(0.66, 0.75)
    for hour in range(12):
        sheet.ray(np.pi * hour / 6, inner, 0.8, mark, thick * (2 if hour % 3 == 0 else 1))
    for length in (sheet.uniform(0.35, 0.5), sheet.uniform(0.55, 0.7)):
        sheet.ray(sheet.uniform(0, 2 * np.pi), -0.08, length, mark, 1.5 * thick)
    sheet.disc(0.06, mark)


def _target(sheet: _Sheet) -> None:
    """Rings, one in the other."""
    for share in np.linspace(1, 0, int(sheet.rng.integers(2, 7)), endpoint=False):
        sheet.disc(float(share), sheet.colour())


def _button(sheet: _Sheet) -> None:
    """A rim, and two or four holes, or a mark as traffic signs have it."""
    sheet.disc(1, sheet.colour())
    sheet.disc(sheet.uniform(0.7, 0.92), sheet.colour())
    holes, hole = int(sheet.rng.choice([1, 2, 4])), sheet.colour()
    if holes == 1:
        across = sheet.uniform(0.3, 0.6)
        half = sheet.uniform(0.08, 0.2)
        box = np.array([-across, -half, across, half]) * sheet.radius + (sheet.x, sheet.y) * 2
        sheet.pen.rectangle([float(value) for value in box], fill=hole)
        return
    start = sheet.uniform(0, np.pi)
    for at in range(holes):
        angle = start + 2 * np.pi * at / holes
        sheet.disc(0.12, hole, off=(0.3 * float(np.cos(angle)), 0.3 * float(np.sin(angle))))


def _star(sheet: _Sheet) -> None:
    """A star or a polygon."""
    points, start, inner = int(sheet.rng.integers(3, 9)), -np.pi / 2, sheet.uniform(0.35, 0.95)
    shares = [(start + np.pi * at / points, 1.0 if at % 2 == 0 else inner) for at in range(2 * points)]
    sheet.corners(shares, sheet.colour())
    sheet.disc(sheet.uniform(0.1, 0.3), sheet.colour())


def _window(sheet: _Sheet) -> None:
    """A frame with panes, a die, a chess board: squares in a square."""
    many = int(sheet.rng.integers(1, 5))
    reach, gap = sheet.radius, sheet.uniform(0.03, 0.12) * sheet.radius
    sheet.pen.rectangle(
        (sheet.x - reach, sheet.y - reach, sheet.x + reach, sheet.y + reach), fill=sheet.colour()
    )
    pane, size = sheet.colour(), (2 * reach - gap) / many
    for row in range(many):
        for column in range(many):
            left, top = sheet.x - reach + gap + column * size, sheet.y - reach + gap + row * size
            sheet.pen.rectangle((left, top, left + size - gap, top + size - gap), fill=pane)


def _stripes(sheet: _Sheet) -> None:
    """A flag of stripes, upright or level, perhaps with a disc or a star on it."""
    upright, many = bool(sheet.rng.integers(2)), int(sheet.rng.integers(2, 6))
    for at in range(many):
        start, end = at / many, (at + 1) / many
        box = (
            (start * sheet.width, 0, end * sheet.width, sheet.height)
            if upright
            else (0, start * sheet.height, sheet.width, end * sheet.height)
        )
        sheet.pen.rectangle(box, fill=sheet.colour())
    sheet.radius *= sheet.uniform(0.3, 0.7)
    if sheet.rng.integers(2):
        sheet.disc(1, sheet.colour())


def _cross(sheet: _Sheet) -> None:
    """A flag with a cross, as the northern ones have it, or a saltire."""
    colours, thick = [sheet.colour(), sheet.colour()], sheet.uniform(0.1, 0.3)
    middle = sheet.width * float(sheet.rng.choice([0.36, 0.5]))
    for colour, share in zip(colours, (1.0, sheet.uniform(0.3, 0.6)), strict=True):
        half = thick * share * sheet.height / 2
        sheet.pen.rectangle((middle - half, 0, middle + half, sheet.height), fill=colour)
        sheet.pen.rectangle((0, sheet.height / 2 - half, sheet.width, sheet.height / 2 + half), fill=colour)


def _canton(sheet: _Sheet) -> None:
    """A flag with a plain field in its upper left corner, over stripes or one colour."""
    many, colours = int(sheet.rng.choice([1, 3, 9, 13])), [sheet.colour(), sheet.colour()]
    for at in range(many):
        top = at * sheet.height / many
        sheet.pen.rectangle((0, top, sheet.width, top + sheet.height / many), fill=colours[at % 2])
    across, down = sheet.uniform(0.35, 0.5) * sheet.width, sheet.uniform(0.45, 0.6) * sheet.height
    sheet.pen.rectangle((0, 0, across, down), fill=sheet.colour())


DRAWN: Final[dict[str, Draw]] = {
    "ball": _ball,
    "disc": _disc,
    "slice": _slice,
    "wheel": _wheel,
    "coin": _coin,
    "moon": _moon,
    "crescent": _crescent,
    "half": _half,
    "arrow": _arrow,
    "heart": _heart,
    "sign": _sign,
    "clock": _clock,
    "target": _target,
    "button": _button,
    "star": _star,
    "window": _window,
    "stripes": _stripes,
    "cross": _cross,
    "canton": _canton,
}
KINDS: Final = tuple(DRAWN)
WIDE: Final = frozenset({"stripes", "cross", "canton"})
"""Kinds drawn on a sheet half again as wide as high; the others are square."""
