from products.models.dossiers import Dossier, DossierVersion
from products.models.entities import Entity, EntityAccount
from products.models.products import CommuneCounter, Product, ProductSet, Recognition

__all__ = [
    "CommuneCounter",
    "Dossier",
    "DossierVersion",
    "Entity",
    "EntityAccount",
    "Product",
    "ProductSet",
    "Recognition",
]
