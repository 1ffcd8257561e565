"""A work laid over the picture that repeats it: lines fall on lines."""

import io

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from matching.engine.features import extract
from matching.engine.images import Pixels, open_picture
from matching.engine.overlay import LONGEST, Layers, NotLayable, lay
from matching.engine.verify import View, verify
from tests.matching.transforms import copy_of
from tests.pictures import as_file, bundled, draw

IDENTITY: View = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


def laid_over(copy: Pixels, work: Pixels) -> Layers:
    """As the desk does it: the way is found by verification."""
    seen = verify(*(extract(open_picture(as_file(np.ascontiguousarray(one)))) for one in (copy, work)))
    assert seen.verified
    return lay(Image.fromarray(copy), Image.fromarray(work), seen.view)


def agreement(layers: Layers) -> float:
    """Correlation of the edges of both layers where the work lies. About 0 where lines miss each other."""
    inside = np.asarray(Image.fromarray(layers.laid[..., 3]).filter(ImageFilter.MinFilter(9))) > 0
    edges = [edges_of(layers.ground)[inside], edges_of(layers.laid[..., :3])[inside]]
    return float(np.corrcoef(edges)[0, 1])


def edges_of(pixels: Pixels) -> np.ndarray:
    grey = Image.fromarray(np.ascontiguousarray(pixels)).convert("L").filter(ImageFilter.GaussianBlur(2))
    down, across = np.gradient(np.asarray(grey, dtype=float))
    return np.asarray(np.hypot(down, across))


@pytest.mark.parametrize(
    "transform",
    ["re-encode", "crop-30", "mirror", "rotate-15", "rotate-90", "hue", "collage-15", "perspective"],
)
def test_lines_of_the_work_fall_on_lines_of_the_copy(transform: str) -> None:
    work = bundled("chelsea")
    copy = copy_of(work, transform, seed="chelsea", ground=bundled("hubble_deep_field"))

    layers = laid_over(copy, work)

    shifted = Layers(layers.ground, np.roll(layers.laid, 25, axis=1))
    assert layers.ground.shape[:2] == layers.laid.shape[:2]
    assert agreement(layers) > 0.6
    assert agreement(shifted) < 0.4  # the measure does see it when lines miss each other


def test_a_small_find_is_cut_out_and_enlarged() -> None:
    picture = draw(1, 1000, 800)
    picture[500:650, 300:500] = bundled("coffee")[::2, ::2][:150, :200]

    layers = laid_over(picture, bundled("coffee")[:300, :400])

    height, width = layers.ground.shape[:2]
    assert (width, height) == (800, pytest.approx(600, abs=20))
    assert agreement(layers) > 0.6


def test_beyond_its_edges_the_work_is_transparent() -> None:
    half: View = ((0.5, 0.0, 0.0), (0.0, 0.8, 0.1), (0.0, 0.0, 1.0))
    wide = ((1.0, 0.0, 0.5), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))

    cut = lay(Image.new("RGB", (900, 900)), Image.new("RGB", (300, 300), "red"), half).laid
    beside = lay(Image.new("RGB", (900, 900)), Image.new("RGB", (300, 300), "red"), wide).laid

    assert (cut[..., 3] > 0).mean() == pytest.approx(1 / 1.05 / 1.1, abs=0.01)
    assert beside[450, 100, 3] == 0 or beside.shape[1] < 900
    assert tuple(cut[cut.shape[0] // 2, 10]) == (255, 0, 0, 255)


def test_a_view_that_reaches_behind_the_viewer_shows_the_work_once() -> None:
    steep: View = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (1.8, 0.0, -0.5))
    work = Image.new("RGB", (400, 400), "red")

    laid = lay(Image.new("RGB", (400, 400)), work, steep).laid

    x, y = (np.argwhere(laid[..., 3] > 0)[:, ::-1] + 0.5).T / laid.shape[0]
    depth = np.linalg.inv(np.array(steep))[2] @ np.array([x, y, np.ones_like(x)])
    assert len(x) > 0
    assert (depth > 0).all()


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("turns", range(4))
def test_without_a_view_the_whole_is_turned_as_tones_agree_best(turns: int, mirrored: bool) -> None:
    work = bundled("astronaut")[:, :400]
    copy = np.rot90(work, turns)
    copy = np.ascontiguousarray(copy[:, ::-1] if mirrored else copy)

    layers = lay(Image.fromarray(copy), Image.fromarray(np.ascontiguousarray(work)), ())

    assert agreement(layers) > 0.9


@pytest.mark.parametrize(
    "view",
    [
        ((1.0, 0.0), (0.0, 1.0)),
        ((0.0,) * 3,) * 3,
        ((float("nan"),) * 3,) * 3,
        ((1.0, 0.0, 5.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
        (("a", "b", "c"),) * 3,
        ((1.0, 0.0, 0.0), (0.0, 1.0), (0.0, 0.0, 1.0)),
    ],
)
def test_what_cannot_be_drawn_is_refused(view: View) -> None:
    with pytest.raises(NotLayable):
        lay(Image.new("RGB", (50, 50)), Image.new("RGB", (50, 50)), view)


@example([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, -1.0, -2.225073858507e-311]])
@given(st.lists(st.lists(st.floats(-3, 3), min_size=3, max_size=3), min_size=3, max_size=3))
def test_whatever_the_view_layers_are_bounded_and_of_one_size(rows: list[list[float]]) -> None:
    try:
        layers = lay(Image.new("RGB", (60, 40)), Image.new("RGB", (30, 50)), tuple(map(tuple, rows)))
    except NotLayable:
        return

    assert layers.ground.shape[:2] == layers.laid.shape[:2]
    assert max(layers.ground.shape[:2]) <= LONGEST


def test_layers_travel_as_webp() -> None:
    work = Image.fromarray(bundled("coffee"))

    ground, laid = (Image.open(io.BytesIO(file)) for file in lay(work, work, IDENTITY).to_webp())

    assert (ground.format, laid.format, laid.mode) == ("WEBP", "WEBP", "RGBA")
    assert ground.size == laid.size
