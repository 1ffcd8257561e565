"""Texts for reasons, in the language of who will read them."""

from collections.abc import Callable

import pytest
from django.test import Client

from moderation import canned
from moderation.models import Decision
from submissions.models import User
from tests.factories import make_user
from tests.moderation.rows import make_case, make_desk

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
OWN = {
    "name": "Traced",
    "route": "reject",
    "ground": "copy",
    "text_en": "The drawing follows another line by line.",
    "text_ko": "다른 그림의 선을 그대로 따라 그렸습니다.",
}


def test_every_ground_and_every_wall_has_a_ready_text_in_both_languages() -> None:
    contest, _organizer = make_desk()

    found = canned.texts(contest)

    assert [(text.route, text.ground) for text in found] == [
        ("human", ""),
        ("ai", ""),
        ("ai_apart", ""),
        ("reject", "copy"),
        ("reject", "statement"),
        ("reject", "rules"),
    ]
    assert all(text.text_en and text.text_ko and text.text_en != text.text_ko for text in found)


@pytest.mark.parametrize(("language", "expected"), [("en", "text_en"), ("ko", "text_ko")])
def test_a_text_comes_in_the_entrants_language_and_keeps_what_was_written(
    as_person: SignIn, language: str, expected: str
) -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest, entrant=make_user(language=language))
    sent = {"route": "reject", "grounds": ["copy"], "reason": "See the outline.", "text": "copy"}

    page = as_person(organizer).post(f"/organize/case/{case.pk}/decide/", {**sent, "insert": "yes"})

    text = canned.text(contest, "copy")
    assert text is not None
    form = page.context["form"]
    assert form["reason"].value() == f"See the outline.\n\n{getattr(text, expected)}"
    assert (form["route"].value(), form["grounds"].value()) == ("reject", ["copy"])
    assert "errorlist" not in page.content.decode()
    assert not Decision.objects.exists()


def test_htmx_gets_the_field_alone(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest)

    page = (
        as_person(organizer)
        .post(
            f"/organize/case/{case.pk}/decide/",
            {"insert": "yes", "text": "human", "reason": ""},
            headers={"HX-Request": "true"},
        )
        .content.decode()
    )

    assert page.strip().startswith('<div id="reason-field">')
    assert "autofocus" in page
    assert "the work hangs in the human category." in page


def test_a_contests_own_text_is_added_changed_retired_and_brought_back(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    client, address = as_person(organizer), f"/organize/contest/{contest.slug}/texts/"

    client.post(address, OWN)
    (own,) = [text for text in canned.texts(contest) if text.own]
    client.post(f"{address}?text={own.key}", {**OWN, "name": "Drawn over"})
    assert [text.name for text in canned.texts(contest) if text.own] == ["Drawn over"]

    client.post(f"{address}retire/", {"text": own.key})
    assert len(canned.texts(contest)) == len(canned.READY)
    (retired,) = canned.retired(contest)
    client.post(f"{address}{retired.pk}/bring-back/")

    assert len(canned.texts(contest)) == len(canned.READY) + 1


def test_a_ready_text_is_changed_for_one_contest_alone(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    other, _another = make_desk()
    client, address = as_person(organizer), f"/organize/contest/{contest.slug}/texts/"

    client.post(f"{address}?text=copy", OWN)

    names = [text.name for text in canned.texts(contest) if text.ground == "copy"]
    assert names == ["Traced"]
    assert canned.text(other, "copy") is not None

    client.post(f"{address}retire/", {"text": "rules"})

    assert canned.text(contest, "rules") is None
    assert canned.text(other, "rules") is not None


def test_a_text_for_a_rejection_names_its_ground_and_both_languages_are_asked(as_person: SignIn) -> None:
    contest, organizer = make_desk()

    page = as_person(organizer).post(
        f"/organize/contest/{contest.slug}/texts/", {**OWN, "ground": "", "text_ko": ""}
    )

    assert set(page.context["form"].errors) == {"ground", "text_ko"}


def test_a_text_of_another_contest_is_nothing_here(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    other, another = make_desk()
    theirs = canned.keep(other, OWN, by=another)

    assert canned.insert(contest, f"own-{theirs.pk}", into="Mine.", language="en") == "Mine."
    assert (
        as_person(organizer).get(f"/organize/contest/{contest.slug}/texts/?text=own-{theirs.pk}").status_code
        == 404
    )
