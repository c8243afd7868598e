"""The QR code of a certificate, drawn by the server as inline SVG (no script, no style)."""

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

# Readable with a tenth of it dirty or torn; the quiet zone of four modules is part of the picture.
ERROR_LEVEL, QUIET_ZONE = "m", 4


def public_address(token: str) -> str:
    """Where anybody checks the certificate; absolute, since it is printed."""
    return f"{settings.SITE_URL.rstrip('/')}{reverse('gcn:check', args=[token])}"


def svg_of(address: str) -> SafeString:
    """The address as a picture that grows with the box it stands in."""
    code = segno.make(address, error=ERROR_LEVEL, micro=False, boost_error=False)
    drawing = code.svg_inline(border=QUIET_ZONE, omitsize=True, light="#fff", svgclass="qr", lineclass=None)
    return mark_safe(drawing)  # noqa: S308  drawn by segno from an address of our own
