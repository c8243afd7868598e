"""From what people write in lists to the commune of today.

By code, by today's name, by a name still in use (`UnitAlias`), and by the commune of before 1 July 2025 with
its district (`data/former_communes.csv`; docs/decisions/0006-former-communes.md). What could be several
communes is never guessed: the match then holds the candidates for a person to choose from.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from pathlib import Path

from core.models import AdminUnit, UnitAlias
from core.services import VALID_FROM
from core.text import nfc, search_key

FORMER_COMMUNES = Path(__file__).resolve().parent / "data" / "former_communes.csv"
SUGGESTIONS = 4
LOOKS_ALIKE = 0.6
LONGEST_CHAIN = 5

_COMMUNE = re.compile(r"^(xa|phuong|thi tran|dac khu|tt|ph|p|x)(?:\.\s*|\s+)(?=\S)")
_DISTRICT = re.compile(r"^(huyen|thi xa|thanh pho|quan|tx|tp|h|q)(?:\.\s*|\s+)(?=\S)")
_PROVINCE = re.compile(r"^(tinh|thanh pho|tp|t)(?:\.\s*|\s+)(?=\S)")
_PARTS = re.compile(r"[,;\n/]| [-–—] ")
_WRITTEN_KIND = re.compile(r"^(xã|xa|phường|phuong|thị trấn|thi tran|đặc khu|tt|ph|p|x)(?:\.\s*|\s+)(?=\S)")
_CODE = re.compile(r"^\d{4,5}$")


class Way(StrEnum):
    """How a commune was recognised."""

    CODE = "code"
    NAME = "name"
    ALIAS = "alias"
    FORMER = "former"
    UNSURE = "unsure"
    UNKNOWN = "unknown"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Match:
    """The commune, or the candidates to choose from (`UNSURE`), or the nearest names (`UNKNOWN`).

    `note`: a remark for the person, when the words were not today's name.
    """

    way: Way
    unit: AdminUnit | None = None
    candidates: tuple[AdminUnit, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Former:
    """A commune of before 1 July 2025 and the codes of today's communes its land went to."""

    province: str
    district: str
    name: str
    codes: frozenset[str]

    def __str__(self) -> str:
        return f"{self.name} ({self.district} cũ)"


@dataclass(frozen=True)
class Words:
    """What was written, taken apart: commune, district and province, and what else stood there."""

    commune: str = ""
    district: str = ""
    province: str = ""
    rest: tuple[str, ...] = ()


@cache
def former_communes(province_code: str) -> tuple[Former, ...]:
    """The communes of before 1 July 2025 on the land of a province of today."""
    with FORMER_COMMUNES.open(encoding="utf-8", newline="") as file:
        return tuple(
            Former(row["old_province"], row["old_district"], row["old_commune"], _codes(row["communes"]))
            for row in csv.DictReader(file)
            if row["province"] == province_code
        )


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


@cache
def _former_province_names() -> frozenset[str]:
    with FORMER_COMMUNES.open(encoding="utf-8", newline="") as file:
        return frozenset(search_key(row["old_province"]) for row in csv.DictReader(file))


