"""What a reviewer does with a case short of deciding it: each is a row in the case's thread."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from moderation.models import Case, CaseKind, CaseNote, Mention, NoteKind
from moderation.panel import ORGANIZERS
from submissions.models import Entry, Notice, Role, User

MENTIONED = "mentioned"  # the kind of the letter


class NoLongerOpen(Exception):
    """The case was closed meanwhile."""


def colleagues(entry: Entry, *, but: User) -> QuerySet[User]:
    """Who else may review ``entry``: those who organize its contest, never the entrant."""
    return (
        User.objects.filter(
            memberships__organization=entry.contest.organization,
            memberships__role__in=ORGANIZERS,
            is_active=True,
        )
        .exclude(pk__in=[but.pk, entry.entrant_id])
        .distinct()
        .order_by("display_name", "pk")
    )


@transaction.atomic
def comment(case: Case, *, by: User, text: str, to: Sequence[User] = ()) -> CaseNote:
    """Say something to those who review; ``to`` find it on their first page, and get a letter."""
    note = CaseNote.objects.create(case=case, by=by, text=text)
    _tell(note, to)
    return note


@transaction.atomic
def put_aside(case: Case, *, by: User, until: datetime, text: str) -> CaseNote:
    """Let ``case`` wait until a day. Its clock runs on: the entrant's time is not the desk's to stop."""
    _update(case, on_hold_until=until)
    return CaseNote.objects.create(case=case, kind=NoteKind.ASIDE, by=by, text=text, until=until)


@transaction.atomic
def resume(case: Case, *, by: User) -> CaseNote:
    """Take a case up again before its day."""
    _update(case, on_hold_until=None)
    return CaseNote.objects.create(case=case, kind=NoteKind.RESUMED, by=by)


@transaction.atomic
def escalate(case: Case, *, by: User, text: str) -> CaseNote:
    """Ask the owners of the organization. They are told as if each was mentioned."""
    _pass_on(case, escalated_at=timezone.now())
    note = CaseNote.objects.create(case=case, kind=NoteKind.ESCALATED, by=by, text=text)
    owners = colleagues(case.entry, but=by).filter(
        memberships__organization=case.entry.contest.organization, memberships__role=Role.OWNER
    )
    _tell(note, owners)
    return note


@transaction.atomic
def reassign(case: Case, *, by: User, to: User, text: str = "") -> CaseNote:
    """Give ``case`` to a colleague, who is told."""
    _pass_on(case, assigned_to=to)
    note = CaseNote.objects.create(case=case, kind=NoteKind.ASSIGNED, by=by, other=to, text=text)
    if to != by:
        _tell(note, [to])
    return note


def thread(entry: Entry) -> QuerySet[CaseNote]:
    """Everything that was said and done around the cases of ``entry``, oldest first."""
    notes = CaseNote.objects.filter(case__entry=entry).select_related("by", "other")
    return notes.prefetch_related("mentions__person").order_by("pk")


def unseen(person: User) -> QuerySet[Mention]:
    """Where ``person`` was mentioned and has not looked yet, as far as they still may look."""
    found = Mention.objects.filter(
        person=person,
        seen_at=None,
        note__case__entry__contest__organization__memberships__user=person,
        note__case__entry__contest__organization__memberships__role__in=ORGANIZERS,
    )
    return found.select_related("note__by", "note__case__entry__contest").order_by("-pk")


def seen(entry: Entry, person: User) -> None:
    """``person`` has opened a case of ``entry``: what mentioned them there is read."""
    Mention.objects.filter(person=person, note__case__entry=entry, seen_at=None).update(
        seen_at=timezone.now()
    )


def told(notice: Notice) -> dict[str, Any]:
    """What the letter to a mentioned colleague says. It names no entrant: the contest may be judged blind."""
    note = CaseNote.objects.select_related("by", "case").get(pk=notice.about or 0)
    return {
        "note": note,
        "link": settings.SITE_URL + reverse("moderation:case", args=[note.case_id]) + "#thread",
    }


def _tell(note: CaseNote, people: Iterable[User]) -> None:
    if note.case.kind == CaseKind.EXERCISE:
        return  # it lies before one person alone
    for person in people:
        Mention.objects.create(note=note, person=person)
        Notice.objects.create(kind=MENTIONED, reader=person, entry=note.case.entry, about=note.pk)


def _pass_on(case: Case, **what: Any) -> None:
    """Change who works ``case``. An exercise is for one person: passed on, it goes as any case would."""
    _update(case, **({"closed_at": timezone.now()} if case.kind == CaseKind.EXERCISE else what))


def _update(case: Case, **what: Any) -> None:
    if not Case.objects.filter(pk=case.pk, closed_at=None).update(**what):
        raise NoLongerOpen(case.pk)
    for name, value in what.items():
        setattr(case, name, value)
