"""What happens to entities, products and dossiers. Every verb: atomic, permission asked, logged.

Refusals: PermissionDenied (not yours), DomainError (a rule; Vietnamese message, perhaps a field),
ConflictError (somebody saved meanwhile).
"""

from products.services.drafts import check_kind, create_dossier, save_draft, update_registration
from products.services.entities import create_entity, give_account, update_entity
from products.services.products import create_product, update_product
from products.services.road import IncompleteError, perform

__all__ = [
    "IncompleteError",
    "check_kind",
    "create_dossier",
    "create_entity",
    "create_product",
    "give_account",
    "perform",
    "save_draft",
    "update_entity",
    "update_product",
    "update_registration",
]
