"""An artist's whole story: sign up, profile, a zip, proof, a match in an entry of before, withdrawal."""

import io
import time
import zipfile
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from moderation.demo import pictures
from tests.browser.house import House
from tests.browser.person import Person
from tests.browser.proving import is_vouched_for

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("processes"),
    pytest.mark.timeout(400),
    # The embedded broker's package leaves its pipes to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
ENTRY = "Orange suit"
A_MINUTE = 60  # within which a withdrawn work's files are gone


def portfolio() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("suit.jpg", pictures.as_jpeg(pictures.photograph("astronaut")))
        archive.writestr("waves.png", pictures.as_png(pictures.orbits(71)))
        archive.writestr("notes.txt", "not a picture")
        archive.writestr("list.csv", "file,title,year\nsuit.jpg,Lift-off,2023\nwaves.png,Ripples,2024\n")
    return file.getvalue()


def test_from_sign_up_to_withdrawal(house: House, meet: Callable[..., Person]) -> None:
    artist, entrant, organizer = meet("Sora Han"), meet(), meet()
    entrant.sign_in("entrant@example.org")
    organizer.sign_in("organizer@example.org")

    hand_in_a_copy(entrant)
    artist.sign_up()
    import_a_zip(artist)
    choose_terms(artist)
    is_vouched_for(artist, organizer)
    sees_the_match(artist)
    organizer_sees_what_it_means(organizer)
    make_a_token(artist)
    withdraw(artist)


def hand_in_a_copy(entrant: Person) -> None:
    """Before the work is registered: nothing is known against it."""
    work = pictures.photograph("astronaut")
    copy = pictures.as_jpeg(pictures.cropped_mirrored_copy(work), quality=85)
    entrant.follow("Contests")
    entrant.follow("Spring Salon")
    entrant.press("Enter a work")
    entrant.fill({"Title": ENTRY})
    entrant.attach("Add pictures", "copy.jpg", "image/jpeg", copy)
    entrant.choose("No generative AI")
    entrant.fill({"Your full name, as a signature": "Mina Park"})
    entrant.choose("I have read the four sentences above and sign them.")
    entrant.press("Hand in")
    entrant.sees("Your entry is handed in.")
    entrant.follow("My desk")
    entrant.follow(ENTRY)
    entrant.wait_until_it_says("Why it stands there")


def import_a_zip(artist: Person) -> None:
    artist.follow("Artists")
    artist.follow("Create an artist profile")
    artist.fill({"Name": "Sora Han"})
    artist.press("Create the profile")
    artist.follow("Import a zip")
    artist.attach("Zip of pictures", "portfolio.zip", "application/zip", portfolio())
    artist.look("import-zip")
    artist.press("Import")
    artist.wait_until_it_says("2 files are in your portfolio")
    artist.sees("notes.txt", "1 was not taken.")
    artist.look("import-done")
    artist.follow("To the portfolio")
    artist.wait_until_it_says("Lift-off")
    artist.sees("Ripples", "Nothing proves yet that these works are yours.")
    artist.look("portfolio-unproved")


def choose_terms(artist: Person) -> None:
    artist.follow("Terms")
    artist.choose("It may hang for a share of what it earns")
    artist.press("Save")
    artist.sees("Say which share you ask for.")
    artist.fill({"Share of what the entry earns, in percent": "15", "Only in these countries": "kr, jp"})
    artist.look("terms")
    artist.press("Save")
    artist.sees("Saved.")


def sees_the_match(artist: Person) -> None:
    artist.follow("Matches")
    artist.wait_until_it_says("The part of the entry that matches")
    artist.sees("Lift-off", "It was judged before you registered the work")
    expect(artist.main).not_to_contain_text(ENTRY)
    expect(artist.main).not_to_contain_text("Mina Park")
    region = artist.page.get_by_role("img", name="The part of the entry that matches")
    assert region.evaluate("image => image.decode().then(() => image.naturalWidth)") > 50
    artist.look("matches")


def organizer_sees_what_it_means(organizer: Person) -> None:
    organizer.follow("Organizers")
    organizer.follow("Works registered later", exact=False)
    organizer.sees(ENTRY, "Lift-off", "today's rules would say")
    organizer.look("later")
    with organizer.page.expect_navigation():
        organizer.main.get_by_role("button", name="I have seen it").first.click()
    organizer.sees("Noted. Nothing else changed.")


def make_a_token(artist: Person) -> None:
    artist.follow("Tokens")
    artist.fill({"What it is for": "The studio's computer"})
    artist.press("Make a token")
    artist.sees("Your new token", "vsr_")
    artist.look("tokens")


def withdraw(artist: Person) -> None:
    artist.follow("Works")
    artist.follow("Lift-off")
    artist.look("work")
    picture = artist.main.get_by_role("img", name="Lift-off").get_attribute("src")
    assert picture is not None
    assert artist.page.request.get(picture).status == 200
    artist.follow("Withdraw the work")
    began = time.monotonic()
    artist.press("Withdraw the work")
    artist.sees("The work is withdrawn")
    artist.page.get_by_role("link", name="Withdrawn").first.click()
    artist.follow("Lift-off")
    artist.wait_until_it_says("The last of its files was deleted on")
    assert time.monotonic() - began < A_MINUTE
    assert artist.page.request.get(picture).status == 404
    artist.look("work-withdrawn")
