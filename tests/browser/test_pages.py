"""What every page owes everybody: the keyboard, no script, another language, a narrow window."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, expect

from moderation.demo import pictures
from moderation.demo.story import CONTEST
from tests.browser.house import House
from tests.browser.person import Person

ENTRANT, ORGANIZER, JUROR, ARTIST = (
    f"{name}@example.org" for name in ("entrant", "organizer", "juror", "artist")
)
HANGUL = re.compile("[가-힣]")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("processes"),
    pytest.mark.timeout(300),
    # The embedded broker's package leaves its pipes to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def test_a_work_with_an_ai_made_part_is_handed_in_by_keyboard_alone(meet: Callable[..., Person]) -> None:
    entrant = meet("Mina Park")
    entrant.sign_in(ENTRANT)
    entrant.go(f"/contests/{CONTEST}/")

    entrant.tab_to("Enter a work")
    entrant.leave_by_key("Enter")
    entrant.tab_to("Title")
    entrant.write("Roofs, with a sky that was filled in")
    entrant.tab_to("Add pictures")
    with entrant.page.expect_file_chooser() as chooser:
        entrant.press_key("Space")
    picture = pictures.as_jpeg(pictures.hills(29))
    chooser.value.set_files(FilePayload(name="roofs.jpg", mimeType="image/jpeg", buffer=picture))
    entrant.tab_to("No generative AI")
    entrant.press_key("ArrowDown")
    entrant.press_key("ArrowDown")
    expect(entrant.page.get_by_label("AI made a part")).to_be_checked()
    entrant.tab_to("Which parts AI made or changed")
    entrant.write("The sky behind the roofs.")
    entrant.tab_to("Add a tool")
    entrant.press_key("Enter")
    expect(entrant.page.get_by_role("group", name="Tool 1")).to_be_visible()
    entrant.tab_to("Tool or model")
    entrant.write("Adobe Firefly")
    entrant.tab_to("What AI did, and what you did")
    entrant.write("Filled the sky behind the roofs; the rest is my photograph.")
    entrant.tab_to("Your full name, as a signature")
    entrant.write("Mina Park")
    entrant.tab_to("I have read the four sentences above")
    entrant.press_key("Space")
    entrant.tab_to("Hand in")
    entrant.leave_by_key("Enter")

    entrant.sees("Your entry is handed in.", "Roofs, with a sky that was filled in", "roofs.jpg")
    entrant.sees("AI made a part", "Adobe Firefly", "The sky behind the roofs", "the rest is my photograph")
    assert entrant.complaints == []


def test_an_entry_reaches_the_ai_wall_without_any_script(meet: Callable[..., Person]) -> None:
    entrant = meet("Mina Park", javascript=False)
    entrant.sign_in(ENTRANT)
    entrant.go(f"/contests/{CONTEST}/")

    entrant.press("Enter a work")
    entrant.fill({"Title": "Station tiles"})
    entrant.choose("AI made the picture")
    entrant.press("Add a tool")
    entrant.field("Tool or model").select_option(label="Public Diffusion")
    entrant.field("Rights in its training data, as far as you know").select_option(label="Public domain only")
    entrant.fill(
        {
            "What AI did, and what you did": "Generated in many runs and chosen by hand.",
            "Prompts": "tiles, quarter circles, five inks",
            "Your full name, as a signature": "Mina Park",
        }
    )
    entrant.attach("Add pictures", "tiles.png", "image/png", pictures.as_png(pictures.tiles(7)))
    entrant.look("draft-full")
    entrant.choose("I have read the four sentences above and sign them.")
    entrant.press("Hand in")
    entrant.sees("Your entry is handed in.")
    entrant.wait_until_it_says("See it on the wall")
    entrant.sees("Accepted", "AI")
    entrant.follow("See it on the wall")

    entrant.sees("Station tiles", "Public Diffusion")
    entrant.look("shown-ai")


def test_the_switcher_turns_the_house_korean_and_it_stays_so(
    house: House, meet: Callable[..., Person]
) -> None:
    visitor = meet()
    visitor.go("/")
    header = visitor.page.get_by_role("banner")

    with visitor.page.expect_navigation():
        header.get_by_role("button", name="한국어").click()

    for place in ("/", "/contests/", f"/contests/{CONTEST}/", "/artists/", "/organize/", "/accounts/signup/"):
        visitor.go(place)
        links = header.get_by_role("navigation").get_by_role("link").all_inner_texts()
        assert len(links) == 3
        assert all(HANGUL.search(link) for link in links), links
        expect(visitor.page.locator("html")).to_have_attribute("lang", "ko")
        assert HANGUL.search(visitor.page.get_by_role("heading", level=1).inner_text()) or CONTEST in place
        visitor.look(f"korean{place.replace('/', '-').rstrip('-')}")
    with visitor.page.expect_navigation():
        header.get_by_role("button", name="English").click()
    expect(header.get_by_role("navigation")).to_contain_text("Contests")


@pytest.mark.parametrize(
    ("email", "paths"),
    [
        (
            "",
            [
                "/accounts/login/",
                "/accounts/signup/",
                "/accounts/password/reset/",
                "/organize/",
                "/contests/",
            ],
        ),
        (
            ENTRANT,
            ["/desk/", "/account/", "/accounts/email/", "/accounts/password/change/", "/accounts/2fa/"],
        ),
        (ARTIST, ["/artists/", "/artists/new/"]),
        (
            ORGANIZER,
            [
                "/organize/",
                "/organize/queue/",
                "/organize/organization/salon-house/",
                f"/organize/contest/{CONTEST}/",
                f"/organize/contest/{CONTEST}/rules/",
                f"/organize/contest/{CONTEST}/all/",
            ],
        ),
        (JUROR, [f"/contests/{CONTEST}/jury/"]),
    ],
)
def test_a_page_keeps_its_duties(meet: Callable[..., Person], email: str, paths: list[str]) -> None:
    person = meet()
    if email:
        person.sign_in(email)

    for path in paths:
        person.go(path)
        expect(person.page).to_have_url(re.compile(f"{re.escape(path)}$"))
        person.look(f"{email.partition('@')[0] or 'stranger'}{path.replace('/', '-').rstrip('-')}")


def test_what_is_not_there_is_a_page_like_the_others(meet: Callable[..., Person]) -> None:
    visitor = meet()

    answer = visitor.page.goto("/contests/never-was/")
    visitor.complaints.clear()  # the browser names the status, which is right

    assert answer
    assert answer.status == 404
    visitor.look("not-found")
