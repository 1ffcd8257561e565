"""The jury's room: large pictures, titles, and no word of whose they are."""

from collections.abc import Callable

import pytest
from django.test import Client

from submissions.models import Artwork, CategoryKind, ProcessFile, Role, User
from submissions.states import State
from tests.factories import make_contest, make_entry, make_member, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
SECRET = "Zanzibar"


def order(client: Client, slug: str) -> list[str]:
    page = client.get(f"/contests/{slug}/jury/")
    return [entry.title for entry in page.context["page"]]


def test_nothing_that_tells_whose_it_is_reaches_the_page(as_person: SignIn) -> None:
    contest = make_contest()
    juror = make_member(contest.organization, Role.JUROR)
    entrant = make_user(display_name=f"{SECRET} Name", email=f"{SECRET}@example.org")
    entry = make_entry(
        contest=contest,
        state=State.HUNG,
        entrant=entrant,
        title="Harbour",
        statement=f"I, {SECRET}, painted.",
    )
    Artwork.objects.filter(entry=entry).update(original_name=f"{SECRET}.png")
    ProcessFile.objects.create(entry=entry, original_name=f"{SECRET}.psd", size=1, sha256="0" * 64)

    response = as_person(juror).get(f"/contests/{contest.slug}/jury/")

    said = response.content.decode() + str(response.headers)
    assert "Harbour" in said
    assert SECRET.lower() not in said.lower()
    assert str(entrant.pk) + "@" not in said
    assert str(entry.public_id) not in said


def test_only_what_hangs_in_the_category_is_shown(as_person: SignIn) -> None:
    contest = make_contest()
    juror = make_member(contest.organization, Role.JUROR)
    ai = contest.categories.get(kind=CategoryKind.AI)
    make_entry(contest=contest, state=State.HUNG, title="By hand")
    make_entry(contest=contest, state=State.HUNG, title="By machine", category=ai)
    make_entry(contest=contest, state=State.HELD, title="Held")
    make_entry(state=State.HUNG, title="Elsewhere")
    client = as_person(juror)

    human = order(client, contest.slug)
    machine = [
        entry.title for entry in client.get(f"/contests/{contest.slug}/jury/?category=ai").context["page"]
    ]

    assert human == ["By hand"]
    assert machine == ["By machine"]


def test_the_order_is_of_chance_and_stays(as_person: SignIn) -> None:
    contest = make_contest()
    one, other = (as_person(make_member(contest.organization, Role.JUROR)) for _each in range(2))
    entered = [make_entry(contest=contest, state=State.HUNG, pictures=0).title for _each in range(12)]

    first, again, others = order(one, contest.slug), order(one, contest.slug), order(other, contest.slug)

    assert first == again
    assert sorted(first) == sorted(others) == sorted(entered)
    assert len({tuple(first), tuple(others), tuple(entered)}) == 3


def test_a_juror_does_not_judge_their_own_work(as_person: SignIn) -> None:
    contest = make_contest()
    juror = make_member(contest.organization, Role.JUROR)
    make_entry(contest=contest, state=State.HUNG, entrant=juror)

    shown = order(as_person(juror), contest.slug)

    assert shown == []


def test_a_juror_may_load_the_pictures(as_person: SignIn) -> None:
    contest = make_contest(published=False)
    juror = make_member(contest.organization, Role.JUROR)
    artwork = make_entry(contest=contest, state=State.HUNG).artworks.get()

    response = as_person(juror).get(f"/pictures/{artwork.public_id}/display")

    assert response.status_code == 200
    assert response.getvalue()[:4] == b"RIFF"


@pytest.mark.parametrize("number", [1, 3])
def test_the_room_asks_the_database_the_same_for_any_number(
    number: int, as_person: SignIn, django_assert_num_queries: Callable[[int], object]
) -> None:
    contest = make_contest()
    client = as_person(make_member(contest.organization, Role.JUROR))
    for _each in range(number):
        make_entry(contest=contest, state=State.HUNG, pictures=2)

    with django_assert_num_queries(9):  # type: ignore[attr-defined]
        client.get(f"/contests/{contest.slug}/jury/")
