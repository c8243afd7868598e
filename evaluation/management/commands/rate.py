"""`manage.py rate`: score sheets of a JSON file by the project's own criteria files, without a database."""

from __future__ import annotations

import argparse
import json
import sys
import unicodedata
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evaluation.criteria_files import CriteriaFileError, project_sets
from evaluation.scoring import GateRule, Rating, ScoringError, ScoringSet, SheetInput, display, rate

_DOCUMENT_KEYS = ("sheets", "conclusions", "excluded")
_SHEET_KEYS = ("member", "choices", "stopped_at")
_RULE_NAMES = {
    GateRule.MAJORITY: "quá nửa số phiếu",
    GateRule.MEAN: "điểm trung bình",
    GateRule.ALL: "mọi phiếu",
    GateRule.CONCLUSION: "chỉ theo kết luận của Hội đồng",
}


class _OneLineParser(CommandParser):
    """Says what is wrong in one line, without the usage text."""

    def error(self, message: str) -> NoReturn:
        if not self.called_from_command_line:
            raise CommandError(f"Sai tham số: {message}", returncode=2)
        sys.stderr.write(f"rate: sai tham số: {_one_line(message)}\n")
        raise SystemExit(2)


class Command(BaseCommand):
    """Rate one dossier from sheets given as JSON (checking and simulation)."""

    help = "Tính điểm và hạng sao từ các phiếu đánh giá trong một tệp JSON (kiểm tra, mô phỏng)."
    requires_system_checks = ()

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Build the usual parser, with errors of one line."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        # Django offers no hook for the parser's class; the instance is complete at this point.
        parser.__class__ = _OneLineParser
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare --set, --input, --gate-rule and --json."""
        parser.add_argument(
            "--set", required=True, metavar="MÃ", dest="set_code", help="mã bộ, ví dụ qd26-01"
        )
        parser.add_argument("--input", required=True, metavar="TỆP", help="tệp JSON; - là đầu vào chuẩn")
        parser.add_argument(
            "--gate-rule",
            type=_gate_rule,
            default=GateRule.MAJORITY,
            metavar="QUY_TẮC",
            help=f"cách xét điều kiện sao: {', '.join(GateRule)} (mặc định majority)",
        )
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the rating; raise CommandError (exit 2) with one line for any wrong input."""
        try:
            scoring_set = _scoring_set(options["set_code"])
            sheets, conclusions, excluded = read_document(_read(options["input"]), options["input"])
            rating = rate(
                scoring_set,
                sheets,
                gate_rule=options["gate_rule"],
                conclusions=conclusions,
                excluded=excluded,
            )
        except ScoringError as error:
            raise CommandError(_one_line(str(error)), returncode=2) from None
        if options["json"]:
            self.stdout.write(json.dumps(as_document(rating), indent=2))
        else:
            self.stdout.write(summary(scoring_set, rating, options["gate_rule"]))


def as_document(rating: Rating) -> dict[str, Any]:
    """Return the rating as the JSON document of the command."""
    return {
        "total": display(rating.total),
        "sections": {code: display(value) for code, value in rating.sections.items()},
        "star_by_score": rating.star_by_score,
        "star": rating.star,
        "recognisable": rating.recognisable,
        "potential_five": rating.potential_five,
        "excluded": rating.excluded,
        "unmet": [
            {
                "criterion": item.criterion,
                "star": item.star,
                "needed": item.needed,
                "chosen": list(item.chosen),
            }
            for item in rating.unmet
        ],
    }


def summary(scoring_set: ScoringSet, rating: Rating, rule: GateRule) -> str:
    """Return the rating as Vietnamese text for a person to read."""
    lines = [f"Bộ {scoring_set.code}: {scoring_set.name}"]
    lines += [f"  Phiếu {sheet.member}: {sheet.total} điểm" for sheet in rating.sheets]
    for section in scoring_set.sections:
        mean = _decimal(display(rating.sections[section.code]))
        lines.append(f"  Phần {section.code} ({section.title}): {mean}/{section.max_points}")
    lines.append(f"Điểm trung bình: {_decimal(display(rating.total))}/100")
    lines.append(f"Hạng theo điểm: {rating.star_by_score} sao")
    lines += _conditions(scoring_set, rating, rule)
    lines.append(f"Kết quả: {_outcome(rating)}")
    return "\n".join(lines)


def read_document(text: str, source: str) -> tuple[list[SheetInput], dict[str, int], str | None]:
    """Return sheets, conclusions and exclusion ground of a JSON text; raise ScoringError naming the slip."""
    document = _object(_parse(text, source), f"Tệp {source}", required=("sheets",), allowed=_DOCUMENT_KEYS)
    sheets = document["sheets"]
    if not isinstance(sheets, list):
        raise ScoringError('"sheets" phải là danh sách các phiếu')
    excluded = document.get("excluded")
    if excluded is not None and not isinstance(excluded, str):
        raise ScoringError('"excluded" phải là chuỗi (căn cứ loại) hoặc null')
    conclusions = document.get("conclusions")
    return (
        [_sheet(item, number) for number, item in enumerate(sheets, start=1)],
        {} if conclusions is None else _positions(conclusions, '"conclusions"'),
        excluded,
    )


