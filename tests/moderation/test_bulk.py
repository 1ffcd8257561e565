"""Many cases in one way: shown first, each by itself, and what may not be decided so is left and said."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from moderation import bulk, decisions
from moderation.models import Case, CaseKind, Decision, ReviewSettings
from moderation.opening import open_case
from moderation.verdicts import Route
from submissions.models import Role, User
from submissions.states import State
from tests.factories import make_contest, make_member
from tests.moderation.rows import (
    CONTRADICTION,
    SIGNS,
    copy_of,
    make_case,
    make_desk,
    make_open_desk,
    make_work,
)

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[[User], Client]

HANG = {"route": "human", "reason": "Looked at: made by hand."}
REJECT = {"route": "reject", "grounds": ["statement"], "reason": "The form and the file disagree."}
CHOSEN, DECIDE = "/organize/queue/chosen/", "/organize/queue/chosen/decide/"


def keys(*cases: Case) -> list[str]:
    return [str(case.pk) for case in cases]


def obstacles(by: User, case: Case, wish: bulk.Wish | None = None) -> str:
    (line,) = bulk.plan(by, bulk.chosen(by, [case.pk]), wish)
    return line.obstacle


def test_a_preview_decides_nothing_and_confirming_decides_each(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    cases = [make_case(contest=contest, title=f"Roofs {number}") for number in range(3)]
    client = as_person(organizer)

    asked = client.post(CHOSEN, {"what": "decide", "case": keys(*cases)})
    preview = client.post(DECIDE, {"what": "preview", "case": keys(*cases), **HANG})
    undecided = Decision.objects.count()
    done = client.post(DECIDE, {"what": "confirm", "case": keys(*cases), **HANG})

    assert [page.status_code for page in (asked, preview, done)] == [200, 200, 200]
    assert len(preview.context["able"]) == 3
    assert "Decide 3 cases" in preview.content.decode()
    assert "human category" in preview.content.decode()
    assert undecided == 0
    told = Decision.objects.values_list("case", "by", "route", "reason").order_by("case")
    assert list(told) == [(case.pk, organizer.pk, "human", HANG["reason"]) for case in cases]
    for case in cases:
        case.entry.refresh_from_db()
        assert case.entry.state == State.HUNG
    assert "Done with 3 cases." in done.content.decode()


def test_without_a_reason_nothing_is_shown_or_decided(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest)
    client = as_person(organizer)

    pages = [
        client.post(DECIDE, {"what": what, "case": keys(case), **HANG, "reason": "  "})
        for what in ("preview", "confirm")
    ]

    assert [page.templates[0].name for page in pages] == ["moderation/bulk_decide.html"] * 2
    assert not Decision.objects.exists()


def test_a_whole_page_is_chosen_by_one_button(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    first, second = (make_case(contest=contest) for _each in range(2))

    page = as_person(organizer).post(
        CHOSEN, {"what": "decide_page", "case": keys(first), "shown": keys(first, second)}
    )

    assert {line.case for line in page.context["able"]} == {first, second}


def test_the_first_of_a_narrowed_queue_are_chosen_by_one_button(as_person: SignIn) -> None:
    contest, organizer = make_open_desk()
    make_case(CONTRADICTION, contest=contest)
    signs = [make_case(SIGNS, contest=contest) for _each in range(2)]

    page = as_person(organizer).post(f"{CHOSEN}?queue=signs", {"what": "decide_first"})

    assert [line.case for line in page.context["able"]] == signs


def test_whoever_was_quicker_is_not_overruled_and_the_rest_is_decided() -> None:
    contest, organizer = make_desk()
    another = make_member(contest.organization)
    taken, free = (make_case(contest=contest) for _each in range(2))
    chosen = bulk.chosen(organizer, [taken.pk, free.pk])
    decisions.decide(taken, by=another, route=Route.AI, reason="Made with a tool.")

    lines = bulk.decide(organizer, chosen, bulk.Wish(Route.HUMAN, "By hand."))

    assert [line.obstacle for line in lines] == ["Decided meanwhile, or withdrawn.", ""]
    assert list(Decision.objects.order_by("case").values_list("case", "by")) == [
        (taken.pk, another.pk),
        (free.pk, organizer.pk),
    ]


def test_what_became_able_after_the_preview_is_not_decided_with_it(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    able = make_case(contest=contest)
    escalated = make_case(contest=contest)
    Case.objects.filter(pk=escalated.pk).update(escalated_at=timezone.now())

    page = as_person(organizer).post(DECIDE, {"what": "preview", "case": keys(able, escalated), **HANG})

    confirm = page.content.decode().split('value="confirm"')[0].rsplit("<form", 1)[1]
    assert f'name="case" value="{able.pk}"' in confirm
    assert f'name="case" value="{escalated.pk}"' not in confirm


def test_appeals_and_claims_are_never_decided_in_bulk() -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest)
    claim = open_case(case.entry, case.verdict, due_at=timezone.now(), kind=CaseKind.CLAIM)

    assert obstacles(organizer, claim) == "Appeals and claims are decided one by one."
    assert bulk.decide(organizer, [claim], bulk.Wish(Route.HUMAN, "Fine."))[0].obstacle
    assert not Decision.objects.exists()


def test_nobody_decides_about_an_entry_of_their_own() -> None:
    contest, organizer = make_desk()
    own = make_case(contest=contest, entrant=organizer)

    assert obstacles(organizer, own) == "It is about an entry of your own."


def test_what_was_escalated_is_the_owners() -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest)
    Case.objects.filter(pk=case.pk).update(escalated_at=timezone.now())

    assert obstacles(organizer, case) == "Others decide it: it was escalated."
    assert obstacles(make_member(contest.organization, Role.OWNER), case) == ""


def test_two_people_are_needed_for_a_rejection_where_the_contest_says_so() -> None:
    contest, organizer = make_desk()
    case = make_case(CONTRADICTION, contest=contest)
    ReviewSettings.objects.create(contest=contest, two_for_rejection=True)

    found = [
        obstacles(organizer, case, bulk.Wish(route, "Because.", ["statement"]))
        for route in (Route.REJECT, Route.AI)
    ]

    assert found == ["This contest asks for two people where something is rejected.", ""]


@pytest.mark.parametrize(
    ("grounds", "fits"),
    [
        (["copy"], {"copied"}),
        (["statement"], {"contradicted"}),
        (["copy", "statement"], set()),
        (["rules"], {"copied", "contradicted", "signs"}),
    ],
)
def test_a_rejection_stands_only_on_what_the_case_speaks_of(grounds: list[str], fits: set[str]) -> None:
    contest, organizer = make_desk()
    make_case(copy_of(make_work()), contest=contest, title="copied")
    make_case(CONTRADICTION, contest=contest, title="contradicted")
    make_case(SIGNS, contest=contest, title="signs")
    chosen = bulk.chosen(organizer, list(Case.objects.values_list("pk", flat=True)))

    lines = bulk.plan(organizer, chosen, bulk.Wish(Route.REJECT, "Because.", grounds))

    assert {line.case.entry.title for line in lines if not line.obstacle} == fits


def test_what_lies_elsewhere_is_not_even_named(as_person: SignIn) -> None:
    elsewhere = make_case(contest=make_contest(), title="Planted title")
    _contest, organizer = make_desk()
    client = as_person(organizer)

    pages = [
        client.post(CHOSEN, {"what": what, "case": keys(elsewhere)})
        for what in ("decide", "check_again", "take")
    ] + [client.post(DECIDE, {"what": "confirm", "case": keys(elsewhere), **HANG})]

    elsewhere.refresh_from_db()
    assert (elsewhere.closed_at, elsewhere.assigned_to) == (None, None)
    assert not any("Planted title" in page.content.decode() for page in pages)


def test_a_hundred_at_most_are_taken(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest)
    too_many = [*map(str, range(10_000_000, 10_000_100)), str(case.pk)]

    page = as_person(organizer).post(CHOSEN, {"what": "decide", "case": too_many})

    assert page.context["able"] == []
    assert "Only the first 100 were taken." in page.content.decode()


def test_chosen_cases_are_checked_again_assigned_and_released(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    case, again = (make_case(contest=contest) for _each in range(2))
    client = as_person(organizer)

    client.post(CHOSEN, {"what": "take", "case": keys(case)})
    taken = Case.objects.get(pk=case.pk).assigned_to
    client.post(CHOSEN, {"what": "release", "case": keys(case)})
    client.post(CHOSEN, {"what": "check_again", "case": keys(again)})

    assert taken == organizer
    assert Case.objects.get(pk=case.pk).assigned_to is None
    assert Case.objects.get(pk=again.pk).closed_at is not None
    assert again.entry.screenings.count() == 2


def test_what_is_put_aside_may_still_be_decided_from_its_queue(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest)
    Case.objects.filter(pk=case.pk).update(on_hold_until=timezone.now() + timedelta(days=1))

    page = as_person(organizer).post(DECIDE, {"what": "confirm", "case": keys(case), **HANG})

    assert page.status_code == 200
    assert Decision.objects.get().case == case


@pytest.mark.parametrize("sent", [{}, {"what": "nonsense"}, {"what": "decide", "case": ["x"]}])
def test_a_form_without_sense_chooses_nothing(as_person: SignIn, sent: dict[str, object]) -> None:
    _contest, organizer = make_desk()

    page = as_person(organizer).post(CHOSEN, sent)

    assert "No case was chosen." in page.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_a_preview_asks_the_database_the_same_for_any_number(
    number: int, as_person: SignIn, django_assert_num_queries: Callable[[int], object]
) -> None:
    contest, organizer = make_desk()
    cases = [make_case(contest=contest) for _each in range(number)]
    client = as_person(organizer)

    with django_assert_num_queries(11):  # type: ignore[attr-defined]
        client.post(DECIDE, {"what": "preview", "case": keys(*cases), **HANG})


@pytest.mark.parametrize("number", [1, 3])
def test_a_rejection_is_refused_in_words_and_keeps_what_was_written(as_person: SignIn, number: int) -> None:
    contest, organizer = make_desk()
    cases = [make_case(SIGNS, contest=contest) for _each in range(number)]

    page = as_person(organizer).post(DECIDE, {"what": "preview", "case": keys(*cases), **REJECT})

    assert page.context["able"] == []
    assert "Nothing in the case speaks for" in page.content.decode()
    assert str(REJECT["reason"]) in page.content.decode()
