"""The database refuses a rejection that stands on a score, whoever writes it."""

import pytest
from django.db import IntegrityError, transaction

from moderation.models import Decision, Screening, Verdict
from moderation.verdicts import Lane, Route
from tests.factories import make_entry, make_member
from tests.moderation.rows import make_case

pytestmark = pytest.mark.django_db

NO_GROUNDS = [
    [],
    [Lane.STYLE],
    [Lane.SYNTHETIC],
    [Lane.STYLE, Lane.SYNTHETIC],
    [Lane.COPY, Lane.SYNTHETIC],
    [Lane.STATEMENT, Lane.STYLE],
]


def screening() -> Screening:
    entry = make_entry()
    disclosure = entry.disclosure
    assert disclosure is not None
    return Screening.objects.create(entry=entry, number=1, disclosure=disclosure, policy=entry.contest.policy)


@pytest.mark.parametrize("grounds", NO_GROUNDS)
def test_no_verdict_rejects_by_a_score(grounds: list[str]) -> None:
    one = screening()

    with pytest.raises(IntegrityError, match="no_score_rejects"), transaction.atomic():
        Verdict.objects.create(screening=one, route=Route.REJECT, grounds=grounds, policy_engine="any")


@pytest.mark.parametrize("grounds", [[Lane.COPY], [Lane.STATEMENT], [Lane.COPY, Lane.STATEMENT]])
def test_a_verdict_may_reject_by_a_copy_or_a_statement(grounds: list[str]) -> None:
    made = Verdict.objects.create(
        screening=screening(), route=Route.REJECT, grounds=grounds, policy_engine="any"
    )

    assert Verdict.objects.get(pk=made.pk).grounds == grounds


@pytest.mark.parametrize("grounds", NO_GROUNDS)
def test_no_decision_rejects_by_a_score(grounds: list[str]) -> None:
    case, reviewer = make_case(), make_member()

    with pytest.raises(IntegrityError, match="rejection_names_its_grounds"), transaction.atomic():
        Decision.objects.create(case=case, by=reviewer, route=Route.REJECT, grounds=grounds, reason="No.")
