"""`python -m ocop.announce ADDRESS`: wait until the site answers, then say where it is and who may enter."""

import os
import sys
import time
import urllib.error
import urllib.request

PATIENCE_SECONDS = 120


def answers(address: str) -> bool:
    """True when the sign-in page is served."""
    try:
        with urllib.request.urlopen(f"{address}/dang-nhap/", timeout=10) as reply:  # noqa: S310  our own
            return reply.status == 200
    except (urllib.error.URLError, OSError):
        return False


def wait(address: str) -> bool:
    """Poll until the site answers; False when it does not in time or the supervisor is gone."""
    supervisor = os.getppid()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and os.getppid() == supervisor:
        if answers(address):
            return True
        time.sleep(0.2)
    return False


def main() -> None:
    address = sys.argv[1]
    if not wait(address):
        return
    _say(f"\n  Hệ thống OCOP đang chạy tại {address}\n")
    _print_accounts()
    _say("\n  Dừng: Ctrl-C\n")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _print_accounts() -> None:
    """The demonstration accounts, when this is a demonstration."""
    import django
    from django.core.management import call_command, get_commands

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ocop.settings")
    django.setup()
    if "seed_demo" in get_commands():
        call_command("seed_demo", list_accounts=True)


if __name__ == "__main__":
    main()
