"""Reviewing blindly: what could tell whose work an entry is does not reach those who review it.

Where a contest asks for it, its organizers see no name, file name, metadata, certificate or exact time of an
entry until the contest is judged. What only carries such things is not opened to them (originals, process
files, credentials, reports); of what they must read, the ``Veil`` takes out what names somebody, and masks in
people's own words every name that the desk knows of. It cannot know the rest: an entrant who writes "I paint
the house by the lake that everybody knows" is recognised by who knows the lake.
"""

import copy
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from django.utils import timezone

from matching.models import Artist
from moderation.history import Step
from moderation.models import (
    Case,
    CheckResult,
    ClaimAnswer,
    KnownMaking,
    NameConsent,
    ReviewSettings,
    Unveiling,
)
from moderation.transparency import JURY_DAYS
from submissions.models import Artwork, Contest, DisclosedTool, Disclosure, Entry, ProcessFile, User
from submissions.states import State
from submissions.versions import Version

MASK = "▒▒▒"
TELLING = {"signer_name", "title", "author", "report", "picture", "signed_at"}
"""What findings say of people, times and pictures beside the work: taken out under a veil."""
NAMING = {"signer_name", "title", "author"}
"""Those of them that are names, to be masked wherever else they stand."""
SHORTEST, SHORTEST_EAST_ASIAN = 3, 2


def is_blind(contest: Contest) -> bool:
    """Whether those who review this contest are not to know whose work they see, now."""
    return ReviewSettings.objects.filter(contest=contest, blind=True).exists() and not is_over(contest)


def _blind_among(contests: Iterable[int]) -> set[int]:
    """Those contests, by key, that are reviewed blindly now; one query where none is."""
    rows = ReviewSettings.objects.filter(contest__in=list(contests), blind=True).select_related("contest")
    return {row.contest_id for row in rows if not is_over(row.contest)}


def is_over(contest: Contest) -> bool:
    """Nobody judges any more: the date when a jury may still sit has passed, and nothing waits."""
    if timezone.now() < contest.closes_at + JURY_DAYS:
        return False
    waits = contest.entries.filter(state__in=[State.RECEIVED, State.HELD]).exists()
    return not waits and not Case.objects.open().filter(contest=contest).exists()


def is_veiled(entry: Entry) -> bool:
    """Whether those who review ``entry`` are not to know whose it is: nor has an owner lifted the veil."""
    if not is_blind(entry.contest):
        return False
    return not Unveiling.objects.filter(case__entry=entry).exists()


def veil_of(entry: Entry) -> "Veil | None":
    """What is to be taken out of an entry's pages, where it is reviewed blindly."""
    return veils([entry]).get(entry.pk)


def veils(entries: Iterable[Entry]) -> dict[int, "Veil"]:
    """The veil of each of ``entries``, by key, that is reviewed blindly now."""
    entries = list(entries)
    blind = _blind_among({entry.contest_id for entry in entries})
    if not blind:
        return {}
    unveiled = Unveiling.objects.filter(case__entry__in=entries).values_list("case__entry", flat=True)
    lifted = set(unveiled)
    return drawn(entry for entry in entries if entry.contest_id in blind and entry.pk not in lifted)


def drawn(entries: Iterable[Entry]) -> dict[int, "Veil"]:
    """A veil over each of ``entries``, by key, whether it is reviewed blindly or not."""
    by_key = {entry.pk: entry for entry in entries}
    names = _names(by_key) if by_key else {}
    return {key: Veil(entry, names[key]) for key, entry in by_key.items()}


def lift(case: Case, *, reason: str, by: User) -> Unveiling:
    """An owner lets those who review the case see whose work it is; that it happened stays on the record."""
    return Unveiling.objects.create(case=case, reason=reason, by=by)


