"""`manage.py restore_backup`: bring a copy back into an empty installation."""

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from ocop import backups


class Command(BaseCommand):
    help = "Khôi phục một bản sao lưu vào cơ sở dữ liệu trống và thư mục tệp trống; không ghi đè gì."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("copy", type=Path, metavar="BẢN_SAO")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = backups.restore(options["copy"])
        except backups.BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Đã khôi phục bản sao lúc {manifest.made_at}. Hãy chạy manage.py prepare --no-demo."
        )
