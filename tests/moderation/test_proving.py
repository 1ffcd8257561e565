"""How a copy was proved is said as it was: nobody reads of points where none agree."""

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from moderation.wording.proving import Way, how, way
from tests.moderation.test_evidence import JSON

HALF = [[0.0, 0.0], [0.5, 0.0], [0.5, 1.0], [0.0, 1.0]]
TENTH = [[0.0, 0.0], [0.2, 0.0], [0.2, 0.5], [0.0, 0.5]]
FOUND = {"by": "geometry", "inliers": 80, "mirrored": False, "region": HALF, "work_region": TENTH}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            FOUND,
            "at 80 points within the outline: 50 % of the entry, 10 % of the work",
        ),
        (
            FOUND | {"mirrored": True, "region": HALF[::-1]},
            "at 80 points within the outline: 50 % of the entry, 10 % of the work, mirrored",
        ),
        (FOUND | {"inliers": 1, "region": []}, "at 1 point"),
        ({"by": "geometry", "region": HALF}, "point by point, within the outline"),
        (
            FOUND | {"inliers": 0, "mirrored": True},
            "by tones or outlines of the whole, laid over each other, mirrored",
        ),
        (FOUND | {"by": "hash", "mirrored": True}, "by the hash of the whole picture"),
    ],
)
def test_the_proof_is_told_as_it_was(data: dict[str, object], said: str) -> None:
    assert how(data) == said


def test_the_proof_is_told_in_korean() -> None:
    with override("ko"):
        said = how(FOUND)

    assert said == "윤곽선 안의 점 80개에서 일치(출품작의 50%, 작품의 10%)"


@given(
    data=st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("by", "inliers", "mirrored", "region", "work_region"), JSON)
    )
)
def test_torn_data_still_says_something(data: dict[str, object]) -> None:
    assert how(data)
    assert way(data) in Way
