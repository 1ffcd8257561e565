"""Views of pictures: the same every time, for every size, blind to the label."""

import numpy as np
import pytest

from moderation.detector import views
from tests import pictures

ONE, OTHER = "0123456789abcdef" * 4, "fedcba9876543210" * 4
NAMES = ("whole", "mixed0", "mixed1", "native0", *views.PERTURBATIONS)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [(1, 1), (3, 900), (320, 240)])
def test_every_view_takes_every_size_and_repeats_itself(name: str, size: tuple[int, int]) -> None:
    pixels = pictures.draw(1, 320, 240)[: size[1], : size[0]] if size == (320, 240) else pictures.plain(*size)

    first, second = (views.look(pixels, name, ONE) for _ in range(2))

    assert first.ndim == 3
    assert first.shape[2] == 3
    assert np.array_equal(first, second)


def test_what_is_drawn_depends_on_the_picture_and_the_view() -> None:
    pixels = pictures.draw(1)

    seen = [
        views.look(pixels, "mixed0", ONE),
        views.look(pixels, "mixed0", OTHER),
        views.look(pixels, "mixed1", ONE),
    ]

    assert len({one.tobytes() for one in seen}) == 3


def test_a_native_crop_is_cut_out_pixel_for_pixel() -> None:
    pixels = pictures.draw(2, 400, 300)

    crop = views.look(pixels, "native0", ONE)

    windows = np.lib.stride_tricks.sliding_window_view(pixels[:, :, 0], crop.shape[:2])
    assert crop.shape == (224, 224, 3)
    assert (windows[:, :, 0, 0] == crop[0, 0, 0]).any()
    assert any(
        np.array_equal(windows[top, left], crop[:, :, 0])
        for top, left in np.argwhere(windows[:, :, 0, 0] == crop[0, 0, 0])
    )


def test_an_unknown_view_is_refused() -> None:
    with pytest.raises(KeyError):
        views.look(pictures.plain(), "sepia", ONE)
