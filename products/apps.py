from django.apps import AppConfig


class ProductsConfig(AppConfig):
    name = "products"
    verbose_name = "Sản phẩm và hồ sơ"

    def ready(self):
        from products import receivers  # noqa: F401
