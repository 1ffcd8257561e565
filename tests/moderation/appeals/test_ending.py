"""Nobody decided in time: it ends as the entrant asked, once, whoever else is at work."""

import threading
from collections.abc import Callable

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from config.celery import app
from moderation import decisions
from moderation.appeals import ending, filing, judgements
from moderation.appeals.judgements import Bar
from moderation.models import Appeal, AppealEnd, AppealOutcome, Case, Decision
from moderation.people import erasing, exporting
from moderation.record import receipts, verifying
from moderation.tasks import end_appeals
from moderation.verdicts import Route
from submissions import notices
from submissions.models import Entry, ErasedBy, User
from submissions.states import State
from tests.factories import make_contest, make_member
from tests.moderation.appeals.rows import (
    WORDS,
    answered,
    apart,
    appealed,
    close_contest,
    evidence,
    later,
    letters,
    rejected,
)
from tests.moderation.record.test_chain import handed_in

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def fresh(appeal: Appeal) -> Appeal:
    return Appeal.objects.select_related("entry__category", "end").get(pk=appeal.pk)


def test_what_nobody_decides_ends_as_the_entrant_asked(as_person: SignIn) -> None:
    appeal = appealed()
    entry = appeal.entry
    close_contest(entry.contest)

    end_appeals()
    early = AppealEnd.objects.count()
    with later(10.01):
        end_appeals()
        end_appeals()
        notices.post_waiting()
        page = as_person(entry.entrant).get(f"/entries/{entry.public_id}/").content.decode()

    ended = fresh(appeal)
    assert early == 0
    assert (ended.end.outcome, ended.end.decision) == (AppealOutcome.LAPSED, None)
    assert ended.entry.category is not None
    assert (ended.entry.state, ended.entry.category.kind) == (State.HUNG, "human")
    assert [move.because for move in entry.moves.all()][-1] == f"appeal {appeal.pk}"
    assert letters(entry, "appeal_ended") == 1
    assert "Nobody decided your appeal in time, so it ended as you had asked." in mail.outbox[-1].body
    assert "so the clock ended it as you had asked" in mail.outbox[-1].body
    assert "Nobody decided your appeal in time. It ended as you had asked." in page
    assert "A person decided not to accept the work." not in page
    assert not Case.objects.open().exists()
    judgement = judgements.in_force(ended.entry)
    assert judgement is not None
    assert judgement.bar == Bar.FINAL


def test_a_decision_in_time_leaves_nothing_to_the_clock() -> None:
    appeal = appealed()
    answered(appeal, Route.REJECT)

    with later(11):
        assert ending.lapse(appeal.pk) is False

    assert fresh(appeal).entry.state == State.REJECTED


def test_after_the_last_day_nobody_decides_even_where_the_sweep_is_late(as_person: SignIn) -> None:
    appeal = appealed()
    by = make_member(appeal.entry.contest.organization)
    sent = {"route": "reject", "reason": "Too late.", "grounds": ["statement"]}

    with later(10.01):
        with pytest.raises(decisions.TooLate):
            answered(appeal, Route.REJECT, by=by)
        with pytest.raises(DatabaseError, match="has run out"), transaction.atomic():
            Decision.objects.create(
                case=appeal.case, by=by, route=Route.REJECT, reason="Too late.", grounds=["rules"]
            )
        page = as_person(by).post(f"/organize/case/{appeal.case_id}/decide/", sent, follow=True)

    assert "has run out: it ends as the entrant asks." in page.content.decode()
    assert not AppealEnd.objects.exists()


def test_the_day_of_the_case_may_move_but_not_that_of_the_appeal() -> None:
    appeal = appealed()
    with later(20):
        Case.objects.filter(pk=appeal.case_id).update(due_at=appeal.decide_by.replace(year=2099))

        assert ending.lapse_all() == 1


def test_what_no_longer_stands_as_it_did_is_not_moved() -> None:
    appeal = appealed()
    Entry.objects.filter(pk=appeal.entry_id).update(state=State.HELD)

    with later(11):
        ending.lapse_all()

    ended = fresh(appeal)
    assert (ended.end.outcome, ended.entry.state) == (AppealOutcome.OVERTAKEN, State.HELD)


def test_one_that_breaks_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    broken, whole = appealed(), appealed()
    lapse = ending.lapse

    def fails(pk: int) -> bool:
        if pk == broken.pk:
            raise DatabaseError("gone")
        return lapse(pk)

    monkeypatch.setattr(ending, "lapse", fails)
    with later(11):
        assert ending.lapse_all() == 1

    assert fresh(whole).end.outcome == AppealOutcome.LAPSED