def _bare(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub("", search_key(text), count=1).strip(" .")


def commune_key(name: str) -> str:
    """A commune's name without its kind and diacritics: "cam binh" of "Xã Cẩm Bình"."""
    return _bare(_COMMUNE, name)


def _kind(name: str) -> str:
    """Xã, phường or thị trấn, as far as it was written."""
    found = _COMMUNE.match(search_key(name))
    short = {"x": "xa", "p": "phuong", "ph": "phuong", "tt": "thi tran"}
    return short.get(found[1], found[1]) if found else ""


@dataclass
class UnitMatcher:
    """Finds communes of one province; built once for a list, it remembers what it was asked."""

    province: AdminUnit
    communes: list[AdminUnit] = field(init=False)

    def __post_init__(self) -> None:
        rows = list(AdminUnit.objects.communes().filter(parent=self.province).order_by("sort_name"))
        self.communes = [unit for unit in rows if unit.valid_to is None]
        self._current = {unit.pk: unit for unit in self.communes}
        self._by_code = {unit.code: unit for unit in self.communes}
        self._by_name = _grouped((commune_key(unit.name), unit) for unit in self.communes)
        self._named_before: dict[str, list[AdminUnit]] = defaultdict(list)
        self._learn_old_names(rows)
        self._former = _grouped((commune_key(old.name), old) for old in former_communes(self.province.code))
        self._districts = {_bare(_DISTRICT, old.district) for old in former_communes(self.province.code)}
        provinces = {search_key(old.province) for old in former_communes(self.province.code)}
        self._own_names = provinces | {search_key(self.province.short_name)}
        self._memory: dict[tuple[str, str, str, bool], Match] = {}

    def _learn_old_names(self, rows: Iterable[AdminUnit]) -> None:
        """Names of units merged or renamed since, and the other names people still use."""
        everything = {unit.pk: unit for unit in rows}
        for unit in rows:
            if unit.valid_to is not None and (present := self._present(unit, everything)):
                self._named_before[commune_key(unit.name)].append(present)
                self._by_code.setdefault(unit.code, present)
        for alias in UnitAlias.objects.filter(unit__in=everything):
            if present := self._present(everything[alias.unit_id], everything):
                self._named_before[commune_key(alias.name)].append(present)

    def _present(self, unit: AdminUnit, everything: dict[int, AdminUnit]) -> AdminUnit | None:
        for _ in range(LONGEST_CHAIN):
            if unit.valid_to is None:
                return unit
            if unit.merged_into_id not in everything:
                return None
            unit = everything[unit.merged_into_id]
        return None

    def match(self, commune: str, district: str = "", address: str = "", on: date | None = None) -> Match:
        """The commune meant by the words of a row: its commune, its old district, else its address.

        `on`: the day the words are from. A name that meant another commune before 1 July 2025 is asked
        when the day is earlier or unknown.
        """
        before = on is None or on < VALID_FROM
        asked = (commune, district, "" if commune else address, before)
        if asked not in self._memory:
            self._memory[asked] = self._find(commune, district, address, before)
        return self._memory[asked]

    def _find(self, commune: str, district: str, address: str, before: bool) -> Match:
        code = nfc(commune)
        if _CODE.match(code):
            unit = self._by_code.get(code.zfill(5))
            return Match(Way.CODE, unit) if unit else Match(Way.UNKNOWN)
        words = self._take_apart(commune) if code else self._from_address(address)
        if words.province and words.province not in self._own_names:
            return Match(Way.ELSEWHERE, note=words.province)
        where = _bare(_DISTRICT, district) if district.strip() else words.district
        return self._by_words(words.commune, where, before) if words.commune else Match(Way.UNKNOWN)

    def _take_apart(self, text: str) -> Words:
        """ "xã Cẩm Bình, huyện Cẩm Xuyên, tỉnh Hà Tĩnh" in its parts; the first is the commune."""
        first, *others = [part.strip() for part in _PARTS.split(text) if part.strip()]
        district = province = ""
        for part in others:
            name = _bare(_DISTRICT, part)
            if not district and name in self._districts and not search_key(part).startswith("tinh"):
                district = name
            elif _bare(_PROVINCE, part) in self._own_names | _former_province_names():
                province = _bare(_PROVINCE, part)
        return Words(first, district, province)

    def _from_address(self, address: str) -> Words:
        """The commune inside an address: the part that says "xã", "phường", else one that is a name."""
        parts = [part.strip() for part in _PARTS.split(address) if part.strip()]
        said = [i for i, part in enumerate(parts) if _kind(part) and self._is_known(part)]
        said = said or [i for i, part in enumerate(parts) if _kind(part)]
        said = said or [i for i, part in enumerate(parts) if self._is_known(part) and not _digits(part)]
        if not said:
            return Words()
        return self._take_apart(", ".join(parts[said[0] :]))

    def _is_known(self, name: str) -> bool:
        key = commune_key(name)
        return key in self._by_name or key in self._former or key in self._named_before

    def _by_words(self, name: str, district: str, before: bool) -> Match:
        now = self._named(name, self._by_name)
        then = self._formers(name, district)
        if district and then:
            return self._former_match(then, also=self._of_district(now, district))
        if len(now) > 1:
            return Match(Way.UNSURE, candidates=tuple(now))
        if now:
            return self._present_or_former(now[0], name, before)
        if aliases := self._unique(self._named_before.get(commune_key(name), [])):
            return self._one_of(aliases, Way.ALIAS, note=f"“{name}” là tên cũ hoặc tên gọi khác")
        if others := self._formers(name, ""):
            return self._former_match(others)
        return Match(Way.UNKNOWN, candidates=tuple(self._nearest(name)))

    def _present_or_former(self, unit: AdminUnit, name: str, before: bool) -> Match:
        """Today's commune of the name; asked when an old list may mean a namesake that went elsewhere."""
        elsewhere = [old for old in self._formers(name, "") if unit.code not in old.codes]
        if not before or not elsewhere:
            return Match(Way.NAME, unit)
        return self._former_match(elsewhere, also=[unit])

    def _former_match(self, formers: list[Former], also: list[AdminUnit] | None = None) -> Match:
        codes = frozenset().union(*(old.codes for old in formers))
        units = [self._by_code[code] for code in sorted(codes) if code in self._by_code]
        names = ", ".join(str(old) for old in formers)
        return self._one_of(self._unique([*units, *(also or [])]), Way.FORMER, note=names)

    def _one_of(self, units: list[AdminUnit], way: Way, *, note: str) -> Match:
        if len(units) == 1:
            return Match(way, units[0], note=note)
        return Match(Way.UNSURE if units else Way.UNKNOWN, candidates=tuple(units), note=note)

    def _named(self, name: str, table: dict[str, list]) -> list:
        """Rows of the name: written the same way with diacritics first, of the same kind first."""
        found = table.get(commune_key(name), [])
        exact = [row for row in found if _same_letters(row.name, name)]
        found = exact or found
        same_kind = [row for row in found if _kind(name) and _kind(row.name) == _kind(name)]
        return same_kind or found

    def _formers(self, name: str, district: str) -> list[Former]:
        found = self._named(name, self._former)
        if not district:
            return found
        inside = [
            old for old in self._former.get(commune_key(name), [])
            if _bare(_DISTRICT, old.district) == district
        ]  # fmt: skip
        return self._named(name, {commune_key(name): inside}) if inside else []

    def _of_district(self, units: list[AdminUnit], district: str) -> list[AdminUnit]:
        """Those with land of the old district: new lists often name the new commune beside it."""
        codes = {
            code
            for old in former_communes(self.province.code)
            if _bare(_DISTRICT, old.district) == district
            for code in old.codes
        }
        return [unit for unit in units if unit.code in codes]

    def _unique(self, units: Iterable[AdminUnit]) -> list[AdminUnit]:
        return list({unit.pk: self._current[unit.pk] for unit in units if unit.pk in self._current}.values())

    def _nearest(self, name: str) -> list[AdminUnit]:
        keys = get_close_matches(commune_key(name), self._by_name, n=SUGGESTIONS, cutoff=LOOKS_ALIKE)
        return [unit for key in keys for unit in self._by_name[key]][:SUGGESTIONS]


def _grouped(pairs: Iterable[tuple[str, object]]) -> dict[str, list]:
    groups: dict[str, list] = defaultdict(list)
    for key, row in pairs:
        groups[key].append(row)
    return dict(groups)


def _digits(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


def _same_letters(stored: str, written: str) -> bool:
    """Equal with diacritics, whether or not the kind was written."""
    return _WRITTEN_KIND.sub("", nfc(stored).lower()) == _WRITTEN_KIND.sub("", nfc(written).lower())
