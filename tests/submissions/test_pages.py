"""What pages say, and that they ask the database no more for three things than for one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from submissions import reasons
from submissions.models import CategoryKind, Contest, Entry, LicenceClass, Organization, User
from submissions.rules import PRESETS, AILevel
from submissions.states import State
from submissions.transitions import move
from tests.factories import PASSWORD, make_contest, make_entry, make_organization, make_user

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
LONG_TITLE = "한강의 밤하늘을 바라보며 오래도록 서 있던 사람들의 이야기와 그 뒤에 남은 빛에 대하여"


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def organization() -> Organization:
    return make_organization()


@pytest.fixture
def contest(organization: Organization) -> Contest:
    return make_contest(organization=organization)


TOOLS: list[dict[str, Any]] = [
    {"model": "midjourney", "version": "6", "licence_class": LicenceClass.SCRAPED, "datasets": ["laion-5b"]},
    {"model_words": "My own model", "is_fine_tuned": True, "fine_tune_words": "my drawings"},
]


@pytest.mark.parametrize("number", [1, 3])
def test_home(
    number: int, organization: Organization, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _contest in range(number):
        make_entry(contest=make_contest(organization=organization), state=State.HUNG)

    with django_assert_num_queries(2):
        text(Client(), reverse("submissions:home"))


@pytest.mark.parametrize("number", [1, 3])
def test_contests(
    number: int, organization: Organization, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    contests = [make_contest(organization=organization) for _contest in range(number)]

    with django_assert_num_queries(2):
        page = text(Client(), reverse("submissions:contests"))

    assert all(contest.title in page for contest in contests)


@pytest.mark.parametrize("number", [1, 3])
def test_a_contest(number: int, contest: Contest, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _entry in range(number):
        make_entry(contest=contest, state=State.HUNG)

    with django_assert_num_queries(7):
        text(Client(), reverse("submissions:contest", args=[contest.slug]))


@pytest.mark.parametrize("number", [1, 3])
def test_a_gallery(number: int, contest: Contest, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _entry in range(number):
        make_entry(contest=contest, state=State.HUNG)

    with django_assert_num_queries(5):
        text(Client(), reverse("submissions:gallery", args=[contest.slug]))


@pytest.mark.parametrize("number", [1, 3])
def test_a_work_on_the_wall(
    number: int, contest: Contest, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    entry = make_entry(
        contest=contest, state=State.HUNG, pictures=number, level=AILevel.GENERATED, tools=TOOLS[:1] * number
    )

    with django_assert_num_queries(5):
        text(Client(), reverse("submissions:shown", args=[contest.slug, entry.public_id]))


@pytest.mark.parametrize("number", [1, 3])
def test_the_desk(
    number: int, contest: Contest, as_person: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    entrant = make_user()
    entries = [make_entry(contest=contest, entrant=entrant, state=State.HUNG) for _entry in range(number)]
    client = as_person(entrant)

    with django_assert_num_queries(6):  # session, person, claims, count, entries, open contests
        page = text(client, reverse("submissions:desk"))

    assert all(entry.title in page for entry in entries)


@pytest.mark.parametrize("number", [1, 3])
def test_a_draft(
    number: int, contest: Contest, as_person: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    entry = make_entry(
        contest=contest, state=State.DRAFT, pictures=number, level=AILevel.GENERATED, tools=TOOLS[:1] * number
    )
    client = as_person(entry.entrant)

    # Session, person, entry, statement, tools, pictures, evidence, readings, dry run, how many are left.
    with django_assert_num_queries(10):
        text(client, reverse("submissions:edit", args=[entry.public_id]))


@pytest.mark.parametrize("number", [1, 3])
def test_an_entry_on_its_way(
    number: int, contest: Contest, as_person: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    entry = make_entry(contest=contest, pictures=number, level=AILevel.GENERATED, tools=TOOLS[:1] * number)
    for state in [State.HELD, State.RECEIVED, State.HELD][:number]:
        move(entry, state, because="test")
    client = as_person(entry.entrant)
    kept, reasons.providers[:] = reasons.providers[:], []  # what others ask is theirs to count

    try:
        with django_assert_num_queries(11):
            # session, person, entry, statement, tools, pictures, evidence, moves
            text(client, reverse("submissions:entry", args=[entry.public_id]))
    finally:
        reasons.providers[:] = kept


def test_a_contest_says_the_rules_that_will_judge() -> None:
    strict, open_to_all = make_contest(), make_contest(rules=PRESETS["open"])

    strict_page = text(Client(), reverse("submissions:contest", args=[strict.slug]))
    open_page = text(Client(), reverse("submissions:contest", args=[open_to_all.slug]))

    assert "A model trained on works without their makers&#x27; permission" in strict_page
    assert "Is not accepted." in strict_page
    assert "under a label that says so." not in strict_page
    assert "Hangs with the works made with AI, under a label that says so." in open_page
    assert "Version 1 of the rules" in open_page


def test_dates_are_told_in_the_contests_time_and_in_the_visitors(as_person: SignIn) -> None:
    closes = datetime(2031, 5, 1, 14, 59, tzinfo=UTC)
    contest = make_contest(closes_at=closes, time_zone="Asia/Seoul")
    client = as_person(make_user(time_zone="America/New_York"))

    page = text(client, reverse("submissions:contest", args=[contest.slug]))

    assert "May 1, 2031, 11:59 PM" in page
    assert "May 1, 2031, 10:59 AM" in page


@pytest.mark.parametrize(
    ("opens", "closes", "says"),
    [
        (-1, 1, "Sign in to enter"),
        (1, 2, "This contest has not opened yet."),
        (-2, -1, "This contest is closed."),
    ],
)
def test_a_contest_is_entered_while_it_is_open(opens: int, closes: int, says: str) -> None:
    now = timezone.now()
    contest = make_contest(opens_at=now + timedelta(days=opens), closes_at=now + timedelta(days=closes))

    assert says in text(Client(), reverse("submissions:contest", args=[contest.slug]))


def test_a_contest_without_rules_is_not_shown_and_not_entered(as_person: SignIn) -> None:
    shown, person = make_contest(), make_user()
    bare = Contest.objects.create(
        organization=shown.organization,
        title="No rules yet",
        slug="bare",
        opens_at=shown.opens_at,
        closes_at=shown.closes_at,
        published=True,
    )

    listed = text(Client(), reverse("submissions:contests"))
    page = Client().get(reverse("submissions:contest", args=[bare.slug]))
    as_person(person).post(reverse("submissions:start", args=[bare.slug]))

    assert (shown.title in listed, bare.title in listed) == (True, False)
    assert page.status_code == 404
    assert not Entry.objects.filter(entrant=person).exists()


def test_the_gallery_keeps_categories_and_labels_apart(contest: Contest) -> None:
    ai = contest.categories.get(kind=CategoryKind.AI)
    by_hand = make_entry(contest=contest, state=State.HUNG, title=LONG_TITLE)
    clean = make_entry(contest=contest, state=State.HUNG, title="Clean data", category=ai)
    apart = make_entry(contest=contest, state=State.HUNG, title="Scraped data", category=ai, shown_apart=True)
    address = reverse("submissions:gallery", args=[contest.slug])

    people, machines = text(Client(), address), text(Client(), f"{address}?category=ai")

    assert (by_hand.title in people, clean.title in people, apart.title in people) == (True, False, False)
    label = machines.index("Shown apart: training data not cleared")
    assert machines.index(clean.title) < label < machines.index(apart.title)


def test_the_wall_says_how_a_work_was_made_and_keeps_prompts_private(contest: Contest) -> None:
    entry = make_entry(contest=contest, state=State.DRAFT, level=AILevel.GENERATED, tools=TOOLS)
    entry.disclosures.update(prompts="a secret recipe", explanation="From a sketch.")
    Entry.objects.filter(pk=entry.pk).update(
        state=State.HUNG, category=contest.categories.get(kind="ai"), submitted_at=timezone.now()
    )
    entry.disclosures.update(
        attested_at=timezone.now(), attested_name="Mina Park", attestation_sha256="0" * 64
    )

    page = text(Client(), reverse("submissions:shown", args=[contest.slug, entry.public_id]))

    for said in ("AI made the picture", "Midjourney 6", "LAION-5B", "My own model", "From a sketch."):
        assert said in page
    assert "a secret recipe" not in page
    assert "Mina Park" not in page


def test_an_unsigned_statement_is_not_shown_on_the_wall(contest: Contest) -> None:
    entry = make_entry(contest=contest, state=State.HUNG)
    entry.disclosures.create(version=2, level=AILevel.GENERATED)

    page = text(Client(), reverse("submissions:shown", args=[contest.slug, entry.public_id]))

    assert "No generative AI" in page
    assert "AI made the picture" not in page


def test_an_entrant_reads_where_it_stands_and_why(as_person: SignIn) -> None:
    entry = make_entry()
    move(entry, State.HELD, because="verdict 7")

    def say(asked: Entry, reader: User) -> list[str]:
        return [f"{asked.title} & {reader}"]

    reasons.providers.append(say)
    try:
        page = text(as_person(entry.entrant), reverse("submissions:entry", args=[entry.public_id]))
    finally:
        reasons.providers.remove(say)

    assert f"{entry.title} &amp; {entry.entrant}" in page
    assert "The checks left a question open. A person looks at it." in page
    assert "verdict 7" not in page


def test_an_organizers_description_runs_nothing(contest: Contest) -> None:
    Contest.objects.filter(pk=contest.pk).update(description="<script>alert(1)</script> **bold**")

    page = text(Client(), reverse("submissions:contest", args=[contest.slug]))

    assert "<script>alert" not in page
    assert "<strong>bold</strong>" in page


@pytest.mark.parametrize("name", ["home", "contests"])
def test_pages_carry_no_inline_script_or_style(name: str) -> None:
    make_contest()

    response = Client().get(reverse(f"submissions:{name}"))

    assert "unsafe-inline" not in response.headers["Content-Security-Policy"]
    content = response.content.decode()
    assert " style=" not in content
    assert "<script>" not in content
    assert " onclick=" not in content


def test_the_switcher_changes_the_language_and_remembers_the_person(as_person: SignIn) -> None:
    person = make_user()
    client = as_person(person)

    response = client.post(reverse("submissions:set_language"), {"language": "ko", "next": "/contests/"})

    assert response.headers["Location"] == "/contests/"
    assert User.objects.get(pk=person.pk).language == "ko"
    assert '<html lang="ko">' in text(client, "/contests/")


def test_the_switcher_serves_visitors_too() -> None:
    client = Client()

    client.post(reverse("submissions:set_language"), {"language": "ko", "next": "/"})

    assert '<html lang="ko">' in text(client, "/")


@pytest.mark.parametrize("given", ["xx", "", "../../etc"])
def test_an_unknown_language_changes_nothing(given: str, as_person: SignIn) -> None:
    person = make_user()

    as_person(person).post(reverse("submissions:set_language"), {"language": given})

    assert User.objects.get(pk=person.pk).language == "en"


def test_the_switcher_leads_nowhere_else() -> None:
    response = Client().post(
        reverse("submissions:set_language"), {"language": "ko", "next": "https://elsewhere.example/"}
    )

    assert response.headers["Location"] == "/"


def test_a_persons_language_goes_before_the_browsers(as_person: SignIn) -> None:
    client = as_person(make_user(language="ko"))

    page = client.get("/", headers={"accept-language": "en"}).content.decode()

    assert '<html lang="ko">' in page


def test_a_person_changes_name_language_and_time_zone(as_person: SignIn) -> None:
    person = make_user()

    as_person(person).post(
        reverse("submissions:account"),
        {"display_name": "박민아", "language": "ko", "time_zone": "Asia/Seoul"},
    )

    changed = User.objects.get(pk=person.pk)
    assert (changed.display_name, changed.language, changed.time_zone) == ("박민아", "ko", "Asia/Seoul")


def test_a_time_zone_that_is_none_is_refused(as_person: SignIn) -> None:
    person = make_user()

    response = as_person(person).post(
        reverse("submissions:account"), {"display_name": "A", "language": "en", "time_zone": "Mars/Olympus"}
    )

    assert "Select a valid choice." in response.content.decode()
    assert User.objects.get(pk=person.pk).time_zone == "UTC"


def test_signing_up_asks_for_a_name_and_mails_a_link(client: Client) -> None:
    email = f"{uuid4()}@example.org"  # letters to one address are rationed, across test runs too
    data = {
        "email": email,
        "password1": PASSWORD,
        "password2": PASSWORD,
        "display_name": "New Person",
    }

    client.post(reverse("account_signup"), data, headers={"accept-language": "ko"})

    person = User.objects.get(email=email)
    assert (person.display_name, person.language) == ("New Person", "ko")
    assert not EmailAddress.objects.get(user=person).verified
    assert "/accounts/confirm-email/" in mail.outbox[0].body


ENTRANCES = ["account_login", "account_signup", "account_reset_password"]


@pytest.mark.parametrize("name", ENTRANCES)
def test_account_pages_wear_the_houses_clothes(name: str) -> None:
    page = text(Client(), reverse(name))

    assert 'class="masthead"' in page
    assert 'class="field' in page


def test_a_wrong_password_says_so_beside_the_form() -> None:
    make_user(email="known@example.org", password=PASSWORD)

    response = Client().post(reverse("account_login"), {"login": "known@example.org", "password": "wrong"})

    assert 'class="notice notice--alarm"' in response.content.decode()


def test_deadlines_pass_while_a_page_lies_open() -> None:
    contest = make_contest()
    address = reverse("submissions:contest", args=[contest.slug])

    with time_machine.travel(contest.closes_at, tick=False):
        page = text(Client(), address)

    assert "Sign in to enter" not in page


def test_what_is_not_there_is_said_in_the_houses_words() -> None:
    response = Client().get("/nothing/here/")

    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()


def test_two_step_sign_in_shows_its_code_as_a_picture() -> None:
    person = make_user(password=PASSWORD)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    client = Client()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    page = text(client, reverse("mfa_activate_totp"))

    assert 'class="qr"' in page
    assert 'src="data:image/svg+xml' in page


def test_a_work_placed_by_a_person_is_not_labelled_with_the_statement_it_was_taken_from() -> None:
    contest = make_contest()
    ai = contest.categories.get(kind=CategoryKind.AI)
    make_entry(contest=contest, state=State.HUNG, category=ai, level=AILevel.NONE)

    page = Client().get(f"/contests/{contest.slug}/gallery/?category=ai").content.decode()

    assert "Placed here by the organizers" in page
    assert "No generative AI" not in page
