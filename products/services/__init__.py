"""What happens to entities, products and dossiers. Every verb: atomic, permission asked, logged.

Refusals: PermissionDenied (not yours), DomainError (a rule; Vietnamese message, perhaps a field),
ConflictError (somebody saved meanwhile).
"""

from products.services.accounts import close_account, give_account, open_entity_account, renew_password
from products.services.desk import check_section, count_samples, pass_rest
from products.services.drafts import check_kind, create_dossier, save_draft, update_registration
from products.services.entering import enter_dossier
from products.services.entities import LookalikeError, create_entity, tell_apart, update_entity
from products.services.evidence import (
    AlreadyThereError,
    add_evidence,
    copy_evidence,
    prune_files,
    record_download,
    remove_evidence,
    update_evidence,
)
from products.services.imports import (
    answer_questions,
    check_again,
    confirm_import,
    discard_import,
    request_import,
)
from products.services.merge import merge_entities
from products.services.photos import MOST_PHOTOS, add_photo, describe_photo, move_photo, remove_photo
from products.services.products import create_product, update_product
from products.services.recognitions import (
    correct_recognition,
    extend_recognition,
    find_recognition,
    late_re_ranking,
    record_recognition,
)
from products.services.reports import save_commune_report
from products.services.representatives import update_representative, view_representative
from products.services.road import AlreadyDoneError, IncompleteError, WrongStateError, perform

__all__ = [
    "answer_questions",
    "check_again",
    "confirm_import",
    "discard_import",
    "request_import",
    "AlreadyDoneError",
    "AlreadyThereError",
    "IncompleteError",
    "LookalikeError",
    "WrongStateError",
    "add_evidence",
    "MOST_PHOTOS",
    "add_photo",
    "check_kind",
    "close_account",
    "check_section",
    "copy_evidence",
    "correct_recognition",
    "count_samples",
    "create_dossier",
    "create_entity",
    "create_product",
    "enter_dossier",
    "describe_photo",
    "extend_recognition",
    "find_recognition",
    "give_account",
    "late_re_ranking",
    "pass_rest",
    "merge_entities",
    "open_entity_account",
    "move_photo",
    "perform",
    "prune_files",
    "record_download",
    "record_recognition",
    "save_commune_report",
    "remove_evidence",
    "renew_password",
    "remove_photo",
    "save_draft",
    "tell_apart",
    "update_entity",
    "update_evidence",
    "update_product",
    "update_registration",
    "update_representative",
    "view_representative",
]
