"""`manage.py check_backup`: prove a copy by restoring it beside the site."""

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from ocop import backups


class Command(BaseCommand):
    help = "Khôi phục thử một bản sao lưu vào cơ sở dữ liệu tạm rồi so số dòng, tệp, kết quả."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("copy", type=Path, metavar="BẢN_SAO")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = backups.check(options["copy"])
        except backups.BackupError as error:
            raise CommandError(str(error)) from error
        rows = sum(manifest.rows.values())
        self.stdout.write(f"Bản sao lúc {manifest.made_at} còn nguyên: {rows} dòng, {manifest.files} tệp.")
