"""Which roles may open which page of this app; everybody else is refused with 403."""

from accounts.enums import Role

READERS = {Role.ENTITY, Role.COMMUNE_OFFICER, Role.PROVINCIAL_OFFICER, Role.LEADERSHIP, Role.ADMINISTRATOR}
KEEPERS = {Role.ENTITY, Role.COMMUNE_OFFICER, Role.PROVINCIAL_OFFICER}
WRITERS = {Role.ENTITY, Role.COMMUNE_OFFICER}
OFFICERS = {Role.COMMUNE_OFFICER, Role.PROVINCIAL_OFFICER}

ACCESS = {
    "products:entities": READERS,
    "products:entities_workbook": READERS,
    "products:entity_create": {Role.COMMUNE_OFFICER, Role.PROVINCIAL_OFFICER},
    "products:entity": READERS,  # pk: entity
    "products:entity_edit": KEEPERS,  # pk: entity
    "products:entity_lookalikes": OFFICERS,
    "products:entity_duplicates": OFFICERS,
    "products:entity_merge": OFFICERS,  # pk: entity
    "products:entity_distinct": OFFICERS,  # pk: entity
    "products:entity_accounts": OFFICERS,  # pk: entity
    "products:entity_account_attach": OFFICERS,  # pk: entity
    "products:entity_account_password": OFFICERS,  # pk: entity
    "products:entity_account_close": OFFICERS,  # pk: entity
    "products:representative": KEEPERS,  # pk: entity
    "products:representative_edit": KEEPERS,  # pk: entity
    "products:representative_log": {Role.ENTITY, Role.ADMINISTRATOR},  # pk: entity
    "products:product_create": KEEPERS,  # pk: entity
    "products:products": READERS,
    "products:products_workbook": READERS,
    "products:product": READERS,  # pk: product
    "products:product_edit": KEEPERS,  # pk: product
    "products:photos": KEEPERS,  # pk: product
    "products:photo": READERS,  # pk: photo
    "products:photo_small": READERS,  # pk: photo
    "products:photo_change": KEEPERS,  # pk: photo
    "products:recognition_create": {Role.PROVINCIAL_OFFICER},  # pk: product
    "products:recognition_edit": {Role.PROVINCIAL_OFFICER},  # pk: recognition
    "products:recognition_extend": {Role.PROVINCIAL_OFFICER},  # pk: recognition
    "products:dossier_create": WRITERS,  # pk: product
    "products:dossiers": READERS,
    "products:dossiers_workbook": READERS,
    "products:funnel": READERS - {Role.ENTITY},
    "products:dossier": READERS,  # pk: dossier
    # Entity: own dossier. Commune officer: role allowed, but 403 unless the commune entered the dossier.
    "products:dossier_registration": WRITERS,  # pk: dossier
    "products:dossier_edit": WRITERS,  # pk: dossier, step: "dang-ky"
    "products:compare": READERS,  # pk: dossier, a, b: two of its versions
    "products:evidence": READERS,  # pk: dossier
    "products:dossier_download": READERS,  # pk: dossier, number: 1
    "products:evidence_view": READERS,  # pk: evidence
    "products:evidence_download": READERS,  # pk: evidence
    "products:evidence_picture": READERS,  # pk: evidence, page: 1
    # As the dossier: the entity's draft is the entity's.
    "products:evidence_edit": WRITERS,  # pk: evidence
    "products:evidence_remove": WRITERS,  # pk: evidence
    "products:version": READERS,  # pk: dossier, number: 1 (404 while nothing is filed)
    # The desks. A filed dossier lies at the commune here; the province reads its check.
    "products:commune_desk": {Role.COMMUNE_OFFICER},
    "products:enter_dossier": {Role.COMMUNE_OFFICER},
    "products:desk_check": OFFICERS,  # pk: dossier
    "products:section_check": OFFICERS,  # pk: dossier, section: "cau-chuyen" (403 at another's desk)
    "products:commune_report_edit": {Role.COMMUNE_OFFICER},  # pk: dossier
    "products:commune_report": READERS - {Role.ENTITY},  # pk: dossier, number: 1
    "products:receipt": READERS,  # pk: dossier, number: 1
    # By the step's permission; name="submit" here. propose, return_to_entity: commune officer;
    # accept, return_from_province: provincial officer.
    "products:transition": WRITERS,  # pk: dossier, name: "submit"
    "products:imports": {Role.PROVINCIAL_OFFICER},
    "products:import_template": {Role.PROVINCIAL_OFFICER},
    "products:import_upload": {Role.PROVINCIAL_OFFICER},
    "products:import": {Role.PROVINCIAL_OFFICER},  # pk: import
    "products:import_answer": {Role.PROVINCIAL_OFFICER},  # pk: import
    "products:import_confirm": {Role.PROVINCIAL_OFFICER},  # pk: import
    "products:import_recheck": {Role.PROVINCIAL_OFFICER},  # pk: import
    "products:import_discard": {Role.PROVINCIAL_OFFICER},  # pk: import
    "products:import_result": {Role.PROVINCIAL_OFFICER},  # pk: import
    "products:search": READERS,
}
