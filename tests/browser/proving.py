"""An artist asks the demonstration's organization, and its organizer vouches."""

import re

from tests.browser.person import Person


def is_vouched_for(artist: Person, organizer: Person) -> None:
    """From the artist's portfolio and back to it; ``organizer`` is signed in."""
    artist.follow("Give proof")
    artist.look("proof")
    artist.fill({"Organization": "salon-house"})
    artist.press("Ask them")
    artist.sees("The organization is asked.")

    organizer.follow("Organizers")
    organizer.follow("Registrations")
    card = organizer.main.locator("article").filter(has_text=artist.name)
    card.get_by_label("Why; the artist reads it").fill("Shown here in 2024.")
    organizer.look("registrations")
    with organizer.page.expect_navigation():
        card.get_by_role("button", name=re.compile("^Accept")).click()
    organizer.sees("Noted.")

    artist.page.reload()
    artist.sees("Accepted", "Shown here in 2024.")
    artist.follow("Works")
