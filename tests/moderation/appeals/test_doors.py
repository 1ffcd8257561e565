"""Everybody before an appeal's doors: entrant, others, organizers here and elsewhere, jurors, who decided."""

from collections.abc import Callable

import pytest
from django.http import HttpResponseBase
from django.test import Client

from moderation.models import Appeal, CategoryClosing
from submissions.models import Membership, ProcessFile, ProcessRole, Role, User
from submissions.states import State
from tests.factories import make_entry, make_member, make_user
from tests.moderation.appeals.rows import WORDS, appealed, close_contest, evidence, rejected

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
PEOPLE = ("stranger", "entrant", "other", "organizer", "owner", "first", "elsewhere", "juror", "staff")


class House:
    def __init__(self, as_person: SignIn) -> None:
        self.entry = rejected()
        contest = self.entry.contest
        self.people = {
            "entrant": self.entry.entrant,
            "other": make_entry(contest=contest).entrant,
            "organizer": make_member(contest.organization),
            "owner": make_member(contest.organization, Role.OWNER),
            "first": self.entry.cases.get().decision.by,
            "elsewhere": make_member(role=Role.OWNER),
            "juror": make_member(contest.organization, Role.JUROR),
            "staff": make_user(is_staff=True),
        }
        self.as_person = as_person

    def answers(self, ask: Callable[[Client], HttpResponseBase]) -> dict[str, int]:
        """What each kind of person is answered; who must sign in is answered 302."""
        found = {}
        for name in PEOPLE:
            response = ask(self.as_person(self.people[name]) if name in self.people else Client())
            b"".join(response)
            found[name] = response.status_code
        return found


@pytest.fixture
def house(as_person: SignIn) -> House:
    return House(as_person)


def answers(default: int, **others: int) -> dict[str, int]:
    return {name: others.get(name, default) for name in PEOPLE}


def test_only_the_entrant_sees_the_form_and_files(house: House) -> None:
    address = f"/entries/{house.entry.public_id}/appeal/"
    sent = {"asks": "human", "words": WORDS}

    forms = house.answers(lambda client: client.get(address))
    strangers = [name for name in PEOPLE if name not in ("entrant", "stranger")]
    filed_by_others = {
        name: house.as_person(house.people[name]).post(address, sent).status_code for name in strangers
    }

    assert forms == answers(404, stranger=302, entrant=200)
    assert set(filed_by_others.values()) == {404}
    assert not Appeal.objects.exists()


def test_only_the_entrant_takes_it_back(house: House) -> None:
    appealed(house.entry)
    address = f"/entries/{house.entry.public_id}/appeal/withdraw/"

    asked = house.answers(lambda client: client.get(address))
    others = house.answers(lambda client: client.post(address))

    assert asked == answers(404, stranger=302, entrant=200)
    assert others == answers(404, stranger=302, entrant=302)


def test_its_case_and_files_are_for_those_who_judge(house: House) -> None:
    appeal = appealed(house.entry, files=[evidence()])
    file = ProcessFile.objects.get(role=ProcessRole.APPEAL)

    case = house.answers(lambda client: client.get(f"/organize/case/{appeal.case_id}/"))
    files = house.answers(lambda client: client.get(f"/process-files/{file.public_id}"))

    assert case == answers(404, stranger=302, organizer=200, owner=200, first=200)
    assert files == answers(404, stranger=302, entrant=200, organizer=200, owner=200, first=200)


def test_the_words_of_an_appeal_are_on_no_page_of_others(house: House) -> None:
    appeal = appealed(house.entry, words="Zanzibar is what I saw.", files=[evidence(name="zanzibar.psd")])
    slug = house.entry.contest.slug
    pages = (f"/contests/{slug}/", f"/contests/{slug}/transparency/", f"/contests/{slug}/gallery/")

    public = [Client().get(page).content.decode() for page in pages]
    jury = house.as_person(house.people["juror"]).get(f"/contests/{slug}/jury/").content.decode()
    judged = house.as_person(house.people["organizer"]).get(f"/organize/case/{appeal.case_id}/")

    assert "Zanzibar" in judged.content.decode()
    assert not any("anzibar" in page for page in (*public, jury))


def test_only_organizers_of_the_contest_close_its_categories(house: House) -> None:
    contest = house.entry.contest
    close_contest(contest)
    address = f"/organize/contest/{contest.slug}/closing/"

    seen = house.answers(lambda client: client.get(address))
    for name in ("stranger", "entrant", "other", "elsewhere", "juror", "staff"):
        client = house.as_person(house.people[name]) if name in house.people else Client()
        client.post(f"{address}human/", {"sure": "on"})

    assert seen == answers(404, stranger=302, organizer=200, owner=200, first=200)
    assert not CategoryClosing.objects.exists()
    house.as_person(house.people["organizer"]).post(f"{address}human/", {"sure": "on"})
    assert CategoryClosing.objects.get().by == house.people["organizer"]


def test_an_organizers_own_appeal_is_for_others(house: House) -> None:
    own = appealed(rejected(contest=house.entry.contest))
    organizer = own.entry.entrant
    Membership.objects.create(
        organization=own.entry.contest.organization, user=organizer, role=Role.ORGANIZER
    )
    client = house.as_person(organizer)

    assert client.get(f"/organize/case/{own.case_id}/").status_code == 404
    assert client.post(f"/organize/case/{own.case_id}/decide/", {"route": "human"}).status_code == 404
    assert own.entry.state == State.REJECTED
