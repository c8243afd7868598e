"""Legal form from a name or its many spellings, product set from a name; guesses are marked as such."""

import re
from functools import cache
from pathlib import Path

import yaml

from core.text import search_key
from products.enums import LegalForm

# Whole words of an entity's name, without diacritics, the surest first.
_FORMS: tuple[tuple[str, str], ...] = (
    (r"to hop tac|tht", LegalForm.COOPERATIVE_GROUP),
    (r"lien hiep hop tac xa|hop tac xa|htx\w*|qtd|quy tin dung", LegalForm.COOPERATIVE),
    (r"trang trai|nong trai|farm", LegalForm.FARM),
    (r"hiep hoi|chi hoi|^hoi", LegalForm.ASSOCIATION),
    (r"trung tam dieu hanh|ban quan ly", LegalForm.MANAGING_CENTRE),
    (r"cong ty|cty|tnhh|doanh nghiep|dntn|mtv|co phan|ctcp|xi nghiep|tap doan|jsc|nha may", LegalForm.SME),
)
_WRITTEN = {
    "htx": LegalForm.COOPERATIVE,
    "lien hiep htx": LegalForm.COOPERATIVE,
    "tht": LegalForm.COOPERATIVE_GROUP,
    "dn": LegalForm.SME,
    "dnnvv": LegalForm.SME,
    "doanh nghiep": LegalForm.SME,
    "ho": LegalForm.HOUSEHOLD,
    "hkd": LegalForm.HOUSEHOLD,
    "ho san xuat": LegalForm.HOUSEHOLD,
    "ho kinh doanh": LegalForm.HOUSEHOLD,
    "ho gia dinh": LegalForm.HOUSEHOLD,
    "ho ca the": LegalForm.HOUSEHOLD,
    "ho kinh doanh ca the": LegalForm.HOUSEHOLD,
    "co so": LegalForm.HOUSEHOLD,
    "co so san xuat": LegalForm.HOUSEHOLD,
    "ca nhan": LegalForm.HOUSEHOLD,
    "hoi": LegalForm.ASSOCIATION,
    "hiep hoi": LegalForm.ASSOCIATION,
    "khac": LegalForm.OTHER_TOURISM,
}
SET_WORDS = Path(__file__).resolve().parent / "set_words.yaml"
_TOURISM = 26
# When the name tells nothing: the first set of the family that is not raw, or simply the widest one.
_OF_FAMILY = {"I": 7, "II": 17, "III": 20, "IV": 21, "V": 24, "VI": _TOURISM}
_RANGES = {
    "I": range(1, 14),
    "II": range(14, 18),
    "III": range(18, 21),
    "IV": range(21, 23),
    "V": range(23, 26),
    "VI": range(26, 27),
}


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^0-9a-z]+", " ", search_key(text)).split())


@cache
def _set_words() -> list[tuple[re.Pattern[str], int]]:
    rows = yaml.safe_load(SET_WORDS.read_text(encoding="utf-8"))
    return [(re.compile(rf"\b(?:{'|'.join(row['words'])})\b"), row["set"]) for row in rows]


def legal_form(name: str) -> str:
    """The legal form a name speaks of; a name that says none is taken for a household."""
    key = _plain(name)
    for words, form in _FORMS:
        if re.search(rf"\b(?:{words})\b", key):
            return form
    return LegalForm.HOUSEHOLD


def written_legal_form(text: str) -> str | None:
    """The legal form people wrote: its label, a usual short form, or words such as "Công ty TNHH"."""
    key = _plain(text)
    labels = {_plain(form.label): form.value for form in LegalForm}
    found = labels.get(key) or _WRITTEN.get(key)
    if found:
        return found
    guess = legal_form(text)
    said_household = re.search(r"\b(?:ho|co so|ca nhan|ca the)\b", key)
    return guess if guess != LegalForm.HOUSEHOLD or said_household else None


def product_set(name: str, family: str = "") -> int:
    """The number of the set a name speaks of, inside the family (a Roman numeral) when one is given."""
    key = _plain(name)
    allowed = _RANGES.get(family, range(1, 27))
    for words, number in _set_words():
        if number in allowed and words.search(key):
            return number
    return _OF_FAMILY.get(family, _OF_FAMILY["I"])
