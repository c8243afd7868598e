"""What must add up in a scoring table; every check notes its problem with file and line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from evaluation.criteria_data import CriteriaSetData, CriterionData, OptionData
from evaluation.criteria_yaml import YamlReader

# Every table of QĐ 26, Phụ lục II.
SECTION_MAXIMA = {"A": 40, "B": 25, "C": 35}

_CODE = re.compile(r"\d+(?:\.\d+)*")
_SET_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def check_set(reader: YamlReader, data: CriteriaSetData) -> None:
    """Note everything in one table that does not add up."""
    if data.code and not _SET_CODE.fullmatch(data.code):
        reader.problem(data.line, f"mã bộ {data.code} phải gồm chữ thường, số và dấu gạch nối")
    _check_sections(reader, data)
    for section in data.sections:
        _check_sum(reader, f"phần {section.code}", section.max_points, section.criteria, section.line)
        for criterion in section.criteria:
            _check_tree(reader, criterion)
    _check_criterion_codes(reader, data)


def _check_sections(reader: YamlReader, data: CriteriaSetData) -> None:
    codes = [section.code for section in data.sections]
    if codes != list(SECTION_MAXIMA):
        shown = ", ".join(codes) or "không có phần nào"
        reader.problem(data.line, f"bộ {data.code} phải có đúng các phần A, B, C, hiện có: {shown}")
    for section in data.sections:
        wanted = SECTION_MAXIMA.get(section.code)
        if wanted is not None and section.max_points != wanted:
            reader.problem(
                section.line, f"phần {section.code} phải có {wanted} điểm, không phải {section.max_points}"
            )


def _check_sum(
    reader: YamlReader, what: str, maximum: int, children: Sequence[CriterionData], line: int
) -> None:
    total = sum(child.max_points for child in children)
    if total != maximum:
        reader.problem(line, f"{what} ghi {maximum} điểm nhưng tổng các tiêu chí con là {total}")


def _check_tree(reader: YamlReader, criterion: CriterionData) -> None:
    if criterion.children:
        what = f"tiêu chí {criterion.code}"
        _check_sum(reader, what, criterion.max_points, criterion.children, criterion.line)
        for child in criterion.children:
            _check_tree(reader, child)
            if not child.code.startswith(f"{criterion.code}."):
                reader.problem(child.line, f"mã {child.code} phải bắt đầu bằng mã cha {criterion.code}.")
    elif criterion.options:
        _check_leaf(reader, criterion)


def _check_leaf(reader: YamlReader, leaf: CriterionData) -> None:
    cases = {option.case for option in leaf.options}
    if cases != {None}:
        _check_cases_complete(reader, leaf, cases)
    for case in sorted(cases, key=str):
        options = [option for option in leaf.options if option.case == case]
        _check_maximum(reader, leaf, options, case)
        _check_rising(reader, leaf, options)


def _check_cases_complete(reader: YamlReader, leaf: CriterionData, cases: set[str | None]) -> None:
    for option in leaf.options:
        if option.case is None:
            reader.problem(
                option.line, f"tiêu chí {leaf.code}, mức {option.position}: thiếu trường hợp (case)"
            )
    if len(cases - {None}) < 2:
        reader.problem(leaf.line, f"tiêu chí {leaf.code}: chia trường hợp thì phải có từ hai trường hợp")


def _check_maximum(
    reader: YamlReader, leaf: CriterionData, options: Sequence[OptionData], case: str | None
) -> None:
    best = max(option.points for option in options)
    if best != leaf.max_points:
        where = f" ({case})" if case else ""
        reader.problem(
            leaf.line,
            f"tiêu chí {leaf.code}{where}: điểm tối đa {leaf.max_points} nhưng mức cao nhất là {best}",
        )


def _check_rising(reader: YamlReader, leaf: CriterionData, options: Sequence[OptionData]) -> None:
    """Points never fall down the list; a higher mark needs strictly more points."""
    for before, after in pairwise(options):
        if after.points < before.points:
            reader.problem(
                after.line,
                f"tiêu chí {leaf.code}, mức {after.position}: {after.points} điểm thấp hơn mức trước",
            )
    marked = [option for option in options if option.min_star is not None]
    for before, after in pairwise(marked):
        if after.points <= before.points or (after.min_star or 0) <= (before.min_star or 0):
            reader.problem(
                after.line, f"tiêu chí {leaf.code}, mức {after.position}: dấu sao phải tăng dần theo điểm"
            )


def _check_criterion_codes(reader: YamlReader, data: CriteriaSetData) -> None:
    """Codes are unique; a condition looks back at a scored criterion only."""
    seen: set[str] = set()
    scored: dict[str, int] = {}
    for _, criterion in data.walk():
        if criterion.code and not _CODE.fullmatch(criterion.code):
            reader.problem(criterion.line, f"mã tiêu chí {criterion.code} phải có dạng 1, 1.2 hoặc 1.2.3")
        if criterion.code in seen:
            reader.problem(criterion.line, f"mã tiêu chí {criterion.code} lặp lại trong bộ")
        seen.add(criterion.code)
        if criterion.applies_if:
            _check_condition(reader, criterion, scored)
        if criterion.is_leaf:
            scored[criterion.code] = criterion.max_points


def _check_condition(reader: YamlReader, leaf: CriterionData, scored: dict[str, int]) -> None:
    code, threshold = leaf.applies_if or ("", 0)
    if code not in scored:
        reader.problem(
            leaf.line,
            f"tiêu chí {leaf.code}: applies_if nêu {code}, không phải tiêu chí chấm điểm đứng trước",
        )
    elif threshold >= scored[code]:
        reader.problem(leaf.line, f"tiêu chí {leaf.code}: tiêu chí {code} không bao giờ quá {threshold} điểm")


def check_codes_over_folder(sets: Sequence[CriteriaSetData], problems: list[str]) -> None:
    first_file: dict[str, str] = {}
    for data in sets:
        if data.code in first_file:
            problems.append(f"{data.file}:{data.line}: mã bộ {data.code} đã có ở {first_file[data.code]}")
        first_file.setdefault(data.code, data.file)
