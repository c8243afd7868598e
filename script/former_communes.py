"""Write core/data/former_communes.csv: which present communes each commune of before 1 July 2025 went to.

Needed only when the official list changes. In a throw-away environment (the packages are not needed to run
the site; docs/decisions/0006-former-communes.md says why):

    pip install --no-deps vietnam-address-converter==1.0.5 vietnamadminunits==1.0.4
    pip install -r requirements.txt
    python script/former_communes.py

Present communes are named by the codes of `vietnam-provinces`. Where the two sources disagree the row holds
what either says: a person is then asked which one it is.
"""

import csv
import json
import re
import sqlite3
import sys
from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path

from vietnam_provinces import Province, Ward

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core.text import nfc, search_key  # noqa: E402

TARGET = ROOT / "core" / "data" / "former_communes.csv"
OF_PROVINCE = re.compile(r"^(tỉnh|thành phố)\s+", re.IGNORECASE)


def bare(province: str) -> str:
    return OF_PROVINCE.sub("", nfc(province))


def key(*names: str) -> tuple[str, ...]:
    return tuple(re.sub(r"[^0-9a-z]", "", search_key(name)) for name in names)


class Present:
    """Communes of today by province code and name, exact first, then without diacritics."""

    def __init__(self) -> None:
        self.provinces = {key(bare(p.name)): f"{p.code.value:02d}" for p in Province.iter_all()}
        self.exact: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.loose: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for province in Province.iter_all():
            code = f"{province.code.value:02d}"
            for ward in Ward.iter_by_province(province.code):
                self.exact[code, nfc(ward.name).lower()].add(f"{ward.code.value:05d}")
                self.loose[(code, *key(ward.name))].add(f"{ward.code.value:05d}")

    def codes(self, province: str, name: str) -> set[str]:
        return self.exact.get((province, nfc(name).lower())) or self.loose.get((province, *key(name)), set())


def from_address_converter(present: Present):
    """Rows (old names, province today, code today) of vietnam-address-converter, one for each part."""
    from vietnam_address_converter.data import DEFAULT_DATA

    for row in DEFAULT_DATA["mapping"]["rows"]:
        old, new = row["old"], row["new"]
        province = present.provinces[key(bare(new["province_name"]))]
        for code in present.codes(province, new["ward_name"]):
            yield (bare(old["province_name"]), old["district_name"], old["ward_name"]), province, code


def from_admin_units(present: Present):
    """The same of vietnamadminunits; its data files are read, the package itself is not imported."""
    folder = Path(find_spec("vietnamadminunits").submodule_search_locations[0]) / "data"
    database = sqlite3.connect(folder / "dataset.db")
    old_names = {
        f"{p}_{d}_{w or ''}": (bare(province), district, ward or "")
        for p, d, w, province, district, ward in database.execute(
            "select provinceKey, districtKey, wardKey, province, district, ward from admin_units_legacy"
        )
    }
    new_names = {
        (province, ward): (code, name)
        for province, ward, code, name in database.execute(
            "select provinceKey, wardKey, provinceCode, ward from admin_units"
        )
    }
    data = json.loads((folder / "converter_2025.json").read_text(encoding="utf-8"))
    pairs = [
        (province, ward, old)
        for province, wards in data["DICT_PROVINCE_WARD_NO_DIVIDED"].items()
        for ward, olds in wards.items()
        for old in olds
    ]
    pairs += [
        (province, part["newWardKey"], old)
        for province, olds in data["DICT_PROVINCE_WARD_DIVIDED"].items()
        for old, parts in olds.items()
        for part in parts
    ]
    for province, ward, old in pairs:
        code, name = new_names[province, ward]
        for found in present.codes(code, name):
            yield old_names[old], code, found


def main() -> None:
    present = Present()
    names: dict[tuple[str, ...], tuple[str, str, str]] = {}
    codes: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for source in (from_admin_units, from_address_converter):
        for old, province, code in source(present):
            if not old[2]:  # an island district without communes
                continue
            place = (province, *key(*old))
            names.setdefault(place, (nfc(old[0]), nfc(old[1]), nfc(old[2])))
            codes[place].add(code)
    rows = sorted((place[0], *names[place], " ".join(sorted(found))) for place, found in codes.items())
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["province", "old_province", "old_district", "old_commune", "communes"])
        writer.writerows(rows)
    print(f"{len(rows)} communes of before, {sum(' ' in row[-1] for row in rows)} of them parted")


if __name__ == "__main__":
    main()
