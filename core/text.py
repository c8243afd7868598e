"""Vietnamese text: one normal form, one search form, one order."""

import unicodedata

from vn_collate import collate_key
from vn_text import fold


def nfc(text: str) -> str:
    """Unicode NFC with single spaces and no outer blanks (TCVN 6909:2001)."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def search_key(text: str) -> str:
    """Lower case without diacritics, "đ" as "d": what people type into a search box."""
    return " ".join(fold(nfc(text)).split())


def sort_key(text: str) -> str:
    """Binary key whose order is the Vietnamese dictionary's (the database has no such collation)."""
    return collate_key(nfc(text))
