from products.models.desk import CommuneReport, DeskCheck, SectionCheck
from products.models.dossiers import Dossier, DossierVersion
from products.models.entities import (
    DistinctPair,
    Entity,
    EntityAccount,
    EntityYear,
    RepresentativeProfile,
)
from products.models.evidence import Evidence, StoredFile
from products.models.imports import Import
from products.models.products import CommuneCounter, Product, ProductPhoto, ProductSet, Recognition

__all__ = [
    "CommuneCounter",
    "CommuneReport",
    "DeskCheck",
    "DistinctPair",
    "Dossier",
    "DossierVersion",
    "Entity",
    "EntityAccount",
    "EntityYear",
    "Evidence",
    "Import",
    "Product",
    "ProductPhoto",
    "ProductSet",
    "Recognition",
    "RepresentativeProfile",
    "SectionCheck",
    "StoredFile",
]
