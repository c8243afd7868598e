"""The code on the trainer's screen: short-lived, one a half-day, renewed while the page is open.

Opening the code gives the phone a longer pass for the same half-day, so that there is time to type a name.
Both are signed, nothing is stored. Whether the half-day is on is asked by the service.
"""

from datetime import timedelta

import segno
from django.core.signing import BadSignature, TimestampSigner

from core.rate_limit import Limit

CODE_LIVES = timedelta(seconds=90)
PASS_LIVES = timedelta(minutes=10)
# Seconds between two codes on the trainer's page; an older one still works for a while.
RENEWED_EVERY = 30
# A class sits behind one address: enough for a hall, too little to try a list of names.
LIMIT = Limit("class-sign-in", times=240, seconds=600)
LONGEST_ID = 18

_CODE, _PASS = TimestampSigner(salt="training.sign_in.code"), TimestampSigner(salt="training.sign_in.pass")


def code_of(half_day_id: int) -> str:
    return _CODE.sign(str(half_day_id))


def pass_of(half_day_id: int) -> str:
    return _PASS.sign(str(half_day_id))


def read_code(code: str) -> int | None:
    """The half-day of a code that is still good."""
    return _read(_CODE, code, CODE_LIVES)


def read_pass(text: str) -> int | None:
    """The half-day of a pass that is still good."""
    return _read(_PASS, text, PASS_LIVES)


def _read(signer: TimestampSigner, text: str, lives: timedelta) -> int | None:
    try:
        value = signer.unsign(text, max_age=lives)
    except BadSignature:
        return None
    return int(value) if value.isdecimal() and len(value) <= LONGEST_ID else None


def picture(address: str) -> str:
    """The address as a QR code in SVG, drawn with classes of our own."""
    code = segno.make(address, error="m", micro=False)
    return code.svg_inline(scale=8, border=2, svgclass="qr", lineclass="qr-ink", omitsize=True)
