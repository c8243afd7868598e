"""Addresses of the public catalogue and of the open data, at the root of the site."""

from django.urls import URLPattern, include, path

from evaluation.api import api
from evaluation.views import public_catalogue as views

pages = [
    path("san-pham-ocop/", views.CatalogueListView.as_view(), name="list"),
    path("san-pham-ocop/<slug:slug>/", views.CatalogueProductView.as_view(), name="product"),
    path("san-pham-ocop/<slug:slug>/anh/<int:pk>/", views.CataloguePhotoView.as_view(), name="photo"),
    path(
        "san-pham-ocop/<slug:slug>/anh/<int:pk>/nho/",
        views.CataloguePhotoView.as_view(small=True),
        name="photo_small",
    ),
    path("du-lieu-mo/", views.OpenDataView.as_view(), name="open_data"),
]


def _door(pattern: URLPattern) -> URLPattern:
    """The same address, entered through the door of public pages."""
    if pattern.name == "api-root":
        pattern.callback = views.ApiRootView.as_view()
    else:
        pattern.callback = views.ApiView.as_view(inner=pattern.callback)
    return pattern


operations, _, _ = api.urls

urlpatterns = [
    path("", include((pages, "catalogue"))),
    path("api/v1/", include(([_door(pattern) for pattern in operations], "api"))),
]
