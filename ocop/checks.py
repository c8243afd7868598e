"""System checks: a wrong deployment is told before it serves anybody."""

import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

# What a serving machine must be told, and what goes wrong otherwise.
REQUIRED_IN_PRODUCTION = {
    "SECRET_KEY": ("ocop.E001", "Đặt một chuỗi ngẫu nhiên dài ít nhất 50 ký tự, giữ kín và không đổi."),
    "DATABASE_URL": ("ocop.E002", "Ví dụ: postgres://ocop:mat-khau@may-chu:5432/ocop"),
    "REDIS_URL": ("ocop.E003", "Ví dụ: redis://:mat-khau@may-chu:6379/0"),
    "ALLOWED_HOSTS": ("ocop.E004", "Ghi tên miền của hệ thống, ví dụ: ocop.tinh.gov.vn"),
    "EMAIL_URL": ("ocop.E005", "Ví dụ: smtp+tls://nguoi-dung:mat-khau@may-chu:587"),
    # Letters lead there, and so do the QR codes printed on certificates and packages.
    "SITE_URL": ("ocop.E009", "Ghi địa chỉ công khai, ví dụ: https://ocop.tinh.gov.vn"),
}
PAPER_FONTS = ("Times New Roman", "Liberation Serif")
REQUIRED_EXTENSIONS = {"unaccent", "pg_trgm", "btree_gist"}

Apps = Sequence[AppConfig] | None


@register(Tags.security)
def check_production_environment(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """A serving machine must not live on the defaults of a trial."""
    if not settings.PRODUCTION:
        return []
    messages: list[CheckMessage] = [
        Error(f"OCOP_PRODUCTION đang bật nhưng thiếu biến môi trường {name}.", hint=hint, id=number)
        for name, (number, hint) in REQUIRED_IN_PRODUCTION.items()
        if not os.environ.get(name)
    ]
    if settings.DEBUG:
        hint = "Bỏ biến DEBUG: trang lỗi chi tiết làm lộ dữ liệu và cấu hình."
        messages.append(Error("DEBUG đang bật trên máy phục vụ.", hint=hint, id="ocop.E006"))
    return messages


@register()
def check_paper_fonts(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Papers are set in Times New Roman or its metric twin (NĐ 30/2020/NĐ-CP, annex I)."""
    if any(_has_font(name) for name in PAPER_FONTS):
        return []
    return [
        Warning(
            "Thiếu phông chữ cho văn bản PDF (Times New Roman hoặc Liberation Serif).",
            hint="Cài gói: apt-get install fonts-liberation fontconfig",
            id="ocop.W001",
        )
    ]


def _has_font(name: str) -> bool:
    """True when fontconfig answers with the family itself and not with a replacement."""
    program = shutil.which("fc-match")
    if program is None:
        return False
    answer = subprocess.run([program, "-f", "%{family}", name], capture_output=True, text=True)
    return name in answer.stdout


@register(Tags.database)
def check_database(
    app_configs: Apps, databases: Iterable[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """PostgreSQL with the extensions that search and the exclusion of double periods need."""
    messages: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor != "postgresql":
            hint = "Sửa DATABASE_URL thành địa chỉ postgres://…"
            messages.append(Error("Cơ sở dữ liệu không phải PostgreSQL.", hint=hint, id="ocop.E007"))
            continue
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM pg_available_extensions")
            missing = REQUIRED_EXTENSIONS - {name for (name,) in cursor.fetchall()}
        if missing:
            names = ", ".join(sorted(missing))
            hint = "Cài gói postgresql-contrib trên máy chủ cơ sở dữ liệu."
            messages.append(Error(f"PostgreSQL thiếu phần mở rộng: {names}.", hint=hint, id="ocop.E008"))
    return messages
