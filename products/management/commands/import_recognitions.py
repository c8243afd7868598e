"""Past recognitions from a workbook, without a screen: read, checked and written as on the page."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User
from core import audit
from core.exceptions import DomainError
from core.models import AdminUnit
from products.enums import ImportMode
from products.imports import findings as levels
from products.imports import result, running
from products.imports.actor import SystemActor

BAD, GOOD = 1, 0


class Command(BaseCommand):
    help = (
        "Nhập chủ thể, sản phẩm và kết quả công nhận từ tệp Excel theo mẫu. Chỉ ghi khi mọi dòng đều đúng, "
        "trừ khi có --good-rows. Mã kết thúc 1 khi có dòng lỗi."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="tệp .xlsx")
        parser.add_argument("--dry-run", action="store_true", help="chỉ kiểm tra, không ghi gì")
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
        parser.add_argument("--good-rows", action="store_true", help="ghi các dòng đúng, bỏ qua dòng lỗi")
        parser.add_argument(
            "--new-entities",
            action="store_true",
            help="coi chủ thể có tên gần giống chủ thể đã có cùng xã là chủ thể khác, không hỏi",
        )
        parser.add_argument("--by", metavar="TÊN_ĐĂNG_NHẬP", help="người nhập; để trống là hệ thống")
        parser.add_argument("--unit", metavar="MÃ_TỈNH", help="mã tỉnh; để trống là tỉnh của hệ thống này")
        parser.add_argument("--result", type=Path, metavar="TỆP", help="ghi tệp Excel kết quả từng dòng")

    def handle(self, *args: Any, **options: Any) -> None:
        province = self._province(options["unit"])
        by = self._person(options["by"])
        try:
            sheet, report = self._run(options, province, by)
        except DomainError as refusal:
            self._refuse(refusal.message, as_json=options["json"])
        if options["result"]:
            result.build(sheet, report.lines, options["result"])
        self._say(report, options)
        if report.errors:
            raise SystemExit(BAD)

    def _province(self, code: str | None) -> AdminUnit:
        provinces = AdminUnit.objects.provinces().current()
        unit = provinces.filter(code=code).first() if code else AdminUnit.objects.home_province()
        if unit is None:
            raise CommandError(
                f"Không có tỉnh mang mã {code}." if code else "Chưa nạp danh mục đơn vị hành chính."
            )
        return unit

    def _person(self, username: str | None) -> Any:
        if not username:
            return SystemActor()
        user = User.objects.filter(username=username).first()
        if user is None or not user.has_perm("products.import_registry"):
            raise CommandError(f"“{username}” không phải cán bộ OCOP cấp tỉnh của hệ thống này.")
        return user

    def _run(self, options: dict[str, Any], province: AdminUnit, by: Any) -> Any:
        path, new = options["file"], options["new_entities"]
        if not path.is_file():
            raise DomainError(f"Không có tệp {path}.")
        if options["dry_run"]:
            return running.check(path, province, new_entities=new)
        mode = ImportMode.GOOD_ROWS if options["good_rows"] else ImportMode.ALL_OR_NOTHING
        sheet, report = running.apply(path, province, mode=mode, by=by, new_entities=new)
        self._log(path, province, by, report)
        return sheet, report

    def _log(self, path: Path, province: AdminUnit, by: Any, report: running.Report) -> None:
        counts = {"rows": report.rows, "created": report.created, "updated": report.updated}
        with transaction.atomic():
            audit.record(
                by=by,
                verb="import.command",
                obj=province,
                after={"file": path.name, **counts, "errors": len(report.errors)},
                reason="Nhập bằng lệnh import_recognitions.",
            )

    def _refuse(self, message: str, *, as_json: bool) -> None:
        """The file as a whole cannot be imported."""
        if not as_json:
            raise CommandError(message)
        errors = [{"row": 0, "column": "", "message": message}]
        self.stdout.write(_as_json({"rows": 0, "created": 0, "updated": 0, "unchanged": 0, "errors": errors}))
        raise SystemExit(BAD)

    def _say(self, report: running.Report, options: dict[str, Any]) -> None:
        counts = {name: getattr(report, name) for name in ("rows", "created", "updated", "unchanged")}
        if options["json"]:
            self.stdout.write(_as_json({**counts, "errors": report.errors}))
            return
        for error in report.errors:
            place = f", cột “{error['column']}”" if error["column"] else ""
            self.stdout.write(f"Dòng {error['row']}{place}: {error['message']}")
        done = "Sẽ ghi" if options["dry_run"] else "Đã ghi"
        self.stdout.write(
            f"{counts['rows']} dòng. {done}: {counts['created']} thêm mới, {counts['updated']} bổ sung, "
            f"{counts['unchanged']} không đổi; {report.bad} dòng lỗi."
        )
        if report.stopped[levels.QUESTION]:
            self.stdout.write("Dòng cần chọn xã, chủ thể: nhập trên trang “Nhập dữ liệu” để trả lời.")


def _as_json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)
