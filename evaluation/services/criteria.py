"""From data files to criteria versions: load, publish, never change."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import connection, transaction

from core import audit
from core.exceptions import DomainError
from evaluation.criteria_data import CriteriaSetData, CriterionData
from evaluation.criteria_data import Erratum as ErratumData
from evaluation.enums import VersionStatus
from evaluation.models import CriteriaSet, CriteriaVersion, Criterion, Erratum, Option, Section
from products.models import ProductSet


def digest_of(sets: Sequence[CriteriaSetData], errata: Sequence[ErratumData]) -> str:
    """SHA-256 over everything the law says in the files; file names and line numbers do not count."""
    plain = [_without_lines(asdict(data)) for data in sets] + [_without_lines(asdict(e)) for e in errata]
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _without_lines(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_lines(item) for key, item in value.items() if key not in ("line", "file")}
    if isinstance(value, list | tuple):
        return [_without_lines(item) for item in value]
    return value


@transaction.atomic
def load_version(
    *,
    code: str,
    title: str,
    sets: Sequence[CriteriaSetData],
    errata: Sequence[ErratumData],
    by: Any = None,
) -> tuple[CriteriaVersion, bool]:
    """Store the tables as one version and publish it; returns the version and whether it was created.

    The same tables again change nothing. Raises DomainError when the stored version is published
    and the files differ: a published version never changes, a new one needs a new code.
    """
    digest = digest_of(sets, errata)
    found = CriteriaVersion.objects.select_for_update().filter(code=code).first()
    if found is not None:
        if found.source_digest != digest:
            raise DomainError(
                f"Phiên bản {code} đã công bố và khác với tệp dữ liệu. "
                "Bộ tiêu chí đã công bố không sửa được: hãy nạp dưới một mã phiên bản mới."
            )
        return found, False
    _refuse_known_codes(sets)
    version = CriteriaVersion.objects.create(
        code=code,
        title=title,
        legal_basis=sets[0].legal_basis,
        valid_from=max(data.valid_from for data in sets),
        source_digest=digest,
    )
    for data in sets:
        _store_set(version, data)
    _store_errata(version, errata)
    publish(version=version, by=by)
    _tell_the_planner()
    return version, True


def _tell_the_planner() -> None:
    """Thousands of rows came at once: until PostgreSQL has counted them it takes the tables for empty, and a
    search for one option walks all of them once for each criterion (minutes instead of milliseconds).
    """
    tables = (CriteriaSet, Section, Criterion, Option)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in tables)}")


def _refuse_known_codes(sets: Sequence[CriteriaSetData]) -> None:
    known = CriteriaSet.objects.filter(code__in=[data.code for data in sets]).values_list("code", flat=True)
    if known:
        names = ", ".join(sorted(known))
        raise DomainError(f"Mã bộ tiêu chí đã có ở phiên bản khác: {names}. Hãy đặt mã mới.")


def publish(*, version: CriteriaVersion, by: Any) -> None:
    """Put a draft version in force; from here on the database refuses any change to it."""
    if version.status != VersionStatus.DRAFT:
        raise DomainError("Chỉ công bố được phiên bản dự thảo.")
    version.status = VersionStatus.IN_FORCE
    version.save(update_fields=["status"])
    audit.record(by=by, verb="criteria_published", obj=version, after={"status": version.status})


def in_force_set(product_set: ProductSet, day: date) -> CriteriaSet:
    """The table of a product set in force on a day. Raises DomainError when there is none."""
    found = (
        CriteriaSet.objects.filter(
            product_set=product_set, version__status=VersionStatus.IN_FORCE, version__valid_from__lte=day
        )
        .order_by("-version__valid_from")
        .first()
    )
    if found is None:
        raise DomainError(f"Chưa có bộ tiêu chí đang áp dụng cho {product_set}.")
    return found


def _store_set(version: CriteriaVersion, data: CriteriaSetData) -> None:
    row = CriteriaSet.objects.create(
        version=version,
        product_set=_product_set(data),
        code=data.code,
        name=data.name,
        managing_agency=data.managing_agency,
        appendix=data.appendix,
        samples_required=data.samples_required,
        excluded_if=list(data.excluded_if),
    )
    sections = {
        item.code: Section.objects.create(
            criteria_set=row, code=item.code, title=item.title, max_points=item.max_points
        )
        for item in data.sections
    }
    criteria = _store_criteria(row, sections, data)
    Option.objects.bulk_create(
        Option(
            criterion=criteria[leaf.code],
            position=option.position,
            points=option.points,
            label=option.label,
            min_star=option.min_star,
            case=option.case or "",
        )
        for leaf in data.leaves()
        for option in leaf.options
    )


def _store_criteria(row: CriteriaSet, sections: dict, data: CriteriaSetData) -> dict[str, Criterion]:
    parents = {child.code: item.code for _, item in data.walk() for child in item.children}
    stored: dict[str, Criterion] = {}
    for position, (section, item) in enumerate(data.walk(), start=1):
        parent = stored.get(parents.get(item.code, ""))
        stored[item.code] = _criterion(row, sections[section.code], parent, position, item)
    return stored


def _criterion(
    row: CriteriaSet, section: Section, parent: Criterion | None, position: int, item: CriterionData
) -> Criterion:
    return Criterion.objects.create(
        criteria_set=row,
        section=section,
        parent=parent,
        position=position,
        code=item.code,
        title=item.title,
        max_points=item.max_points,
        is_leaf=item.is_leaf,
        guidance=item.guidance or "",
        requirement=list(item.requirement),
        disqualifier=list(item.disqualifier),
        stop=list(item.stop),
        applies_if=f"{item.applies_if[0]} > {item.applies_if[1]}" if item.applies_if else "",
    )


def _product_set(data: CriteriaSetData) -> ProductSet:
    """The product set of the law this table scores; its number is the last part of the code."""
    number = int(data.code.rsplit("-", 1)[1])
    found, _ = ProductSet.objects.get_or_create(
        number=number, defaults={"name": data.name, "family": data.family, "group": data.group}
    )
    return found


def _store_errata(version: CriteriaVersion, errata: Sequence[ErratumData]) -> None:
    Erratum.objects.bulk_create(
        Erratum(
            version=version,
            position=position,
            set_label=item.set_code,
            criterion=item.criterion,
            printed=item.printed,
            used=item.used or "",
            kept=item.kept,
            why=item.why,
        )
        for position, item in enumerate(errata, start=1)
    )
