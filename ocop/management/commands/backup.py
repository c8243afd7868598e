"""`manage.py backup`: copy everything, and prove that the copy can be brought back."""

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from ocop import backups


class Command(BaseCommand):
    """One copy into a folder; `--check` restores it beside the site, `--keep` removes old ones."""

    help = "Sao lưu cơ sở dữ liệu và các tệp vào một thư mục con mới của THƯ MỤC."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="THƯ_MỤC")
        parser.add_argument("--check", action="store_true", help="khôi phục thử bản vừa sao lưu rồi so lại")
        parser.add_argument("--keep", type=int, metavar="SỐ", help="chỉ giữ chừng ấy bản mới nhất")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["keep"] is not None and options["keep"] < 1:
            raise CommandError("--keep phải từ 1 trở lên.")
        try:
            copy = backups.make(options["folder"])
            self.stdout.write(f"Đã sao lưu vào {copy}")
            if options["check"]:
                manifest = backups.check(copy)
                rows = sum(manifest.rows.values())
                self.stdout.write(f"Đã khôi phục thử: {rows} dòng, {manifest.files} tệp, kết quả khớp phiếu.")
        except backups.BackupError as error:
            raise CommandError(str(error)) from error
        if options["keep"] is not None:
            for gone in backups.prune(options["folder"], options["keep"]):
                self.stdout.write(f"Đã xóa bản cũ {gone.name}")
