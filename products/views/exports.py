"""The three lists as .xlsx: exactly what the page shows, all pages."""

from accounts.pages import ListWorkbook
from products.views.dossiers import DossierListView
from products.views.entities import EntityListView
from products.views.products import ProductListView


class EntityWorkbookView(ListWorkbook, EntityListView):
    pass


class ProductWorkbookView(ListWorkbook, ProductListView):
    pass


class DossierWorkbookView(ListWorkbook, DossierListView):
    pass
