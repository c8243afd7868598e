"""Remove uploaded bytes that no paper of any dossier version uses any more."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from products.services import prune_files


class Command(BaseCommand):
    help = "Xóa các tệp đã tải lên mà không minh chứng nào dùng nữa (đã bỏ khỏi bản đang soạn)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--older-than", type=int, default=30, metavar="NGÀY", help="mặc định 30 ngày")
        parser.add_argument("--dry-run", action="store_true", help="chỉ liệt kê, không xóa")

    def handle(self, *args: Any, **options: Any) -> None:
        hashes = prune_files(older_than_days=options["older_than"], dry_run=options["dry_run"])
        for sha256 in hashes:
            self.stdout.write(sha256)
        self.stdout.write(f"{len(hashes)} tệp{' có thể xóa' if options['dry_run'] else ' đã xóa'}.")
