"""What a dossier must hold before it can be filed (Đ6 QĐ 26/2026, Mẫu 01 and Mẫu 02)."""

from dataclasses import dataclass
from typing import Any

from products import signals
from products.enums import DossierKind
from products.models import Dossier, DossierVersion, Entity

SAMPLES_REQUIRED = 5


@dataclass(frozen=True)
class Step:
    """A page of the guided form: its place in the address, its name, its columns, the law's form."""

    slug: str
    label: str
    fields: tuple[str, ...]
    paper: str


STEPS: tuple[Step, ...] = (
    Step("dang-ky", "Thông tin đăng ký", ("samples", "changes_since"), "Mẫu 01"),
    Step("cau-chuyen", "Câu chuyện sản phẩm", ("story",), "Mẫu 02"),
    Step("san-xuat", "Nguyên liệu, sản xuất", ("materials", "production"), "Mẫu 02"),
    Step("thi-truong", "Thị trường, kết quả", ("market", "results"), "Mẫu 02"),
    Step("ke-hoach", "Kế hoạch tới", ("plan_ahead",), "Mẫu 02"),
)
STEPS_BY_SLUG: dict[str, Step] = {step.slug: step for step in STEPS}
SELF_ASSESSMENT = "tu-danh-gia"
ENTITY_DATA = "chu-the"

DRAFT_FIELDS: tuple[str, ...] = tuple(name for step in STEPS for name in step.fields)

LABELS: dict[str, str] = {
    "samples": "Số sản phẩm mẫu nộp kèm",
    "changes_since": "Thay đổi so với lần công nhận trước",
    "story": "Câu chuyện sản phẩm",
    "materials": "Nguyên liệu và vùng nguyên liệu",
    "production": "Quy trình, năng lực sản xuất",
    "market": "Thị trường, kênh bán hàng",
    "results": "Kết quả sản xuất, kinh doanh",
    "plan_ahead": "Kế hoạch thời gian tới",
}
# Texts that every dossier must hold; `materials` not for tourism.
_TEXTS = ("story", "materials", "production", "market", "results", "plan_ahead")
_ENTITY_TEXTS = {
    "representative": "người đại diện theo pháp luật",
    "address": "địa chỉ",
    "phone": "điện thoại",
}


@dataclass(frozen=True)
class Missing:
    """One thing still to do before filing; `step` names the page where it is done."""

    text: str
    step: str


def fields_of(step: Step, dossier: Dossier) -> tuple[str, ...]:
    """Columns a step asks of this dossier: samples not for tourism, changes only when ranked before."""
    return tuple(name for name in step.fields if _asked(name, dossier))


def _asked(name: str, dossier: Dossier) -> bool:
    if name == "samples":
        return not dossier.is_tourism
    if name == "changes_since":
        return dossier.kind != DossierKind.FIRST
    return True


def content_of(version: DossierVersion) -> list[tuple[str, Any]]:
    """What the version says, as (label, text or number), in the order of the form."""
    return [
        (LABELS[name], getattr(version, name)) for step in STEPS for name in fields_of(step, version.dossier)
    ]


def missing_parts(version: DossierVersion) -> list[Missing]:
    """What this app finds missing in the version and its entity's data, in the order of the form."""
    dossier = version.dossier
    return [
        *_missing_of_entity(dossier.product.entity),
        *_missing_of_registration(version),
        *_missing_texts(version),
    ]


def _missing_of_entity(entity: Entity) -> list[Missing]:
    empty = [label for name, label in _ENTITY_TEXTS.items() if not getattr(entity, name)]
    return [Missing(f"Thông tin chủ thể còn thiếu: {', '.join(empty)}.", ENTITY_DATA)] if empty else []


def _missing_of_registration(version: DossierVersion) -> list[Missing]:
    found = []
    if _asked("samples", version.dossier) and version.samples < SAMPLES_REQUIRED:
        text = f"Cần {SAMPLES_REQUIRED} sản phẩm mẫu nộp kèm, hiện ghi {version.samples}."
        found.append(Missing(text, "dang-ky"))
    if _asked("changes_since", version.dossier) and not version.changes_since.strip():
        found.append(Missing("Chưa nêu thay đổi so với lần công nhận trước.", "dang-ky"))
    return found


def _missing_texts(version: DossierVersion) -> list[Missing]:
    return [
        Missing(f"Chưa có nội dung: {LABELS[name]}.", step.slug)
        for step in STEPS
        for name in step.fields
        if name in _TEXTS and _text_required(name, version) and not getattr(version, name).strip()
    ]


def _text_required(name: str, version: DossierVersion) -> bool:
    # A tourism service is not made of raw material.
    return name != "materials" or not version.dossier.is_tourism


def blockers(version: DossierVersion) -> list[Missing]:
    """Everything that keeps the version from being filed: own checks, then those of higher apps."""
    answers: list[tuple[Any, Any]] = signals.collect_blockers.send(sender=DossierVersion, version=version)
    texts = [text for _, found in answers for text in found or ()]
    return [*missing_parts(version), *(Missing(text, SELF_ASSESSMENT) for text in texts)]
