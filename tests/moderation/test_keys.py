"""Keys of the desk: one table, the pages that obey it, and the switch for those who want none."""

import re
from collections import Counter
from collections.abc import Callable

import pytest
from django.test import Client

from moderation import keys
from moderation.models import DeskView
from submissions.models import User
from tests.factories import make_member
from tests.moderation.rows import SIGNS, make_case, make_desk

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
TIED = re.compile(r'data-key="([^"]+)" aria-keyshortcuts="([^"]+)"')
WALKED = {"k", "u"}  # there is nothing before the first case, and nothing decided yet


def tied(page: str) -> set[str]:
    found = TIED.findall(page)
    assert all(key == told for key, told in found)
    return {key for key, _told in found}


@pytest.mark.parametrize("found", [keys.on_cases(), keys.on_lists()])
def test_no_key_does_two_things(found: dict[str, keys.Key]) -> None:
    assert set(Counter(key.press for key in found.values()).values()) == {1}


def test_every_key_has_its_place_on_the_case_page(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    make_member(contest.organization)
    case = make_case(SIGNS, contest=contest)
    make_case(SIGNS, contest=contest)

    page = as_person(organizer).get(f"/organize/case/{case.pk}/").content.decode()

    assert tied(page) == {key.press for key in keys.on_cases().values()} - WALKED
    assert all(f"<kbd>{key.press}</kbd>" in page for key in keys.on_cases().values())


def test_whoever_switches_keys_off_gets_a_page_without_any(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest)
    client = as_person(organizer)

    client.post("/organize/view/", {"switch": "keys"})

    assert "<dialog" not in client.get(f"/organize/case/{case.pk}/").content.decode()
    assert "<dialog" not in client.get("/organize/queue/").content.decode()
    client.post("/organize/view/", {"switch": "keys"})
    assert "<dialog" in client.get("/organize/queue/").content.decode()


def test_blur_and_grey_are_kept_for_one_person_and_switched_on_the_page(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    other = make_member(contest.organization)
    case = make_case(contest=contest)
    client, page = as_person(organizer), f"/organize/case/{case.pk}/"

    swapped = client.post("/organize/view/", {"switch": "blur"}, headers={"HX-Request": "true"})
    back = client.post("/organize/view/", {"switch": "grey", "next": page})

    assert swapped.content.decode().count('aria-pressed="true"') == 1
    assert back["Location"] == page
    assert "data-blur data-grey" in client.get(page).content.decode()
    assert "data-blur" not in as_person(other).get(page).content.decode()
    assert DeskView.objects.get().person == organizer


def test_a_switch_leads_nowhere_else(as_person: SignIn) -> None:
    _contest, organizer = make_desk()

    answer = as_person(organizer).post(
        "/organize/view/", {"switch": "blur", "next": "https://elsewhere.example/"}
    )

    assert answer["Location"] == "/organize/view/"
