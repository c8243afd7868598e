"""The public catalogue: pages, photos and open data for everybody, without sign-in (`core.public`)."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from core.public import PublicView
from core.rate_limit import Limit
from evaluation import api
from evaluation.models import Certificate
from evaluation.queries import catalogue

PAGES = Limit("catalogue", times=120, seconds=60)
# A page of the list shows two dozen of them.
PHOTOS = Limit("catalogue-photo", times=900, seconds=60)
DATA = Limit("open-data", times=120, seconds=60)


class CataloguePage(PublicView):
    """A page of the catalogue; search engines are welcome."""

    limit = PAGES
    indexed = True

    def not_found(self) -> HttpResponse:
        return self.page("catalogue/not_found.html", status=404)


class CatalogueListView(CataloguePage):
    def get(self, request):
        filters = catalogue.Filters.read(request.GET)
        page, products = catalogue.public_page(filters, request.GET.get("page"))
        asked = {name: value for name, value in _asked(filters).items() if value}
        context = {
            "filters": filters,
            "choices": catalogue.choices(),
            "stars": catalogue.STARS,
            "page_obj": page,
            "products": products,
            "query": urlencode(asked),
            "without_family": urlencode({k: v for k, v in asked.items() if k not in ("nganh", "bo")}),
        }
        return self.page("catalogue/list.html", context)


def _asked(filters: catalogue.Filters) -> dict[str, Any]:
    return {
        "q": filters.q,
        "xa": filters.commune,
        "bo": filters.set_number,
        "nganh": filters.family,
        "sao": filters.star,
    }


class CatalogueProductView(CataloguePage):
    def get(self, request, slug):
        product = catalogue.public_product(slug)
        if product is None:
            return self.not_found()
        return self.page("catalogue/product.html", {"product": product, "check_url": _check_url(product)})


def _check_url(product: catalogue.PublicProduct) -> str:
    """The public check of the product's certificate, where one was issued."""
    certificate = Certificate.objects.filter(recognition=product.recognition).first()
    return reverse("gcn:check", args=[certificate.token]) if certificate else ""


class CataloguePhotoView(PublicView):
    """A chosen photo of a shown product; kept as briefly as the pages: what is withdrawn goes soon."""

    limit = PHOTOS
    indexed = True
    small = False

    def get(self, request, slug, pk):
        photo = catalogue.public_photo(slug, pk)
        if photo is None:
            raise Http404
        field = photo.thumbnail if self.small else photo.file
        try:
            with field.open() as file:
                return HttpResponse(file.read(), content_type="image/jpeg")
        except FileNotFoundError as gone:
            raise Http404 from gone


class OpenDataView(CataloguePage):
    """How to use the open data, for people."""

    def get(self, request):
        return self.page("catalogue/open_data.html", {"columns": api.ProductDetail.model_fields})


class ApiView(PublicView):
    """The door of an operation of the API: counted and cacheable as every public page."""

    limit = DATA
    inner: Any = None

    def get(self, request, **kwargs):
        response = self.inner(request, **kwargs)
        # Anybody's page may read it: the data are open.
        response["Access-Control-Allow-Origin"] = "*"
        return response

    def too_many(self, wait):
        words = {"detail": f"Quá nhiều lượt hỏi trong thời gian ngắn; hãy chờ {wait} giây."}
        return JsonResponse(
            words, status=429, headers={"Retry-After": str(wait), "Cache-Control": "no-store"}
        )


class ApiRootView(PublicView):
    """The beginning of the API leads to the page that explains it."""

    limit = DATA

    def get(self, request):
        return HttpResponseRedirect(reverse("catalogue:open_data"))
