from importlib import import_module

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Báo cáo"

    def ready(self):
        # The web process puts papers on the queue: the starter must be registered there too.
        import_module("reports.tasks")
