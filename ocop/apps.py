from django.apps import AppConfig


class OcopConfig(AppConfig):
    """The wiring as an app: system checks and the set-up command."""

    name = "ocop"

    def ready(self) -> None:
        from ocop import checks  # noqa: F401  registers the checks
