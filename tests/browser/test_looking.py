"""Looking closely: an entry enlarged by hand, wheel, keys and fingers; a work laid over it."""

import re
from collections.abc import Callable
from typing import NamedTuple

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.house import House
from tests.browser.person import Person

MAKE_A_COPY = """
from submissions.models import Organization, User
from tests.factories import make_contest
from tests.moderation.rows import copy_of, make_case, make_work

organization = Organization.objects.get(memberships__user__email="organizer@example.org")
contest = make_contest(organization=organization, slug="looking", title="Looking Closely")
entrant = User.objects.get(email="entrant@example.org")  # no person of a factory's: other tests' may be here
make_case(copy_of(make_work()), contest=contest, title="Two boats", entrant=entrant)
"""
TRANSFORM = re.compile(r"translate\((-?[\d.]+)px, (-?[\d.]+)px\) scale\(([\d.]+)\)")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("processes"),
    # The embedded broker's package leaves its pipes to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


class Seen(NamedTuple):
    """How an enlarged picture lies in its frame: moved by pixels, then scaled about its middle."""

    x: float
    y: float
    scale: float


def test_a_reviewer_looks_closely_at_a_copy(house: House, meet: Callable[..., Person]) -> None:
    house.do(MAKE_A_COPY)
    organizer = meet("Orla Quinn")
    organizer.sign_in("organizer@example.org")
    organizer.go("/organize/queue/?contest=looking")
    organizer.follow("Two boats", exact=False)
    page = organizer.page
    frame = page.locator("[data-zoom]").first
    frame.scroll_into_view_if_needed()

    enlarge_by_buttons_and_keys(page, frame)
    enlarge_by_wheel_and_drag(page, frame)
    enlarge_by_two_fingers(page, frame)
    lay_the_work_over_it(page)
    blink_only_for_who_wants_motion(page)
    assert organizer.complaints == []


def enlarge_by_buttons_and_keys(page: Page, frame: Locator) -> None:
    tools = page.locator("[data-zoom-tools]").first
    tools.locator("[data-zoom-in]").click()
    tools.locator("[data-zoom-in]").click()
    assert seen(frame).scale == pytest.approx(2.25)
    expect(tools.locator("[data-zoom-says]")).to_have_text("225 %")

    frame.focus()
    page.keyboard.press("ArrowRight")
    assert seen(frame) == (-60, 0, 2.25)
    page.keyboard.press("-")
    assert seen(frame).scale == pytest.approx(1.5)
    page.keyboard.press("0")
    assert seen(frame) == (0, 0, 1)
    page.keyboard.press("ArrowRight")  # a whole picture does not move: the key is the page's again
    assert seen(frame) == (0, 0, 1)


def enlarge_by_wheel_and_drag(page: Page, frame: Locator) -> None:
    x, y = middle(frame)
    page.mouse.move(x + 40, y + 30)
    top = page.evaluate("window.scrollY")
    page.keyboard.down("Control")
    for _turn in range(4):
        page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    page.wait_for_function("document.querySelector('[data-zoom] img').style.transform.includes('2.07')")
    before = seen(frame)
    # What was under the pointer still is: its distance from the middle grew with the picture.
    assert before.x == pytest.approx(40 * (1 - before.scale), abs=1)
    assert before.y == pytest.approx(30 * (1 - before.scale), abs=1)
    assert page.evaluate("window.scrollY") == top

    page.mouse.down()
    page.mouse.move(x + 65, y + 40, steps=4)
    page.mouse.up()
    after = seen(frame)
    assert after.scale == before.scale
    assert after.x - before.x == pytest.approx(25, abs=1)
    assert after.y - before.y == pytest.approx(10, abs=1)

    page.mouse.move(x, y)
    page.mouse.dblclick(x, y)
    assert seen(frame) == (0, 0, 1)


def enlarge_by_two_fingers(page: Page, frame: Locator) -> None:
    x, y = middle(frame)
    fingers = page.context.new_cdp_session(page)

    def touch(kind: str, apart: float) -> None:
        points = [{"x": x - apart / 2, "y": y, "id": 0}, {"x": x + apart / 2, "y": y, "id": 1}]
        fingers.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": points if kind != "touchEnd" else []}
        )

    touch("touchStart", 40)
    for apart in (60, 80, 100, 120):
        touch("touchMove", apart)
    touch("touchEnd", 120)

    assert seen(frame).scale > 1.5
    page.locator("[data-zoom-whole]").first.click()
    assert seen(frame) == (0, 0, 1)


def lay_the_work_over_it(page: Page) -> None:
    page.get_by_text("Lay the work over the entry").click()
    figure = page.locator("[data-laid]")
    work, fade = figure.locator("[data-laid-work]"), figure.get_by_role("slider")
    for picture in figure.locator("img").all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", value=True)
        assert picture.evaluate("image => image.naturalWidth") > 0
    assert opacity(work) == 0.5

    fade.focus()
    page.keyboard.press("Home")
    assert opacity(work) == 0
    page.keyboard.press("ArrowRight")
    assert opacity(work) == pytest.approx(0.05)
    figure.get_by_role("button", name="Show the other").click()
    assert opacity(work) == 1
    figure.get_by_role("button", name="Show the other").click()
    assert opacity(work) == 0

    blink = figure.get_by_role("button", name="Blink between the two")
    blink.click()
    expect(blink).to_have_attribute("aria-pressed", "true")
    for shown in ("0", "1", "0"):  # the first change came with the click
        expect(work).to_have_css("opacity", shown)
    blink.click()
    expect(blink).to_have_attribute("aria-pressed", "false")


def blink_only_for_who_wants_motion(page: Page) -> None:
    figure = page.locator("[data-laid]")
    page.emulate_media(reduced_motion="reduce")

    expect(figure.get_by_role("button", name="Blink between the two")).to_be_hidden()
    expect(figure.get_by_role("button", name="Show the other")).to_be_visible()


def seen(frame: Locator) -> Seen:
    told = TRANSFORM.search(frame.locator("img").evaluate("image => image.style.transform"))
    return Seen(*map(float, told.groups())) if told else Seen(0, 0, 1)


def middle(frame: Locator) -> tuple[float, float]:
    """Where the middle of the frame is on the screen."""
    frame.scroll_into_view_if_needed()
    box = frame.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def opacity(work: Locator) -> float:
    return float(work.evaluate("image => image.style.opacity"))
