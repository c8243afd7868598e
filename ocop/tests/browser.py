"""A real Chromium for the journeys: people at their screens, and what is watched on every page they open."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response, expect, sync_playwright

from accounts.models import User
from accounts.tests.factories import PASSWORD

SCREENS = {"desk": (1440, 900), "tablet": (1180, 820), "phone": (390, 844)}
# A quiet Chromium: no network of its own, nothing that slows the start.
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 10_000
# Playwright waits five seconds of its own accord: too few on a machine that runs other tests beside.
expect.set_options(timeout=PATIENCE_MS)
# WCAG 2.2 A and AA, as far as a machine can tell.
ACCESSIBILITY = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
GRAVE = ("serious", "critical")
# Chromium's own words for an answer that `_answered` or the test itself judges.
JUDGED_ELSEWHERE = "Failed to load resource"
# Endless motion cannot be finished and goes on.
FINISH_MOTION = """() => document.getAnimations().forEach((motion) => {
  if (motion.effect?.getComputedTiming().endTime !== Infinity) motion.finish();
})"""
TOO_WIDE = "document.fonts.ready.then(() => document.documentElement.scrollWidth - window.innerWidth)"
SAVED = re.compile(r"Đã lưu lúc \d{2}:\d{2}")


class Person:
    """A user in a browser window. Trouble on any page (script errors, refusals by the page's
    Content-Security-Policy, failed answers) is kept, and `sees` and `leave` fail on it.
    """

    def __init__(self, browser: Browser, base_url: str, *, screen: str, javascript: bool) -> None:
        width, height = SCREENS[screen]
        self.context = browser.new_context(
            base_url=base_url,
            viewport={"width": width, "height": height},
            has_touch=screen != "desk",
            java_script_enabled=javascript,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
        )
        self.screen = screen
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.troubles: list[str] = []
        self.foreseen: list[str] = []
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.troubles.append(f"script error: {error}"))
        self.page.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(JUDGED_ELSEWHERE):
            self.troubles.append(f"console on {self.page.url}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.troubles.append(f"{response.status} {response.url}")

    def foresees(self, *words: str) -> None:
        """Trouble with these words in it is part of the test."""
        self.foreseen += words

    def sign_in(self, user: User, password: str = PASSWORD) -> None:
        self.page.goto("/dang-nhap/")
        self.page.fill("#id_username", user.username)
        self.page.fill("#id_password", password)
        self.press("Đăng nhập")

    def press(self, name: str, within: Locator | None = None) -> None:
        """Press the button with exactly this name."""
        (within or self.page.locator("main")).get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str, within: Locator | None = None) -> None:
        """Follow the link with exactly this name."""
        (within or self.page.locator("main")).get_by_role("link", name=name, exact=True).click()

    def agree(self, action: str) -> None:
        """Press the yes of the dialog, which is named `action`."""
        self.press(action, self.page.locator("#confirm-dialog"))

    def fill(self, **values: Any) -> None:
        """Fill fields of the form by their names; dates as offices write them."""
        for name, value in values.items():
            self.page.fill(f"#id_{name}", f"{value:%d/%m/%Y}" if hasattr(value, "strftime") else str(value))

    def sees(self, title: str, *texts: str, picture: str = "") -> None:
        """The page with this heading and these texts stands, without trouble and inside the window.

        `picture`: a page of its own kind, to be looked at by people and by the accessibility rules.
        """
        expect(self.page.locator("h1")).to_contain_text(title, timeout=PATIENCE_MS)
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text, timeout=PATIENCE_MS)
        if picture:
            self.take_picture(picture)
            self.check_accessibility()
        self.check()

    def sees_saved(self) -> None:
        """The chip beside the work says that it is kept."""
        expect(self.page.locator("[data-saved-word]")).to_have_text(SAVED, timeout=PATIENCE_MS)

    def check(self) -> None:
        # Words are there before the page is whole; in another font, or still moving, it may be wider.
        self.page.wait_for_load_state()
        self.page.evaluate(FINISH_MOTION)
        wide = self.page.evaluate(TOO_WIDE)
        assert wide <= 0, f"{self.page.url} is {wide}px wider than the {self.screen}"
        self._check_troubles()

    def check_accessibility(self) -> None:
        # From the top: what is half under the fixed bar while scrolled would count as too small.
        self.page.evaluate("window.scrollTo(0, 0)")
        # A message that is still fading in has less contrast than it will have.
        self.page.evaluate(FINISH_MOTION)
        violations = Axe().run(self.page, options=ACCESSIBILITY).response["violations"]
        found = [
            f"{rule['id']}: {node['html'][:200]} {node.get('failureSummary', '')}"
            for rule in violations
            if rule["impact"] in GRAVE
            for node in rule["nodes"]
        ]
        assert not found, "\n".join([self.page.url, *found])

    def _check_troubles(self) -> None:
        found = [line for line in self.troubles if not any(words in line for words in self.foreseen)]
        assert not found, "\n".join(found)

    def take_picture(self, name: str) -> None:
        """Keep what stands on the screen in the folder OCOP_SHOTS, for people to look at."""
        folder = os.environ.get("OCOP_SHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(
                path=Path(folder) / f"{name}-{self.screen}.png", full_page=True, caret="initial"
            )

    def leave(self) -> None:
        self.context.close()
        self._check_troubles()


@pytest.fixture(scope="module", name="browser")
def browser_fixture() -> Iterator[Browser]:
    """Debian's Chromium, or Playwright's own where there is none."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    # Playwright keeps an event loop in this thread, but no coroutine of it ever asks the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=list(OPTIONS), timeout=60_000
            )
            yield browser
            browser.close()
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        else:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


Arrive = Callable[..., Person]


@pytest.fixture(name="arrive")
def arrive_fixture(browser: Browser, live_server: Any) -> Iterator[Arrive]:
    """Let somebody sit down at a screen, signed in: `arrive(user, screen="desk", javascript=True)`."""
    present: list[Person] = []

    def arrive(user: User | None = None, *, screen: str = "desk", javascript: bool = True) -> Person:
        person = Person(browser, live_server.url, screen=screen, javascript=javascript)
        present.append(person)
        if user is not None:
            person.sign_in(user)
            person.sees("Việc của tôi")
        return person

    yield arrive
    for person in present:
        person.leave()
