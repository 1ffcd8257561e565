import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.descriptors import hamming, pdq, pdq_distance
from matching.engine.images import Picture, open_picture, to_jpeg
from tests.pictures import as_file, bundled, draw, plain


def opened(pixels: np.ndarray) -> Picture:
    return open_picture(as_file(np.ascontiguousarray(pixels)))


def test_a_hash_has_eight_orientations() -> None:
    hashed = pdq(opened(bundled("coffee")))

    assert hashed.hashes.shape == (8, 32)
    assert hashed.hashes.dtype == np.uint8
    assert len(np.unique(hashed.hashes, axis=0)) == 8
    assert hashed.quality == 100


def test_turned_and_mirrored_copies_match_the_stored_upright_hash() -> None:
    work = bundled("coffee")
    stored = np.stack([pdq(opened(work)).upright, pdq(opened(bundled("chelsea"))).upright])

    for pixels in (work, work[::-1], work[:, ::-1]):
        for turns in range(4):
            distances = pdq_distance(pdq(opened(np.rot90(pixels, turns))), stored)

            assert distances[0] <= 31
            assert distances[1] > 60


def test_a_picture_without_anything_in_it_says_so() -> None:
    assert pdq(opened(plain())).quality == 0


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.integers(30, 95), st.integers(160, 480))
def test_a_saved_again_picture_stays_a_match(seed: int, quality: int, side: int) -> None:
    picture = opened(draw(seed))
    again = open_picture(to_jpeg(picture, max_side=side, quality=quality))

    assert pdq_distance(pdq(again), pdq(picture).upright[None])[0] <= 31


def test_hamming_counts_bits() -> None:
    rng = np.random.default_rng(0)
    left, right = rng.integers(0, 256, (3, 32), np.uint8), rng.integers(0, 256, (5, 32), np.uint8)

    distance = hamming(left, right)

    bits = np.unpackbits(left, axis=1)[:, None] != np.unpackbits(right, axis=1)[None]
    assert (distance == bits.sum(axis=2)).all()
    assert hamming(left, right[:0]).shape == (3, 0)
