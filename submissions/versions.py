"""Every version of a statement, with what changed from one to the next, for people to read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions import attestation, wording
from submissions.attestation import Attestation
from submissions.models import Cloak, DisclosedTool, Disclosure, Entry, Purpose

LONG_TEXT = 4000  # words; beyond, a text is shown as replaced, not compared word by word
CHOSEN = {"level", "medium", "made_on"}  # one answer for another: no word of it stayed

ABOUT: dict[str, Promise] = {
    "level": gettext_lazy("Use of AI"),
    "medium": gettext_lazy("Kind of work"),
    "made_on": gettext_lazy("Finished on"),
    "purposes": gettext_lazy("What AI helped with"),
    "parts": gettext_lazy("Which parts AI made or changed"),
    "explanation": gettext_lazy("What AI did, and what the maker did"),
    "prompts": gettext_lazy("Prompts"),
    "cloaks": gettext_lazy("Protection"),
    "tools": gettext_lazy("Tools and models"),
}


@dataclass(frozen=True)
class Piece:
    """Words that stayed, came or went: ``kind`` is "same", "new" or "old"."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    about: Promise
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Version:
    """A signed statement; ``text`` is what was signed, None where the hash fits no text that is known."""

    disclosure: Disclosure
    text: Attestation | None
    changes: tuple[Change, ...]  # against the version before
    is_first: bool


def of(entry: Entry) -> list[Version]:
    """The newest first. What was never signed is no version."""
    signed = entry.disclosures.filter(attested_at__isnull=False).order_by("version").prefetch_related("tools")
    found: list[Version] = []
    before: Disclosure | None = None
    for disclosure in signed:
        changed = tuple(changes(before, disclosure)) if before is not None else ()
        text = attestation.find(disclosure.attestation_sha256)
        found.append(Version(disclosure, text, changed, before is None))
        before = disclosure
    return found[::-1]


def changes(old: Disclosure, new: Disclosure) -> Iterator[Change]:
    said, says = _said(old), _said(new)
    for name, about in ABOUT.items():
        if said[name] != says[name]:
            compare = _replaced if name in CHOSEN else _pieces
            yield Change(about, tuple(compare(said[name], says[name])))


def _said(disclosure: Disclosure) -> dict[str, str]:
    return {
        "level": str(disclosure.get_level_display()),
        "medium": str(disclosure.get_medium_display()),
        "made_on": date_format(disclosure.made_on) if disclosure.made_on else "",
        "purposes": ", ".join(str(Purpose(one).label) for one in disclosure.purposes),
        "parts": disclosure.parts,
        "explanation": disclosure.explanation,
        "prompts": disclosure.prompts,
        "cloaks": ", ".join(str(Cloak(one).label) for one in disclosure.cloaks),
        "tools": "\n".join(described(tool) for tool in disclosure.tools.all()),
    }


def described(tool: DisclosedTool) -> str:
    """A tool in one line, with everything that was said of it."""
    said = [wording.tool_name(tool), str(tool.get_licence_class_display()), *wording.dataset_names(tool)]
    if tool.is_fine_tuned:
        rights = tool.get_fine_tune_licence_class_display()
        said.append(_("fine-tuned with: %(words)s") % {"words": tool.fine_tune_words or "–"})
        said += [str(rights)] if rights else []
    if tool.is_self_trained:
        said.append(_("trained by the maker"))
        said += [str(value) for value in tool.training.values()]
    return " · ".join(said)


def _pieces(old: str, new: str) -> Iterator[Piece]:
    """The two texts as one, by words; spaces and line breaks stay with the word before them."""
    before, after = (re.findall(r"\S+\s*|\s+", text) for text in (old, new))
    if max(len(before), len(after)) > LONG_TEXT:
        yield from _replaced(old, new)
        return
    for kind, from_, to, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece("same", "".join(before[from_:to]))
            continue
        if from_ < to:
            yield Piece("old", "".join(before[from_:to]))
        if start < end:
            yield Piece("new", "".join(after[start:end]))


def _replaced(old: str, new: str) -> Iterator[Piece]:
    if old:
        yield Piece("old", old)
    if new:
        yield Piece("new", new)
