"""Every door, and every kind of person before it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.core.files.base import ContentFile
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from submissions.models import Artwork, Contest, Entry, ProcessFile, ProcessPreview, Role, User
from submissions.states import State
from tests.factories import make_contest, make_entry, make_member, make_user
from tests.pictures import as_file, plain

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
PEOPLE = ("stranger", "other", "entrant", "owner", "organizer", "juror", "elsewhere")


@dataclass
class House:
    """One contest with somebody of every kind."""

    contest: Contest
    people: dict[str, User]

    def entry(self, state: State) -> Entry:
        return make_entry(contest=self.contest, entrant=self.people["entrant"], state=state, seen=True)


@pytest.fixture
def house() -> House:
    contest = make_contest()
    people = {
        "other": make_entry(contest=contest).entrant,
        "entrant": make_user(),
        "owner": make_member(contest.organization, Role.OWNER),
        "organizer": make_member(contest.organization, Role.ORGANIZER),
        "juror": make_member(contest.organization, Role.JUROR),
        "elsewhere": make_member(make_contest().organization, Role.OWNER),
    }
    return House(contest, people)


@pytest.fixture
def knock(house: House, as_person: SignIn) -> Callable[[str], dict[str, int]]:
    """What each kind of person is answered at an address."""

    def answer(name: str, address: str) -> int:
        client = Client() if name == "stranger" else as_person(house.people[name])
        response = client.get(address)
        body(response)
        return response.status_code

    return lambda address: {name: answer(name, address) for name in PEOPLE}


Knock = Callable[[str], dict[str, int]]


def body(response: HttpResponseBase) -> bytes:
    """What was sent. A streamed file has to be read to its end, or it stays open."""
    return b"".join(response)


def answers(default: int, **others: int) -> dict[str, int]:
    return {name: others.get(name, default) for name in PEOPLE}


@pytest.mark.parametrize("size", ["thumbnail", "display"])
@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.DRAFT, answers(404, entrant=200)),
        (State.RECEIVED, answers(404, entrant=200, owner=200, organizer=200)),
        (State.HELD, answers(404, entrant=200, owner=200, organizer=200)),
        (State.REJECTED, answers(404, entrant=200, owner=200, organizer=200)),
        (State.WITHDRAWN, answers(404, entrant=200)),
        (State.HUNG, answers(200)),
    ],
)
def test_a_picture(house: House, knock: Knock, state: State, size: str, expected: dict[str, int]) -> None:
    artwork = house.entry(state).artworks.get()

    assert knock(reverse("submissions:picture", args=[artwork.public_id, size])) == expected


def test_a_hung_picture_of_an_unpublished_contest_is_for_those_who_judge(house: House, knock: Knock) -> None:
    artwork = house.entry(State.HUNG).artworks.get()
    Contest.objects.filter(pk=house.contest.pk).update(published=False)

    expected = answers(404, entrant=200, owner=200, organizer=200, juror=200)
    assert knock(reverse("submissions:picture", args=[artwork.public_id, "display"])) == expected


@pytest.mark.parametrize("state", [State.DRAFT, State.RECEIVED, State.HUNG, State.WITHDRAWN])
def test_an_original(house: House, knock: Knock, state: State) -> None:
    artwork = house.entry(state).artworks.get()
    judged = 200 if state in (State.RECEIVED, State.HUNG) else 404

    expected = answers(404, stranger=302, entrant=200, owner=judged, organizer=judged)
    assert knock(reverse("submissions:original", args=[artwork.public_id])) == expected


@pytest.mark.parametrize("state", [State.DRAFT, State.HELD])
def test_process_evidence(house: House, knock: Knock, state: State) -> None:
    entry = house.entry(state)
    kept = ProcessFile.objects.create(entry=entry, original_name="a.psd", size=4, sha256="0" * 64)
    kept.original.save("a", ContentFile(b"8BPS"))
    judged = 404 if state == State.DRAFT else 200

    expected = answers(404, stranger=302, entrant=200, owner=judged, organizer=judged)
    assert knock(reverse("submissions:process_file", args=[kept.public_id])) == expected


@pytest.mark.parametrize("state", [State.DRAFT, State.HELD, State.HUNG, State.WITHDRAWN])
def test_what_process_evidence_shows(house: House, knock: Knock, state: State) -> None:
    kept = ProcessFile.objects.create(
        entry=house.entry(state), original_name="a.psd", size=4, sha256="0" * 64
    )
    preview = ProcessPreview(file=kept, finished_at=timezone.now())
    preview.thumbnail.save("thumbnail.webp", ContentFile(as_file(plain(), "WEBP")))
    judged = 200 if state in (State.HELD, State.HUNG) else 404

    expected = answers(404, stranger=302, entrant=200, owner=judged, organizer=judged)
    assert knock(reverse("submissions:process_preview", args=[kept.public_id])) == expected


def test_evidence_nobody_has_looked_at_has_nothing_to_show(house: House, as_person: SignIn) -> None:
    kept = ProcessFile.objects.create(
        entry=house.entry(State.HELD), original_name="a.psd", size=4, sha256="0" * 64
    )
    address = reverse("submissions:process_preview", args=[kept.public_id])
    client = as_person(house.people["organizer"])

    before = client.get(address).status_code
    ProcessPreview.objects.create(file=kept)

    assert (before, client.get(address).status_code) == (404, 404)


@pytest.mark.parametrize("door", ["reports", "reports_file"])
@pytest.mark.parametrize("state", [State.HELD, State.HUNG, State.WITHDRAWN])
def test_the_reports_of_a_statement(house: House, knock: Knock, door: str, state: State) -> None:
    entry = house.entry(state)
    judged = 404 if state == State.WITHDRAWN else 200

    expected = answers(404, stranger=302, entrant=200, owner=judged, organizer=judged)
    assert knock(reverse(f"submissions:{door}", args=[entry.public_id])) == expected


@pytest.mark.parametrize(
    ("door", "state", "own"),
    [
        ("edit", State.DRAFT, 200),
        ("discard", State.DRAFT, 200),
        ("entry", State.HELD, 200),
        ("amend", State.HELD, 200),
        ("withdraw", State.HELD, 200),
        ("edit", State.HELD, 302),
        ("discard", State.HELD, 302),
        ("entry", State.DRAFT, 302),
        ("amend", State.HUNG, 302),
        ("withdraw", State.DRAFT, 302),
        ("withdraw", State.REJECTED, 302),
    ],
)
def test_the_entrants_pages(house: House, knock: Knock, door: str, state: State, own: int) -> None:
    entry = house.entry(state)

    expected = answers(404, stranger=302, entrant=own)
    assert knock(reverse(f"submissions:{door}", args=[entry.public_id])) == expected


@pytest.mark.parametrize("door", ["edit", "discard", "withdraw", "amend"])
def test_nobody_elses_form_does_anything(house: House, as_person: SignIn, door: str) -> None:
    entry = house.entry(State.DRAFT if door in ("edit", "discard") else State.HELD)
    before = Entry.objects.values().get(pk=entry.pk)

    for name in ("other", "owner", "organizer", "juror", "elsewhere"):
        response = as_person(house.people[name]).post(reverse(f"submissions:{door}", args=[entry.public_id]))
        assert response.status_code == 404

    assert Entry.objects.values().get(pk=entry.pk) == before
    assert entry.disclosures.count() == 1


@pytest.mark.parametrize("state", list(State))
def test_a_page_on_the_wall_is_for_everybody_and_for_hung_works_alone(
    house: House, knock: Knock, state: State
) -> None:
    entry = house.entry(state)

    expected = answers(200 if state == State.HUNG else 404)
    assert knock(reverse("submissions:shown", args=[house.contest.slug, entry.public_id])) == expected


def test_a_work_hangs_in_its_own_contest_alone(house: House) -> None:
    entry = house.entry(State.HUNG)

    address = reverse("submissions:shown", args=[make_contest().slug, entry.public_id])
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("door", ["contest", "gallery"])
def test_an_unpublished_contest_is_nobodys_to_see_here(house: House, knock: Knock, door: str) -> None:
    Contest.objects.filter(pk=house.contest.pk).update(published=False)

    assert knock(reverse(f"submissions:{door}", args=[house.contest.slug])) == answers(404)


@pytest.mark.parametrize("door", ["desk", "account"])
def test_personal_pages_ask_who_you_are(knock: Knock, door: str) -> None:
    assert knock(reverse(f"submissions:{door}")) == answers(200, stranger=302)


@pytest.mark.parametrize("state", [state for state in State if state != State.HUNG])
def test_the_gallery_shows_nothing_that_does_not_hang(house: House, state: State) -> None:
    entry = house.entry(state)
    hung = house.entry(State.HUNG)

    page = Client().get(reverse("submissions:gallery", args=[house.contest.slug])).content.decode()

    assert hung.title in page
    assert entry.title not in page


def test_a_public_page_names_nobody_and_no_file(house: House) -> None:
    entry = house.entry(State.HUNG)
    Artwork.objects.filter(entry=entry).update(original_name="secret-name.png")

    for address in (
        reverse("submissions:shown", args=[house.contest.slug, entry.public_id]),
        reverse("submissions:gallery", args=[house.contest.slug]),
    ):
        page = Client().get(address).content.decode()
        assert entry.entrant.display_name not in page
        assert entry.entrant.email not in page
        assert "secret-name" not in page


def test_a_public_picture_comes_as_our_own_encoding_behind_fences(house: House) -> None:
    artwork = house.entry(State.HUNG).artworks.get()

    response = Client().get(reverse("submissions:picture", args=[artwork.public_id, "display"]))
    body(response)

    assert response.headers["Content-Type"] == "image/webp"
    assert response.headers["Content-Disposition"] == "inline"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["Cache-Control"] == "public, max-age=600"


def test_a_private_picture_stays_out_of_shared_caches(house: House, as_person: SignIn) -> None:
    artwork = house.entry(State.HELD).artworks.get()
    client = as_person(house.people["entrant"])

    response = client.get(reverse("submissions:picture", args=[artwork.public_id, "display"]))
    body(response)

    assert response.headers["Cache-Control"] == "private, max-age=60"


def test_an_original_downloads_and_never_opens(house: House, as_person: SignIn) -> None:
    artwork = house.entry(State.HELD).artworks.get()
    Artwork.objects.filter(pk=artwork.pk).update(original_name='가을"\r\nX-Evil: 1.svg')
    client = as_person(house.people["organizer"])

    response = client.get(reverse("submissions:original", args=[artwork.public_id]))
    sent = body(response)

    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert "X-Evil" not in response.headers
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["Cache-Control"] == "private, no-store"
    with artwork.original.open() as stored:
        assert sent == stored.read()


def test_what_we_did_not_encode_is_not_passed_on(house: House) -> None:
    artwork = house.entry(State.HUNG).artworks.get()
    with artwork.display.open("wb") as stored:
        stored.write(as_file(plain(), "GIF"))

    response = Client().get(reverse("submissions:picture", args=[artwork.public_id, "display"]))

    assert response.status_code == 404


def test_a_picture_nobody_has_looked_at_yet_is_not_there(house: House, as_person: SignIn) -> None:
    entry = make_entry(contest=house.contest, entrant=house.people["entrant"], seen=False)
    address = reverse("submissions:picture", args=[entry.artworks.get().public_id, "display"])

    assert as_person(house.people["entrant"]).get(address).status_code == 404
