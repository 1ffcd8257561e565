"""An appeal from its filing to the wall, past the deadline, by people at browsers."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from moderation.demo import pictures
from tests.browser.house import House
from tests.browser.person import Person

ENTRANT, ORGANIZER, JUROR = (f"{name}@example.org" for name in ("entrant", "organizer", "juror"))
CONTEST, WORK = "Night Wall", "Ridge at night"
WORDS = "The model is my own; every picture in it is mine."
SEOUL = ZoneInfo("Asia/Seoul")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("processes"),
    pytest.mark.timeout(300),
    # The embedded broker's package leaves its pipes to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def test_an_appeal_leads_back_to_the_wall_after_the_deadline(
    house: House, meet: Callable[..., Person]
) -> None:
    organizer, entrant, juror = meet("Ines Ortega"), meet("Mina Park", javascript=False), meet("Jonas Beck")
    for person, email in ((organizer, ORGANIZER), (entrant, ENTRANT), (juror, JUROR)):
        person.sign_in(email)
    open_a_contest(organizer)
    hand_in(entrant)
    move_the_dates(organizer, closes=-timedelta(hours=1))

    appeal(entrant)
    letter = house.wait_for_letter(ENTRANT, f"Your appeal about “{WORK}” has arrived")
    assert "It is decided at the latest on" in letter.text
    find_it_kept_open(organizer)
    overturn(organizer)

    ended = house.wait_for_letter(ENTRANT, f"Your appeal about “{WORK}” has ended")
    assert "the judgement was overturned." in ended.text
    entrant.page.reload()
    entrant.sees("Accepted", "Your appeal was decided: the judgement was overturned.")
    entrant.look("appeal-overturned")
    entrant.follow("See it on the wall")
    entrant.sees(WORK)
    juror.go("/contests/night-wall/jury/?category=ai")
    juror.sees(WORK)


def open_a_contest(organizer: Person) -> None:
    organizer.go("/organize/organization/salon-house/new-contest/")
    organizer.fill({"Title": CONTEST})
    organizer.choose("Published")
    set_dates(organizer, closes=timedelta(days=1))
    organizer.press("Create contest")


def set_dates(organizer: Person, *, closes: timedelta) -> None:
    now = datetime.now(SEOUL)
    organizer.field("Time zone").select_option("Asia/Seoul")
    organizer.fill(
        {
            "Opens": f"{now - timedelta(days=2):%Y-%m-%dT%H:%M}",
            "Closes": f"{now + closes:%Y-%m-%dT%H:%M}",
        }
    )


def move_the_dates(organizer: Person, *, closes: timedelta) -> None:
    organizer.go("/organize/contest/night-wall/edit/")
    set_dates(organizer, closes=closes)
    organizer.press("Save")


def hand_in(entrant: Person) -> None:
    """By its own statement the model was trained without permission: the rules reject it by themselves."""
    entrant.go("/contests/night-wall/")
    entrant.press("Enter a work")
    entrant.fill({"Title": WORK})
    entrant.choose("AI made the picture")
    entrant.press("Add a tool")
    rights = entrant.field("Rights in its training data, as far as you know")
    rights.select_option(label="Includes works used without permission")
    entrant.fill(
        {
            "Its name, if it is not in the list": "Ridges",
            "What AI did, and what you did": "Generated in one run.",
            "Prompts": "ridges at night",
            "Your full name, as a signature": "Mina Park",
        }
    )
    entrant.attach("Add pictures", "ridge.jpg", "image/jpeg", pictures.as_jpeg(pictures.hills(47)))
    entrant.choose("I have read the four sentences above and sign them.")
    entrant.press("Hand in")
    entrant.wait_until_it_says("You can appeal until")
    entrant.sees("Rejected", "This was automatic; no person was involved.")


def appeal(entrant: Person) -> None:
    entrant.look("appeal-offered")
    entrant.follow("Appeal this judgement")
    entrant.look("appeal-form")
    entrant.page.get_by_label("That it hangs in the AI category", exact=True).check()
    entrant.fill({"Why is the judgement wrong?": WORDS})
    entrant.attach("Files that show it", "sources.psd", "application/octet-stream", b"8BPS sources")
    entrant.press("File the appeal")
    entrant.sees("Your appeal is filed.", "Decided at the latest", "If nobody decides by then")
    entrant.look("appeal-filed")


def find_it_kept_open(organizer: Person) -> None:
    organizer.go("/organize/contest/night-wall/closing/")
    organizer.sees("Appeals are open about entries that hang here or ask to.", "Your name, as a signature")
    organizer.look("closing")


def overturn(organizer: Person) -> None:
    organizer.follow("See them")
    organizer.follow(WORK)
    organizer.sees(WORDS, "sources.psd", "Rejected", "To be decided until")
    organizer.look("case-appeal")
    organizer.page.get_by_label("Hang in the AI category", exact=True).check()
    organizer.fill({"Reason": "The sources are all there."})
    organizer.press("Decide and go on")