def _scoring_set(code: str) -> ScoringSet:
    try:
        sets = project_sets()
    except CriteriaFileError as error:
        raise ScoringError(f"Dữ liệu bộ tiêu chí có lỗi: {error.problems[0]}") from None
    if code not in sets:
        raise ScoringError(f"Không có bộ tiêu chí {code} (có từ {min(sets)} đến {max(sets)})")
    return sets[code].to_scoring_set()


def _read(name: str) -> str:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise ScoringError(f"Không đọc được tệp {name}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ScoringError(f"Tệp {name} không phải UTF-8") from None
    except ValueError as error:  # a NUL in the file name
        raise ScoringError(f"Tên tệp {name} không dùng được: {error}") from None


def _parse(text: str, source: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        place = f"dòng {error.lineno}, cột {error.colno}"
        raise ScoringError(f"Tệp {source}: JSON sai cú pháp ở {place}: {error.msg}") from None
    except RecursionError:
        raise ScoringError(f"Tệp {source}: JSON lồng nhau quá sâu") from None
    except ScoringError:
        raise
    except ValueError:  # a number too long to convert
        raise ScoringError(f"Tệp {source}: JSON có số quá dài") from None


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ScoringError(f'JSON: khóa "{key}" lặp lại')
        found[key] = value
    return found


def _no_constant(name: str) -> NoReturn:
    raise ScoringError(f"JSON: {name} không phải là một giá trị hợp lệ")


def _object(value: Any, what: str, *, required: tuple[str, ...], allowed: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ScoringError(f"{what} phải là một đối tượng JSON")
    for key in value:
        if key not in allowed:
            raise ScoringError(f'{what}: khóa "{key}" không được dùng')
    for key in required:
        if key not in value:
            raise ScoringError(f'{what}: thiếu khóa "{key}"')
    return value


def _sheet(value: Any, number: int) -> SheetInput:
    fields = _object(value, f"Phiếu thứ {number}", required=("member", "choices"), allowed=_SHEET_KEYS)
    member = _member(fields["member"], number)
    stopped_at = fields.get("stopped_at")
    if stopped_at is not None and not isinstance(stopped_at, str):
        raise ScoringError(f'Phiếu {member}: "stopped_at" phải là mã tiêu chí hoặc null')
    return SheetInput(member, _positions(fields["choices"], f"Phiếu {member}"), stopped_at)


def _member(value: Any, number: int) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ScoringError(f'Phiếu thứ {number}: "member" phải là tên, không để trống')
    if not value.isprintable():
        raise ScoringError(f'Phiếu thứ {number}: "member" có ký tự không in được')
    return unicodedata.normalize("NFC", value.strip())  # one person, however the name was typed


def _positions(value: Any, what: str) -> dict[str, int]:
    if not isinstance(value, dict):
        raise ScoringError(f"{what}: phải là một đối tượng tiêu chí → vị trí")
    for code, position in value.items():
        if type(position) is not int:  # true is an int to Python, 1.0 is not a position either
            shown = json.dumps(position, ensure_ascii=False)
            raise ScoringError(f"{what}: tiêu chí {code}: vị trí phải là số nguyên, không phải {shown[:40]}")
    return value


def _gate_rule(value: str) -> GateRule:
    try:
        return GateRule(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{value} không phải là {', '.join(GateRule)}") from None


def _conditions(scoring_set: ScoringSet, rating: Rating, rule: GateRule) -> list[str]:
    if rating.star_by_score < 3:
        return []
    head = f"Điều kiện sao (xét theo {_RULE_NAMES[rule]}):"
    if not rating.unmet:
        return [f"{head} đạt đủ"]
    return [f"{head} chưa đạt {len(rating.unmet)}"] + [
        f"  {item.star} sao: tiêu chí {item.criterion} {scoring_set.leaf(item.criterion).title}: "
        f"cần mức {item.needed}, đã chọn {', '.join(map(str, item.chosen))}"
        for item in rating.unmet
    ]


def _outcome(rating: Rating) -> str:
    if rating.excluded:
        return f"hồ sơ bị loại ({_one_line(rating.exclusion_ground or '')}), không xếp hạng"
    if rating.potential_five:
        return "5 sao tiềm năng, trình Bộ Nông nghiệp và Môi trường"
    if rating.recognisable:
        return f"{rating.star} sao, đủ điều kiện công nhận"
    return f"{rating.star} sao, không công nhận"


def _decimal(shown: str) -> str:
    return shown.replace(".", ",")


def _one_line(text: str) -> str:
    """Return a text as one printable line: spaces squeezed, other control characters escaped."""
    squeezed = " ".join(text.split())
    escaped = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in squeezed)
    return escaped if len(escaped) <= 400 else f"{escaped[:397]}..."
