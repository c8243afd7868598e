from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Nền chung"

    def ready(self):
        from core.form_words import say_plainly

        say_plainly()
        autodiscover_modules("reminders")
