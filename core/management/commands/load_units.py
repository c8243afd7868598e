"""Load administrative units from the official list."""

from django.core.management.base import BaseCommand, CommandError

from core.exceptions import DomainError
from core.services import load_units, province_codes


class Command(BaseCommand):
    help = "Load the provinces and communes in force since 1 July 2025 (all 34 provinces by default)."

    def add_arguments(self, parser):
        parser.add_argument("--province", metavar="CODE", help="two-digit code, for example 42")

    def handle(self, *args, province=None, **options):
        for code in [province] if province else province_codes():
            try:
                report = load_units(code)
            except DomainError as refusal:
                raise CommandError(refusal.message) from refusal
            self.stdout.write(
                f"{code}: {report.created} created, {report.updated} updated, {report.unchanged} unchanged"
            )
