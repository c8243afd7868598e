"""Read the scoring tables from their YAML files and refuse whatever does not add up.

One file a product set. Every problem of every file is collected, each as `file:line: message`, so
that whoever edits a table mends it in one go. Plain data out: no database here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import yaml

from evaluation.criteria_checks import check_codes_over_folder, check_set
from evaluation.criteria_data import CriteriaSetData, CriterionData, Erratum, OptionData, SectionData
from evaluation.criteria_yaml import YamlReader, line_of

__all__ = [
    "DATA_FOLDER",
    "CriteriaFileError",
    "CriteriaSetData",
    "CriterionData",
    "Erratum",
    "OptionData",
    "SectionData",
    "load_errata",
    "load_file",
    "load_folder",
    "project_sets",
]

DATA_FOLDER = Path(__file__).resolve().parent / "data" / "qd26"
ERRATA_FILE = "errata.yaml"
MARKED_STARS = range(3, 6)
MAX_DEPTH = 3  # no printed table goes deeper than 6.2.1

_APPLIES_IF = re.compile(r"(\d+(?:\.\d+)*) > (\d+)")

_SET_KEYS = (
    "set", "name", "family", "group", "managing_agency", "legal_basis", "appendix",
    "valid_from", "samples_required", "excluded_if", "sections",
)  # fmt: skip
_SECTION_KEYS = ("code", "title", "max", "criteria")
_CRITERION_KEYS = ("code", "title", "max")
_CRITERION_EXTRAS = (
    "guidance", "requirement", "disqualifier", "stop", "applies_if", "children", "options",
)  # fmt: skip
_LEAF_ONLY_KEYS = ("stop", "applies_if")
_OPTION_KEYS = ("points", "label")
_OPTION_EXTRAS = ("min_star", "case")
_ERRATUM_KEYS = ("set", "criterion", "printed", "why")
_ERRATUM_EXTRAS = ("used", "kept")


class CriteriaFileError(Exception):
    """The files cannot be used; `problems` holds every `file:line: message`, in reading order."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


def load_folder(folder: Path) -> list[CriteriaSetData]:
    """Read every table of a folder, in order of set code.

    Raises CriteriaFileError with all problems of all files together.
    """
    problems: list[str] = []
    paths = sorted(path for path in folder.glob("*.yaml") if path.name != ERRATA_FILE)
    if not paths:
        raise CriteriaFileError([f"{folder.name}:1: thư mục không có tệp bộ tiêu chí nào"])
    found = [data for path in paths if (data := _read_set(path, problems)) is not None]
    check_codes_over_folder(found, problems)
    if problems:
        raise CriteriaFileError(problems)
    return sorted(found, key=lambda data: data.code)


def load_file(path: Path) -> CriteriaSetData:
    """Read one table; raise CriteriaFileError with all its problems."""
    problems: list[str] = []
    data = _read_set(path, problems)
    if problems or data is None:
        raise CriteriaFileError(problems)
    return data


def load_errata(path: Path) -> list[Erratum]:
    """Read the list of known slips (a file, or the folder that holds it)."""
    path = path / ERRATA_FILE if path.is_dir() else path
    problems: list[str] = []
    reader = YamlReader(path.name, problems)
    node = reader.compose(path)
    errata = [_erratum(reader, item) for item in reader.items(node)] if node is not None else []
    if problems:
        raise CriteriaFileError(problems)
    return [erratum for erratum in errata if erratum is not None]


@cache
def project_sets() -> dict[str, CriteriaSetData]:
    """Return the project's own tables by set code, read once per process."""
    return {data.code: data for data in load_folder(DATA_FOLDER)}


def _read_set(path: Path, problems: list[str]) -> CriteriaSetData | None:
    reader = YamlReader(path.name, problems)
    node = reader.compose(path)
    fields = reader.fields(node, _SET_KEYS) if node is not None else None
    if node is None or fields is None:
        return None
    data = CriteriaSetData(
        code=reader.text(fields.get("set"), "mã bộ"),
        name=reader.text(fields.get("name"), "tên bộ"),
        family=reader.text(fields.get("family"), "ngành"),
        group=reader.text(fields.get("group"), "nhóm"),
        managing_agency=reader.text(fields.get("managing_agency"), "cơ quan quản lý"),
        legal_basis=reader.text(fields.get("legal_basis"), "căn cứ pháp lý"),
        appendix=reader.text(fields.get("appendix"), "phụ lục"),
        valid_from=reader.day(fields.get("valid_from"), "ngày hiệu lực"),
        samples_required=reader.number(fields.get("samples_required"), "số mẫu"),
        excluded_if=reader.texts(fields.get("excluded_if"), "căn cứ loại hồ sơ", may_be_empty=True),
        sections=tuple(
            section
            for item in reader.items(fields.get("sections"), "các phần")
            if (section := _section(reader, item)) is not None
        ),
        file=path.name,
        line=line_of(fields["set"]) if "set" in fields else 1,
    )
    check_set(reader, data)
    return data


def _section(reader: YamlReader, node: yaml.Node) -> SectionData | None:
    fields = reader.fields(node, _SECTION_KEYS)
    if fields is None:
        return None
    return SectionData(
        code=reader.text(fields.get("code"), "mã phần"),
        title=reader.text(fields.get("title"), "tên phần"),
        max_points=reader.number(fields.get("max"), "điểm tối đa"),
        criteria=_criteria(reader, fields.get("criteria"), depth=1),
        line=line_of(fields.get("max", node)),
    )


