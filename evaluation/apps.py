from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "Đánh giá, phân hạng"

    def ready(self):
        from evaluation import receivers  # noqa: F401
