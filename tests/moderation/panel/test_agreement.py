"""Cohen's kappa against its definition and a library's, and agreement by month."""

import warnings
from collections import Counter
from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from moderation.agreement import by_month, kappa, kappa_interval

pairs = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), min_size=1, max_size=60)


@given(pairs)
def test_kappa_is_agreement_beyond_chance(found: list[tuple[str, str]]) -> None:
    first, second = (Counter(one[side] for one in found) for side in (0, 1))
    seen = sum(one == other for one, other in found) / len(found)
    chance = sum(first[name] * second[name] for name in "abcd") / len(found) ** 2

    value = kappa(found)

    if chance == 1:
        assert value is None
    else:
        assert value is not None
        assert abs(value - (seen - chance) / (1 - chance)) < 1e-9


@given(pairs)
def test_kappa_is_that_of_scikit_learn(found: list[tuple[str, str]]) -> None:
    value = kappa(found)
    assume(value is not None)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = cohen_kappa_score([one for one, _ in found], [other for _, other in found])

    assert value is not None
    assert abs(value - theirs) < 1e-9


@given(pairs)
def test_kappa_asks_not_who_was_first_and_never_passes_one(found: list[tuple[str, str]]) -> None:
    value, turned = kappa(found), kappa([(other, one) for one, other in found])

    assert (value is None) == (turned is None)
    if value is not None and turned is not None:
        assert abs(value - turned) < 1e-9
        assert value <= 1 + 1e-9


def test_full_agreement_is_one_and_the_interval_holds_the_value() -> None:
    agree = [("human", "human"), ("reject", "reject")] * 10
    mixed = [*agree, ("human", "reject"), ("ai", "human")]

    interval = kappa_interval(mixed)

    assert kappa(agree) == 1.0
    assert interval is not None
    assert interval.low <= interval.value <= interval.high
    assert interval.low < interval.high
    assert kappa([]) is None
    assert kappa_interval([("human", "human")] * 5) is None
    assert kappa_interval([("human", "human"), ("reject", "human")] * 5) is None


@given(st.lists(st.tuples(st.dates(date(2020, 1, 1), date(2022, 1, 1)), st.booleans()), max_size=40))
def test_months_hold_every_answer_once_and_in_order(answers: list[tuple[date, bool]]) -> None:
    months = by_month(answers)

    assert sum(month.share.total for month in months) == len(answers)
    assert sum(month.share.right for month in months) == sum(right for _, right in answers)
    assert [month.month for month in months] == sorted({day.replace(day=1) for day, _ in answers})
