"""Who works on a case: one person at a time, and whoever comes second loses nothing but the race."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from moderation import decisions, locks
from moderation.models import CaseLock, CaseNote, Decision
from moderation.verdicts import Route
from submissions.models import User
from tests.factories import make_member
from tests.moderation.rows import make_case, make_desk

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
ACCEPT = {"route": "human", "reason": "The layers show every step."}


def run_out(lock: CaseLock) -> None:
    CaseLock.objects.filter(pk=lock.pk).update(until=timezone.now() - timedelta(seconds=1))


def test_a_case_is_held_by_who_came_first_and_renewed() -> None:
    contest, first = make_desk()
    second = make_member(contest.organization)
    case = make_case(contest=contest)

    taken = locks.hold(case, by=first)
    tried = locks.hold(case, by=second)
    renewed = locks.hold(case, by=first)

    assert (taken.holder, tried.holder, renewed.holder) == (first, first, first)
    assert renewed.until > taken.until
    assert locks.held_by_another(case, second) == renewed
    assert locks.held_by_another(case, first) is None


def test_a_lock_that_ran_out_holds_nobody_off() -> None:
    contest, first = make_desk()
    second = make_member(contest.organization)
    case = make_case(contest=contest)
    run_out(locks.hold(case, by=first))

    assert locks.running(case) is None
    assert locks.hold(case, by=second).holder == second
    assert not CaseNote.objects.exists()


def test_taking_over_is_written_down() -> None:
    contest, first = make_desk()
    second = make_member(contest.organization)
    case = make_case(contest=contest)
    locks.hold(case, by=first)

    taken = locks.take_over(case, by=second)

    assert taken.holder == second
    assert [(note.kind, note.by, note.other) for note in CaseNote.objects.all()] == [
        ("taken_over", second, first)
    ]


@pytest.mark.django_db(transaction=True)
def test_of_many_who_open_a_case_at_once_one_holds_it() -> None:
    contest, _organizer = make_desk()
    case = make_case(contest=contest)
    people = [make_member(contest.organization) for _each in range(6)]
    barrier, holders = threading.Barrier(len(people)), []

    def take(person: User) -> None:
        barrier.wait()
        holders.append(locks.hold(case, by=person).holder_id)
        connection.close()

    threads = [threading.Thread(target=take, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(holders) == len(people)
    assert len(set(holders)) == 1
    assert CaseLock.objects.get().holder_id == holders[0]


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_race_and_the_loser_reads_their_own_words(as_person: SignIn) -> None:
    contest, _organizer = make_desk()
    case = make_case(contest=contest, title="Harbour")
    people = [make_member(contest.organization) for _each in range(2)]
    barrier, pages = threading.Barrier(2), {}
    clients = [as_person(person) for person in people]

    def decide(number: int) -> None:
        barrier.wait()
        sent = {"route": "human", "reason": f"Words of number {number}."}
        pages[number] = clients[number].post(f"/organize/case/{case.pk}/decide/", sent)
        connection.close()

    threads = [threading.Thread(target=decide, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    won = next(number for number, page in pages.items() if page.status_code == 302)
    lost = pages[1 - won]
    assert lost.status_code == 409
    assert f"Words of number {1 - won}." in lost.content.decode()
    assert "was decided by somebody else, or withdrawn." in lost.content.decode()
    assert [one.reason for one in Decision.objects.all()] == [f"Words of number {won}."]


def test_who_does_not_hold_the_case_keeps_their_words_and_may_take_it_over(as_person: SignIn) -> None:
    contest, first = make_desk()
    second = make_member(contest.organization)
    case = make_case(contest=contest)
    locks.hold(case, by=first)
    client, address = as_person(second), f"/organize/case/{case.pk}/decide/"

    refused = client.post(address, ACCEPT)

    text = refused.content.decode()
    assert refused.status_code == 409
    assert f"{first} holds this case until" in text
    assert "The layers show every step.</textarea>" in text
    assert not Decision.objects.exists()

    taken = client.post(address, {**ACCEPT, "take_over": "yes"})

    assert taken.status_code == 302
    assert Decision.objects.get().by == second
    assert CaseNote.objects.get().other == first


def test_deciding_ends_the_lock_and_needs_none() -> None:
    contest, organizer = make_desk()
    held, free = make_case(contest=contest), make_case(contest=contest)
    locks.hold(held, by=organizer)

    for case in (held, free):
        decisions.decide(case, by=organizer, route=Route.HUMAN, reason="Seen.")

    assert not CaseLock.objects.exists()
    assert Decision.objects.count() == 2


def test_the_page_tells_who_holds_the_case(as_person: SignIn) -> None:
    contest, first = make_desk()
    second = make_member(contest.organization)
    case = make_case(contest=contest)
    page = f"/organize/case/{case.pk}/"
    free = as_person(second).get(page).content.decode()
    locks.hold(case, by=first)

    mine, others = (as_person(person).get(page).content.decode() for person in (first, second))

    assert "Nobody holds this case." in free
    assert "You hold this case until" in mine
    assert f"{first} holds this case until" in others
    assert "Take it over" in others


def test_an_open_page_renews_by_htmx_and_learns_of_the_end(as_person: SignIn) -> None:
    contest, first = make_desk()
    second = make_member(contest.organization)
    case = make_case(contest=contest)
    client, address = as_person(first), f"/organize/case/{case.pk}/lock/"

    taken = client.post(address, headers={"HX-Request": "true"}).content.decode()
    decisions_by_another(case.pk, second)
    ended = client.post(address, headers={"HX-Request": "true"}).content.decode()

    assert "You hold this case until" in taken
    assert "<h1" not in taken
    assert f"{second} has decided this case meanwhile." in ended


def decisions_by_another(pk: int, person: User) -> None:
    lock = CaseLock.objects.get(case=pk)
    locks.take_over(lock.case, by=person)
    decisions.decide(lock.case, by=person, route=Route.HUMAN, reason="Seen.")


def test_opening_a_page_takes_nothing_by_itself(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest)
    client = as_person(organizer)

    client.get(f"/organize/case/{case.pk}/")
    assert not CaseLock.objects.exists()
    client.post(f"/organize/case/{case.pk}/lock/")

    assert CaseLock.objects.get().holder == organizer
