"""A filter under a name: kept, found again, removed, one's own, and gone with its person."""

from collections.abc import Callable

import pytest
from django.test import Client

from moderation import saving
from moderation.models import Case, SavedFilter
from moderation.people import exporting, leaving
from submissions.models import ErasedBy, Role, User
from tests.factories import make_member
from tests.moderation.rows import SIGNS, make_case, make_desk, make_open_desk

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
KEEP = "/organize/queue/keep/"


def test_what_is_shown_is_kept_and_found_again(as_person: SignIn) -> None:
    contest, organizer = make_open_desk()
    make_case(SIGNS, contest=contest, title="겨울 바다")
    client = as_person(organizer)

    client.post(
        f"{KEEP}?queue=signs&q=%EA%B2%A8%EC%9A%B8&lane=&page=3&csrf=no", {"name": " Winter, by signs "}
    )
    kept = SavedFilter.objects.get()
    page = client.get(f"/organize/queue/?{kept.query}")

    assert (kept.person, kept.name) == (organizer, "Winter, by signs")
    assert kept.query == "queue=signs&q=%EA%B2%A8%EC%9A%B8"
    assert [row.case.entry.title for row in page.context["rows"]] == ["겨울 바다"]
    assert 'aria-current="page">Winter, by signs' in page.content.decode()


def test_the_same_name_is_kept_anew(as_person: SignIn) -> None:
    _contest, organizer = make_desk()
    client = as_person(organizer)

    for severity in ("2", "3"):
        client.post(f"{KEEP}?severity={severity}", {"name": "Heavy"})

    assert SavedFilter.objects.get().query == "severity=3"


def test_twenty_are_kept_at_most(as_person: SignIn) -> None:
    _contest, organizer = make_desk()
    for number in range(saving.MOST_FILTERS):
        saving.keep(organizer, name=str(number), asked={})

    page = as_person(organizer).post(KEEP, {"name": "One more"}, follow=True)

    assert SavedFilter.objects.count() == saving.MOST_FILTERS
    assert "Remove one first." in page.content.decode()


@pytest.mark.parametrize("name", ["", "x" * 61])
def test_a_filter_needs_a_name_that_fits(as_person: SignIn, name: str) -> None:
    _contest, organizer = make_desk()

    page = as_person(organizer).post(KEEP, {"name": name}, follow=True)

    assert not SavedFilter.objects.exists()
    assert "Give the filter a name" in page.content.decode()


def test_a_filter_is_its_persons_alone(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    colleague = make_member(contest.organization)
    kept = saving.keep(organizer, name="Zanzibar", asked={"severity": "3"})
    client = as_person(colleague)

    page = client.get("/organize/queue/")
    removed = client.post(f"{KEEP}{kept.pk}/remove/")

    assert "Zanzibar" not in page.content.decode()
    assert removed.status_code == 404
    assert SavedFilter.objects.exists()
    as_person(organizer).post(f"{KEEP}{kept.pk}/remove/")
    assert not SavedFilter.objects.exists()


def test_no_filter_of_a_queue_that_is_not_open(as_person: SignIn) -> None:
    _contest, organizer = make_desk()

    page = as_person(organizer).post(f"{KEEP}?queue=escalated", {"name": "Theirs"})

    assert page.status_code == 404
    assert not SavedFilter.objects.exists()


def test_filters_and_assignments_are_exported_and_go_with_their_person() -> None:
    contest, organizer = make_desk()
    make_member(contest.organization, Role.OWNER)
    case = make_case(contest=contest)
    Case.objects.filter(pk=case.pk).update(assigned_to=organizer)
    saving.keep(organizer, name="Zanzibar", asked={"q": "harbour"})

    told = exporting.about(organizer)
    leaving.erase_person(organizer, by=ErasedBy.ENTRANT)

    assert [one["name"] for one in told["saved_filters"]] == ["Zanzibar"]
    assert [one["pk"] for one in told["cases_assigned_to_you"]] == [case.pk]
    assert not SavedFilter.objects.exists()
    assert Case.objects.get(pk=case.pk).assigned_to is None
