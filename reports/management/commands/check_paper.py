"""`manage.py check_paper`: does a PDF keep the form of administrative documents (NĐ 30/2020/NĐ-CP)?"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.checker import Kind, check


class Command(BaseCommand):
    help = (
        "Kiểm tra thể thức văn bản của tệp PDF theo Nghị định 30/2020/NĐ-CP. "
        "In mỗi chỗ sai một dòng, nêu trang và điểm; mã thoát 1 khi có chỗ sai, 2 khi không mở được tệp."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the files and --kind."""
        parser.add_argument("files", nargs="+", metavar="TỆP", help="tệp PDF cần kiểm tra")
        parser.add_argument(
            "--kind",
            choices=Kind.values,
            help="loại văn bản khi không muốn nhận theo nội dung: "
            + "; ".join(f"{value} = {label}" for value, label in Kind.choices),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check every file; raises CommandError: exit 1 for findings, 2 for a file that cannot be opened."""
        kind = Kind(options["kind"]) if options["kind"] else None
        wrong = sum(self.check_file(Path(name), kind) for name in options["files"])
        if wrong:
            raise CommandError(f"{wrong} chỗ chưa đúng thể thức.", returncode=1)

    def check_file(self, path: Path, kind: Kind | None) -> int:
        """Tell what is wrong with one file; how many things are."""
        try:
            content = path.read_bytes()
        except OSError as problem:
            raise CommandError(f"không mở được {path}: {problem.strerror}", returncode=2) from None
        report = check(content, kind)
        label = f" ({report.kind.label})" if report.kind else ""
        if report.passed:
            self.stdout.write(f"{path}{label}: đúng thể thức.")
        for finding in report.findings:
            self.stdout.write(f"{path}{label}: {finding}")
        return len(report.findings)
