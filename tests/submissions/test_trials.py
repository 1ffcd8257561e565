"""Dry runs: asked on a draft, few a day, and of no consequence."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from submissions import intake, trials
from submissions.models import DryRun, Entry, TrialAnswer, User
from submissions.rules import AILevel
from submissions.states import State
from tests.factories import make_draft, make_entry, make_user
from tests.submissions.test_draft_page import send, sheet, text

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]


def ready(entrant: User | None = None) -> Entry:
    return make_entry(state=State.DRAFT, entrant=entrant or make_user())


def test_only_its_entrant_tries_a_draft() -> None:
    with pytest.raises(PermissionError):
        trials.ask(ready(), by=make_user())


def test_a_draft_without_picture_or_level_is_told_so() -> None:
    draft = make_draft()

    with pytest.raises(intake.Incomplete) as refused:
        trials.ask(draft, by=draft.entrant)

    assert [lack.place for lack in refused.value.lacks] == ["files", "level"]


def test_what_was_handed_in_is_not_tried() -> None:
    entry = make_entry()

    with pytest.raises(intake.NotADraft):
        trials.ask(entry, by=entry.entrant)


def test_the_same_draft_is_answered_once() -> None:
    draft = ready()

    first = trials.ask(draft, by=draft.entrant)

    assert trials.ask(draft, by=draft.entrant) == first
    draft.disclosures.update(level=AILevel.ASSISTIVE)
    assert trials.ask(draft, by=draft.entrant) != first


def test_the_limit_counts_people_and_not_drafts(settings: Settings) -> None:
    settings.DRY_RUNS_A_DAY = 2
    person = make_user()
    trials.ask(ready(person), by=person)
    gone = ready(person)
    trials.ask(gone, by=person)
    intake.discard(gone)

    with pytest.raises(trials.TooMany):
        trials.ask(ready(person), by=person)

    assert trials.left(person) == 0
    other = ready()
    assert trials.ask(other, by=other.entrant)
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        assert trials.left(person) == 2


def test_the_page_asks_shows_and_says_when_the_limit_is_reached(
    as_person: SignIn, settings: Settings
) -> None:
    settings.DRY_RUNS_A_DAY = 1
    draft = ready()
    client = as_person(draft.entrant)
    address = reverse("submissions:edit", args=[draft.public_id])

    send(client, draft, sheet({"statement-level": "none"}, do="dry-run"))
    waiting = text(client.get(address))
    DryRun.objects.update(answers=[TrialAnswer.LIKE_REGISTERED], finished_at=timezone.now())
    answered = text(client.get(address))
    refused = text(send(client, draft, sheet({"statement-level": "assistive"}, do="dry-run")))

    assert "The desk is looking." in waiting
    assert "It looks like a work that is registered for protection." in answered
    assert "You have changed the draft since." not in answered
    assert "You have checked drafts as often as one may in a day." in refused
    assert "You have changed the draft since." in refused
