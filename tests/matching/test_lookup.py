"""Copies are found and proved; nothing else is called a copy."""

from typing import Any

import numpy as np
import pytest

from matching import registry
from matching.engine.images import Picture, open_picture
from matching.models import Work
from matching.registry import Match
from tests.factories import make_user
from tests.matching.factories import drawing, make_artist, make_matchable_work
from tests.pictures import Pixels, as_file, bundled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("encoder")]


def picture(pixels: Pixels) -> Picture:
    return open_picture(as_file(pixels, "JPEG", quality=85))


def work_of(pixels: Pixels, **facts: Any) -> Work:
    return make_matchable_work(content=as_file(pixels), **facts)


def verified(pixels: Pixels, **options: Any) -> list[Match]:
    return [match for match in registry.match(picture(pixels), **options).matches if match.verified]


def test_a_cropped_and_mirrored_copy_is_proved_with_its_region() -> None:
    original = bundled("chelsea")
    work = work_of(original, title="Green eyes", year="2019", source="A book")
    make_matchable_work()
    height, width, _ = original.shape
    copy = np.ascontiguousarray(original[:, ::-1][height // 5 :, width // 4 :])

    found = verified(copy)

    assert [(match.work, match.verification.mirrored, match.by) for match in found] == [
        (work, True, "geometry")
    ]
    assert found[0].reference == {
        "title": "Green eyes",
        "artist": work.artist.name,
        "year": "2019",
        "source": "A book",
    }
    x = [x for x, _y in found[0].verification.work_region]
    assert max(x) < 0.8  # mirrored, then cut on the left: the right of the work is not in the copy
    assert found[0].verification.inliers > 30


def test_a_re_encoded_copy_and_its_words_as_json() -> None:
    work = work_of(bundled("coffee"), on_match="notify_only")

    found = verified(bundled("coffee"))

    told = found[0].as_json()
    assert (told["work"], told["verified"], told["on_match"]) == (str(work.public_id), True, "notify_only")
    assert 0.8 < told["score"] <= 1
    assert told["pdq"] <= 10
    assert all(0 <= value <= 1 for corner in told["region"] + told["work_region"] for value in corner)


def test_other_pictures_are_told_but_not_as_copies() -> None:
    for name in ("chelsea", "coffee"):
        work_of(bundled(name))

    found = registry.match(picture(bundled("astronaut")))

    assert len(found.matches) == 2
    assert not [match for match in found.matches if match.verified]


def test_flat_pictures_are_no_copies_of_each_other() -> None:
    work_of(np.full((300, 400, 3), (200, 60, 20), np.uint8))

    assert verified(np.full((300, 400, 3), (20, 60, 200), np.uint8)) == []


def test_nobody_copies_themselves_but_others_may() -> None:
    owner, pixels = make_user(), drawing(1)
    work_of(pixels, artist=make_artist(owner=owner))
    stranger, nobody = work_of(pixels, artist=make_artist(owner=make_user())), work_of(pixels)

    found = verified(pixels, exclude_owner=owner)

    assert {match.work for match in found} == {stranger, nobody}
    assert len(verified(pixels)) == 3


def test_ones_own_works_do_not_crowd_out_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matching.registry.lookup.CANDIDATES", 1)
    monkeypatch.setattr("matching.registry.lookup.PDQ_CANDIDATES", 1)
    owner, pixels = make_user(), drawing(1)
    work_of(pixels, artist=make_artist(owner=owner))
    work_of(pixels, artist=make_artist(owner=owner))
    other = work_of(pixels)

    assert [match.work for match in verified(pixels, exclude_owner=owner)] == [other]


def test_torn_features_make_the_answer_unknown_until_they_are_read_anew() -> None:
    pixels = drawing(1)
    work = work_of(pixels)
    Work.objects.update(features=b"torn")

    with pytest.raises(registry.RegistryUnavailable):
        registry.match(picture(pixels))
    registry.embed(Work.objects.get())

    assert [match.work for match in verified(pixels)] == [work]


def test_a_match_costs_the_same_questions_with_one_work_and_with_three(
    django_assert_num_queries: Any,
) -> None:
    query = picture(drawing(9))
    work_of(drawing(1))
    registry.match(query)
    with django_assert_num_queries(2):
        registry.match(query)
    work_of(drawing(2))
    work_of(drawing(3))
    registry.match(query)

    with django_assert_num_queries(2):
        registry.match(query)
