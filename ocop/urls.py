"""All addresses of the site, one prefix an app."""

from django.urls import include, path

urlpatterns = [
    path("", include("accounts.urls")),
    path("", include("core.urls")),
    path("", include("products.urls")),
    path("gcn/", include("evaluation.certificate_urls")),
    path("danh-gia/", include("evaluation.urls")),
    # Public catalogue and open data, without sign-in.
    path("", include("evaluation.public_urls")),
    path("ke-hoach/", include("training.urls")),
    path("bao-cao/", include("reports.urls")),
]
