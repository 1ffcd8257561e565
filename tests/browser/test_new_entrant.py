"""Somebody new, from the landing page to a handed-in entry with an AI-edited statement, without a mouse."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, expect

from moderation.demo import pictures, signing
from moderation.demo.story import PASSWORD
from moderation.provenance.signing import IPTC
from tests.browser.house import House
from tests.browser.person import Person

PARTS_GENERATED = IPTC + "compositeWithTrainedAlgorithmicMedia"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("processes"),
    pytest.mark.timeout(300),
    # The embedded broker's package leaves its pipes to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def test_from_the_landing_page_to_an_ai_edited_entry_by_keyboard_in_three_minutes(
    house: House, meet: Callable[..., Person]
) -> None:
    entrant = meet("Noor Haddad")

    signs_up(entrant, house)
    entrant.tab_to("Spring Salon")
    entrant.leave_by_key("Enter")
    entrant.tab_to("Enter a work")
    entrant.leave_by_key("Enter")
    adds_a_picture(entrant)
    takes_over_what_the_file_says(entrant)
    says_the_rest(entrant)
    entrant.tab_to("Hand in")
    entrant.leave_by_key("Enter")

    entrant.sees("Your entry is handed in.", "AI made a part", "Adobe Firefly", "The sky")
    entrant.look("entry-new-entrant")
    assert entrant.seconds_of_a_person < 180, (entrant.keys, entrant.stops)


def signs_up(entrant: Person, house: House) -> None:
    entrant.go("/")
    entrant.tab_to("Create an account")
    entrant.leave_by_key("Enter")
    for label, words in (
        ("E-mail", entrant.email),
        ("Your name", entrant.name),
        ("Password", PASSWORD),
        ("Password", PASSWORD),
    ):
        writes(entrant, label, words)
    entrant.leave_by_key("Enter")
    letter = house.wait_for_letter(entrant.email, "")
    link = re.search(r"http://\S+/accounts/confirm-email/\S+", letter.text)
    assert link, letter.text
    entrant.go(link.group())
    entrant.tab_to("Confirm")
    entrant.leave_by_key("Enter")
    if "/login/" in entrant.page.url:
        writes(entrant, "E-mail", entrant.email)
        writes(entrant, "Password", PASSWORD)
        entrant.leave_by_key("Enter")


def writes(entrant: Person, label: str, words: str) -> None:
    """Into the field of that label, or the one that has the focus from the start."""
    focused = entrant.page.evaluate("() => document.activeElement.labels?.[0]?.innerText || ''")
    if not focused.startswith(label) or entrant.page.evaluate("() => document.activeElement.value"):
        entrant.tab_to(label)
    entrant.write(words)


def adds_a_picture(entrant: Person) -> None:
    entrant.tab_to("Title")
    entrant.write("Roofs")
    entrant.tab_to("Add pictures")
    with entrant.page.expect_file_chooser() as chooser:
        entrant.press_key("Space")
    signed = signing.sign(
        pictures.as_jpeg(pictures.hills(31)),
        "image/jpeg",
        signing.make_credentials("Adobe"),
        tool="Adobe Firefly",
        source_type=PARTS_GENERATED,
    )
    chooser.value.set_files(FilePayload(name="roofs.jpg", mimeType="image/jpeg", buffer=signed))
    entrant.tab_to("Save the draft")
    entrant.leave_by_key("Enter")


def takes_over_what_the_file_says(entrant: Person) -> None:
    question = entrant.page.get_by_role("heading", name="Your file names Adobe Firefly")
    expect(question).to_be_visible(timeout=120_000)
    expect(entrant.page.get_by_role("group", name="Tool 1")).to_have_count(0)
    entrant.look("draft-question")
    entrant.tab_to("Yes, put it into my statement")
    entrant.leave_by_key("Enter")
    expect(entrant.page.get_by_label("AI made a part")).to_be_checked()
    expect(entrant.page.get_by_role("group", name="Tool 1")).to_be_visible()
    entrant.look("draft-answered")


def says_the_rest(entrant: Person) -> None:
    entrant.tab_to("Which parts AI made or changed")
    entrant.write("The sky")
    entrant.tab_to("Rights in its training data")
    entrant.write("Licensed")
    entrant.tab_to("Your full name, as a signature")
    entrant.write(entrant.name)
    entrant.tab_to("I have read the four sentences above")
    entrant.press_key("Space")


def test_a_draft_is_tried_and_its_layers_are_shown_to_the_reviewer(meet: Callable[..., Person]) -> None:
    from tests.submissions.evidence.documents import Drawn, psd

    entrant, organizer = meet("Mina Park", javascript=False), meet()
    entrant.sign_in("entrant@example.org")
    entrant.go("/contests/spring-salon/")
    entrant.press("Enter a work")
    entrant.fill({"Title": "Kettle"})
    entrant.choose("No generative AI")
    entrant.attach("Add pictures", "kettle.jpg", "image/jpeg", pictures.as_jpeg(pictures.hills(41)))
    layers = psd([Drawn("Paper"), Drawn("Lines", mode=b"mul ")])
    entrant.attach("Add process evidence", "kettle.psd", "image/vnd.adobe.photoshop", layers)
    entrant.press("Check this draft")
    entrant.wait_until_it_says("Nothing that was looked at speaks against your statement.")
    entrant.look("draft-tried")
    entrant.page.get_by_label("Glaze", exact=True).check()
    entrant.fill({"Your full name, as a signature": "Mina Park"})
    entrant.choose("I have read the four sentences above and sign them.")
    entrant.press("Hand in")
    entrant.sees("Your entry is handed in.")
    entrant.follow("Your statement as three reports: US, EU, California")
    entrant.sees("more than de minimis", "Level “none”")
    entrant.look("reports")

    organizer.sign_in("organizer@example.org")
    organizer.follow("Organizers")
    organizer.follow("All open cases")
    organizer.wait_until_it_says("Kettle")
    organizer.follow("Kettle")
    organizer.main.get_by_text("2 layers").click()
    organizer.sees("Lines", "multiply", "Paper")
    organizer.look("case-layers")
