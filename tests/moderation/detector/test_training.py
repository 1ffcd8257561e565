"""Training: strangers stay strangers, the same pictures give the same bytes."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.detector import folds, training
from moderation.detector.evaluation import figures
from moderation.detector.head import HeadError, load_head
from moderation.detector.manifest import Manifest, ManifestError
from tests.moderation.detector.labelled import drawn_features, row

MAKERS = st.tuples(st.booleans(), st.sampled_from("abcdefgh"), st.sampled_from(["", "x", "y", "z"]))


@given(st.lists(MAKERS, min_size=1, max_size=60), st.integers(2, 6))
def test_no_maker_and_no_source_of_generated_pictures_lies_in_two_folds(
    makers: list[tuple[bool, str, str]], count: int
) -> None:
    rows = [
        row("a.png", generated=generated, generator=name, collection=name, source=source)
        for generated, name, source in makers
    ]

    fold_of = folds.split(rows, count)

    for side in (True, False):
        of_maker: dict[str, set[int]] = {}
        for one, fold in zip(rows, fold_of.tolist(), strict=True):
            if one.generated == side:
                of_maker.setdefault(f"maker {one.maker}", set()).add(fold)
                if side and one.source:
                    of_maker.setdefault(f"source {one.source}", set()).add(fold)
        assert all(len(found) == 1 for found in of_maker.values())


def test_one_artist_in_two_spellings_is_one_group() -> None:
    rows = [row("a.png", collection="art-AJ_Ashton"), row("b.png", collection="art-A.J._Ashton")]

    assert len(set(folds.groups_of(rows))) == 1


def test_every_fold_gets_both_classes() -> None:
    rows = drawn_features().rows

    fold_of = folds.split(rows, 4)

    for fold in range(4):
        assert {rows[at].generated for at in np.flatnonzero(fold_of == fold)} == {True, False}


def test_a_head_finds_what_tells_the_classes_apart() -> None:
    seen = drawn_features()

    scores = training.out_of_fold(seen)

    assert figures.auc(scores.logits, seen.manifest.generated) > 0.99


def test_a_head_finds_nothing_where_nothing_is() -> None:
    seen = drawn_features(apart=0.0)

    scores = training.out_of_fold(seen)

    assert 0.35 < figures.auc(scores.logits, seen.manifest.generated) < 0.65


def test_training_twice_gives_the_same_bytes() -> None:
    seen = drawn_features()

    first, second = (training.train(seen) for _ in range(2))
    calibrations = [
        training.calibrated(head, seen, training.out_of_fold(seen)).to_bytes() for head in (first, second)
    ]

    assert first.to_bytes() == second.to_bytes()
    assert calibrations[0] == calibrations[1]


def test_one_picture_more_gives_other_bytes() -> None:
    more, fewer = drawn_features(240), drawn_features(238)

    assert training.train(more).to_bytes() != training.train(fewer).to_bytes()


def test_a_head_survives_its_file(tmp_path: Path) -> None:
    seen = drawn_features()
    head = training.train(seen)
    file = tmp_path / "head.npz"

    file.write_bytes(head.to_bytes())
    loaded = load_head(file)

    assert loaded.sha256 == head.sha256
    whole = seen.through["whole"]
    assert loaded.logits(whole.class_tokens).tolist() == head.logits(whole.class_tokens).tolist()
    assert loaded.mediums_of(whole.final) == head.mediums_of(whole.final)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\x80\x04K\x01."])
def test_what_is_no_head_is_refused_by_name(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "head.npz"
    file.write_bytes(data)

    with pytest.raises(HeadError):
        load_head(file)


def test_one_maker_a_class_is_too_little() -> None:
    seen = drawn_features()
    few = [replace(one, generator="m" * one.generated, collection="a") for one in seen.rows]

    with pytest.raises(ManifestError, match="Too few makers"):
        training.out_of_fold(replace(seen, manifest=Manifest(tuple(few), "0" * 64)))
