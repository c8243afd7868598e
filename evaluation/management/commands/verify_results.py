"""`manage.py verify_results`: work every closed result out again and compare it with what was frozen."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evaluation.models import Session
from evaluation.queries.verification import results_to_verify, verify, without_result


class Command(BaseCommand):
    """Reads only; the exit code is 1 when a result does not follow from its sheets."""

    help = (
        "Tính lại mọi kết quả đã đóng từ phiếu, lựa chọn, kết luận và quyết định loại đang lưu, "
        "so với kết quả đã giữ. Không thay đổi gì; kết thúc với mã 1 khi có sai khác."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare --session and --json."""
        parser.add_argument("--session", type=int, metavar="SỐ", help="chỉ các hồ sơ của phiên có số này")
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print every difference, then how many results were compared."""
        session = options["session"]
        if session is not None and not Session.objects.filter(pk=session).exists():
            raise CommandError(f"Không có phiên họp số {session}.", returncode=2)
        found, count = without_result(session), 0
        for _, differences in verify(results_to_verify(session)):
            count += 1
            found += differences
        if options["json"]:
            document = {"results": count, "differences": [asdict(difference) for difference in found]}
            self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))
        else:
            for difference in found:
                self.stdout.write(str(difference))
            wrong = len({difference.item for difference in found})
            self.stdout.write(
                f"Đã tính lại {count} kết quả: "
                + (f"{wrong} kết quả có sai khác ({len(found)} chỗ)." if found else "không có sai khác.")
            )
        if found:
            sys.exit(1)
