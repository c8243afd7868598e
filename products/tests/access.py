"""Which roles may open which page of this app; everybody else is refused with 403."""

from accounts.enums import Role

READERS = {Role.ENTITY, Role.COMMUNE_OFFICER, Role.PROVINCIAL_OFFICER, Role.LEADERSHIP, Role.ADMINISTRATOR}
KEEPERS = {Role.ENTITY, Role.COMMUNE_OFFICER, Role.PROVINCIAL_OFFICER}
WRITERS = {Role.ENTITY, Role.COMMUNE_OFFICER}

ACCESS = {
    "products:entities": READERS,
    "products:entity_create": {Role.COMMUNE_OFFICER, Role.PROVINCIAL_OFFICER},
    "products:entity": READERS,  # pk: entity
    "products:entity_edit": KEEPERS,  # pk: entity
    "products:product_create": KEEPERS,  # pk: entity
    "products:products": READERS,
    "products:product": READERS,  # pk: product
    "products:product_edit": KEEPERS,  # pk: product
    "products:dossier_create": WRITERS,  # pk: product
    "products:dossiers": READERS,
    "products:dossier": READERS,  # pk: dossier
    # Entity: own dossier. Commune officer: role allowed, but 403 unless the commune entered the dossier.
    "products:dossier_registration": WRITERS,  # pk: dossier
    "products:dossier_edit": WRITERS,  # pk: dossier, step: "dang-ky"
    "products:version": READERS,  # pk: dossier, number: 1 (404 while nothing is filed)
    # By the step's permission; name="submit" here. propose, return_to_entity: commune officer;
    # accept, return_from_province: provincial officer.
    "products:transition": WRITERS,  # pk: dossier, name: "submit"
    "products:search": READERS,
}