def _criteria(reader: YamlReader, node: yaml.Node | None, *, depth: int) -> tuple[CriterionData, ...]:
    if node is not None and depth > MAX_DEPTH:
        reader.problem(line_of(node), f"cây tiêu chí sâu quá {MAX_DEPTH} cấp")
        return ()
    found = (_criterion(reader, item, depth) for item in reader.items(node, "các tiêu chí"))
    return tuple(criterion for criterion in found if criterion is not None)


def _criterion(reader: YamlReader, node: yaml.Node, depth: int) -> CriterionData | None:
    fields = reader.fields(node, _CRITERION_KEYS, _CRITERION_EXTRAS)
    if fields is None:
        return None
    code = reader.text(fields.get("code"), "mã tiêu chí")
    _check_kind(reader, node, fields, code)
    return CriterionData(
        code=code,
        title=reader.text(fields.get("title"), f"tên tiêu chí {code}"),
        max_points=reader.number(fields.get("max"), f"điểm tối đa của tiêu chí {code}"),
        guidance=reader.text(fields.get("guidance"), f"hướng dẫn của tiêu chí {code}") or None,
        requirement=reader.texts(fields.get("requirement"), f"yêu cầu của tiêu chí {code}"),
        disqualifier=reader.texts(fields.get("disqualifier"), f"căn cứ loại của tiêu chí {code}"),
        stop=reader.texts(fields.get("stop"), f"quy định dừng của tiêu chí {code}"),
        applies_if=_applies_if(reader, fields.get("applies_if"), code),
        children=_criteria(reader, fields.get("children"), depth=depth + 1),
        options=_options(reader, fields.get("options"), code),
        line=line_of(fields.get("max", node)),
    )


def _check_kind(reader: YamlReader, node: yaml.Node, fields: dict[str, yaml.Node], code: str) -> None:
    """A criterion is a parent or a leaf, never both; stop and applies_if belong to leaves."""
    if ("children" in fields) == ("options" in fields):
        reader.problem(line_of(node), f"tiêu chí {code} phải có hoặc children hoặc options")
    for key in _LEAF_ONLY_KEYS:
        if key in fields and "children" in fields:
            reader.problem(
                line_of(fields[key]), f'tiêu chí {code}: khóa "{key}" chỉ dùng cho tiêu chí chấm điểm'
            )
    for key in ("children", "options"):
        listed = fields.get(key)
        if isinstance(listed, yaml.SequenceNode) and not listed.value:
            reader.problem(line_of(listed), f"tiêu chí {code}: {key} để trống")


def _applies_if(reader: YamlReader, node: yaml.Node | None, code: str) -> tuple[str, int] | None:
    if node is None:
        return None
    match = _APPLIES_IF.fullmatch(reader.text(node, "applies_if"))
    if match is None:
        reader.problem(line_of(node), f'tiêu chí {code}: applies_if phải có dạng "MÃ > SỐ"')
        return None
    return match[1], int(match[2])


def _options(reader: YamlReader, node: yaml.Node | None, code: str) -> tuple[OptionData, ...]:
    found = (
        _option(reader, item, position, code)
        for position, item in enumerate(reader.items(node, "các mức"), start=1)
    )
    return tuple(option for option in found if option is not None)


def _option(reader: YamlReader, node: yaml.Node, position: int, code: str) -> OptionData | None:
    fields = reader.fields(node, _OPTION_KEYS, _OPTION_EXTRAS)
    if fields is None:
        return None
    what = f"tiêu chí {code}, mức {position}"
    return OptionData(
        position=position,
        points=reader.number(fields.get("points"), f"{what}: điểm"),
        label=reader.text(fields.get("label"), f"{what}: nội dung"),
        min_star=_min_star(reader, fields.get("min_star"), what),
        case=reader.text(fields.get("case"), f"{what}: trường hợp") or None,
        line=line_of(node),
    )


def _min_star(reader: YamlReader, node: yaml.Node | None, what: str) -> int | None:
    if node is None:
        return None
    known = len(reader.problems)
    star = reader.number(node, f"{what}: dấu sao")
    if len(reader.problems) == known and star not in MARKED_STARS:
        reader.problem(line_of(node), f"{what}: dấu sao phải từ 3 đến 5, không phải {star}")
    return star if star in MARKED_STARS else None


def _erratum(reader: YamlReader, node: yaml.Node) -> Erratum | None:
    fields = reader.fields(node, _ERRATUM_KEYS, _ERRATUM_EXTRAS)
    if fields is None:
        return None
    if "used" not in fields and "kept" not in fields:
        reader.problem(line_of(node), 'phải có "used" hoặc "kept"')
    return Erratum(
        set_code=reader.text(fields.get("set"), "mã bộ"),
        criterion=reader.text(fields.get("criterion"), "tiêu chí"),
        printed=reader.text(fields.get("printed"), "bản in"),
        used=reader.text(fields.get("used"), "giá trị dùng") or None,
        kept=reader.flag(fields.get("kept"), "kept"),
        why=reader.text(fields.get("why"), "lý do"),
        line=line_of(node),
    )
