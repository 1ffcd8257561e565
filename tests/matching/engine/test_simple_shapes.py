"""What simple shapes on plain grounds have in common is no proof; that one of them was saved again is one."""

from collections.abc import Sequence
from itertools import combinations

import cv2
import numpy as np
import pytest

from matching.engine.descriptors import pdq, pdq_distance
from matching.engine.evidence import Hashes
from matching.engine.features import extract
from matching.engine.images import open_picture
from matching.engine.verify import Verification, verify
from tests.matching.simple_shapes import KINDS, Pixels, draw_shape
from tests.pictures import as_file

ROUND = ("ball", "disc", "slice", "wheel", "coin", "moon", "clock", "target", "button")


def shape(kind: str, number: int = 0) -> Pixels:
    return draw_shape(KINDS.index(kind) + number * len(KINDS))


def proved_of(pictures: Sequence[bytes]) -> list[tuple[int, int, Verification]]:
    """Each pair of pictures, by position, of which one is said to be a copy of the other."""
    opened = [open_picture(picture) for picture in pictures]
    features, hashes = [extract(picture) for picture in opened], [pdq(picture) for picture in opened]
    found = []
    for one, other in combinations(range(len(pictures)), 2):
        bits = int(pdq_distance(hashes[one], hashes[other].upright.reshape(1, -1))[0])
        alike = Hashes(bits, min(hashes[one].quality, hashes[other].quality)).alike
        seen = verify(features[one], features[other], like_hashes=alike)
        if seen.verified:
            found.append((one, other, seen))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_two_shapes_of_one_kind_copy_nothing(kind: str) -> None:
    assert proved_of([as_file(shape(kind, number)) for number in range(5)]) == []


def test_round_things_of_different_kinds_copy_nothing() -> None:
    assert proved_of([as_file(shape(kind, 1)) for kind in ROUND]) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_shape_saved_again_turned_or_mirrored_is_the_same_picture(kind: str) -> None:
    drawn = shape(kind, 3)
    for copy in (drawn, np.rot90(drawn), drawn[:, ::-1]):
        saved = as_file(np.ascontiguousarray(copy), "JPEG", quality=75)

        assert proved_of([as_file(drawn), saved])


def test_a_pattern_that_every_turn_leaves_as_it_is_is_found_if_made_smaller() -> None:
    across = np.cos(np.linspace(-6, 6, 480))
    pattern = np.dstack([np.asarray(128 + 100 * np.outer(across, across), dtype=np.uint8)] * 3)
    small = np.asarray(cv2.resize(pattern, (200, 200), interpolation=cv2.INTER_AREA), dtype=np.uint8)

    assert proved_of([as_file(pattern), as_file(small, "JPEG", quality=75)])
