"""`manage.py send_reminders [--date 2026-11-05]`: the reminders of a day, from a shell."""

import datetime as dt

from django.core.management.base import BaseCommand
from django.utils import timezone

from core import reminders


class Command(BaseCommand):
    help = "Gửi nhắc việc của một ngày (mặc định hôm nay); chạy lại không gửi hai lần."

    def add_arguments(self, parser):
        parser.add_argument("--date", type=dt.date.fromisoformat, help="ngày, viết như 2026-11-05")

    def handle(self, *args, **options):
        for name, count in reminders.send_all(options["date"] or timezone.localdate()).items():
            self.stdout.write(f"{name}: {count}")
