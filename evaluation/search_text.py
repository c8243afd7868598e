"""Finding and marking words in printed text whatever the diacritics: "ghi nhan" is found in "ghi nhãn"."""

from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from core.text import search_key


@lru_cache(maxsize=2048)
def _letter(letter: str) -> str:
    return search_key(letter) or " "


def folded(text: str) -> str:
    """The search form of a text: small letters without diacritics, single spaces, "đ" as "d"."""
    return _with_places(text)[0].strip()


def marked(text: str, query: str) -> SafeString:
    """The text as safe HTML with every occurrence of the words searched for in `<mark>`."""
    words = folded(query)
    if not words:
        return escape(text)
    key, places = _with_places(text)
    html, done, start = [], 0, key.find(words)
    while start >= 0:
        first, last = places[start], places[start + len(words) - 1] + 1
        html.append(f"{escape(text[done:first])}<mark>{escape(text[first:last])}</mark>")
        done, start = last, key.find(words, start + len(words))
    return mark_safe("".join(html) + escape(text[done:]))  # noqa: S308  every piece is escaped


def _with_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its letters the place in the text it comes from."""
    key: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for plain in _letter(letter):
            if plain != " " or (key and key[-1] != " "):
                key.append(plain)
                places.append(place)
    return "".join(key), places
