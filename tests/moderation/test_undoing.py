"""Taking a decision back while nobody was told of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from moderation import decisions, ledger, reasons, undoing
from moderation.estimates import silences
from moderation.models import Case, Decision, Undoing
from moderation.record.verifying import walk
from moderation.verdicts import Route
from submissions import notices
from submissions.models import Entry, Notice, User
from submissions.states import State
from submissions.transitions import move
from tests.factories import make_member
from tests.moderation.estimates.test_truth import held
from tests.moderation.rows import copy_of, make_case, make_desk, make_work

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def decided(case: Case, by: User, route: Route = Route.HUMAN) -> Decision:
    grounds = ["statement"] if route == Route.REJECT else []
    return decisions.decide(case, by=by, route=route, reason="Seen the layers.", grounds=grounds)


def letters_about(entry: Entry) -> list[str]:
    return list(Notice.objects.filter(entry=entry).order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize("route", [Route.HUMAN, Route.AI, Route.REJECT])
def test_an_undone_decision_leaves_the_entry_waiting_and_tells_nobody(route: Route) -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest)
    due, opened = case.due_at, case.opened_at
    before = letters_about(case.entry)
    decision = decided(case, organizer, route)

    again = undoing.undo(decision, by=organizer)

    entry = Entry.objects.get(pk=case.entry_id)
    assert entry.state == State.HELD
    assert entry.category is None
    assert letters_about(entry) == before
    assert (again.pk != case.pk, again.due_at, again.opened_at) == (True, due, opened)
    assert (again.verdict, again.kind, again.closed_at) == (case.verdict, case.kind, None)
    assert reasons.newest_decision(case.verdict) is None
    assert entry.moves.latest("pk").because == f"undoing {Undoing.objects.get().pk}"


def test_the_letter_waits_as_long_as_the_decision_can_be_undone(settings: Settings) -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest)
    Notice.objects.all().delete()
    decided(case, organizer)

    sent_at_once = notices.post_waiting()
    Notice.objects.update(not_before=timezone.now() - timedelta(seconds=1))
    sent_after = notices.post_waiting()

    assert (sent_at_once, sent_after) == (0, 1)
    assert [letter.to for letter in mail.outbox] == [[case.entry.entrant.email]]
    assert Notice.objects.get().not_before < timezone.now() + timedelta(seconds=settings.UNDO_SECONDS)


def test_a_letter_that_was_taken_by_a_worker_is_not_called_back() -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest)
    decision = decided(case, organizer)
    Notice.objects.filter(move=case.entry.moves.last()).update(claimed_at=timezone.now())

    with pytest.raises(undoing.TooLate):
        undoing.undo(decision, by=organizer)

    assert Entry.objects.get(pk=case.entry_id).state == State.HUNG
    assert not Undoing.objects.exists()


def test_after_its_time_a_decision_stands(settings: Settings) -> None:
    contest, organizer = make_desk()
    decision = decided(make_case(contest=contest), organizer)
    settings.UNDO_SECONDS = 0

    with pytest.raises(undoing.TooLate):
        undoing.undo(decision, by=organizer)


def test_only_the_decider_takes_back_and_only_once() -> None:
    contest, organizer = make_desk()
    decision = decided(make_case(contest=contest), organizer)

    with pytest.raises(undoing.NotUndone):
        undoing.undo(decision, by=make_member(contest.organization))
    undoing.undo(decision, by=organizer)
    with pytest.raises(undoing.NotUndone):
        undoing.undo(decision, by=organizer)

    assert Undoing.objects.count() == 1
    assert Case.objects.open().count() == 1


def test_an_entry_that_went_on_since_stays_where_it_is() -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest)
    decision = decided(case, organizer)
    entry = Entry.objects.get(pk=case.entry_id)
    move(entry, State.WITHDRAWN, because="withdrawn by the entrant")

    with pytest.raises(undoing.NotUndone):
        undoing.undo(decision, by=organizer)

    assert Entry.objects.get(pk=case.entry_id).state == State.WITHDRAWN


def test_decided_again_it_is_told_once() -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest)
    Notice.objects.all().delete()
    again = undoing.undo(decided(case, organizer, Route.AI), by=organizer)

    decided(again, organizer, Route.HUMAN)

    assert letters_about(case.entry) == ["hung"]
    assert [one.route for one in Decision.objects.standing()] == ["human"]


def test_gallery_and_ledger_follow(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    work = make_work()
    case = make_case(
        copy_of(work, share_percent=10, on_match="share_revenue"), contest=contest, title="Harbour"
    )
    decision = decided(case, organizer)
    address = f"/contests/{contest.slug}/gallery/"
    hung = Client().get(address).content.decode()

    undoing.undo(decision, by=organizer)

    assert "Harbour" in hung
    assert "Harbour" not in Client().get(address).content.decode()
    assert not ledger.open_lines(case.entry).exists()


def test_a_silence_that_rests_on_an_undone_decision_ends_and_begins_again_with_it() -> None:
    contest, organizer = make_desk()
    decided(held(contest), organizer)
    assert not silences.in_force(contest)
    second = decided(held(contest), organizer)
    assert set(silences.in_force(contest)) == {"", "photograph"}

    again = undoing.undo(second, by=organizer)

    assert not silences.in_force(contest)
    decided(again, organizer)
    assert set(silences.in_force(contest)) == {"", "photograph"}


def test_the_record_holds_after_an_undoing() -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest)

    undoing.undo(decided(case, organizer), by=organizer)

    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")  # rows are linked when they are committed
    kinds = list(case.entry.links.order_by("position").values_list("kind", flat=True))
    assert kinds[-3:] == ["move", "undoing", "move"]
    assert walk(contest).broken is None


def test_the_button_is_on_the_next_page_on_the_closed_case_and_among_ones_own(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest, title="Harbour")
    client = as_person(organizer)

    following = client.post(
        f"/organize/case/{case.pk}/decide/", {"route": "human", "reason": "Seen."}, follow=True
    )
    pages = [
        following.content.decode(),
        client.get(f"/organize/case/{case.pk}/").content.decode(),
        client.get("/organize/lately/").content.decode(),
    ]

    assert [page.count(f'action="/organize/case/{case.pk}/undo/"') for page in pages] == [1, 2, 1]
    assert "For 10 minutes you can take it back." in pages[0]

    undone = client.post(f"/organize/case/{case.pk}/undo/", follow=True)

    assert "Nobody was told of it." in undone.content.decode()
    assert undone.redirect_chain == [(f"/organize/case/{Case.objects.open().get().pk}/", 302)]
    assert "taken back" in client.get("/organize/lately/").content.decode()


def test_whoever_comes_too_late_is_told_why(as_person: SignIn, settings: Settings) -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest)
    decided(case, organizer)
    settings.UNDO_SECONDS = 0

    page = as_person(organizer).post(f"/organize/case/{case.pk}/undo/", follow=True)

    assert "its time is over, or the letter has left" in page.content.decode()


def test_another_reviewer_has_nothing_to_take_back(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest)
    decided(case, organizer)

    page = as_person(make_member(contest.organization)).post(f"/organize/case/{case.pk}/undo/")

    assert page.status_code == 404
