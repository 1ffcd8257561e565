"""The Korean words: none missing, none stale, and no page that forgets them."""

import gettext
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from config.messages import compile_messages

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "locale/ko/LC_MESSAGES/django.po"
# Where words for people are written.
ROOMS = ("config", "matching", "moderation", "submissions", "templates")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z]|\{\w*\}")
HANGUL = re.compile(r"[가-힣]")
# A word that ends in a consonant wants another particle than one that ends in a vowel: after a value that
# nobody knows beforehand, neither is right.
UNSURE_PARTICLE = re.compile(
    r"(?:%\(\w+\)[a-z]|\{\w*\})[’”]?(?:은|는|이|가|을|를|과|와|으로|로|라고|이라고)(?![가-힣])"
)
PAGES = ("submissions:home", "submissions:contests", "account_login", "account_signup", "matching:home")


def messages(source: Path) -> dict[tuple[str | None, str], Message]:
    """Every message of a ``.po`` by its context and its English (the singular, where it has two)."""
    with source.open("rb") as text:
        catalogue = read_po(text, locale="ko")
    return {(one.context, forms(one.id)[0]): one for one in catalogue if one.id}


def forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (text or "",) if text is None or isinstance(text, str) else tuple(text)


def compiled_form(catalogue: gettext.NullTranslations, context: str | None, one: Message) -> str:
    """What a page would say for ``one``."""
    singular, plural = forms(one.id)[0], forms(one.id)[-1]
    if singular == plural:
        return catalogue.pgettext(context, singular) if context else catalogue.gettext(singular)
    if context:
        return catalogue.npgettext(context, singular, plural, 1)
    return catalogue.ngettext(singular, plural, 1)


KOREAN = messages(SOURCE)


class Shown(HTMLParser):
    """The pieces of text that a page shows, those in a language of their own left out."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._silent: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own_language = tag != "html" and "lang" in dict(attrs)
        if self._silent is None and (own_language or tag in {"script", "style"}):
            self._silent = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            self._silent = None

    def handle_data(self, data: str) -> None:
        if self._silent is None and data.strip():
            self.pieces.append(" ".join(data.split()))


def shown(name: str, language: str) -> list[str]:
    with translation.override(language):  # what the middleware activates would outlive the test
        answer = Client().get(reverse(name), headers={"accept-language": language})
    assert answer.status_code == 200
    return Shown(answer.content.decode()).pieces


def test_every_message_is_translated() -> None:
    missing = [english for (_, english), one in KOREAN.items() if one.fuzzy or not all(forms(one.string))]

    assert missing == []


def test_placeholders_are_kept() -> None:
    changed = [
        english
        for (_, english), one in KOREAN.items()
        for form in forms(one.string)
        if set(PLACEHOLDER.findall(form)) != set(PLACEHOLDER.findall(forms(one.id)[-1]))
    ]

    assert changed == []


def test_no_particle_hangs_on_a_word_nobody_knows() -> None:
    unsure = [form for one in KOREAN.values() for form in forms(one.string) if UNSURE_PARTICLE.search(form)]

    assert unsure == []


@pytest.mark.skipif(not shutil.which("xgettext"), reason="xgettext (Debian's gettext) is not installed")
@pytest.mark.timeout(120)
def test_the_catalogue_has_what_the_sources_say_and_nothing_else(tmp_path: Path) -> None:
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", tmp_path)
    (tmp_path / "locale").mkdir()

    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--locale=ko"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )

    assert set(KOREAN) == set(messages(tmp_path / "locale/ko/LC_MESSAGES/django.po"))


def test_what_is_compiled_is_what_was_written() -> None:
    compile_messages()

    with SOURCE.with_suffix(".mo").open("rb") as compiled:
        catalogue = gettext.GNUTranslations(compiled)
    differs = [
        english
        for (context, english), one in KOREAN.items()
        if compiled_form(catalogue, context, one) != forms(one.string)[0]
    ]
    assert differs == []


@pytest.fixture(scope="module")
def english_words() -> set[str]:
    """What a Korean page must not say: every message but those that read the same in both languages."""
    return {english for (_, english), one in KOREAN.items() if forms(one.string)[0] != english}


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_no_english_message_is_left_on_a_korean_page(page: str, english_words: set[str]) -> None:
    in_english, in_korean = shown(page, "en"), shown(page, "ko")

    assert english_words.intersection(in_english)
    assert english_words.intersection(in_korean) == set()


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_every_sentence_of_a_korean_page_is_korean(page: str) -> None:
    """Also those that no catalogue of ours holds: allauth's, and any that nobody marked."""
    foreign = [piece for piece in shown(page, "ko") if len(piece.split()) > 1 and not HANGUL.search(piece)]

    assert foreign == []


@pytest.mark.parametrize("style", ["DATETIME_FORMAT", "SHORT_DATETIME_FORMAT", "TIME_FORMAT", "DATE_FORMAT"])
def test_a_sentence_that_ends_in_a_moment_ends_in_one_full_stop(style: str) -> None:
    moments = [datetime(2026, 1 + hour % 12, 1, hour, 39 * (hour % 2), tzinfo=UTC) for hour in range(24)]
    for language in ("en", "ko"):
        with translation.override(language):
            assert [said for at in moments if (said := date_format(at, style)).endswith(".")] == []


def test_korean_dates_say_the_half_of_the_day_before_the_hour() -> None:
    with translation.override("ko"):
        said = date_format(datetime(2026, 11, 30, 23, 59, tzinfo=UTC), "DATETIME_FORMAT")

    assert said == "2026년 11월 30일 오후 11:59"
