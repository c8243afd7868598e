from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Nền chung"

    def ready(self):
        from core.form_words import say_plainly

        say_plainly()
