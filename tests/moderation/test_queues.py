"""Queues: what lies in which, in what order, for whom; and that page, counts and next case agree."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from moderation import queues, topics
from moderation.filters import CaseFilter
from moderation.models import Case, ReviewSettings
from moderation.opening import open_case
from moderation.provenance import Origin
from moderation.verdicts import Finding
from moderation.wording import CODES, codes_under
from submissions.models import User
from submissions.rules import Action, AILevel, Rules
from submissions.states import State
from submissions.transitions import move
from tests.factories import make_contest, make_entry, make_member
from tests.moderation.rows import (
    BROKEN_OFF,
    CONTRADICTION,
    DAMAGED,
    SIGNS,
    copy_of,
    duplicate_of,
    make_case,
    make_desk,
    make_open_desk,
    make_work,
    titles,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        (CONTRADICTION, {"all", "contradictions"}),
        (SIGNS, {"all", "signs"}),
        (BROKEN_OFF, {"all", "unchecked"}),
        (DAMAGED, {"all", "unchecked"}),
    ],
)
def test_a_case_lies_in_the_queue_of_its_reason(finding: Finding, expected: set[str]) -> None:
    contest, organizer = make_open_desk()
    make_case(finding, contest=contest)

    found = {name for name, queue in queues.QUEUES.items() if queue.cases(organizer).exists()}

    assert found == expected


# Findings and statements that ask for nobody by themselves.
CALM = (
    "file.readable",
    "duplicate.none",
    "duplicate.too_plain",
    "provenance.none",
    "provenance.remote_only",
    "provenance.unsupported",
    *(f"provenance.{origin}" for origin in Origin),
    *codes_under("traces.", "declared.", "data.", "style."),
    "copy.none",
    "copy.permitted",
    "copy.quarantined",
    "synthetic.no_sign",
    "synthetic.cannot_tell",
    "synthetic.second_opinion",
)


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_reason_has_exactly_one_queue(code: str) -> None:
    found = [name for name, reasons in topics.REASONS.items() if code in reasons]

    assert len(found) == (0 if code in CALM else 1)


def test_copies_and_earlier_entries_have_queues() -> None:
    contest, organizer = make_desk()
    copied = make_case(copy_of(make_work()), contest=contest)
    again = make_case(duplicate_of(copied.entry), contest=contest)

    found = {name: set(queue.cases(organizer)) for name, queue in queues.QUEUES.items()}

    assert found["copies"] == {copied}
    assert found["before"] == {again}


def test_a_case_that_only_the_rules_ask_for_has_its_own_queue() -> None:
    contest = make_contest(rules=Rules(generated=Action.PERSON))
    organizer = make_member(contest.organization)
    case = make_case(
        *[Finding("statement", CONTRADICTION.lane, BROKEN_OFF.outcome.CLEAR, "statement.consistent")],
        contest=contest,
        level=AILevel.GENERATED,
        tools=[{}],
    )

    found = {name for name, queue in queues.QUEUES.items() if case in queue.cases(organizer)}

    assert found == {"all", "rules"}


def test_counts_are_those_of_the_querysets() -> None:
    contest, organizer = make_open_desk()
    for finding in (CONTRADICTION, SIGNS, SIGNS, BROKEN_OFF):
        make_case(finding, contest=contest)
    make_case(CONTRADICTION, SIGNS, contest=contest)

    counted = queues.counts(organizer, queues.workable(organizer))

    assert counted == [(queue, queue.cases(organizer).count()) for queue in queues.open_to(organizer)]
    assert {queue.name: number for queue, number in counted}["signs"] == 3


def test_the_contest_that_closes_first_comes_first_then_what_is_heavy_then_what_is_old() -> None:
    contest, organizer = make_desk()
    later = make_contest(organization=contest.organization, closes_at=contest.closes_at + timedelta(days=1))
    of_later = make_case(copy_of(make_work()), contest=later)
    light = make_case(SIGNS, contest=contest)
    new, old = (make_case(contest=contest) for _each in range(2))
    heavy = make_case(copy_of(make_work()), contest=contest)
    Case.objects.filter(pk=old.pk).update(opened_at=timezone.now() - timedelta(days=9))

    found = list(queues.QUEUES["all"].cases(organizer))

    assert found == [heavy, old, new, light, of_later]


def test_next_goes_on_and_then_back_to_what_was_passed_over() -> None:
    contest, organizer = make_desk()
    first, second, third = (make_case(contest=contest) for _each in range(3))
    cases = queues.QUEUES["all"].cases(organizer)

    walked = [queues.following(cases, case) for case in (first, second, third)]

    assert walked == [second, third, first]


def test_the_last_case_has_no_next() -> None:
    contest, organizer = make_desk()
    only = make_case(contest=contest)

    found = queues.following(queues.QUEUES["all"].cases(organizer), only)

    assert found is None


def test_nobody_works_on_their_own_entry() -> None:
    contest, organizer = make_desk()
    own = make_case(contest=contest, entrant=organizer)

    found, counted = list(queues.QUEUES["all"].cases(organizer)), list(queues.own(organizer))

    assert found == []
    assert counted == [own]


def test_another_organizations_cases_are_nobody_elses() -> None:
    make_case()
    _contest, organizer = make_desk()

    found = list(queues.QUEUES["all"].cases(organizer))

    assert found == []


def test_a_withdrawn_entry_waits_for_nobody() -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest)
    move(case.entry, State.WITHDRAWN, because="withdrawn")

    found = list(queues.QUEUES["all"].cases(organizer))

    assert found == []


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["old", "new"]),
        ({"lane": "synthetic"}, ["new"]),
        ({"lane": "copy"}, []),
        ({"age": "3"}, ["old"]),
        ({"age": "overdue"}, ["old"]),
    ],
)
def test_filters_narrow_by_evidence_and_age(asked: dict[str, str], expected: list[str]) -> None:
    contest, organizer = make_open_desk()
    old = make_case(CONTRADICTION, contest=contest, title="old")
    make_case(SIGNS, contest=contest, title="new")
    Case.objects.filter(pk=old.pk).update(
        opened_at=timezone.now() - timedelta(days=4), due_at=timezone.now() - timedelta(hours=1)
    )

    request = HttpRequest()
    request.user = organizer

    found = CaseFilter(asked, queryset=queues.QUEUES["all"].cases(organizer), request=request).qs

    assert titles(found) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"severity": "3"}, ["mine"]),
        ({"severity": "1"}, ["free", "theirs"]),
        ({"kind": "review"}, ["free", "mine", "theirs"]),
        ({"kind": "appeal"}, []),
        ({"assigned": "me"}, ["mine"]),
        ({"assigned": "nobody"}, ["free"]),
        ({"assigned": "others"}, ["theirs"]),
        ({"severity": "heavy"}, []),
        ({"contest": "nowhere"}, []),
    ],
)
def test_filters_narrow_by_weight_question_and_person(
    as_person: SignIn, asked: dict[str, str], expected: list[str]
) -> None:
    contest, organizer = make_desk()
    mine = make_case(copy_of(make_work()), contest=contest, title="mine")
    theirs = make_case(SIGNS, contest=contest, title="theirs")
    make_case(SIGNS, contest=contest, title="free")
    Case.objects.filter(pk=mine.pk).update(assigned_to=organizer)
    Case.objects.filter(pk=theirs.pk).update(assigned_to=make_member(contest.organization))

    page = as_person(organizer).get("/organize/queue/", asked)

    assert sorted(titles([row.case for row in page.context["rows"]])) == expected
    assert {queue.name: number for queue, number in page.context["queues"]}["all"] == len(expected)


def test_the_page_narrows_to_one_contest(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    other = make_contest(organization=contest.organization)
    make_case(contest=contest, title="Here")
    make_case(contest=other, title="There")

    page = as_person(organizer).get("/organize/queue/", {"contest": other.slug})

    assert titles([row.case for row in page.context["rows"]]) == ["There"]
    assert {queue.name: number for queue, number in page.context["queues"]}["all"] == 1


def test_another_organizations_contest_is_no_choice(as_person: SignIn) -> None:
    stranger_contest = make_case(title="Secret").entry.contest
    _contest, organizer = make_desk()

    page = as_person(organizer).get("/organize/queue/", {"contest": stranger_contest.slug})

    assert page.context["rows"] == []
    assert stranger_contest.title not in page.content.decode()


def test_an_empty_queue_says_so(as_person: SignIn) -> None:
    _contest, organizer = make_desk()

    page = as_person(organizer).get("/organize/queue/")

    assert "Nothing waits here." in page.content.decode()


def test_a_row_says_why_since_when_and_until_when(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    case = make_case(CONTRADICTION, contest=contest, title="겨울 산책")

    text = as_person(organizer).get("/organize/queue/").content.decode()

    assert "겨울 산책" in text
    assert "Content Credentials signed by Adobe Inc. say that Adobe Firefly was used" in text
    assert f'datetime="{case.due_at.isoformat()[:10]}' in text
    assert "Waiting for" in text


def test_rows_alone_come_to_htmx(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    make_case(contest=contest, title="Harbour")

    page = as_person(organizer).get("/organize/queue/", headers={"HX-Request": "true"})

    assert "Harbour" in page.content.decode()
    assert "<html" not in page.content.decode()


def test_three_hundred_cases_come_in_pages(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    made = make_case(contest=contest)
    for number in range(299):
        entry = make_entry(contest=contest, state=State.HELD, pictures=0, title=f"Entry {number}")
        open_case(entry, made.verdict, due_at=timezone.now() + timedelta(days=1))

    page = as_person(organizer).get("/organize/queue/", {"page": "13"})

    assert page.context["page"].paginator.count == 300
    assert len(page.context["rows"]) == 12


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_the_database_the_same_for_any_number(
    number: int, as_person: SignIn, django_assert_num_queries: Callable[[int], object]
) -> None:
    contest, organizer = make_desk()
    for _each in range(number):
        make_case(CONTRADICTION, SIGNS, contest=contest)
    client = as_person(organizer)

    with django_assert_num_queries(13):  # type: ignore[attr-defined]
        client.get("/organize/queue/")


@pytest.mark.parametrize("blind", [False, True])
def test_a_longer_queue_asks_no_more_of_the_database(
    as_person: SignIn, django_assert_max_num_queries: Any, *, blind: bool
) -> None:
    contest, organizer = make_desk()
    ReviewSettings.objects.create(contest=contest, blind=blind)
    client = as_person(organizer)
    make_case(contest=contest)
    with CaptureQueriesContext(connection) as first:
        client.get("/organize/queue/")
    for _each in range(5):
        make_case(contest=contest)

    with django_assert_max_num_queries(len(first)):
        page = client.get("/organize/queue/")

    assert len(page.context["rows"]) == 6
