"""A style is told from eight works on, and only where the bars are passed."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.encoder import Encoder
from matching.engine.style import (
    DIMENSION,
    FEWEST,
    Gallery,
    NoStyleSpace,
    Portrait,
    StyleSpace,
    Vectors,
    learn,
    load_space,
    portray,
)
from tests.pictures import bundled, draw


def unit(vectors: np.ndarray) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), np.float32)


def anything(count: int, seed: int) -> Vectors:
    return unit(np.random.default_rng(seed).normal(size=(count, DIMENSION)))


def in_manner(seed: int, count: int, *, spread: float = 1.0, work: int = 0) -> Vectors:
    """Works of one hand: around one direction."""
    direction = anything(1, 1000 + seed)
    return unit(direction + spread * anything(count, 7000 + 100 * seed + work))


@pytest.fixture(scope="module")
def space() -> StyleSpace:
    """No encoder's: only its background matters."""
    return StyleSpace(
        "none", np.zeros(3, np.float32), np.zeros((3, DIMENSION), np.float32), anything(2000, 1)
    )


def portraits(space: StyleSpace, count: int) -> list[Portrait]:
    works = [in_manner(one, 12) for one in range(count)]
    found = [portray(one, space) for one in works]
    assert None not in found
    return [one for one in found if one is not None]


@pytest.mark.parametrize(("works", "is_told"), [(0, False), (1, False), (FEWEST - 1, False), (FEWEST, True)])
def test_a_few_works_have_no_style(works: int, is_told: bool, space: StyleSpace) -> None:
    portrait = portray(in_manner(1, works), space)

    assert (portrait is not None) is is_told


def test_another_work_of_the_same_hand_is_told_and_a_strangers_is_not(space: StyleSpace) -> None:
    gallery = Gallery(space, portraits(space, 15))

    own = [gallery.nearest(in_manner(at, 1, work=55)[0]) for at in range(15)]
    strangers = [gallery.nearest(one) for one in anything(300, 99)]

    assert [found.at for found in own if found] == list(range(15))
    assert all(found.share >= 0.99 for found in own if found)
    assert sum(found is not None for found in strangers) <= 3


def test_what_is_near_to_everything_resembles_nobody(space: StyleSpace) -> None:
    """A hub: the middle of all hands is near each of them, and of many unrelated pictures."""
    middle = anything(1, 5)[0]
    crowd = StyleSpace("none", space.mean, space.directions, unit(middle + 0.6 * anything(500, 6)))
    works = unit(middle + 0.6 * anything(12, 8))

    portrait = portray(works, crowd)
    assert portrait is not None
    found = Gallery(crowd, [portrait]).nearest(middle)

    assert float(middle @ portrait.middle) > 0.9
    assert found is None or found.likeness < 0.3


def test_a_genre_that_other_artists_share_raises_the_bar(space: StyleSpace) -> None:
    portrait = portray(in_manner(1, 12), space)
    assert portrait is not None
    entry, school = in_manner(1, 1, work=77)[0], in_manner(1, 120, work=60)

    alone = Gallery(space, [portrait]).nearest(entry)
    in_a_school = Gallery(space, [portrait], school, [-1] * len(school)).nearest(entry)
    in_its_own = Gallery(space, [portrait], school, [0] * len(school)).nearest(entry)

    assert alone is not None
    assert in_a_school is None
    assert in_its_own == alone


@pytest.mark.parametrize(("known", "is_told"), [(98, False), (99, True)])
def test_where_few_strangers_of_its_kind_are_known_there_is_silence(known: int, is_told: bool) -> None:
    """One in a hundred cannot be told among fewer."""
    far, entry = anything(500, 1), in_manner(1, 1, work=55)[0]
    far -= np.outer(far @ entry, entry)  # of another kind, all of them
    kind = unit(0.2 * entry + anything(known, 3) - np.outer(anything(known, 3) @ entry, entry))
    space = StyleSpace("none", np.zeros(3, np.float32), np.zeros((3, DIMENSION), np.float32), unit(far))
    portrait = portray(in_manner(1, 12), space)
    assert portrait is not None

    found = Gallery(space, [portrait], kind, [-1] * known).nearest(entry)

    assert (found is not None) is is_told
    assert found is None or found.strangers == known


def test_ones_own_portfolio_is_left_out(space: StyleSpace) -> None:
    gallery = Gallery(space, portraits(space, 3))
    work = in_manner(2, 1, work=55)[0]

    assert gallery.nearest(work) is not None
    assert gallery.nearest(work, without=[2]) is None
    assert gallery.nearest(work, without=[0, 1, 2]) is None


def test_nobody_is_resembled_where_nobody_is_registered(space: StyleSpace) -> None:
    gallery = Gallery(space, [])

    assert len(gallery) == 0
    assert gallery.nearest(anything(1, 3)[0]) is None


@given(st.integers(0, 2**32 - 1), st.integers(FEWEST, 40), st.floats(0.01, 5))
def test_numbers_of_a_portrait_are_numbers(seed: int, count: int, spread: float) -> None:
    space = StyleSpace("none", np.zeros(3, np.float32), np.zeros((3, DIMENSION), np.float32), anything(60, 1))
    works = unit(anything(1, seed) + spread * anything(count, seed + 1))

    portrait = portray(works, space)

    assert portrait is not None
    assert np.linalg.norm(portrait.middle) == pytest.approx(1, abs=1e-5)
    assert np.isfinite([portrait.hubness, portrait.typical, portrait.spread]).all()
    assert portrait.spread > 0
    assert -3 <= portrait.typical <= 3


def test_the_shipped_space_is_the_encoders_and_another_has_none(encoder: Encoder, tmp_path: Path) -> None:
    space = load_space(encoder.identity)
    encoded = encoder.encode([bundled("coffee"), bundled("chelsea"), draw(1)])

    vectors = space(encoded)

    assert vectors.shape == (3, DIMENSION)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert len(space.background) > 500
    with pytest.raises(NoStyleSpace):
        load_space("another")
    learnt = learn("another", encoder.encode([draw(seed, 64, 48) for seed in range(12)]), np.arange(12) < 5)
    assert learnt.background.shape[0] == 5
