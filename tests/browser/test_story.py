"""One story of three people and a stranger, from the first sign-up to the gallery."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from moderation.demo import pictures
from moderation.demo.story import PARAMETERS
from tests.browser.house import House
from tests.browser.person import Person
from tests.browser.proving import is_vouched_for

SEOUL = ZoneInfo("Asia/Seoul")
CONTEST = "Harbour Lights 항구의 빛"
TITLES = CLEAN, COPY, MARKED = "Cup at seven", "Stray", "Low tide"
REJECTION = "The outlined part is Haneul Im's photograph, mirrored and cropped."
AI_WORDS = "The file says that Stable Diffusion made it, so it hangs among the AI works."

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("processes"),
    pytest.mark.timeout(400),
    # The embedded broker's package leaves its pipes to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def test_an_artist_an_organizer_and_an_entrant(house: House, meet: Callable[..., Person]) -> None:
    artist, organizer, entrant = meet("Haneul Im"), meet("Orla Quinn"), meet("Mateo Ruiz")

    artist.sign_up()
    register_a_work(artist)
    house_organizer = meet()
    house_organizer.sign_in("organizer@example.org")
    is_vouched_for(artist, house_organizer)
    organizer.sign_up()
    open_a_contest(organizer)
    entrant.sign_up()
    cannot_find_the_contest(entrant)
    publish(organizer)
    artist.wait_until_it_says("Matchable since")
    artist.look("portfolio")

    hand_in_three(entrant)
    read_why(entrant)

    reject_the_copy(organizer)
    hang_the_marked_one_among_ai_works(organizer)

    read_the_organizers_words(entrant, house)
    visit_as_a_stranger(meet(), entrant)
    withdraw(entrant, house)
    no_longer_hangs(meet())


def register_a_work(artist: Person) -> None:
    artist.follow("Artists")
    artist.look("artists")
    artist.follow("Create an artist profile")
    artist.look("artist-new")
    artist.fill({"Name": "Haneul Im", "About": "Photographs cats and harbours."})
    artist.press("Create the profile")
    artist.look("portfolio-empty")
    artist.follow("Register works")
    work = pictures.as_jpeg(pictures.photograph("chelsea"))
    artist.attach("Pictures", "chelsea.jpg", "image/jpeg", work)
    artist.fill({"Title": "Chelsea", "Year": "2024", "Where it was published": "Harbour Gallery"})
    artist.look("register")
    artist.press("Register")
    artist.sees("1 of 1 is in your portfolio")
    artist.look("registered")
    artist.follow("To the portfolio")


def open_a_contest(organizer: Person) -> None:
    """Not published yet. Its rules: the organizer's own, where a part made by AI waits for a person."""
    organizer.follow("Organizers")
    organizer.look("organize-empty")
    organizer.follow("New organization")
    organizer.fill({"Name": "Harbour House"})
    organizer.press("Create organization")
    organizer.look("organization")
    organizer.follow("New contest")
    now = datetime.now(SEOUL)
    organizer.fill(
        {
            "Title": CONTEST,
            "Description": "## Light on water\n\nPhotographs, prints and *generated* pictures.",
            "Opens": f"{now - timedelta(days=1):%Y-%m-%dT%H:%M}",
            "Closes": f"{now + timedelta(days=30):%Y-%m-%dT%H:%M}",
        }
    )
    organizer.field("Time zone").select_option("Asia/Seoul")
    organizer.choose("My own choice")
    organizer.main.get_by_text("The questions one by one").click()
    edited = organizer.page.get_by_role("group", name="A part of the picture generated or edited by AI")
    edited.get_by_label("A person decides.").check()
    organizer.look("contest-new")
    organizer.press("Create contest")
    organizer.sees("Not published: nobody but you can find it.")
    organizer.look("contest-dashboard-empty")


def cannot_find_the_contest(entrant: Person) -> None:
    entrant.follow("Contests")
    expect(entrant.main).not_to_contain_text(CONTEST)


