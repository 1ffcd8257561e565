"""A cloak (Glaze and its kind) hides a work from generators, and hides it from no registry."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from matching import registry
from matching.engine.features import Features, extract
from matching.engine.images import open_picture
from matching.engine.verify import verify
from tests.matching.factories import make_matchable_work
from tests.matching.transforms import copy_of
from tests.pictures import as_file, bundled, draw
from tests.shared_data import require


def pairs() -> Iterator[tuple[Path, Path]]:
    """Each original with each of its cloaked versions."""
    folder = require("cloaked")
    with (folder / "pairs.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            yield folder / row["original"], folder / row["cloaked"]


def features(path: Path) -> Features:
    return extract(open_picture(path))


def test_every_cloaked_work_and_its_original_are_proved_the_same_picture_both_ways() -> None:
    seen = {path: features(path) for pair in pairs() for path in pair}

    missed = [
        (query.name, work.name)
        for pair in pairs()
        for query, work in (pair, pair[::-1])
        if not verify(seen[query], seen[work]).verified
    ]

    assert len(seen) > 20
    assert missed == []


def test_no_cloaked_work_is_proved_another_work_of_the_same_painter() -> None:
    """Else the test above could not fail."""
    found = list(pairs())
    originals = {original: features(original) for original, _ in found}

    wrong = [
        (cloaked.name, other.name)
        for original, cloaked in found[::3]
        for other in originals
        if other != original and verify(features(cloaked), originals[other]).verified
    ]

    assert wrong == []


@pytest.mark.django_db
@pytest.mark.xdist_group("encoder")
@pytest.mark.parametrize("registered", ["original", "cloaked"])
def test_the_registry_finds_the_one_by_the_other(registered: str) -> None:
    original, cloaked = list(pairs())[1]
    known, query = (original, cloaked) if registered == "original" else (cloaked, original)
    work = make_matchable_work(content=known.read_bytes())
    make_matchable_work()

    found = registry.match(open_picture(query))

    assert [match.work for match in found.matches if match.verified] == [work]


@pytest.mark.parametrize("name", ["chelsea", "coffee"])
def test_a_simulated_cloak_hides_nothing(name: str) -> None:
    work = bundled(name)
    cloaked = copy_of(work, "cloak", seed=name, ground=draw(1))

    query, known = (extract(open_picture(as_file(pixels))) for pixels in (cloaked, work))

    assert verify(query, known).verified
    assert verify(known, query).verified