class Veil:
    """Takes out of what a reviewer reads whatever the desk knows to tell whose work it is."""

    def __init__(self, entry: Entry, names: Iterable[str]) -> None:
        self._entry = entry
        masked = sorted({name for name in names if _is_long_enough(name)}, key=len, reverse=True)
        self._names = re.compile("|".join(map(_as_word, masked)), re.IGNORECASE) if masked else None

    def over(self, text: str) -> str:
        return self._names.sub(MASK, text) if self._names else text

    def data(self, value: Any) -> Any:
        """A finding's data or a reason's, without what tells and with names masked."""
        if isinstance(value, dict):
            return {key: self.data(one) for key, one in value.items() if key not in TELLING}
        if isinstance(value, list):
            return [self.data(one) for one in value]
        return self.over(value) if isinstance(value, str) else value

    def entry(self) -> Entry:
        shown = copy.copy(self._entry)
        shown.title, shown.statement = self.over(shown.title), self.over(shown.statement)
        return shown

    def result(self, result: CheckResult) -> CheckResult:
        shown = copy.copy(result)
        shown.data = self.data(result.data)
        return shown

    def disclosure(self, signed: Disclosure) -> Disclosure:
        shown = copy.copy(signed)
        for words in ("explanation", "prompts", "parts"):
            setattr(shown, words, self.over(getattr(signed, words)))
        shown.attested_name, shown.attested_at = "", None
        return shown

    def tool(self, tool: DisclosedTool) -> DisclosedTool:
        shown = copy.copy(tool)
        for words in ("model_words", "dataset_words", "fine_tune_words"):
            setattr(shown, words, self.over(getattr(tool, words)))
        return shown

    def versions(self, versions: Sequence[Version]) -> list[Version]:
        return [
            replace(
                version,
                disclosure=self.disclosure(version.disclosure),
                changes=tuple(
                    replace(
                        change,
                        pieces=tuple(replace(piece, text=self.over(piece.text)) for piece in change.pieces),
                    )
                    for change in version.changes
                ),
            )
            for version in versions
        ]

    def process_files(self, files: Iterable[ProcessFile]) -> list[ProcessFile]:
        """Without names: not the files', not their layers', not the camera's."""
        shown = []
        for file in files:
            veiled = copy.copy(file)
            veiled.original_name = ""
            preview = getattr(file, "preview", None)
            if preview is not None:
                preview = copy.copy(preview)
                preview.camera = ""
                preview.layers = [{**layer, "name": ""} for layer in preview.layers]
                veiled._state.fields_cache = {**file._state.fields_cache, "preview": preview}
            shown.append(veiled)
        return shown

    def answer(self, answer: ClaimAnswer) -> ClaimAnswer:
        """What the entrant says to a claim; the file that came with it has no name, nor is it opened."""
        shown = copy.copy(answer)
        shown.words, shown.file_name = self.over(answer.words), ""
        return shown

    def making(self, known: KnownMaking | None) -> KnownMaking | None:
        if known is None:
            return None
        shown = copy.copy(known)
        shown.source = self.over(known.source)
        return shown

    def steps(self, steps: Iterable[Step]) -> list[Step]:
        """People's words masked; the day is told, not the hour."""
        return [replace(step, reason=self.over(step.reason), is_exact=False) for step in steps]


def _names(keys: Iterable[int]) -> dict[int, set[str]]:
    """Everything by which the desk knows who entered the entries with ``keys``, or their files; a query a
    table."""
    keys = list(keys)
    told: dict[int, set[str]] = {key: set() for key in keys}
    entries_of = defaultdict(list)
    people = Entry.objects.filter(pk__in=keys).values_list(
        "pk", "entrant", "entrant__display_name", "entrant__email"
    )
    for key, person, name, email in people:
        entries_of[person].append(key)
        told[key].update((name, *name.split(), email, email.split("@")[0]))
    artists = Artist.objects.filter(owner__in=list(entries_of)).values_list("owner", "name", "aliases")
    for person, name, aliases in artists:
        for key in entries_of[person]:
            told[key].update((name, *(one.strip() for one in aliases.split(","))))
    for rows, column in (
        (Disclosure.objects.filter(entry__in=keys), "attested_name"),
        (NameConsent.objects.filter(entry__in=keys), "name"),
    ):
        for key, name in rows.order_by().values_list("entry", column):
            told[key].add(name)
    for files, entry, column in (
        (Artwork.objects.filter(entry__in=keys), "entry", "original_name"),
        (ProcessFile.objects.filter(entry__in=keys), "entry", "original_name"),
        (ClaimAnswer.objects.filter(claim__entry__in=keys), "claim__entry", "file_name"),
    ):
        for key, name in files.order_by().values_list(entry, column):
            told[key].update((name, _telling_stem(name)))
    results = CheckResult.objects.filter(screening__entry__in=keys).order_by()
    for key, data in results.values_list("screening__entry", "data"):
        told[key].update(_said(data))
    return told


def _telling_stem(name: str) -> str:
    """A file's name without its ending, unless it is a plain word that may stand in any text."""
    stem = PurePath(name).stem
    return "" if stem.isalpha() else stem


def _said(data: object) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            if key in NAMING and isinstance(value, str):
                yield value
            else:
                yield from _said(value)
    elif isinstance(data, list):
        for value in data:
            yield from _said(value)


def _is_east_asian(name: str) -> bool:
    return any(ord(letter) >= 0x2E80 for letter in name)


def _is_long_enough(name: str) -> bool:
    return len(name.strip()) >= (SHORTEST_EAST_ASIAN if _is_east_asian(name) else SHORTEST)


def _as_word(name: str) -> str:
    """As a word of its own; Korean particles may follow a name directly."""
    return rf"(?<!\w){re.escape(name)}" + ("" if _is_east_asian(name) else r"(?!\w)")