def publish(organizer: Person) -> None:
    organizer.follow("Edit page and dates")
    organizer.choose("Published")
    organizer.look("contest-edit")
    organizer.press("Save")
    expect(organizer.main).not_to_contain_text("Not published")


def hand_in_three(entrant: Person) -> None:
    cup = pictures.as_jpeg(pictures.photograph("coffee"))
    cat = pictures.cropped_mirrored_copy(pictures.photograph("chelsea"))
    waves = pictures.as_png(pictures.orbits(5), parameters=PARAMETERS)

    find_the_contest(entrant)
    rule = entrant.page.locator("dl > div").filter(has_text="A part of the picture generated or edited by AI")
    expect(rule).to_contain_text("A person decides.")
    entrant.look("contest")
    entrant.press("Enter a work")
    entrant.look("draft-empty")
    entrant.fill({"Title": CLEAN, "About the work": "Photographed at the kitchen table."})
    entrant.attach("Add pictures", "IMG_2231.jpg", "image/jpeg", cup)
    entrant.press("Save the draft")
    entrant.sees("Your draft is saved.", "IMG_2231.jpg")

    entrant.follow("My desk")
    entrant.sees(CLEAN, "Draft")
    entrant.look("desk-draft")
    entrant.follow("Continue", exact=False)
    expect(entrant.field("About the work")).to_have_value("Photographed at the kitchen table.")
    sign_and_hand_in(entrant)

    for title, name, media_type, content in (
        (COPY, "cat.jpg", "image/jpeg", pictures.as_jpeg(cat, quality=80)),
        (MARKED, "waves.png", "image/png", waves),
    ):
        find_the_contest(entrant)
        entrant.press("Enter a work")
        entrant.fill({"Title": title})
        entrant.attach("Add pictures", name, media_type, content)
        sign_and_hand_in(entrant)


def find_the_contest(entrant: Person) -> None:
    entrant.follow("Contests")
    entrant.follow(CONTEST)


def sign_and_hand_in(entrant: Person) -> None:
    entrant.choose("No generative AI")
    entrant.fill({"Your full name, as a signature": entrant.name})
    entrant.choose("I have read the four sentences above and sign them.")
    entrant.press("Hand in")
    entrant.sees("Your entry is handed in.")


def read_why(entrant: Person) -> None:
    entrant.follow("My desk")
    entrant.follow(MARKED)
    entrant.wait_until_it_says("Why it stands there")
    entrant.sees("With a person", "Stable Diffusion")
    entrant.look("entry-marked-held")
    entrant.follow("My desk")
    entrant.follow(COPY)
    entrant.wait_until_it_says("Why it stands there")
    entrant.sees("With a person", "Chelsea")
    entrant.look("entry-copy-held")
    entrant.follow("My desk")
    entrant.follow(CLEAN)
    entrant.wait_until_it_says("See it on the wall")
    entrant.sees("Accepted", "Human")
    entrant.look("entry-hung")


def look_at_both_at_once(organizer: Person) -> None:
    """As far as the preview: one of the two may not be rejected on that ground."""
    organizer.press("Decide all on this page")
    organizer.look("bulk-decide")
    organizer.choose("Reject")
    organizer.choose("It repeats a protected work")
    organizer.fill({"Reason": "The picture repeats a registered work."})
    organizer.press("Show what it would do")
    organizer.sees("1 would be decided", "1 cannot be decided like this", "Nothing in the case speaks for")
    organizer.look("bulk-preview")
    organizer.follow("Back to the queue")


