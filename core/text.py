"""Vietnamese text: one normal form, one search form, one order."""

import unicodedata
from textwrap import wrap

from vn_collate import collate_key
from vn_text import fold

# The library's weight of every character that is neither letter nor digit (01 is free: digits start at 02).
BETWEEN_WORDS = "fe"


def nfc(text: str) -> str:
    """Unicode NFC with single spaces and no outer blanks (TCVN 6909:2001)."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def lower_first(name: str) -> str:
    """The name of a unit inside a sentence: "UBND xã Cẩm Bình"."""
    return name[:1].lower() + name[1:]


def search_key(text: str) -> str:
    """Lower case without diacritics, "đ" as "d": what people type into a search box."""
    return " ".join(fold(nfc(text)).split())


def sort_key(text: str) -> str:
    """Binary key whose order is the Vietnamese dictionary's (the database has no such collation).

    Word by word: what stands between words comes before every letter, so "Cá chép" before "Cam".
    The library puts it after them; its key starts with one weight a character, up to the first 00.
    """
    weights = wrap(collate_key(nfc(text)), 2)
    end = weights.index("00") if "00" in weights else len(weights)
    letters = ["01" if weight == BETWEEN_WORDS else weight for weight in weights[:end]]
    return "".join(letters + weights[end:])
