from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = "Kế hoạch và tập huấn"

    def ready(self):
        # The web process puts imports on the queue: the starters must be registered there too.
        from training import receivers, tasks  # noqa: F401
