"""What every page knows of its installation."""

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from core.models import AdminUnit

SITE_CACHE_SECONDS = 300


def site(request):
    """`site`: the province's name and today's date, for the frame of every page."""
    province_name = cache.get("site.province")
    if province_name is None:
        province = AdminUnit.objects.home_province()
        province_name = province.short_name if province else ""
        cache.set("site.province", province_name, SITE_CACHE_SECONDS if province_name else 1)
    name = f"OCOP {province_name}".strip()
    return {
        "site": {
            "name": name,
            "province_name": province_name,
            "today": timezone.localdate(),
            "code": settings.OCOP_PROVINCE,
        }
    }
