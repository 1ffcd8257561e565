"""A person at a browser: what they can do anywhere on the site, and what every page owes them."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, ViewportSize, expect

from moderation.demo.story import PASSWORD
from tests.browser.house import House

SCREENSHOTS = Path(__file__).parents[2] / "test-results" / "pages"
NARROW, WIDE = ViewportSize(width=390, height=844), ViewportSize(width=1440, height=900)

# What is wrong with the page as it stands, each as a sentence; [] where nothing is.
PROBLEMS = """() => {
  const problems = [];
  const say = (what, element) => problems.push(`${what}: ${element.outerHTML.slice(0, 120)}`);
  const words = (element) => (element.getAttribute("aria-label") || element.textContent || "").trim();
  if (!document.documentElement.lang) problems.push("the page says no language");
  if (document.querySelectorAll("h1").length !== 1) problems.push("not exactly one h1");
  if (!document.title.trim()) problems.push("no title");
  for (const element of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
    if (![...element.labels].some(words) && !words(element) && !element.getAttribute("aria-labelledby"))
      say("a field without a label", element);
  for (const element of document.querySelectorAll("img:not([alt])")) say("a picture without alt", element);
  for (const element of document.querySelectorAll("button, a[href]"))
    if (!element.closest("[aria-hidden=true]") && !element.textContent.trim() && !words(element)
        && !element.querySelector("img[alt]:not([alt=''])")) say("nothing to read on it", element);
  const seen = new Set();
  for (const element of document.querySelectorAll("[id]")) {
    if (seen.has(element.id)) say("an id used twice", element);
    seen.add(element.id);
  }
  for (const element of document.querySelectorAll("img"))
    if (element.complete && !element.naturalWidth) say("a picture that did not load", element);
  return problems;
}"""
SIDEWAYS = """() => {
  const page = document.scrollingElement, wide = page.clientWidth;
  if (page.scrollWidth <= wide) return [];
  const sticksOut = (element) => element.getBoundingClientRect().right > wide + 1;
  const culprits = [...document.body.querySelectorAll("*")].filter(sticksOut).slice(-3);
  return [`wider than ${wide}: ` + culprits.map(element => element.outerHTML.slice(0, 120)).join(" | ")];
}"""

# What the focus is on, in words, and whether a person sees that.
FOCUS = """() => {
  const on = document.activeElement, label = on.labels && on.labels[0];
  const name = on.getAttribute("aria-label") || (label || on).innerText || "";
  const isDrawn = (style) =>
    (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  const isShown = [on, label].filter(Boolean).some(element => isDrawn(getComputedStyle(element)));
  return [name.trim(), on === document.body || isShown];
}"""


class Person:
    """Somebody with a browser. Whatever the browser complains of is kept in ``complaints``."""

    def __init__(self, browser: Browser, house: House, name: str, *, javascript: bool) -> None:
        self.house = house
        self.name = name
        self.email = f"{name.partition(' ')[0].lower()}@example.org" if name else ""
        self.javascript = javascript
        self.context = browser.new_context(
            base_url=house.address, viewport=WIDE, java_script_enabled=javascript, locale="en-GB"
        )
        self.context.set_default_timeout(30_000)
        self.complaints: list[str] = []
        self.keys = self.stops = 0  # pressed so far, and places where the person has to think
        self.page = self.context.new_page()
        # From the start: a listener that comes with the key press may come after the system's own dialog.
        self.page.on("filechooser", lambda _chooser: None)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))

    def _hear(self, message: ConsoleMessage) -> None:
        """Errors of scripts and breaches of the content security policy."""
        if message.type == "error":
            self.complaints.append(f"{self.page.url}: {message.text}")

    # What one does anywhere

    def go(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    def press(self, words: str) -> None:
        """Press the last button with these words: the one a reader of the page comes to at its end."""
        exactly = re.compile(rf"^\s*{re.escape(words)}\s*$", re.IGNORECASE)
        self._leave_by(self.main.get_by_role("button", name=exactly).last)

    def follow(self, words: str, *, exact: bool = True) -> None:
        self._leave_by(self.page.get_by_role("link", name=words, exact=exact).first)

    def _leave_by(self, door: Locator) -> None:
        with self.page.expect_navigation():
            door.click()

    def fill(self, fields: dict[str, str]) -> None:
        for label, value in fields.items():
            self.field(label).fill(value)

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(re.compile(rf"^{re.escape(label)}( \(optional\))?:?$", re.IGNORECASE))

    def choose(self, words: str) -> None:
        """Tick the box or the radio button with these words."""
        self.page.get_by_label(words).check()

    def attach(self, field: str, name: str, media_type: str, content: bytes) -> None:
        self.field(field).set_input_files({"name": name, "mimeType": media_type, "buffer": content})

    def sees(self, *sentences: str) -> None:
        for sentence in sentences:
            expect(self.main).to_contain_text(sentence)

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    def wait_until_it_says(self, words: str) -> None:
        """Load the page again and again, as somebody would who is curious."""

        def said() -> bool:
            self.page.reload()
            return words in self.main.inner_text()

        self.house.wait(said, f"“{words}” at {self.page.url}")

    # Accounts

    def sign_up(self) -> None:
        """With the letter that is sent for it; signed in at its end."""
        self.go("/accounts/signup/")
        self.fill({"E-mail": self.email, "Your name, as organizers see it": self.name})
        for again in ("1", "2"):
            self.page.locator(f"input[name=password{again}]").fill(PASSWORD)
        self.press("Sign up")
        letter = self.house.wait_for_letter(self.email, "")
        link = re.search(r"http://\S+/accounts/confirm-email/\S+", letter.text)
        assert link, letter.text
        self.go(link.group())
        self.press("Confirm")
        if "/login/" in self.page.url:
            self.sign_in(self.email)

    def sign_in(self, email: str) -> None:
        if "/login/" not in self.page.url:
            self.go("/accounts/login/")
        self.fill({"E-mail": email, "Password": PASSWORD})
        self.press("Sign in")

    # The keyboard alone

    def tab_to(self, words: str) -> None:
        """Press Tab until the focus, which has to be visible, is on what begins with these words."""
        passed = []
        for _step in range(150):
            self.press_key("Tab")
            name, is_shown = self.page.evaluate(FOCUS)
            assert is_shown, f"nobody sees that the focus is on “{name}” ({self.page.url})"
            if name.startswith(words):
                self.stops += 1
                return
            passed.append(name)
        raise AssertionError(f"Tab never comes to “{words}”: {passed}")

    def press_key(self, key: str) -> None:
        self.keys += 1
        self.page.keyboard.press(key)

    def leave_by_key(self, key: str) -> None:
        """A key that opens another page."""
        with self.page.expect_navigation():
            self.press_key(key)

    def write(self, words: str) -> None:
        self.keys += len(words)
        self.page.keyboard.type(words)

    @property
    def seconds_of_a_person(self) -> float:
        """By the keystroke-level model (Card, Moran and Newell, 1980): 0.28 s a key for somebody who types as
        most do, 1.35 s to think at each place."""
        return 0.28 * self.keys + 1.35 * self.stops

    # What every page owes

    def look(self, name: str) -> None:
        """Hold the page to its duties at both widths, and keep what it looks like under ``name``."""
        problems = []
        for label, size in (("390", NARROW), ("1440", WIDE)):
            self.page.set_viewport_size(size)
            problems += [f"{label} px: {problem}" for problem in self.page.evaluate(SIDEWAYS)]
            self.keep_picture(f"{name}-{label}")
        problems += [*self.page.evaluate(PROBLEMS), *self.complaints]
        assert not problems, "\n".join([f"{name}, {self.page.url}:", *problems])

    def keep_picture(self, name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        options: dict[str, Any] = {"type": "jpeg", "quality": 70, "full_page": True}
        self.page.screenshot(path=SCREENSHOTS / f"{name}.jpg", **options)
