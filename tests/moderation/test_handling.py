"""What reviewers do with a case short of deciding it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.db import ProgrammingError, transaction
from django.test import Client
from django.utils import timezone

from moderation import decisions, handling, past
from moderation.models import Case, CaseLock, CaseNote, Mention, ReviewSettings
from moderation.verdicts import Route
from submissions import notices
from submissions.models import Membership, Notice, Role, User
from submissions.states import State
from tests.factories import make_entry, make_member, make_user
from tests.moderation.rows import make_case, make_desk

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def test_a_case_is_put_aside_with_a_reason_and_taken_up_again(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest)
    client, page = as_person(organizer), f"/organize/case/{case.pk}/"
    day = timezone.localdate() + timedelta(days=3)
    client.post(f"{page}lock/")

    client.post(f"{page}aside/", {"until": day.isoformat(), "text": "The layers are promised for Friday."})

    case.refresh_from_db()
    assert case.on_hold_until is not None
    assert case.on_hold_until.date() == day
    assert not CaseLock.objects.exists()
    text = client.get(page).content.decode()
    assert "The layers are promised for Friday." in text
    assert "Put aside until" in text

    client.post(f"{page}resume/")

    assert Case.objects.get(pk=case.pk).on_hold_until is None
    assert [note.kind for note in CaseNote.objects.all()] == ["aside", "resumed"]


@pytest.mark.parametrize("days", [-1, 0, 61])
def test_a_day_that_makes_no_sense_is_said_and_the_words_stay(as_person: SignIn, days: int) -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest)
    sent = {"until": (timezone.localdate() + timedelta(days=days)).isoformat(), "text": "Waiting for layers."}

    page = as_person(organizer).post(f"/organize/case/{case.pk}/aside/", sent)

    assert "A day from tomorrow on" in page.content.decode()
    assert "Waiting for layers.</textarea>" in page.content.decode()
    assert not CaseNote.objects.exists()


def test_escalating_asks_the_owners(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    owners = [make_member(contest.organization, Role.OWNER) for _each in range(2)]
    make_member(contest.organization)
    case = make_case(contest=contest)

    as_person(organizer).post(f"/organize/case/{case.pk}/escalate/", {"text": "Is this a sponsor's work?"})

    case.refresh_from_db()
    assert case.escalated_at is not None
    assert set(Mention.objects.values_list("person", flat=True)) == {owner.pk for owner in owners}
    home = as_person(owners[0]).get("/organize/").content.decode()
    assert "You were mentioned" in home
    assert "Is this a sponsor&#x27;s work?" in home


def test_a_case_is_given_to_a_colleague_alone(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    colleague, stranger = make_member(contest.organization), make_member()
    juror = make_member(contest.organization, Role.JUROR)
    case = make_case(contest=contest)
    client, address = as_person(organizer), f"/organize/case/{case.pk}/reassign/"

    for person in (stranger, juror, case.entry.entrant):
        client.post(address, {"to": person.pk})
    assert Case.objects.get(pk=case.pk).assigned_to is None
    client.post(address, {"to": colleague.pk, "text": "You read Korean."})

    assert Case.objects.get(pk=case.pk).assigned_to == colleague
    note = CaseNote.objects.get()
    assert (note.kind, note.other, note.text) == ("assigned", colleague, "You read Korean.")


def test_a_mention_is_on_the_first_page_until_the_case_was_opened_and_a_letter_goes(
    as_person: SignIn,
) -> None:
    contest, organizer = make_desk()
    colleague = make_member(contest.organization)
    case = make_case(contest=contest, title="Harbour")
    Notice.objects.all().delete()

    as_person(organizer).post(
        f"/organize/case/{case.pk}/comment/", {"text": "Is that a lasso edge?", "to": [colleague.pk]}
    )

    notices.post_waiting()
    (letter,) = mail.outbox
    assert letter.to == [colleague.email]
    assert "Is that a lasso edge?" in letter.body
    assert f"/organize/case/{case.pk}/#thread" in letter.body
    assert str(case.entry.entrant) not in f"{letter.body} {letter.subject}"
    client = as_person(colleague)
    assert "Is that a lasso edge?" in client.get("/organize/").content.decode()
    client.get(f"/organize/case/{case.pk}/")
    assert "You were mentioned" not in client.get("/organize/").content.decode()


def test_who_left_the_organization_no_longer_reads_what_they_were_told(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    colleague = make_member(contest.organization)
    case = make_case(contest=contest)
    handling.comment(case, by=organizer, text="Between us.", to=[colleague])
    Membership.objects.filter(user=colleague).delete()

    page = as_person(colleague).get("/organize/").content.decode()

    assert "Between us." not in page


def test_the_thread_is_for_those_who_review(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest)
    handling.comment(case, by=organizer, text="Between us.")
    decisions.decide(case, by=organizer, route=Route.HUMAN, reason="Seen.")
    entrant = as_person(case.entry.entrant)

    own = [
        entrant.get(f"/entries/{case.entry.public_id}/").content.decode(),
        entrant.get(f"/entries/{case.entry.public_id}/receipt.json").content.decode(),
        entrant.post("/account/data/export/").getvalue().decode(errors="replace"),
    ]

    assert not any("Between us." in page for page in own)
    assert "Between us." in as_person(organizer).get(f"/organize/case/{case.pk}/").content.decode()


def test_a_note_is_never_changed_but_by_an_erasure() -> None:
    contest, organizer = make_desk()
    note = handling.comment(make_case(contest=contest), by=organizer, text="Said.")

    with pytest.raises(ProgrammingError), transaction.atomic():
        CaseNote.objects.filter(pk=note.pk).update(text="Never said.")
    with pytest.raises(ProgrammingError), transaction.atomic():
        note.delete()
    CaseNote.objects.filter(pk=note.pk).update(text="–")


def test_a_closed_case_is_neither_put_aside_nor_given() -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest)
    decisions.decide(case, by=organizer, route=Route.HUMAN, reason="Seen.")

    with pytest.raises(handling.NoLongerOpen):
        handling.put_aside(case, by=organizer, until=timezone.now(), text="Later.")
    with pytest.raises(handling.NoLongerOpen):
        handling.reassign(case, by=organizer, to=organizer)

    assert not CaseNote.objects.exists()


def test_what_an_entrant_handed_in_before_is_shown_with_how_it_ended(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    entrant = make_user()
    cleared = make_case(contest=contest, entrant=entrant, title="Cleared once")
    decisions.decide(cleared, by=organizer, route=Route.HUMAN, reason="Seen.")
    make_entry(entrant=entrant, title="Elsewhere")
    make_entry(contest=contest, entrant=entrant, title="A draft", state=State.DRAFT)
    case = make_case(contest=contest, entrant=entrant)

    found = past.of_entrant(case.entry, organizer)

    assert [(one.entry.title, one.held, one.overturned) for one in found] == [("Cleared once", True, True)]
    page = as_person(organizer).get(f"/organize/case/{case.pk}/").content.decode()
    assert "was held, and a person cleared it" in page
    ReviewSettings.objects.create(contest=contest, blind=True)
    page = as_person(organizer).get(f"/organize/case/{case.pk}/").content.decode()
    assert "was held, and a person cleared it" not in page
