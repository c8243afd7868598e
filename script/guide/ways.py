"""Ways to a page that several readers share, and what a picture is."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from playwright.sync_api import FilePayload, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Way = Callable[[Page], None]


@dataclass(frozen=True)
class Picture:
    """`name` of the file, the demonstration account who sees the page, the way to it."""

    name: str
    who: str
    way: Callable[[Page], None]


def at(path: str) -> Callable[[Page], None]:
    """The page of an address."""
    return lambda page: page.goto(path)


def found(kind: str, name: str, *links: str) -> Callable[[Page], None]:
    """The page of a dossier or product found by its name, then on by links or buttons."""

    def go(page: Page) -> None:
        page.goto(f"/{kind}/?q={quote(name)}")
        page.locator("main tbody th a", has_text=name).first.click()
        for link in links:
            press(page, link)

    return go


def press(page: Page, name: str) -> None:
    """Follow the link or press the button with this name; one in a closed menu after opening it."""
    target = (
        page.locator("main")
        .get_by_role("link", name=name)
        .or_(page.locator("main").get_by_role("button", name=name))
    )
    try:
        target.first.click(timeout=3_000)
    except PlaywrightTimeout:
        page.get_by_role("button", name="Việc khác").click()
        target.first.click()


def then(*steps: Callable[[Page], None]) -> Callable[[Page], None]:
    """One way after another."""

    def go(page: Page) -> None:
        for step in steps:
            step(page)

    return go


def pressing(name: str) -> Callable[[Page], None]:
    return lambda page: press(page, name)


def upload(name: str, kind: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": content}


def last_row(page: Page) -> None:
    page.locator("main tbody th a").last.click()


def seen(selector: str) -> Callable[[Page], None]:
    """Scroll until this part stands at the top of the window."""
    return lambda page: page.locator(selector).first.evaluate(
        "part => window.scrollTo(0, part.getBoundingClientRect().top + scrollY - 130)"
    )
