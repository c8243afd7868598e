from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = "Kế hoạch và tập huấn"

    def ready(self):
        from training import receivers  # noqa: F401
