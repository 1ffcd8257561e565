"""A queue of thirty cases, worked by keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.person import Person

CASES = 30
MAKE_CASES = f"""
from submissions.models import Organization
from tests.factories import make_contest, make_member
from tests.moderation.rows import CONTRADICTION, SIGNS, make_case

organization = Organization.objects.get(memberships__user__email="organizer@example.org")
contest = make_contest(organization=organization, slug="keys", title="Keys and Locks")
for number in range(1, {CASES} + 1):
    make_case(SIGNS, CONTRADICTION, contest=contest, title=f"Sheet {{number:02}}")
"""
HEADING = "document.activeElement.tagName + ' ' + document.activeElement.innerText"
SECONDS_A_CASE = 18  # two hundred an hour

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("processes"),
    pytest.mark.timeout(300),
    # The embedded broker's package leaves its pipes to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def test_thirty_cases_are_worked_by_keyboard_alone(house: House, meet: Callable[..., Person]) -> None:
    house.do(MAKE_CASES)
    organizer = meet("Orla Quinn")
    organizer.sign_in("organizer@example.org")
    organizer.go("/organize/queue/?contest=keys")
    organizer.look("queue-of-thirty")

    organizer.press_key("j")
    organizer.press_key("j")
    organizer.press_key("k")
    organizer.leave_by_key("Enter")
    stands_on(organizer, "Sheet 01")
    look_around(organizer)
    take_one_back(organizer)

    organizer.keys = organizer.stops = 0
    worked = 0
    while "/organize/case/" in organizer.page.url:
        assert organizer.page.evaluate(HEADING).startswith("H1 Sheet ")
        hang(organizer)
        worked += 1

    assert worked == CASES
    assert organizer.seconds_of_a_person / worked < SECONDS_A_CASE
    organizer.sees("Nothing that waits here fits these filters.")
    assert organizer.complaints == []


def stands_on(organizer: Person, title: str) -> None:
    """Whoever comes to a page by a key reads on at its heading."""
    assert organizer.page.evaluate(HEADING) == f"H1 {title}"


def look_around(organizer: Person) -> None:
    """Every other key, on the first case: nothing is lost of what was begun, nor of where one was."""
    page = organizer.page
    expect(page.locator("#lock")).to_contain_text("You hold this case until")
    organizer.look("case-veiled")
    assert "What this number means" not in page.content()
    organizer.press_key("i")
    organizer.leave_by_key("Enter")
    stands_on(organizer, "Sheet 01")
    organizer.sees("Your first impression, before you saw this: made by hand.")
    assert "What this number means" in page.content()

    organizer.press_key("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    organizer.look("case-keys")
    organizer.press_key("Escape")
    assert page.evaluate("document.activeElement.textContent") == "Keys"

    organizer.press_key("r")
    organizer.write("jdu4")  # keys rest while one writes
    organizer.press_key("Escape")
    assert page.evaluate("document.activeElement.id") == "decision"
    organizer.press_key("b")
    expect(page.locator("#view-tools[data-blur]:not(.htmx-added)")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "view-blur"
    blurred = "getComputedStyle(document.querySelector('.mat img')).filter"
    assert page.evaluate(blurred) == "blur(14px)"
    organizer.press_key("b")
    expect(page.locator("#view-tools:not([data-blur], .htmx-added)")).to_be_visible()
    organizer.press_key("z")
    expect(page.locator("[data-zoom-says]").first).to_have_text("150 %")
    organizer.press_key("t")
    organizer.tab_to("Put it into the reason")
    organizer.press_key("Enter")
    expect(page.get_by_label("Reason", exact=True)).to_be_focused()
    assert page.get_by_label("Reason", exact=True).input_value().startswith("jdu4\n\nWe looked at")
    organizer.press_key("Escape")

    organizer.press_key("c")
    organizer.write("Is the sky a photograph?")
    organizer.tab_to("Say it")
    organizer.leave_by_key("Enter")
    organizer.sees("Is the sky a photograph?")
    organizer.look("case-open")


def take_one_back(organizer: Person) -> None:
    hang(organizer)
    stands_on(organizer, "Sheet 02")
    organizer.look("case-undo")
    organizer.leave_by_key("u")
    stands_on(organizer, "Sheet 01")
    organizer.sees("Nobody was told of it.")


def hang(organizer: Person) -> None:
    """Look, choose, say why, decide."""
    organizer.stops += 2
    organizer.press_key("1")
    organizer.press_key("r")
    organizer.write("The credentials speak of the frame only.")
    organizer.press_key("Escape")
    organizer.leave_by_key("d")
