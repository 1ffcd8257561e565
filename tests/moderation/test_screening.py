"""Any step may run twice, late or never; the outcome is the same."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from moderation import queueing
from moderation.models import Case, CheckResult, CheckRun, Screening, Verdict
from moderation.screening import MOST_ATTEMPTS, conclude, run_stage
from moderation.stages import LOCK_SPACE, begin, is_worked_on, next_stage
from moderation.verdicts import Lane, Route
from submissions import intake
from submissions.models import Entry, Notice
from submissions.states import State
from tests.factories import make_entry
from tests.moderation.screened import finish, screen_now

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("encoder")]


def test_stages_come_in_order_whatever_is_nudged() -> None:
    screening = begin(make_entry())

    assert run_stage(screening, "conclude") == "screen"
    assert run_stage(screening, "screen") == "see"
    assert not Verdict.objects.filter(screening=screening).exists()


def test_a_stage_run_twice_records_its_findings_once() -> None:
    screening = begin(make_entry())
    run_stage(screening, "screen")
    before = list(CheckResult.objects.values_list("pk", flat=True))

    run_stage(screening, "screen")

    assert list(CheckResult.objects.values_list("pk", flat=True)) == before


def test_a_second_verdict_on_one_screening_is_refused() -> None:
    screening = begin(make_entry())
    finish(screening)

    assert conclude(screening) is None
    assert Verdict.objects.filter(screening=screening).count() == 1


def test_a_check_that_fails_is_unknown_and_brings_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    from moderation.checks import traces

    def broken(_look: object) -> list[object]:
        raise RuntimeError("no words for this")

    monkeypatch.setattr(traces, "run", broken)
    entry = make_entry()

    verdict = screen_now(entry)

    assert verdict.route == Route.PERSON
    result = CheckResult.objects.get(screening=verdict.screening, check_name="traces")
    assert (result.code, result.outcome) == ("check.failed", "unknown")
    assert Case.objects.open().get().entry == entry


def test_a_check_that_never_came_back_is_given_up_after_its_last_attempt() -> None:
    screening = begin(make_entry())
    CheckRun.objects.create(screening=screening, check_name="file", attempts=MOST_ATTEMPTS)

    verdict = finish(screening)

    codes = dict(CheckResult.objects.filter(screening=screening).values_list("check_name", "code"))
    assert codes["file"] == "check.gave_up"
    assert codes["registry"] == "copy.not_compared"  # nobody decodes that file again
    assert verdict.route == Route.PERSON


def test_a_damaged_file_waits_for_a_person() -> None:
    from tests.factories import make_artwork

    entry = make_entry(pictures=0)
    make_artwork(entry, content=b"\x89PNG\r\n\x1a\n" + b"no picture")

    verdict = screen_now(entry)

    assert verdict.route == Route.PERSON
    assert "file.damaged" in {reason["rule"] for reason in verdict.reasons}


def test_a_withdrawn_entry_is_left_alone() -> None:
    entry = make_entry()
    screening = begin(entry)
    intake.withdraw(entry, by=entry.entrant)

    assert run_stage(screening, "screen") is None

    screening.refresh_from_db()
    assert screening.abandoned_at is not None
    assert not CheckResult.objects.exists()


def test_an_amended_statement_opens_a_new_screening_and_closes_the_case() -> None:
    entry = make_entry()
    first = begin(entry)
    CheckRun.objects.create(screening=first, check_name="file", attempts=MOST_ATTEMPTS)
    finish(first)
    assert Case.objects.open().count() == 1
    letters = Notice.objects.count()

    second = begin(Entry.objects.get(pk=entry.pk))

    entry.refresh_from_db()
    assert (entry.state, second.number) == (State.RECEIVED, 2)
    assert Case.objects.open().count() == 0
    assert Notice.objects.count() == letters


@pytest.mark.parametrize("grounds", [[], [Lane.STYLE], [Lane.SYNTHETIC], [Lane.COPY, Lane.SYNTHETIC]])
def test_the_database_refuses_a_rejection_by_score(grounds: list[Lane]) -> None:
    screening = begin(make_entry())

    with pytest.raises(IntegrityError, match="no_score_rejects"), transaction.atomic():
        Verdict.objects.create(screening=screening, route=Route.REJECT, grounds=grounds, policy_engine="any")


def test_findings_and_verdicts_cannot_be_rewritten() -> None:
    verdict = screen_now(make_entry())

    for rows, change in (
        (Verdict.objects.filter(pk=verdict.pk), {"route": Route.AI}),
        (CheckResult.objects.all(), {"outcome": "flag"}),
    ):
        with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
            rows.update(**change)


# The sweeper


def quiet(screening: Screening) -> None:
    Screening.objects.filter(pk=screening.pk).update(nudged_at=timezone.now() - timedelta(minutes=5))


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str]]:
    """What would have gone to the broker; how many messages lie there is for the test to say."""
    nudges: list[tuple[int, str]] = []

    def nudge(screening: Screening, stage: str) -> bool:
        nudges.append((screening.pk, stage))
        return True

    monkeypatch.setattr(queueing, "nudge", nudge)
    monkeypatch.setattr(queueing, "waiting_messages", lambda: {"desk": 0})
    return nudges


def test_the_sweeper_nudges_what_nobody_was_told_of(sent: list[tuple[int, str]]) -> None:
    screening = begin(make_entry())
    quiet(screening)

    assert queueing.requeue_stopped() == 1
    assert sent == [(screening.pk, "screen")]


def test_the_sweeper_leaves_fresh_and_finished_screenings_alone(sent: list[tuple[int, str]]) -> None:
    begin(make_entry())
    quiet(finish(begin(make_entry())).screening)

    assert queueing.requeue_stopped() == 0
    assert sent == []


def test_a_long_queue_is_no_standstill(sent: list[tuple[int, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queueing, "waiting_messages", lambda: {"desk": 7, "sweep": 0})
    waiting, between, died = (begin(make_entry()) for _ in range(3))
    run_stage(between, "screen")
    CheckRun.objects.create(screening=died, check_name="file", attempts=1)
    for screening in (waiting, between, died):
        quiet(screening)

    queueing.requeue_stopped()

    assert sent == [(died.pk, "screen")]


def test_the_sweepers_own_messages_are_no_work_that_waits(
    sent: list[tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queueing, "waiting_messages", lambda: {"desk": 0, "sweep": 7})
    stopped = begin(make_entry())
    quiet(stopped)

    queueing.requeue_stopped()

    assert sent == [(stopped.pk, "screen")]


def test_an_entry_received_while_nobody_listened_is_begun(sent: list[tuple[int, str]]) -> None:
    entry = make_entry(submitted_at=timezone.now() - timedelta(minutes=5))

    queueing.requeue_stopped()

    assert sent == [(entry.screenings.get().pk, "screen")]


@pytest.mark.django_db(transaction=True)
def test_only_one_process_works_on_a_screening() -> None:
    screening = begin(make_entry())
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s, %s)", [LOCK_SPACE, screening.pk])
        assert is_worked_on(screening)

        assert run_stage(screening, "screen") is None
        assert not CheckResult.objects.exists()
        cursor.execute("select pg_advisory_unlock_all()")
    other.close()

    assert not is_worked_on(screening)
    assert next_stage(screening) == "screen"
