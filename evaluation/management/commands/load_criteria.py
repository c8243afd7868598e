"""Load the scoring tables of the law into the database."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core.exceptions import DomainError
from evaluation.criteria_files import DATA_FOLDER, CriteriaFileError, load_errata, load_folder
from evaluation.services.criteria import load_version

CODE = "qd26"
TITLE = "Bộ tiêu chí theo Quyết định 26/2026/QĐ-TTg"


class Command(BaseCommand):
    help = "Load and publish the 26 scoring tables; the same tables again change nothing."

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", type=Path, default=DATA_FOLDER, help="folder of YAML files")
        parser.add_argument(
            "--code", default=CODE, help="code of the criteria version (default: %(default)s)"
        )
        parser.add_argument("--title", default=TITLE, help="title of the version")
        parser.add_argument("--check", action="store_true", help="only check the files, write nothing")

    def handle(self, *args, folder, code, title, check, **options):
        try:
            sets, errata = load_folder(folder), load_errata(folder)
        except CriteriaFileError as refusal:
            raise CommandError("\n".join(refusal.problems)) from refusal
        if not check:
            try:
                _, created = load_version(code=code, title=title, sets=sets, errata=errata)
            except DomainError as refusal:
                raise CommandError(refusal.message) from refusal
        leaves = [leaf for data in sets for leaf in data.leaves()]
        counted = sum(len(leaf.options) for leaf in leaves)
        state = "checked" if check else "created" if created else "unchanged"
        self.stdout.write(f"{code}: {state}, {len(sets)} sets, {len(leaves)} criteria, {counted} options")
