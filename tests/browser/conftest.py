import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.house import House
from tests.browser.person import Person

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium.

    Not the plugin's ``browser``, which lives as long as the run: while Playwright lives, an event loop runs
    in this process, and the tests after these could not use the database.
    """
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None:
        pytest.skip(f"needs Debian's chromium (none of {', '.join(NAMES)} is here)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def house(chromium: Browser) -> Iterator[House]:
    """The running site, one for all browser tests, with the demonstration's people and no entry."""
    folder = Path(tempfile.mkdtemp(prefix="house-"))  # short, for a socket's path
    house = House(folder)
    try:
        house.set_up()
        yield house
    finally:
        house.close()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def meet(chromium: Browser, house: House) -> Iterator[Callable[..., Person]]:
    """``meet("Mina Park")``: a person with a browser of their own, closed after the test."""
    met: list[Person] = []

    def meet(name: str = "", *, javascript: bool = True) -> Person:
        met.append(Person(chromium, house, name, javascript=javascript))
        return met[-1]

    yield meet
    for person in met:
        person.context.close()
