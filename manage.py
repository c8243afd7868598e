#!/usr/bin/env python
"""Command line of the OCOP application."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def main() -> None:
    """Run a management command, with the project's own Python when there is one."""
    venv_python = ROOT / ".venv" / "bin" / "python"
    try:
        import django  # noqa: F401
    except ImportError:
        if venv_python.exists() and Path(sys.prefix).resolve() != (ROOT / ".venv").resolve():
            os.execv(venv_python, [str(venv_python), *sys.argv])  # noqa: S606  same program, right packages
        sys.exit("Chưa cài các gói cần thiết: hãy chạy script/setup một lần.")

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ocop.settings")
    from django.core.management import execute_from_command_line

    from ocop.embedded import services_for_command

    with services_for_command(sys.argv):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
