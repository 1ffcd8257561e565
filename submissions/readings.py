"""What a draft's files say of themselves, offered to the entrant: taken over on their word, or declined."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from submissions.models import Answer, Disclosure, Entry, FileReading
from submissions.rules import AILevel
from submissions.states import State

ORDER = list(AILevel)  # from no AI to all of it


def of(entry: Entry) -> list[FileReading]:
    """Of every picture, in the order of the pictures."""
    rows = FileReading.objects.filter(artwork__entry=entry).select_related("artwork")
    return list(rows.order_by("artwork__position", "pk"))


@transaction.atomic
def accept(reading: FileReading) -> None:
    """Put into the draft's statement what the file says; what the entrant has written stays as it is."""
    entry = _draft_that_asks(reading)
    if entry is None:
        return
    disclosure = entry.disclosure or Disclosure.objects.create(entry=entry)
    _raise_level(disclosure, reading.level)
    if reading.prompts and not disclosure.prompts.strip():
        disclosure.prompts = reading.prompts
    disclosure.save(update_fields=["level", "prompts"])
    named = {_named(tool) for tool in disclosure.tools.values("model", "model_words")}
    for tool in reading.tools:
        if _named(tool) not in named:
            disclosure.tools.create(**tool)
    _answer(reading, Answer.ACCEPTED)


def untaken(entry: Entry) -> list[FileReading]:
    """What files say that the statement was never filled with: offered again where it is amended."""
    return [row for row in of(entry) if row.speaks and row.answer != Answer.ACCEPTED]


@transaction.atomic
def decline(reading: FileReading) -> None:
    if _draft_that_asks(reading) is not None:
        _answer(reading, Answer.DECLINED)


def _draft_that_asks(reading: FileReading) -> Entry | None:
    """The draft, ours until the transaction ends; None where it was handed in or answered meanwhile."""
    drafts = Entry.objects.select_for_update(of=("self",)).filter(state=State.DRAFT)
    entry = drafts.filter(artworks__reading=reading).first()
    reading.refresh_from_db()
    return entry if reading.is_open else None


def _raise_level(disclosure: Disclosure, level: str) -> None:
    if exceeds(level, disclosure.level):
        disclosure.level = level


def exceeds(level: str, stated: str) -> bool:
    """Whether a file that speaks for ``level`` says more than is ``stated``; it never speaks for less."""
    return bool(level) and (not stated or ORDER.index(AILevel(level)) > ORDER.index(AILevel(stated)))


def _named(tool: Mapping[str, Any]) -> str:
    return str(tool.get("model") or tool.get("model_words") or "").casefold()


def _answer(reading: FileReading, answer: Answer) -> None:
    FileReading.objects.filter(pk=reading.pk).update(answer=answer)


def unread() -> QuerySet[FileReading]:
    """Of drafts: what lies before the desk is read by its checks."""
    return FileReading.objects.filter(read_at=None, artwork__entry__state=State.DRAFT)
