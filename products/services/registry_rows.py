"""New entities, products and recognitions of a list: judged one by one, stored together.

A list of twenty thousand rows would take twenty queries a row through `create_entity`, `create_product` and
`record_recognition`. The same rights, checks and entries of the log here, in a few queries for many rows.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from core import audit
from core.exceptions import ConflictError
from core.models import AdminUnit, AuditEntry, NamedModel
from products import numbering
from products.enums import RecognitionState
from products.models import Entity, Product, ProductSet, Recognition
from products.services.common import allow, check, clean_row
from products.services.recognitions import recognition_facts, told_of
from products.validators import check_legal_form

RESERVED = 100


@dataclass
class NewRow:
    """What one row of a list adds. `entity` and `product` may be of an earlier row, or stored already."""

    entity: Entity
    product: Product
    recognition: Recognition


@dataclass
class RegistryRows:
    """Rows gathered for one `store`, on behalf of `by`."""

    by: Any
    entities: dict[int, Entity] = field(default_factory=dict)
    products: dict[int, Product] = field(default_factory=dict)
    recognitions: list[Recognition] = field(default_factory=list)
    # Stored entities that get products: they must still be what they were when the row was judged.
    stored: dict[int, Entity] = field(default_factory=dict)
    numbers: dict[tuple[AdminUnit, int], int] = field(default_factory=dict)
    _keys: dict[type[Model], list[int]] = field(default_factory=dict)

    def add(
        self, *, entity: Entity, product: Product | dict[str, Any], recognition: dict[str, Any]
    ) -> NewRow:
        """Judge and gather one row; nothing of it is kept when it is refused.

        `entity`: a new one without a key, one of an earlier row, or one as it is known to be stored.
        `product`: columns of a new one, or one of an earlier row. Raises PermissionDenied, DomainError.
        """
        if entity.pk is None:
            self._judge(entity, "products.add_entity")
        if isinstance(product, dict):
            product = self._new_product(entity, **product)
        allow(self.by, "products.record_recognition", product)
        facts = recognition_facts(**{"legal_basis": "", **recognition})
        row = NewRow(entity, product, Recognition(product=product, **facts))
        clean_row(row.recognition)
        self._gather(row)
        return row

    def keep_number(self, commune: AdminUnit, *, year: int, number: int) -> None:
        """The running number of a code that came with the list is used up (`numbering.keep_number`)."""
        place = (commune, year)
        self.numbers[place] = max(number, self.numbers.get(place, 0))

    @transaction.atomic
    def store(self) -> None:
        """Write what was gathered, and forget it.

        Raises ConflictError when a stored entity changed since, and what the database raises when it
        refuses: then nothing of it is written.
        """
        if not self.recognitions:
            return
        self._lock_stored()
        Entity.objects.bulk_create(self.entities.values())
        Product.objects.bulk_create(self.products.values())
        self._settle_states()
        Recognition.objects.bulk_create(self.recognitions)
        for (commune, year), number in self.numbers.items():
            numbering.keep_number(commune, kind=numbering.PRODUCT, year=year, number=number)
        audit.record_all(self._acts())
        self.forget()

    def forget(self) -> None:
        """Drop what was gathered."""
        for rows in (self.entities, self.products, self.recognitions, self.stored, self.numbers):
            rows.clear()

    def _new_product(self, entity: Entity, *, product_set: ProductSet, **fields: Any) -> Product:
        check(check_legal_form, entity.legal_form, product_set.is_tourism, field="product_set")
        product = Product(entity=entity, product_set=product_set, commune=entity.commune, **fields)
        self._judge(product, "products.add_product")
        return product

    def _judge(self, row: NamedModel, permission: str) -> None:
        allow(self.by, permission, row)
        row.fill_keys()
        clean_row(row)

    def _gather(self, row: NewRow) -> None:
        """Keys are taken beforehand, so that later rows can name what this one adds."""
        if row.entity.pk is None:
            row.entity.pk = self._next_key(Entity)
            self.entities[row.entity.pk] = row.entity
        elif row.entity.pk not in self.entities:
            self.stored[row.entity.pk] = row.entity
        if row.product.pk is None:
            row.product.entity = row.entity
            row.product.pk = self._next_key(Product)
            self.products[row.product.pk] = row.product
        row.recognition.product = row.product
        self.recognitions.append(row.recognition)

    def _next_key(self, model: type[Model]) -> int:
        keys = self._keys.setdefault(model, [])
        if not keys:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                    [model._meta.db_table, RESERVED],
                )
                keys.extend(sorted((key for (key,) in cursor.fetchall()), reverse=True))
        return keys.pop()

    def _lock_stored(self) -> None:
        """Locked against a merge until the transaction ends, all in one query."""
        rows = Entity.objects.select_for_update(no_key=True).filter(pk__in=self.stored).order_by("pk")
        now = set(rows.values_list("pk", "commune_id", "legal_form", "merged_into"))
        if now != {(one.pk, one.commune_id, one.legal_form, None) for one in self.stored.values()}:
            raise ConflictError("Chủ thể đã được sửa hoặc gộp từ lúc kiểm tra dòng.")

    def _settle_states(self) -> None:
        """The newest decision of each product is valid, of one day the last; earlier ones are replaced."""
        newest: dict[int, Recognition] = {}
        for one in self.recognitions:
            one.state = RecognitionState.REPLACED
            known = newest.get(one.product_id)
            if known is None or one.decided_on >= known.decided_on:
                newest[one.product_id] = one
        for one in newest.values():
            one.state = RecognitionState.VALID

    def _acts(self) -> list[AuditEntry]:
        created = [*self.entities.values(), *self.products.values()]
        acts = [audit.entry(by=self.by, verb=f"{row._meta.model_name}.create", obj=row) for row in created]
        verb = "product.record_recognition"
        return acts + [
            audit.entry(by=self.by, verb=verb, obj=one.product, after=told_of(one))
            for one in self.recognitions
        ]
