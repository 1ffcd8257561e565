"""Organizations, members, contests and their rules."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client

from moderation import contests
from moderation.slugs import slug_from
from submissions.models import CategoryKind, Contest, Membership, Organization, PolicyVersion, Role, User
from submissions.rules import CHOICES, PRESETS, Action, Rules
from submissions.states import State
from tests.factories import make_contest, make_entry, make_member, make_organization, make_user
from tests.moderation.rows import make_case, make_desk

SignIn = Callable[[User], Client]

FILLED = {
    "title": "서울 국제 공모전 2026",
    "description": "Pictures.",
    "time_zone": "Asia/Seoul",
    "opens_at": "2026-12-01T09:00",
    "closes_at": "2026-12-31T18:00",
    "published": "on",
    "human_name": "Hand",
    "ai_name": "Machine",
    "preset": "human_only",
}


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Open Wall 2026", "open-wall-2026"),
        ("서울 국제 공모전 2026", "seoul-gukje-gongmojeon-2026"),
        ("닭과 꽃", "dakgwa-kkot"),
        ("Überblick – été", "uberblick-ete"),
        ("★", "contest"),
        ("x" * 200, "x" * 70),
    ],
)
def test_an_address_is_made_of_any_title(title: str, slug: str) -> None:
    made = slug_from(title, taken=lambda _one: False, fallback="contest")

    assert made == slug


def test_a_taken_address_is_numbered() -> None:
    taken = {"open-wall", "open-wall-2"}

    made = slug_from("Open Wall", taken=taken.__contains__, fallback="contest")

    assert made == "open-wall-3"


@pytest.mark.django_db
def test_whoever_creates_an_organization_owns_it(as_person: SignIn) -> None:
    person = make_user()

    as_person(person).post("/organize/new/", {"name": "한울 갤러리"})

    made = Organization.objects.get()
    assert made.slug == "hanul-gaelreori"
    assert made.memberships.get().role == Role.OWNER


@pytest.mark.django_db
def test_a_contest_is_made_on_the_clock_of_its_own_zone(as_person: SignIn) -> None:
    organizer = make_member()
    organization = organizer.organizations.get()
    organizer.time_zone = "America/New_York"
    organizer.save()

    as_person(organizer).post(f"/organize/organization/{organization.slug}/new-contest/", FILLED)

    made = Contest.objects.get()
    assert made.slug == "seoul-gukje-gongmojeon-2026"
    assert made.opens_at == datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
    assert made.closes_at == datetime(2026, 12, 31, 9, 0, tzinfo=UTC)
    assert dict(made.categories.values_list("kind", "name")) == {"human": "Hand", "ai": "Machine"}
    assert made.policy.rules == PRESETS["human_only"]
    assert (made.policy.number, made.policy.created_by) == (1, organizer)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"closes_at": "2026-11-01T09:00"}, "closes_at"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"title": ""}, "title"),
        ({"opens_at": "soon"}, "opens_at"),
    ],
)
def test_a_contest_that_makes_no_sense_is_not_made(
    as_person: SignIn, change: dict[str, str], wrong: str
) -> None:
    organizer = make_member()
    organization = organizer.organizations.get()

    page = as_person(organizer).post(
        f"/organize/organization/{organization.slug}/new-contest/", {**FILLED, **change}
    )

    assert wrong in page.context["form"].errors
    assert not Contest.objects.exists()


@pytest.mark.django_db
def test_editing_shows_and_keeps_the_contests_own_clock(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    client = as_person(organizer)
    path = f"/organize/contest/{contest.slug}/edit/"

    shown = client.get(path).context["form"]["closes_at"].value().strftime("%Y-%m-%dT%H:%M")
    client.post(path, {**FILLED, "closes_at": shown, "opens_at": "2026-01-01T00:00", "title": "Renamed"})

    before = contest.closes_at
    contest.refresh_from_db()
    assert contest.title == "Renamed"
    assert contest.slug.startswith("open-wall")
    assert contest.closes_at == before.replace(second=0, microsecond=0)
    assert contest.categories.get(kind=CategoryKind.AI).name == "Machine"


@pytest.mark.django_db
def test_changed_rules_are_a_new_version_and_leave_the_old(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    own = {name: str(getattr(Rules(), name)) for name in CHOICES} | {"preset": "own", "edited": "person"}

    as_person(organizer).post(f"/organize/contest/{contest.slug}/rules/", own)

    assert [one.number for one in contest.policies.order_by("number")] == [1, 2]
    assert contest.policies.get(number=1).rules == Rules()
    assert contest.policy.rules == Rules(edited=Action.PERSON)


@pytest.mark.django_db
def test_the_same_rules_make_no_version(as_person: SignIn) -> None:
    contest, organizer = make_desk()

    as_person(organizer).post(f"/organize/contest/{contest.slug}/rules/", {"preset": "apart"})

    assert contest.policies.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["synthetic_signs", "assistive"])
def test_no_form_lets_a_score_reject(as_person: SignIn, name: str) -> None:
    contest, organizer = make_desk()
    own = {rule: str(getattr(Rules(), rule)) for rule in CHOICES} | {"preset": "own", name: "reject"}

    page = as_person(organizer).post(f"/organize/contest/{contest.slug}/rules/", own)

    assert name in page.context["form"].errors
    assert contest.policies.count() == 1


@pytest.mark.django_db
def test_a_preset_is_recognised_when_the_rules_are_opened_again(as_person: SignIn) -> None:
    contest = make_contest(rules=PRESETS["open"])
    organizer = make_member(contest.organization)

    form = as_person(organizer).get(f"/organize/contest/{contest.slug}/rules/").context["form"]

    assert [preset["value"] for preset in form.presets if preset["checked"]] == ["open"]


@pytest.mark.django_db
def test_a_rules_version_cannot_be_edited() -> None:
    contest = make_contest()

    with pytest.raises(ProgrammingError), transaction.atomic():
        PolicyVersion.objects.filter(contest=contest).update(document=PRESETS["open"].as_json())


@pytest.mark.django_db
def test_an_owner_adds_a_juror_by_address(as_person: SignIn) -> None:
    owner = make_member(role=Role.OWNER)
    organization = owner.organizations.get()
    juror = make_user(email="juror@example.org")

    as_person(owner).post(
        f"/organize/organization/{organization.slug}/", {"email": "Juror@Example.org", "role": "juror"}
    )

    assert organization.memberships.get(user=juror).role == Role.JUROR


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("email", "role", "wrong"),
    [
        ("nobody@example.org", "juror", "email"),
        ("there@example.org", "juror", "email"),
        ("x", "owner", "role"),
    ],
)
def test_who_cannot_be_added_is_told_why(as_person: SignIn, email: str, role: str, wrong: str) -> None:
    owner = make_member(role=Role.OWNER)
    organization = owner.organizations.get()
    Membership.objects.create(
        organization=organization, user=make_user(email="there@example.org"), role=Role.ORGANIZER
    )

    page = as_person(owner).post(
        f"/organize/organization/{organization.slug}/", {"email": email, "role": role}
    )

    assert wrong in page.context["form"].errors
    assert organization.memberships.count() == 2


@pytest.mark.django_db
def test_nobody_learns_of_accounts_by_trying_address_after_address(as_person: SignIn) -> None:
    owner = make_member(role=Role.OWNER)
    organization = owner.organizations.get()
    client = as_person(owner)
    last = make_user(email="last@example.org")

    for address in (*(f"{number}@example.org" for number in range(20)), last.email):
        page = client.post(
            f"/organize/organization/{organization.slug}/", {"email": address, "role": "juror"}
        )

    assert page.context["form"].non_field_errors()
    assert not organization.memberships.filter(user=last).exists()


@pytest.mark.django_db
def test_a_member_is_removed_but_never_the_last_owner(as_person: SignIn) -> None:
    organization = make_organization()
    owner, juror = make_member(organization, Role.OWNER), make_member(organization, Role.JUROR)
    client = as_person(owner)

    for member in (juror, owner):
        membership = organization.memberships.get(user=member)
        client.post(f"/organize/organization/{organization.slug}/members/{membership.pk}/remove/")

    assert [one.user for one in organization.memberships.all()] == [owner]
    page = client.get(f"/organize/organization/{organization.slug}/").content.decode()
    assert "The only owner" in page
    assert "/remove/" not in page


@pytest.mark.django_db
def test_another_organizations_member_is_not_removed_through_ours(as_person: SignIn) -> None:
    owner = make_member(role=Role.OWNER)
    foreign = Membership.objects.get(user=make_member(role=Role.JUROR))

    page = as_person(owner).post(
        f"/organize/organization/{owner.organizations.get().slug}/members/{foreign.pk}/remove/"
    )

    assert page.status_code == 404
    assert Membership.objects.filter(pk=foreign.pk).exists()


@pytest.mark.django_db
def test_the_last_owner_stays() -> None:
    owner = make_member(role=Role.OWNER)

    with pytest.raises(contests.LastOwner):
        contests.remove_member(Membership.objects.get(user=owner))


@pytest.mark.django_db
def test_the_dashboard_counts_by_state_route_and_queue(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    make_case(contest=contest)
    make_entry(contest=contest, state=State.HUNG)
    make_case()

    page = as_person(organizer).get(f"/organize/contest/{contest.slug}/")

    states = {state.value: number for state, number in page.context["states"]}
    assert states == {"received": 0, "held": 1, "hung": 1, "rejected": 0, "withdrawn": 0}
    assert dict(page.context["routes"])["with a person"] == 1
    assert {queue.name: number for queue, number in page.context["queues"]}["contradictions"] == 1


@pytest.mark.django_db
def test_a_case_about_ones_own_entry_is_announced_to_its_entrant(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    make_case(contest=contest, entrant=organizer)

    text = as_person(organizer).get(f"/organize/contest/{contest.slug}/").content.decode()

    assert "1 open case is about an entry of your own. Another organizer decides it." in text


@pytest.mark.django_db
@pytest.mark.parametrize(("asked", "expected"), [("", ["Hung", "Held"]), ("?state=hung", ["Hung"])])
def test_the_list_of_entries_leaves_drafts_and_own_ones_out(
    as_person: SignIn, asked: str, expected: list[str]
) -> None:
    contest, organizer = make_desk()
    make_case(contest=contest, title="Held")
    make_entry(contest=contest, state=State.HUNG, title="Hung")
    make_entry(contest=contest, state=State.DRAFT, title="Draft")
    make_entry(contest=contest, state=State.HUNG, title="Own", entrant=organizer)

    page = as_person(organizer).get(f"/organize/contest/{contest.slug}/all/{asked}")

    assert [entry.title for entry in page.context["page"]] == expected
