"""The first account of a new installation; every other one is opened on the site."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError, CommandParser

from accounts import services
from accounts.enums import Role
from accounts.validators import LOWER_NAME
from core.enums import UnitLevel
from core.exceptions import DomainError
from core.models import AdminUnit


class Command(BaseCommand):
    help = "Mở tài khoản quản trị hệ thống của một tỉnh và in mật khẩu đầu tiên (chỉ hiện một lần)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="tên đăng nhập, ví dụ quantri.hatinh")
        parser.add_argument("full_name", help="họ và tên")
        parser.add_argument("--email", default="", help="thư điện tử, để tự lấy lại mật khẩu")
        parser.add_argument(
            "--province", default=settings.OCOP_PROVINCE, help="mã tỉnh (mặc định OCOP_PROVINCE)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        code = options["province"]
        province = AdminUnit.objects.current().filter(level=UnitLevel.PROVINCE, code=code).first()
        if province is None:
            raise CommandError(f"Chưa nạp tỉnh mã {code}: hãy chạy manage.py load_units --province {code}.")
        try:
            LOWER_NAME(options["username"])
            user, password = services.open_account(
                username=options["username"],
                full_name=options["full_name"],
                email=options["email"],
                role=Role.ADMINISTRATOR,
                unit=province,
                by=None,
            )
        except ValidationError as error:
            raise CommandError(f"Tên đăng nhập: {error.messages[0]}") from error
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"Đã mở tài khoản quản trị {user.username} của {province}.")
        self.stdout.write(f"Mật khẩu đầu tiên: {password}")
        self.stdout.write("Ghi lại ngay: hệ thống không giữ mật khẩu này. Lần đăng nhập đầu tiên phải đổi.")