def reject_the_copy(organizer: Person) -> None:
    organizer.follow("Organizers")
    organizer.look("organize")
    organizer.follow("All open cases")
    rows = organizer.page.locator(".queue > li")
    expect(rows).to_have_count(2)
    for title in (COPY, MARKED):
        row = rows.filter(has_text=title)
        assert row.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    expect(rows.filter(has_text=COPY)).to_contain_text("Chelsea")
    expect(rows.filter(has_text=MARKED)).to_contain_text("Stable Diffusion")
    organizer.look("queue")
    look_at_both_at_once(organizer)

    organizer.follow(COPY)
    for picture in (f"The entry {COPY}", "The registered work Chelsea"):
        image = organizer.page.get_by_role("img", name=picture)
        assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    entered, registered = (organizer.page.locator(".compare .figure").nth(n).bounding_box() for n in (0, 1))
    assert entered
    assert registered
    assert entered["y"] == registered["y"]
    assert entered["x"] + entered["width"] <= registered["x"]
    organizer.look("case-copy")

    organizer.choose("Reject")
    organizer.fill({"Reason": REJECTION})
    organizer.press("Decide and go on")
    organizer.sees("Name what the rejection stands on.")
    organizer.choose("It repeats a protected work")
    organizer.press("Decide and go on")


def hang_the_marked_one_among_ai_works(organizer: Person) -> None:
    expect(organizer.page.get_by_role("heading", level=1)).to_have_text(MARKED)
    organizer.sees("harbour at dusk, interference of waves")
    organizer.look("case-marked")
    organizer.page.get_by_label("Hang in the AI category", exact=True).check()
    organizer.fill({"Reason": AI_WORDS})
    organizer.press("Decide and go on")
    organizer.follow("Organizers")
    organizer.follow(CONTEST)
    organizer.look("contest-dashboard")


def read_the_organizers_words(entrant: Person, house: House) -> None:
    rejected = house.wait_for_letter(entrant.email, f"“{COPY}” was not accepted")
    hung = house.wait_for_letter(entrant.email, f"“{MARKED}” hangs")
    assert REJECTION in rejected.text
    assert AI_WORDS in hung.text

    entrant.follow("My desk")
    entrant.look("desk")
    entrant.follow(COPY)
    entrant.sees("Rejected", REJECTION)
    entrant.look("entry-rejected")
    entrant.follow("My desk")
    entrant.follow(MARKED)
    entrant.sees("Accepted", "AI", AI_WORDS)


def visit_as_a_stranger(stranger: Person, entrant: Person) -> None:
    private = entrant.page.url
    stranger.go("/")
    stranger.look("home")
    stranger.follow(CONTEST)
    stranger.look("contest-stranger")
    stranger.follow("Visit the gallery")
    stranger.sees(CLEAN)
    expect(stranger.main).not_to_contain_text(MARKED)
    stranger.look("gallery-human")
    stranger.follow("AI")
    stranger.sees(MARKED)
    for title in (CLEAN, COPY):
        expect(stranger.main).not_to_contain_text(title)
    stranger.look("gallery-ai")
    stranger.follow(MARKED)
    stranger.look("shown")

    for path in (private, "/desk/", "/organize/queue/", "/organize/case/1/"):
        stranger.go(path)
        expect(stranger.page).to_have_url(re.compile("/accounts/login/"))
    stranger.look("sign-in")
    for link in ("/originals/", "/process-files/"):
        assert stranger.page.request.get(link + private.split("/")[-2]).url.count("/accounts/login/") == 1


def withdraw(entrant: Person, house: House) -> None:
    entrant.follow("Withdraw the entry")
    entrant.look("withdraw")
    entrant.press("Withdraw the entry")
    entrant.sees("The entry is withdrawn.", "Withdrawn")
    house.wait_for_letter(entrant.email, f"“{MARKED}” is withdrawn")
    subjects = [letter.subject for letter in house.letters_to(entrant.email)]
    assert len(subjects) == len(set(subjects))


def no_longer_hangs(stranger: Person) -> None:
    stranger.go("/contests/")
    stranger.follow(CONTEST)
    stranger.follow("Visit the gallery")
    stranger.follow("AI")
    stranger.sees("Nothing hangs here yet.")
