"""Addresses of entities, products and dossiers."""

from django.urls import path

from products.views import dossiers, entities, products, transitions

app_name = "products"

urlpatterns = [
    path("chu-the/", entities.EntityListView.as_view(), name="entities"),
    path("chu-the/moi/", entities.EntityCreateView.as_view(), name="entity_create"),
    path("chu-the/<int:pk>/", entities.EntityView.as_view(), name="entity"),
    path("chu-the/<int:pk>/sua/", entities.EntityEditView.as_view(), name="entity_edit"),
    # A product begins at its entity (pk: entity), a dossier at its product (pk: product).
    path("chu-the/<int:pk>/san-pham-moi/", products.ProductCreateView.as_view(), name="product_create"),
    path("san-pham/", products.ProductListView.as_view(), name="products"),
    path("san-pham/<int:pk>/", products.ProductView.as_view(), name="product"),
    path("san-pham/<int:pk>/sua/", products.ProductEditView.as_view(), name="product_edit"),
    path("san-pham/<int:pk>/ho-so-moi/", dossiers.DossierCreateView.as_view(), name="dossier_create"),
    path("ho-so/", dossiers.DossierListView.as_view(), name="dossiers"),
    path("ho-so/<int:pk>/", dossiers.DossierView.as_view(), name="dossier"),
    path("ho-so/<int:pk>/dang-ky/", dossiers.DossierRegistrationView.as_view(), name="dossier_registration"),
    path("ho-so/<int:pk>/soan/<slug:step>/", dossiers.DossierEditView.as_view(), name="dossier_edit"),
    path("ho-so/<int:pk>/lan/<int:number>/", dossiers.VersionView.as_view(), name="version"),
    path("ho-so/<int:pk>/buoc/<slug:name>/", transitions.TransitionView.as_view(), name="transition"),
    path("tim/", products.SearchView.as_view(), name="search"),
]
