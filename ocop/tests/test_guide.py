"""The user guide: pictures are there and used, links lead somewhere, its words stand on the screen."""

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "huong-dan"
PAGES = sorted(GUIDE.glob("*.md"))
LARGEST_PICTURE = 150_000
# Where words of the screen are written.
ROOMS = ("accounts", "core", "products", "evaluation", "training", "reports")

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
# Words of a button, a heading or a state are written **“so”**.
SCREEN_WORDS = re.compile(r"\*\*“([^”]+)”\*\*")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def pictures_named() -> dict[str, str]:
    """Path of each picture in the guide, with the words for those who cannot see it."""
    return {path: words for page in PAGES for words, path in PICTURE.findall(page.read_text())}


def anchors_of(page: Path) -> set[str]:
    """What a link to a heading is called: small letters, no punctuation, hyphens for spaces."""
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in HEADING.findall(page.read_text())
    }


@cache
def words_on_the_screen() -> str:
    """Texts of all templates, of the Python of the rooms and of our scripts, in one string."""
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static" / "js").glob("*.js")]
    for room in ROOMS:
        files += [path for path in (ROOT / room).rglob("*.py") if not {"tests", "demo"} & set(path.parts)]
    return "\n".join(path.read_text() for path in files)


def test_there_is_a_page_for_every_role_of_the_road():
    assert [page.name for page in PAGES] == [
        "README.md",
        "can-bo-tap-huan.md",
        "can-bo-tinh.md",
        "can-bo-xa.md",
        "chu-the.md",
        "chu-tich-hoi-dong.md",
        "lanh-dao.md",
        "quan-tri.md",
        "thanh-vien-hoi-dong.md",
        "thu-ky-hoi-dong.md",
    ]


def test_every_picture_exists_is_small_and_has_words():
    for path, words in pictures_named().items():
        assert words, path
        assert (GUIDE / path).stat().st_size <= LARGEST_PICTURE, path


def test_every_picture_kept_is_used():
    kept = {f"img/{path.name}" for path in (GUIDE / "img").iterdir()}
    assert kept == set(pictures_named())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_leads_somewhere(page: Path):
    for target in LINK.findall(page.read_text()):
        path, _, anchor = target.partition("#")
        other = (page.parent / path).resolve() if path else page
        assert other.is_file(), target
        if anchor:
            assert anchor in anchors_of(other), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_words_given_as_of_the_screen_stand_on_the_screen(page: Path):
    screen = words_on_the_screen()
    assert [words for words in SCREEN_WORDS.findall(page.read_text()) if words not in screen] == []
