"""What a row is: whose product, in which commune, known or new; what is to be asked or put right first."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from core.models import AdminUnit
from core.numbers import format_date
from core.text import nfc, search_key
from core.unit_matching import Match, UnitMatcher, Way
from products.enums import LegalForm
from products.imports import findings as levels
from products.imports.cells import Reader, Record
from products.imports.reading import Row
from products.imports.registry import (
    KnownEntity,
    KnownProduct,
    KnownRecognition,
    Registry,
    known_name,
)
from products.models import ProductSet
from products.validators import check_legal_form

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"
ALIKE = 0.6
# A name this long is no common word: the same one in another commune is worth a remark.
TELLING_NAME = 10
NEW, SKIP = "new", "skip"


@dataclass
class Question:
    """Asked once for a value, however many rows have it. `options`: (answer, words)."""

    key: str
    kind: str
    text: str
    options: list[tuple[str, str]]
    rows: list[int] = field(default_factory=list)
    count: int = 0


@dataclass
class Plan:
    """What writing the row means. `entity`, `product`, `recognition`: what is known; None is new."""

    record: Record
    unit: AdminUnit | None = None
    entity: KnownEntity | None = None
    product: KnownProduct | None = None
    recognition: KnownRecognition | None = None
    entity_changes: dict[str, Any] = field(default_factory=dict)
    product_changes: dict[str, Any] = field(default_factory=dict)
    recognition_changes: dict[str, Any] = field(default_factory=dict)
    # Entities a person said this new one is not.
    told_apart: tuple[int, ...] = ()

    @property
    def place(self) -> AdminUnit:
        """The commune of a good row, which always has one."""
        if self.unit is None:
            raise ValueError("the row has no commune")
        return self.unit

    @property
    def findings(self) -> levels.Findings:
        return self.record.findings

    @property
    def outcome(self) -> str:
        """Created, updated or unchanged; nothing when the row is stopped."""
        if self.findings.stops:
            return ""
        if self.entity is None or self.product is None or self.recognition is None:
            return CREATED
        changed = self.entity_changes or self.product_changes or self.recognition_changes
        return UPDATED if changed else UNCHANGED


class Checker:
    """Checks rows one after the other; what an earlier row will create is known to the later ones.

    `answers`: what a person said to earlier questions, by their key. `new_entities`: an entity with a like
    name in the commune is taken for another one without asking.
    """

    def __init__(
        self,
        province: AdminUnit,
        answers: dict[str, str] | None = None,
        *,
        new_entities: bool = False,
        tell: Callable[[], None] = lambda: None,
    ) -> None:
        self.answers = answers or {}
        self.new_entities = new_entities
        self.units = UnitMatcher(province)
        self.reader = Reader(list(ProductSet.objects.all()))
        self.registry = Registry.of(province, tell)
        self.questions: dict[str, Question] = {}
        self._communes = {str(unit.pk): unit for unit in self.units.communes}
        self._planned = 0

    def commune(self, pk: int) -> AdminUnit | None:
        """A commune of the province as it is today."""
        return self._communes.get(str(pk))

    def look_again(self) -> None:
        """Read what is stored once more, after rows that were noted could not be written."""
        noted, self.registry = self.registry, Registry.of(self.registry.province)
        self.registry.keep_rows(noted)

    def check(self, row: Row) -> Plan:
        """Read and judge one row. `note_planned` or the writer then tells what became of it."""
        record = self.reader.read(row)
        plan = Plan(record)
        plan.unit = self._unit(record)
        if record.entity and plan.unit is not None:
            self._entity(plan, plan.unit)
        if record.product and plan.unit is not None:
            self._product(plan)
        self._check_form(plan)
        if record.star and record.decided_on is not None:
            self._recognition(plan)
        return plan

    # the commune

    def _unit(self, record: Record) -> AdminUnit | None:
        if not record.commune and not record.address:
            return None
        found = self.units.match(record.commune, record.district, record.address, record.decided_on)
        key = "commune" if record.commune else "address"
        if found.unit is not None:
            if found.way in (Way.FORMER, Way.ALIAS):
                record.findings.note(key, f"{found.note}: nay là {found.unit}.")
            return found.unit
        return self._ask_commune(record, found, key)

    def _ask_commune(self, record: Record, found: Match, key: str) -> AdminUnit | None:
        written = ", ".join(filter(None, (record.commune or record.address, record.district)))
        question = f"commune:{search_key(written)}"
        if answered := self._communes.get(self.answers.get(question, "")):
            return answered
        if found.way == Way.ELSEWHERE:
            record.findings.error(key, f"“{written}” ghi tỉnh khác, không thuộc {self.registry.province}.")
        elif found.way == Way.UNSURE:
            names = ", ".join(str(unit) for unit in found.candidates)
            why = f"{found.note} nay thuộc nhiều xã, phường" if found.note else "có thể là nhiều xã, phường"
            record.findings.ask(key, f"“{written}”: {why}: {names}. Hãy chọn một.")
            words = f"“{written}” là xã, phường nào?"
            self._note_question(record, question, "commune", words, found.candidates)
        else:
            self._unknown_commune(record, found, key, written, question)
        return None

    def _unknown_commune(self, record: Record, found: Match, key: str, written: str, question: str) -> None:
        near = ", ".join(str(unit) for unit in found.candidates)
        hint = f" Gần giống: {near}." if near else " Ghi thêm huyện cũ hoặc dùng tên xã hiện nay."
        record.findings.error(key, f"Không nhận ra xã, phường “{written}” ở {self.registry.province}.{hint}")
        rest = [unit for unit in self.units.communes if unit not in found.candidates]
        options = [*found.candidates, *rest]
        self._note_question(record, question, "unknown", f"“{written}” là xã, phường nào?", options)

    def _note_question(self, record: Record, key: str, kind: str, text: str, units: Any) -> None:
        options = [(str(unit.pk), str(unit)) for unit in units]
        self._ask(record, Question(key, kind, text, options))

    def _ask(self, record: Record, question: Question) -> None:
        known = self.questions.setdefault(question.key, question)
        known.count += 1
        if len(known.rows) < 20:
            known.rows.append(record.number)

    # the entity

    def _entity(self, plan: Plan, unit: AdminUnit) -> None:
        record = plan.record
        name = known_name(record.entity)
        by_tax = self.registry.by_tax.get(record.tax_code) if record.tax_code else None
        if by_tax is not None:
            plan.entity = self.registry.entities[by_tax]
            self._check_same_entity(record, plan.entity, name, unit)
        elif record.tax_code in self.registry.foreign_tax:
            record.findings.error(
                "tax_code", "Mã số thuế này đã thuộc một chủ thể ở tỉnh khác trong hệ thống."
            )
        else:
            plan.entity = self._by_name(record, name, unit) or self._ask_lookalike(plan, name, unit)
        if plan.entity is not None:
            self._entity_changes(plan, plan.entity)

    def _by_name(self, record: Record, name: str, unit: AdminUnit) -> KnownEntity | None:
        """The entity of this name in the commune, unless both tax codes are known and differ."""
        same = [self.registry.entities[pk] for pk in self.registry.by_name.get((name, unit.pk), ())]
        fitting = [one for one in same if not (one.tax_code and record.tax_code)]
        exact = [one for one in fitting if nfc(one.name).lower() == record.entity.lower()]
        alike = [one for one in fitting if one.legal_form == record.legal_form or record.legal_form_guessed]
        for choice in (exact, alike, fitting):
            if choice:
                return choice[0]
        if same:
            other = same[0]
            record.findings.warn(
                "tax_code",
                f"Trong hệ thống có “{other.name}” cùng xã nhưng mã số thuế {other.tax_code}; "
                "coi là chủ thể khác.",
            )
        return None

    def _check_same_entity(self, record: Record, entity: KnownEntity, name: str, unit: AdminUnit) -> None:
        where = f"dòng {entity.row}" if entity.row else "hệ thống"
        if entity.match != name:
            record.findings.warn(
                "entity", f"Mã số thuế {record.tax_code} ở {where} thuộc “{entity.name}”; ghi vào chủ thể đó."
            )
        if entity.commune_id != unit.pk:
            known = next((one for one in self.units.communes if one.pk == entity.commune_id), None)
            record.findings.warn("commune", f"Chủ thể này ở {where} thuộc {known or 'xã khác'}; giữ xã đó.")

    def _ask_lookalike(self, plan: Plan, name: str, unit: AdminUnit) -> KnownEntity | None:
        """An entity of the commune with a like name is asked about; the same name elsewhere is mentioned."""
        record = plan.record
        near = self.registry.lookalikes(name, unit.pk, ALIKE)
        key = f"entity:{unit.pk}:{search_key(record.entity)}"
        answer = NEW if self.new_entities else self.answers.get(key, "")
        if near and answer.isdigit() and int(answer) in self.registry.entities:
            return self.registry.entities[int(answer)]
        if near and answer == NEW:
            plan.told_apart = tuple(one.pk for one in near) if not self.new_entities else ()
        elif near:
            names = "; ".join(f"“{one.name}”" for one in near[:3])
            words = f"Gần giống chủ thể đã có cùng xã: {names}. Trùng hay là chủ thể khác?"
            record.findings.ask("entity", words)
            self._ask(record, self._entity_question(key, record, unit, near))
        elif len(name) >= TELLING_NAME and (others := self._elsewhere(name, unit)):
            other = others[0].name
            record.findings.warn("entity", f"Có chủ thể cùng tên ở xã khác: “{other}”; coi là chủ thể khác.")
        return None

    def _elsewhere(self, name: str, unit: AdminUnit) -> list[KnownEntity]:
        same = [self.registry.entities[pk] for pk in self.registry.by_match.get(name, ())]
        return [one for one in same if one.commune_id != unit.pk]

    def _entity_question(
        self, key: str, record: Record, unit: AdminUnit, near: list[KnownEntity]
    ) -> Question:
        text = f"“{record.entity}” ({unit}" + (f", MST {record.tax_code})" if record.tax_code else ")")
        options = [(str(one.pk), _described(one)) for one in near[:5]]
        return Question(key, "entity", text, [*options, (NEW, "Là chủ thể khác, thêm mới")])

    def _entity_changes(self, plan: Plan, entity: KnownEntity) -> None:
        """Blanks are filled and guesses put right; what a person entered is never overwritten."""
        record, changes = plan.record, plan.entity_changes
        if record.tax_code and not entity.tax_code:
            changes["tax_code"] = record.tax_code
        if record.address and not entity.address:
            changes["address"] = record.address
        if record.legal_form and not record.legal_form_guessed:
            if entity.guessed:
                changes["legal_form"] = record.legal_form
                changes["legal_form_guessed"] = False
            elif entity.legal_form != record.legal_form:
                label = LegalForm(entity.legal_form).label
                record.findings.warn("legal_form", f"Đang ghi loại hình “{label}”; không ghi đè.")

    # the product

    def _product(self, plan: Plan) -> None:
        record, registry = plan.record, self.registry
        by_code = registry.by_code.get(record.code) if record.code else None
        if record.code in registry.foreign_codes:
            record.findings.error("code", "Mã sản phẩm này đã thuộc một sản phẩm ở tỉnh khác trong hệ thống.")
        if by_code is not None:
            plan.product = registry.products[by_code]
            self._check_same_product(plan, plan.product)
        elif plan.entity is not None:
            found = registry.by_product.get((plan.entity.pk, search_key(record.product)))
            plan.product = registry.products[found] if found is not None else None
        if plan.product is not None:
            self._product_changes(plan, plan.product)

    def _check_same_product(self, plan: Plan, product: KnownProduct) -> None:
        record = plan.record
        where = f"dòng {product.row}" if product.row else "hệ thống"
        owner = self.registry.entities.get(product.entity_id)
        if plan.entity is None or product.entity_id != plan.entity.pk:
            name = owner.name if owner else "chủ thể khác"
            if not record.findings.of(levels.QUESTION):
                record.findings.error("code", f"Mã sản phẩm này ở {where} thuộc sản phẩm của “{name}”.")
        elif search_key(product.name) != search_key(record.product):
            record.findings.warn(
                "product", f"Mã sản phẩm này ở {where} mang tên “{product.name}”; giữ tên đó."
            )

    def _product_changes(self, plan: Plan, product: KnownProduct) -> None:
        record = plan.record
        if record.code and not product.code:
            plan.product_changes["code"] = record.code
        elif record.code and record.code != product.code:
            record.findings.error("code", f"Sản phẩm này đã mang mã {product.code}.")
        chosen = record.product_set
        if chosen is not None and not record.set_guessed and chosen.pk != product.set_id:
            if product.set_guessed:
                plan.product_changes |= {"product_set": chosen, "set_guessed": False}
            else:
                record.findings.warn(
                    "product_set", "Sản phẩm đang thuộc bộ khác trong hệ thống; không ghi đè."
                )
        elif chosen is not None and not record.set_guessed and product.set_guessed:
            plan.product_changes["set_guessed"] = False

    def _check_form(self, plan: Plan) -> None:
        """The legal form must suit the set (Đ2 k3); a guess that does not is a worse guess."""
        record = plan.record
        if plan.entity is not None:
            form = plan.entity_changes.get("legal_form", plan.entity.legal_form)
        else:
            form = record.legal_form
        if not form or record.product_set is None or plan.product is not None:
            return
        try:
            check_legal_form(form, record.product_set.is_tourism)
        except ValidationError as error:
            if plan.entity is None and record.legal_form_guessed:
                record.legal_form = LegalForm.COOPERATIVE_GROUP
            else:
                record.findings.error("legal_form", error.messages[0])

    # the recognition

    def _recognition(self, plan: Plan) -> None:
        record = plan.record
        known = self.registry.recognitions.get(plan.product.pk, []) if plan.product else []
        plan.recognition = next((one for one in known if _same_decision(one, record)), None)
        if plan.recognition is None:
            self._check_contradiction(record, known)
        elif plan.recognition.row:
            record.findings.warn("", f"Trùng với dòng {plan.recognition.row}; không ghi lần thứ hai.")
        else:
            self._recognition_changes(plan, plan.recognition)

    def _check_contradiction(self, record: Record, known: list[KnownRecognition]) -> None:
        """One decision gives a product one rank."""
        for one in known:
            same_day = not one.year_only and one.decided_on == record.decided_on
            same_number = not (one.number and record.decision_number) or _same_number(one, record)
            if one.star != record.star and same_day and same_number:
                where = f"Dòng {one.row}" if one.row else "Hệ thống"
                record.findings.error("star", f"{where} ghi quyết định này cho sản phẩm đạt {one.star} sao.")
                return

    def _recognition_changes(self, plan: Plan, known: KnownRecognition) -> None:
        record = plan.record
        if known.from_dossier:
            return
        words = {"decision_number": known.number, "decided_by": known.decided_by, "note": known.note}
        for key, stored in words.items():
            if getattr(record, key) and not stored:
                plan.recognition_changes[key] = getattr(record, key)
        if record.expires_on and record.expires_on != known.expires_on:
            if known.derived:
                plan.recognition_changes["expires_on"] = record.expires_on
            else:
                known_day = format_date(known.expires_on)
                record.findings.warn("expires_on", f"Đang ghi hết hạn {known_day}; không ghi đè.")
        if known.year_only and not record.year_only:
            plan.recognition_changes["decided_on"] = record.decided_on

    # what a row adds for the later ones

    def note_planned(self, plan: Plan) -> None:
        """Remember what the row will create, as if it were written; for a check that writes nothing."""
        if plan.findings.stops:
            return
        entity = plan.entity or self.note_entity(plan, self._next())
        product = plan.product or self.note_product(plan, self._next(), entity.pk)
        self.note_changes(plan)
        if plan.recognition is None:
            self.note_recognition(plan, product.pk)

    def _next(self) -> int:
        self._planned -= 1
        return self._planned

    def note_entity(self, plan: Plan, pk: int) -> KnownEntity:
        """The entity a good row adds; it has a commune."""
        record = plan.record
        entity = KnownEntity(
            pk,
            record.entity,
            known_name(record.entity),
            record.tax_code,
            plan.place.pk,
            record.legal_form,
            record.legal_form_guessed,
            record.address,
            record.number,
        )
        self.registry.add_entity(entity)
        return entity

    def note_product(self, plan: Plan, pk: int, entity_id: int) -> KnownProduct:
        record = plan.record
        product = KnownProduct(
            pk,
            record.product,
            record.code,
            entity_id,
            record.chosen_set.pk,
            record.set_guessed,
            record.number,
        )
        self.registry.add_product(product)
        return product

    def note_recognition(self, plan: Plan, product_id: int) -> None:
        record = plan.record
        known = KnownRecognition(
            0, record.star, record.day, record.year_only, record.decision_number, row=record.number
        )
        self.registry.recognitions[product_id].append(known)

    def note_changes(self, plan: Plan) -> None:
        """What the row changed on known rows, so that the next one does not change it again."""
        if plan.entity is not None and plan.entity_changes:
            entity = plan.entity
            entity.address = plan.entity_changes.get("address", entity.address)
            entity.legal_form = plan.entity_changes.get("legal_form", entity.legal_form)
            entity.guessed = plan.entity_changes.get("legal_form_guessed", entity.guessed)
            if code := plan.entity_changes.get("tax_code"):
                entity.tax_code = code
                self.registry.by_tax[code] = entity.pk
        if plan.product is not None and plan.product_changes:
            product = plan.product
            product.set_guessed = plan.product_changes.get("set_guessed", product.set_guessed)
            if chosen := plan.product_changes.get("product_set"):
                product.set_id = chosen.pk
            if code := plan.product_changes.get("code"):
                product.code = code
                self.registry.by_code[code] = product.pk
        if plan.recognition is not None and plan.recognition_changes:
            plan.recognition.row = plan.record.number


def _same_number(one: KnownRecognition, record: Record) -> bool:
    return one.number.lower() == record.decision_number.lower()


def _same_decision(one: KnownRecognition, record: Record) -> bool:
    """As `services.find_recognition`: same star, same day (or year where only that is known), same number."""
    if one.star != record.star:
        return False
    if one.year_only or record.year_only:
        same_day = one.decided_on.year == record.day.year
    else:
        same_day = one.decided_on == record.decided_on
    return same_day and (not one.number or not record.decision_number or _same_number(one, record))


def _described(entity: KnownEntity) -> str:
    """An entity as one of the two sides: name, tax code, address."""
    facts = [entity.name, LegalForm(entity.legal_form).label]
    facts += [f"MST {entity.tax_code}"] if entity.tax_code else []
    facts += [entity.address] if entity.address else []
    return "Trùng với: " + " · ".join(facts)
