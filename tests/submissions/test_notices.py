"""Letters go out once, in their reader's language, with the reasons."""

import smtplib
import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from submissions import notices, reasons
from submissions.models import Entry, Notice, User
from submissions.states import State
from submissions.transitions import move
from tests.factories import make_entry, make_user


class Refusing(EmailBackend):
    """A server that says no to every letter."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        raise smtplib.SMTPRecipientsRefused({messages[0].to[0]: (550, b"no such person")})


class HangingUp(EmailBackend):
    """A server that takes the letter and hangs up before it says so."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        super().send_messages(messages)
        raise smtplib.SMTPServerDisconnected("gone")


class Unreachable(EmailBackend):
    def open(self) -> bool:
        raise ConnectionRefusedError("nobody listens")


def waiting(state: State = State.HELD, entrant: User | None = None) -> Notice:
    """A notice that waits: the entry has just moved to ``state``."""
    entry = make_entry(title="강가의 사람들", entrant=entrant or make_user())
    category = entry.contest.categories.get(kind="human") if state == State.HUNG else None
    return move(entry, state, because="test", category=category).notice


@pytest.fixture
def with_a_reason() -> Iterator[str]:
    sentence = "Its file says that a machine made it."

    def say(_entry: Entry, _reader: User) -> list[str]:
        return [sentence]

    reasons.providers.append(say)
    yield sentence
    reasons.providers.remove(say)


@pytest.mark.django_db
@pytest.mark.parametrize("state", [State.HELD, State.HUNG, State.REJECTED, State.WITHDRAWN])
def test_each_kind_of_letter_goes_to_the_entrant_with_a_link(state: State, settings: Settings) -> None:
    settings.SITE_URL = "https://desk.example"
    notice = waiting(state)
    entry = notice.entry

    assert notices.post_waiting() == 1

    (sent,) = mail.outbox
    assert sent.to == [entry.entrant.email]
    assert "“강가의 사람들”" in sent.subject
    assert f"https://desk.example/entries/{entry.public_id}/" in sent.body
    assert sent.message()["Message-ID"] == f"<notice-{notice.pk}@desk.example>"
    notice.refresh_from_db()
    assert notice.sent_at is not None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "tells"),
    [(State.HELD, True), (State.HUNG, True), (State.REJECTED, True), (State.WITHDRAWN, False)],
)
def test_letters_of_what_was_judged_say_why(state: State, tells: bool, with_a_reason: str) -> None:
    waiting(state)

    notices.post_waiting()

    assert (with_a_reason in mail.outbox[0].body) == tells


@pytest.mark.django_db
def test_a_title_breaks_no_header_and_is_not_escaped() -> None:
    entry = make_entry(title="Cats & dogs\n<b>")
    move(entry, State.HELD, because="test")

    notices.post_waiting()

    assert mail.outbox[0].subject == "A person will look at “Cats & dogs <b>”"


@pytest.mark.django_db
def test_a_posted_letter_is_not_posted_again() -> None:
    waiting()

    assert [notices.post_waiting(), notices.post_waiting()] == [1, 0]
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_a_claimed_letter_belongs_to_whoever_claimed_it() -> None:
    notice = waiting()
    Notice.objects.filter(pk=notice.pk).update(claimed_at=timezone.now())

    assert notices.post_waiting() == 0
    assert mail.outbox == []


@pytest.mark.django_db
def test_a_refused_letter_waits_longer_each_time_and_is_given_up(settings: Settings) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    notice = waiting()
    began = timezone.now()
    tried_at = []

    for minute in range(300):
        with time_machine.travel(began + timedelta(minutes=minute, seconds=5), tick=False):
            before = Notice.objects.get(pk=notice.pk).failures
            notices.post_waiting()
            if Notice.objects.get(pk=notice.pk).failures > before:
                tried_at.append(minute)

    assert tried_at == [0, 1, 3, 7, 15, 31, 63, 127]
    notice.refresh_from_db()
    assert (notice.failures, notice.claimed_at, notice.sent_at) == (8, None, None)


@pytest.mark.django_db
def test_a_letter_that_may_have_left_does_not_leave_twice(settings: Settings) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.HangingUp"
    waiting()

    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        notices.post_waiting()
        notices.post_waiting()

    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_letters_wait_while_no_server_answers(settings: Settings) -> None:
    notice = waiting()
    settings.EMAIL_BACKEND = f"{__name__}.Unreachable"
    notices.post_waiting()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    assert notices.post_waiting() == 1

    notice.refresh_from_db()
    assert notice.failures == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_posting_at_once_send_each_letter_once() -> None:
    for _number in range(6):
        waiting()
    together = threading.Barrier(2)
    counts: list[int] = []

    def post() -> None:
        together.wait()
        counts.append(notices.post_waiting())
        connection.close()

    workers = [threading.Thread(target=post) for _worker in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sum(counts) == 6
    ids = [sent.message()["Message-ID"] for sent in mail.outbox]
    assert len(ids) == len(set(ids)) == 6
