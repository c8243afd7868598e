from django.apps import AppConfig


class ProductsConfig(AppConfig):
    name = "products"
    verbose_name = "Sản phẩm và hồ sơ"

    def ready(self):
        # The web process puts imports on the queue: the starters must be registered there too.
        from products import receivers, tasks  # noqa: F401
