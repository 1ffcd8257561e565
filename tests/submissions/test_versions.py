"""Amending makes a version; every version is kept, with what was signed and what changed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from submissions import attestation, intake, versions
from submissions.models import Disclosure, Entry, User
from submissions.rules import AILevel
from submissions.states import State
from tests.factories import make_disclosure, make_entry, make_member

SignIn = Callable[[User], Client]

TOOL = {"model": "midjourney", "version": "6"}


def amended(**said: Any) -> Entry:
    entry = make_entry(state=State.HELD)
    intake.amend(
        entry,
        by=entry.entrant,
        statement={"level": AILevel.EDITED, "parts": "The sky and the sea", **said},
        tools=[TOOL],
        signed="Mina Park",
    )
    return entry


def told(change: versions.Change) -> tuple[str, str, str]:
    """What a change is about, and the text before and after."""
    old = "".join(piece.text for piece in change.pieces if piece.kind != "new")
    new = "".join(piece.text for piece in change.pieces if piece.kind != "old")
    return str(change.about), old, new


@pytest.mark.django_db
def test_each_version_says_what_changed_and_what_was_signed() -> None:
    found = versions.of(amended())

    assert [version.disclosure.version for version in found] == [2, 1]
    assert [told(change) for change in found[0].changes] == [
        ("Use of AI", "No generative AI", "Part of the picture was generated or edited by AI"),
        ("Which parts AI made or changed", "", "The sky and the sea"),
        ("Tools and models", "", "Midjourney 6 · I don't know"),
    ]
    assert (found[1].changes, found[1].is_first) == ((), True)
    assert [version.text for version in found] == [attestation.current()] * 2


@pytest.mark.django_db
def test_a_text_is_compared_word_by_word() -> None:
    entry = amended()
    make_disclosure(entry, version=3, level=AILevel.EDITED, parts="The sky and the hands", tools=[TOOL])

    (change, *_others) = versions.of(entry)[0].changes

    assert [(piece.kind, piece.text) for piece in change.pieces] == [
        ("same", "The sky and the "),
        ("old", "sea"),
        ("new", "hands"),
    ]


@pytest.mark.django_db
def test_what_was_signed_in_korean_is_told_in_korean() -> None:
    with translation.override("ko"):
        entry = amended()

    text = versions.of(entry)[0].text

    assert text is not None
    assert (text.version, text.language) == (attestation.CURRENT, "ko")


@pytest.mark.django_db
def test_a_signed_version_cannot_be_edited_or_deleted() -> None:
    first = amended().disclosures.get(version=1)

    with pytest.raises(DatabaseError), transaction.atomic():
        Disclosure.objects.filter(pk=first.pk).update(prompts="other words")
    with pytest.raises(DatabaseError), transaction.atomic():
        Disclosure.objects.filter(pk=first.pk).delete()


@pytest.mark.django_db
def test_entrant_and_reviewer_read_the_same_history(as_person: SignIn) -> None:
    entry = amended()
    organizer = make_member(entry.contest.organization)
    pages = [
        as_person(entry.entrant).get(reverse("submissions:entry", args=[entry.public_id])),
        as_person(organizer).get(reverse("moderation:entry", args=[entry.public_id])),
    ]

    for page in pages:
        shown = page.content.decode()
        assert "All 2 versions, and what changed" in shown
        assert "<del>No generative AI</del><ins>Part of the picture" in shown
        assert attestation.current().sha256[:16] in shown


WORDS = st.text(st.sampled_from("ab \n"), max_size=30)


@given(old=WORDS, new=WORDS)
def test_the_pieces_hold_both_texts(old: str, new: str) -> None:
    pieces = list(versions._pieces(old, new))

    assert "".join(piece.text for piece in pieces if piece.kind != "new") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "old") == new
