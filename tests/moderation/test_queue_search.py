"""One field finds a case by title, entrant, tool, artist or finding; by no name where reviewers see none."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from django.utils import translation

from moderation import queues, searching
from moderation.models import Case, ReviewSettings, Sighting
from moderation.people import erasing, leaving
from submissions.models import ErasedBy, User
from submissions.rules import AILevel
from submissions.states import State
from submissions.transitions import move
from tests.factories import make_user
from tests.moderation.claims.rows import make_claim, make_hung
from tests.moderation.rows import (
    CONTRADICTION,
    SIGNS,
    make_case,
    make_desk,
    make_open_desk,
    make_work,
    titles,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def found(person: User, text: str) -> list[str]:
    return sorted(titles(list(searching.matching(queues.QUEUES["all"].cases(person), text, reader=person))))


SIGNED_BY_THE_ENTRANT = replace(CONTRADICTION, data={**CONTRADICTION.data, "signer_name": "Zanzi Barth"})


@pytest.fixture
def desk() -> User:
    """Who has two cases: a harbour by Zanzi Barth, made with Firefly, and roofs with signs of generation."""
    contest, organizer = make_open_desk()
    make_case(
        SIGNED_BY_THE_ENTRANT,
        contest=contest,
        title="겨울 Harbour_50%",
        entrant=make_user(display_name="Zanzi Barth"),
        level=AILevel.EDITED,
        tools=[{"model": "adobe-firefly"}, {"model_words": "My own Mixer"}],
    )
    make_case(SIGNS, contest=contest, title="Roofs", entrant=make_user(display_name="Ömer"))
    return organizer


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("harbour", ["겨울 Harbour_50%"]),
        ("겨울", ["겨울 Harbour_50%"]),
        ("  HARBOUR   겨울 ", ["겨울 Harbour_50%"]),
        ("harbour roofs", []),
        ("zanzi", ["겨울 Harbour_50%"]),
        ("O\u0308MER", ["Roofs"]),
        ("mixer", ["겨울 Harbour_50%"]),
        ("signs of generation", ["Roofs"]),
        ("synthetic.signs", ["Roofs"]),
        ("roofs ömer signs", ["Roofs"]),
        ("r_ofs", []),
        ("50%", ["겨울 Harbour_50%"]),
        ("", ["Roofs", "겨울 Harbour_50%"]),
    ],
)
def test_every_word_must_be_found_somewhere(desk: User, text: str, expected: list[str]) -> None:
    assert found(desk, text) == expected


def test_a_tool_is_found_by_the_catalogues_name(desk: User) -> None:
    (name,) = {
        word for case in Case.objects.exclude(words="") for word in case.words.split() if word == "firefly"
    }

    assert found(desk, name) == ["겨울 Harbour_50%"]


def test_a_finding_is_found_in_the_readers_language(desk: User) -> None:
    with translation.override("ko"):
        korean = found(desk, "징후")
    with translation.override("en"):
        english = found(desk, "징후")

    assert (korean, english) == (["Roofs"], [])


def test_an_artist_is_found_once_their_work_was_seen_and_by_no_old_name(desk: User) -> None:
    work = make_work()
    case = Case.objects.get(entry__title="Roofs")
    before = found(desk, work.artist.name)

    Sighting.objects.create(work=work, artwork=case.entry.artworks.get(), code="copy.verified", later=True)
    seen = found(desk, work.artist.name)
    work.artist.name, work.artist.owner = "Quartz", make_user()
    work.artist.save()
    renamed = found(desk, "quartz")
    leaving.erase_person(work.artist.owner, by=ErasedBy.ENTRANT)

    assert (before, seen, renamed, found(desk, "quartz")) == ([], ["Roofs"], ["Roofs"], [])


def test_who_claims_an_entry_is_found_in_the_case_of_the_claim_and_by_no_old_name() -> None:
    contest, organizer = make_desk()
    claim = make_claim(make_hung(contest=contest, title="Quay"))
    artist = claim.artist
    first = found(organizer, artist.name)

    artist.name = "Quartz"
    artist.save()
    renamed = found(organizer, "quartz")
    ended = claim.case
    leaving.erase_person(claim.by, by=ErasedBy.ENTRANT)

    assert (first, renamed) == (["Quay"], ["Quay"])
    ended.refresh_from_db()
    assert ended.closed_at is not None
    assert "quartz" not in ended.words


def test_a_new_name_is_found_and_the_old_one_no_more(desk: User) -> None:
    entrant = Case.objects.get(entry__title="Roofs").entry.entrant
    entrant.display_name = "Quartz"
    entrant.save()

    assert (found(desk, "quartz"), found(desk, "ömer")) == (["Roofs"], [])


def test_no_entrant_is_searched_nor_shown_where_reviewers_see_no_names(desk: User, as_person: SignIn) -> None:
    contest = Case.objects.get(entry__title="Roofs").contest
    client = as_person(desk)
    sighted = client.get("/organize/queue/")
    ReviewSettings.objects.filter(contest=contest).update(blind=True)

    pages = [client.get("/organize/queue/", {"q": text}) for text in ("zanzi", "barth", "ömer")]
    everything = client.get("/organize/queue/")
    everybody = [str(case.pk) for case in Case.objects.all()]
    preview = client.post("/organize/queue/chosen/", {"what": "decide", "case": everybody})

    assert "signed by Zanzi Barth" in sighted.content.decode()
    assert [len(page.context["rows"]) for page in pages] == [0, 0, 0]
    assert {number for page in pages for _queue, number in page.context["queues"]} == {0}
    assert len(everything.context["rows"]) == 2
    for name in ("Zanzi", "Barth", "Ömer", "@example.org"):
        assert name not in everything.content.decode()
        assert name not in preview.content.decode()
    assert len(preview.context["able"]) == 2
    assert found(desk, "harbour") == ["겨울 Harbour_50%"]


def test_nothing_of_another_organization_is_found(desk: User) -> None:
    make_case(title="Roofs elsewhere")

    assert found(desk, "roofs") == ["Roofs"]


def test_an_erased_entry_leaves_no_word_to_find(desk: User) -> None:
    case = Case.objects.get(entry__title="Roofs")
    move(case.entry, State.WITHDRAWN, because="withdrawn by the entrant")

    erasing.erase_entry(case.entry, by=ErasedBy.ENTRANT)

    case.refresh_from_db()
    assert (case.words, case.entrant_words) == ("", "")