def test_the_sweep_is_on_the_clock() -> None:
    tasks = {row["task"] for row in app.conf.beat_schedule.values()}

    assert "moderation.tasks.end_appeals" in tasks
    assert app.conf.task_routes["moderation.tasks.end_appeals"] == {"queue": "sweep"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("days", [9, 11])
def test_clock_decision_and_withdrawal_at_once_end_it_once(days: int) -> None:
    """Before the last day decision and withdrawal race, after it clock and withdrawal."""
    appeal = appealed()
    by = make_member(appeal.entry.contest.organization)
    barrier = threading.Barrier(3)

    def run(act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            act()
        except Exception:
            pass
        finally:
            connection.close()

    with later(days):
        acts = (
            ending.lapse_all,
            lambda: answered(appeal, Route.HUMAN, by=by),
            lambda: filing.withdraw(appeal, by=appeal.entry.entrant),
        )
        threads = [threading.Thread(target=run, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    ended = AppealEnd.objects.get()
    hung = ended.outcome in (AppealOutcome.LAPSED, AppealOutcome.OVERTURNED)
    assert (fresh(appeal).entry.state == State.HUNG) == hung
    assert not Case.objects.open().exists()


@pytest.mark.django_db(transaction=True)
def test_a_process_that_dies_half_way_leaves_the_appeal_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    appeal = appealed()

    def dies(*_args: object, **_named: object) -> None:
        raise KeyboardInterrupt

    with later(11):
        with monkeypatch.context() as broken:
            broken.setattr(ending, "bring", dies)
            with pytest.raises(KeyboardInterrupt):
                ending.lapse(appeal.pk)
        half = AppealEnd.objects.count()
        ending.lapse_all()

    assert half == 0
    assert fresh(appeal).end.outcome == AppealOutcome.LAPSED


@pytest.mark.django_db(transaction=True)
def test_filing_and_ending_are_links_that_verify() -> None:
    contest = make_contest()
    entry = rejected(entry=handed_in(contest))
    appeal = appealed(entry)
    answered(appeal, Route.HUMAN)

    kinds = list(contest.links.order_by("position").values_list("kind", flat=True))
    receipt = receipts.receipt(Entry.objects.get(pk=entry.pk), entry.entrant)

    assert kinds[-4:] == ["appeal", "decision", "move", "appeal_end"]
    assert verifying.walk(contest).broken is None
    (link,) = [link for link in receipt["signed"]["links"] if link["kind"] == "appeal"]
    assert link["shown"]["words"]["value"] == WORDS
    assert "by_id" not in link["shown"]
    call_command("record", "verify", "--contest", contest.slug)


@pytest.mark.parametrize(
    "change",
    [
        lambda: Appeal.objects.update(words="Other words."),
        lambda: Appeal.objects.update(asks="ai"),
        lambda: Appeal.objects.all().delete(),
        lambda: AppealEnd.objects.update(outcome="overturned"),
        lambda: AppealEnd.objects.all().delete(),
    ],
)
def test_the_database_lets_nobody_edit_an_appeal(change: Callable[[], object]) -> None:
    answered(appealed(), Route.REJECT)

    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        change()


@pytest.mark.django_db(transaction=True)
def test_words_and_files_of_an_appeal_are_exported_and_erased() -> None:
    contest = make_contest()
    entry = rejected(entry=handed_in(contest))
    appeal = appealed(entry, files=[evidence(name="secret.psd")])
    assert not erasing.may_erase(entry)
    with pytest.raises(erasing.StillJudged):
        erasing.erase_entry(entry, by=ErasedBy.ENTRANT)

    told = exporting.about(entry.entrant)["entries"][0]
    names = [name for name, _stored in exporting._files(entry.entrant)]
    erasing.withdraw_and_erase(entry, by=ErasedBy.ENTRANT)

    assert told["appeals"][0]["words"] == WORDS
    assert any(name.endswith("secret.psd") for name in names)
    gone = fresh(appeal)
    assert (gone.words, gone.end.outcome) == ("–", AppealOutcome.WITHDRAWN)
    kept = entry.process_files.get()
    assert (kept.original_name, kept.original.name) == ("", "")
    assert verifying.walk(contest).broken is None


def test_a_hung_entry_of_an_appeal_is_exported_with_its_end() -> None:
    appeal = appealed(apart(), asks=Route.AI)
    answered(appeal, Route.AI)

    told = exporting.about(appeal.entry.entrant)["entries"][0]

    assert [one["outcome"] for one in told["ends_of_appeals"]] == ["overturned"]
