"""`manage.py seed_demo`: fill an empty database with a made-up province."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from core.exceptions import DomainError
from reports.demo import accounts, archive, province
from reports.models import Paper


class Command(BaseCommand):
    help = "Create the demonstration province with made-up people and entities; a second run changes nothing."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--list-accounts", action="store_true", help="only print the accounts to sign in with"
        )
        parser.add_argument(
            "--papers", action="store_true", help="also render a few papers into the archive when it is empty"
        )

    def handle(self, *args: Any, list_accounts: bool = False, papers: bool = False, **options: Any) -> None:
        if list_accounts:
            self._print_accounts()
            return
        self._province()
        if papers and accounts.exist() and archive.is_empty():
            self._papers()

    def _province(self) -> None:
        if accounts.exist():
            self._say(["Tỉnh minh họa đã có, không thay đổi gì.", *province.summary()])
        else:
            self._create()
            self._say(
                ["Đã tạo tỉnh minh họa (mọi tên người, chủ thể và số liệu đều đặt ra).", *province.summary()]
            )

    def _create(self) -> None:
        if settings.PRODUCTION:
            raise CommandError("Máy phục vụ thật không nạp dữ liệu minh họa: mật khẩu của nó ai cũng biết.")
        if settings.OCOP_PROVINCE != province.CODE:
            self._say([f"Dữ liệu minh họa chỉ có cho tỉnh mã {province.CODE}: bỏ qua."])
            return
        names = [row["username"] for row in accounts.listed()]
        if taken := User.objects.filter(username__in=names).values_list("username", flat=True):
            raise CommandError(
                f"Đã có tài khoản khác mang tên {', '.join(taken)}: không nạp dữ liệu minh họa."
            )
        try:
            province.create()
        except (DomainError, PermissionDenied) as refusal:
            raise CommandError(f"Không tạo được tỉnh minh họa: {refusal}") from refusal

    def _papers(self) -> None:
        try:
            archive.fill(timezone.localdate())
        except (DomainError, PermissionDenied) as refusal:
            raise CommandError(f"Không lập được văn bản minh họa: {refusal}") from refusal
        self._say([f"{Paper.objects.count()} văn bản minh họa trong kho."])

    def _print_accounts(self) -> None:
        if not accounts.exist():
            return
        self._say([f"  Tài khoản minh họa, mật khẩu chung: {accounts.PASSWORD}", ""])
        self._say([f"    {username:<12} {who}" for username, who in accounts.announced()])

    def _say(self, lines: list[str]) -> None:
        self.stdout.write("\n".join(lines))
