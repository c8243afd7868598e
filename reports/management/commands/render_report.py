"""`manage.py render_report`: a report into a PDF file, in the foreground; no job, nothing stored."""

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseError
from django.utils import timezone

from core.exceptions import DomainError
from reports import services
from training.models import Plan

KINDS = ("progress",)
DATE_FORMS = ("%Y-%m-%d", "%d/%m/%Y")


class OneLineParser(CommandParser):
    """Says what is wrong in one line, without the usage text."""

    def error(self, message: str) -> NoReturn:
        if not self.called_from_command_line:
            raise CommandError(f"sai tham số: {message}", returncode=2)
        sys.stderr.write(f"render_report: sai tham số: {one_line(message)}\n")
        raise SystemExit(2)


def one_line(text: str) -> str:
    return " ".join(text.split())


class Command(BaseCommand):
    help = (
        "Lập báo cáo thành tệp PDF ngay tại chỗ, hoặc liệt kê kế hoạch. "
        "In ra đường dẫn, số trang và mã băm SHA-256. "
        "--list-plans in mỗi dòng một kế hoạch: mã, dấu tab, tên. "
        "Lỗi đầu vào: một dòng trên stderr, mã thoát 2."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Build the usual parser, with errors of one line."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        # Django offers no hook for the parser's class; the instance is complete at this point.
        parser.__class__ = OneLineParser
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the kind of report, --plan, --to, --out and --list-plans."""
        parser.add_argument("kind", nargs="?", choices=KINDS, help="loại báo cáo")
        parser.add_argument("--plan", metavar="MÃ", help="mã kế hoạch, xem --list-plans")
        parser.add_argument("--to", metavar="NGÀY", help="số liệu đến hết ngày: 2026-11-21 hoặc 21/11/2026")
        parser.add_argument("--out", metavar="TỆP", help="tệp PDF sẽ ghi")
        parser.add_argument("--list-plans", action="store_true", help="in mã và tên các kế hoạch")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file or the list; raises CommandError (exit 2) with one line for any wrong input."""
        try:
            self.list_plans() if options["list_plans"] else self.render(options)
        except DomainError as refusal:
            raise CommandError(one_line(refusal.message), returncode=2) from None
        except DatabaseError as error:
            line = one_line(str(error))
            message = f"cơ sở dữ liệu chưa sẵn sàng (chạy script/setup): {line}"
            raise CommandError(message, returncode=2) from None

    def list_plans(self) -> None:
        for code, title in Plan.objects.values_list("code", "title"):
            self.stdout.write(f"{code}\t{title}")

    def render(self, options: dict[str, Any]) -> None:
        missing = [f"--{name}" for name in ("plan", "to", "out") if not options[name]]
        missing = ["progress"] * (not options["kind"]) + missing
        if missing:
            raise CommandError(f"thiếu tham số: {', '.join(missing)}", returncode=2)
        period_to, out = read_date(options["to"]), writable(Path(options["out"]))
        plan = find_plan(options["plan"])
        if period_to > timezone.localdate():
            self.stderr.write(f"Lưu ý: {period_to:%d/%m/%Y} chưa tới, số liệu tính đến hôm nay.")
        rendered = services.draft(plan, period_to).rendered
        write(out, rendered.content)
        self.stdout.write(f"{out}\t{rendered.pages} trang\tsha256 {rendered.sha256}")


def read_date(text: str) -> date:
    """A day written 2026-11-21 or 21/11/2026; raises CommandError for anything else."""
    for form in DATE_FORMS:
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007  a day, not a moment
        except ValueError:
            continue
    raise CommandError(f"ngày không đúng: {one_line(text)} (viết 2026-11-21 hoặc 21/11/2026)", returncode=2)


def find_plan(code: str) -> Plan:
    """The plan with that code; raises CommandError when there is none."""
    plan = Plan.objects.select_related("unit__parent").filter(code=code.strip()).first()
    if plan is None:
        message = f"không có kế hoạch mã {one_line(code)}; xem render_report --list-plans"
        raise CommandError(message, returncode=2)
    return plan


def writable(out: Path) -> Path:
    """The path itself; raises CommandError when it is a folder or its folder is not there."""
    try:
        if out.is_dir():
            raise CommandError(f"{out} là thư mục, không phải tệp", returncode=2)
        if not out.parent.is_dir():
            raise CommandError(f"không có thư mục {out.parent}", returncode=2)
    except OSError as error:  # a name too long, a folder closed to us
        raise CommandError(f"không ghi được {out}: {error.strerror}", returncode=2) from None
    return out


def write(out: Path, content: bytes) -> None:
    """Write the file; raises CommandError when the system refuses."""
    try:
        out.write_bytes(content)
    except OSError as error:
        raise CommandError(f"không ghi được {out}: {error.strerror}", returncode=2) from None
