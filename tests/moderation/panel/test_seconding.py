"""Two people for a rejection: the first moves nothing, the second does not know, the database holds to it."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import Settings

from moderation import decisions, panel, statements
from moderation.appeals import filing
from moderation.claims import answering
from moderation.claims.ending import BAD_FAITH
from moderation.models import AnswerKind, Case, CaseKind, Claim, Decision, Opinion, ReviewSettings
from moderation.opening import open_case
from moderation.record import verifying
from moderation.record.check_receipt import check
from moderation.record.keys import signing_key
from moderation.record.receipts import receipt
from moderation.verdicts import Route
from submissions import notices, reasons
from submissions.models import Contest, Entry, Notice, NoticeKind, Organization, User
from submissions.states import State
from tests.factories import make_contest, make_member, make_organization
from tests.moderation.claims.rows import end_of, make_claim, make_hung
from tests.moderation.rows import make_case, make_desk

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
REJECT = {"route": "reject", "grounds": ["statement"], "reason": "First words: the layers are missing."}


def desk_of_two() -> tuple[Contest, User, User]:
    contest, first = make_desk()
    ReviewSettings.objects.create(contest=contest, two_for_rejection=True)
    return contest, first, make_member(contest.organization)


def reject(case: Case, by: User, reason: str = "No layers.") -> Decision | Opinion:
    done = decisions.answer(case, by=by, route=Route.REJECT, grounds=["statement"], reason=reason)
    assert isinstance(done, Decision | Opinion)
    return done


def test_the_first_rejection_moves_nothing(as_person: SignIn) -> None:
    contest, first, second = desk_of_two()
    case = make_case(contest=contest, title="Harbour")
    letters = Notice.objects.count()

    page = as_person(first).post(f"/organize/case/{case.pk}/decide/", REJECT, follow=True)

    case.refresh_from_db()
    case.entry.refresh_from_db()
    assert "“Harbour” is not rejected yet" in page.content.decode()
    assert (case.entry.state, case.closed_at) == (State.HELD, None)
    assert not Decision.objects.exists()
    assert Notice.objects.count() == letters
    assert case not in panel.workable(first)
    assert case in panel.workable(second)


def test_the_second_is_told_nothing_before_they_choose(as_person: SignIn) -> None:
    contest, first, second = desk_of_two()
    case, untouched = make_case(contest=contest), make_case(contest=contest)
    reject(case, first, "First words: no layers.")
    client = as_person(second)

    read, fresh = (client.get(f"/organize/case/{one.pk}/").content.decode() for one in (case, untouched))

    assert "First words" not in read
    assert read.count(first.display_name) == fresh.count(first.display_name)  # a colleague like all others
    for sentence in ("A rejection needs two people here.", 'id="decide-form"'):
        assert sentence in read
        assert sentence in fresh


def test_both_agree_and_the_entrant_reads_what_both_said_and_neither_name() -> None:
    contest, first, second = desk_of_two()
    case = make_case(contest=contest)
    decisions.answer(case, by=first, route=Route.REJECT, grounds=["rules"], reason="First words.")

    decision = reject(case, second, "Second words.")

    case.entry.refresh_from_db()
    told = reasons.of(case.entry, case.entry.entrant)
    statement = statements.of_reasons(case.entry)
    (letter,) = Notice.objects.filter(kind=NoticeKind.REJECTED)
    assert isinstance(decision, Decision)
    assert case.entry.state == State.REJECTED
    assert told[:5] == [
        "Two people decided, each without knowing of the other, not to accept the work.",
        "The statement is untrue or breaks the contest's rules on AI.",
        "It breaks another rule of the contest.",
        "First words.",
        "Second words.",
    ]
    assert statement is not None
    assert "It breaks another rule of the contest." in statement.rules
    assert "Two people looked at the work" in statement.automation
    body = notices.letter(letter).body
    assert "First words." in body
    assert "Second words." in body
    assert not any(person.display_name in body for person in (first, second))


def test_where_they_disagree_the_first_words_stay_at_the_desk() -> None:
    contest, first, second = desk_of_two()
    case = make_case(contest=contest)
    reject(case, first, "First words.")

    decisions.answer(case, by=second, route=Route.HUMAN, reason="Second words.")

    case.entry.refresh_from_db()
    told = " ".join(reasons.of(case.entry, case.entry.entrant))
    assert "Second words." in told
    assert "First words." not in told


def test_who_decides_an_appeal_reads_what_the_entrant_was_told(as_person: SignIn, settings: Settings) -> None:
    settings.UNDO_SECONDS = 0
    contest, first, second = desk_of_two()
    case = make_case(contest=contest)
    reject(case, first, "First words.")
    reject(case, second, "Second words.")
    notices.post_waiting()
    entry = Entry.objects.get(pk=case.entry_id)
    appeal = filing.file(entry, by=entry.entrant, asks=Route.HUMAN, words="Look again.")

    third = as_person(make_member(contest.organization))
    page = third.get(f"/organize/case/{appeal.case_id}/").content.decode()

    assert "First words." in page
    assert "Second words." in page


def claim_for_two(organization: Organization) -> tuple[Claim, User, User]:
    contest = make_contest(organization=organization)
    ReviewSettings.objects.create(contest=contest, two_for_rejection=True)
    claim = make_claim(make_hung(contest=contest))
    answering.answer(claim, by=claim.entry.entrant, kind=AnswerKind.LICENCE, words="I bought it.")
    return claim, make_member(organization), make_member(organization)


def uphold(claim: Claim, by: User, reason: str, *remarks: str) -> None:
    decisions.answer(claim.case, by=by, route=Route.REJECT, grounds=["copy"], reason=reason, remarks=remarks)


def test_what_the_first_remarks_of_a_claim_counts_once_the_second_agrees(
    as_person: SignIn, settings: Settings
) -> None:
    settings.UNDO_SECONDS = 0
    claim, first, second = claim_for_two(make_organization())
    uphold(claim, first, "First words.", BAD_FAITH)
    uphold(claim, second, "Second words.")

    end = end_of(claim)
    ends = Notice.objects.filter(kind__in=["claim_closed", "claim_over"], about=end.pk)
    letters = [notices.letter(one).body for one in ends]
    pages = [
        as_person(claim.by).get(f"/claims/{claim.public_id}/").content.decode(),
        as_person(claim.entry.entrant).get(f"/claims/{claim.public_id}/answer/").content.decode(),
    ]

    assert (end.outcome, end.bad_faith) == ("upheld", True)
    assert Opinion.objects.get().remarks == [BAD_FAITH]
    assert len(letters) == 2
    for told in (*letters, *pages):
        assert "First words." in told
        assert "Second words." in told
        assert not any(person.display_name in told for person in (first, second))


def test_what_the_first_remarks_counts_for_nothing_where_the_second_dismisses(settings: Settings) -> None:
    settings.UNDO_SECONDS = 0
    claim, first, second = claim_for_two(make_organization())
    uphold(claim, first, "First words.", BAD_FAITH)

    decisions.answer(claim.case, by=second, route=Route.HUMAN, reason="A licence is there.")

    assert (end_of(claim).outcome, end_of(claim).bad_faith) == ("dismissed", False)


def test_the_second_decides_otherwise_and_then_learns(as_person: SignIn) -> None:
    contest, first, second = desk_of_two()
    case = make_case(contest=contest, title="Harbour")
    reject(case, first, "First words.")
    client = as_person(second)

    told = client.post(
        f"/organize/case/{case.pk}/decide/",
        {"route": "human", "reason": "The layers are there."},
        follow=True,
    ).content.decode()
    after = client.get(f"/organize/case/{case.pk}/").content.decode()

    case.entry.refresh_from_db()
    assert case.entry.state == State.HUNG
    assert "Another person would have rejected it" in told
    assert "First words." in after


@pytest.mark.parametrize("route", [Route.REJECT, Route.HUMAN])
def test_the_first_does_not_decide_it_after_all(route: Route, as_person: SignIn) -> None:
    contest, first, _second = desk_of_two()
    case = make_case(contest=contest)
    reject(case, first)
    grounds = ["rules"] if route == Route.REJECT else []

    page = as_person(first).get(f"/organize/case/{case.pk}/").content.decode()
    with pytest.raises(panel.MayNotDecide):
        decisions.answer(case, by=first, route=route, grounds=grounds, reason="Again.")

    assert "Somebody else reads it now" in page
    assert 'id="decide-form"' not in page
    with pytest.raises(IntegrityError, match=r"first opinion|two people"), transaction.atomic():
        Decision.objects.create(case=case, by=first, route=route, grounds=grounds, reason="Past the verbs.")


def test_the_database_refuses_a_rejection_by_one() -> None:
    contest, first, _second = desk_of_two()
    case = make_case(contest=contest)

    with pytest.raises(IntegrityError, match="two people"), transaction.atomic():
        Decision.objects.create(case=case, by=first, route="reject", grounds=["rules"], reason="Alone.")


def test_one_opinion_a_case_and_only_of_a_rejection() -> None:
    contest, first, second = desk_of_two()
    case, other = make_case(contest=contest), make_case(contest=contest)
    reject(case, first)

    with pytest.raises(IntegrityError), transaction.atomic():
        Opinion.objects.create(case=case, by=second, route="reject", grounds=["rules"], reason="Too.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Opinion.objects.create(case=other, by=second, route="human", reason="Fine.")


def test_hanging_needs_one_person_and_so_does_a_contest_that_asks_for_one() -> None:
    contest, first, _second = desk_of_two()
    other, alone = make_desk()

    decisions.answer(make_case(contest=contest), by=first, route=Route.HUMAN, reason="Fine.")
    decision = reject(make_case(contest=other), alone)

    assert isinstance(decision, Decision)
    assert Opinion.objects.count() == 0


def test_an_appeal_that_upholds_a_rejection_needs_no_two_more(settings: Settings) -> None:
    settings.UNDO_SECONDS = 0
    contest, first, second = desk_of_two()
    third = make_member(contest.organization)
    case = make_case(contest=contest)
    reject(case, first)
    reject(case, second)
    case.entry.refresh_from_db()
    appeal = open_case(case.entry, case.verdict, due_at=case.due_at, kind=CaseKind.APPEAL)

    decision = reject(appeal, third)

    assert isinstance(decision, Decision)


@pytest.mark.django_db(transaction=True)
def test_an_opinion_that_was_agreed_with_is_opened_in_the_receipt() -> None:
    contest, first, second = desk_of_two()
    case = make_case(contest=contest)
    reject(case, first, "First words.")
    reject(case, second, "Second words.")
    case.entry.refresh_from_db()

    told = receipt(case.entry, case.entry.entrant)

    (link,) = [one for one in told["signed"]["links"] if one["kind"] == "opinion"]
    shown = {name: one["value"] for name, one in link["shown"].items()}
    assert shown == {"route": "reject", "grounds": ["statement"], "reason": "First words."}
    assert check(told, signing_key().public_key())
    assert verifying.walk(contest).broken is None


@pytest.mark.django_db(transaction=True)
def test_an_opinion_is_a_link_that_tells_the_entrant_nothing() -> None:
    contest, first, second = desk_of_two()
    case = make_case(contest=contest)
    reject(case, first, "First words.")
    decisions.answer(case, by=second, route=Route.HUMAN, reason="Second words.")
    case.entry.refresh_from_db()

    told = receipt(case.entry, case.entry.entrant)

    (link,) = [one for one in told["signed"]["links"] if one["kind"] == "opinion"]
    assert set(link["facts"]) == {"case_id", "at"}
    assert link["shown"] == {}
    assert "First words." not in str(told)
    assert verifying.walk(contest).broken is None
