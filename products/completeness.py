"""What a dossier must hold before it can be filed (Đ6 QĐ 26/2026, Mẫu 01 and Mẫu 02)."""

from dataclasses import dataclass
from typing import Any

from products import kinds, signals
from products.enums import DossierKind
from products.evidence_rules import Rule, missing_groups, required_of
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
# Kind, year and the reason of a late filing: a page of its own, open until the first filing.
REGISTRATION = "hinh-thuc"

EVIDENCE = "minh-chung"


@dataclass(frozen=True)
class Section:
    """A part of a filed dossier that a desk reads and gives a verdict on."""

    slug: str
    label: str


# Composition of a dossier as Đ6 asks it; the slugs are those of the guided form.
SECTIONS: tuple[Section, ...] = (
    Section(ENTITY_DATA, "Thông tin chủ thể"),
    *(Section(step.slug, step.label) for step in STEPS if step.slug not in (EVIDENCE, SELF_ASSESSMENT)),
    Section(EVIDENCE, "Minh chứng"),
    Section(SELF_ASSESSMENT, "Tự đánh giá"),
)
SECTIONS_BY_SLUG: dict[str, Section] = {section.slug: section for section in SECTIONS}

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
_KIND_WORDS: dict[str, str] = {
    DossierKind.FIRST: "Sản phẩm đăng ký đánh giá lần đầu",
    DossierKind.UPGRADE: "Có kết quả công nhận còn hiệu lực để nâng hạng",
    DossierKind.RE_RANKING: "Trong thời gian nộp hồ sơ đánh giá lại",
}
# Đ6 k1: an upgrade shows what changed since the recognition, a re-ranking brings everything up to date.
_CHANGE_WORDS: dict[str, tuple[str, str]] = {
    DossierKind.UPGRADE: (
        "Nội dung đã cải thiện so với lần công nhận trước",
        "Chưa nêu thay đổi so với lần công nhận trước.",
    ),
    DossierKind.RE_RANKING: (
        "Cập nhật nguyên liệu, công nghệ, bao bì, nhãn, công bố, kiểm nghiệm, thị trường, doanh thu",
        "Chưa cập nhật thay đổi so với lần công nhận trước.",
    ),
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


@dataclass(frozen=True)
class Requirement:
    """One line of the checklist: what must be there, on which page; `problem` empty when it is."""

    label: str
    step: str
    problem: str = ""

    @property
    def is_done(self) -> bool:
        return not self.problem


def requirements(version: DossierVersion) -> list[Requirement]:
    """What this app asks of the version, by product set and kind, in the order of the form (Đ6 k1)."""
    return [
        _entity_data(version.dossier.product.entity),
        *_registration(version),
        *_texts(version),
        *_papers(version),
    ]


def missing_parts(version: DossierVersion) -> list[Missing]:
    """What this app finds missing in the version and its entity's data, in the order of the form."""
    return still_missing(requirements(version))


def _entity_data(entity: Entity) -> Requirement:
    empty = [label for name, label in _ENTITY_TEXTS.items() if not getattr(entity, name)]
    problem = f"Thông tin chủ thể còn thiếu: {', '.join(empty)}." if empty else ""
    return Requirement("Người đại diện, địa chỉ, điện thoại của chủ thể", ENTITY_DATA, problem)


def _registration(version: DossierVersion) -> list[Requirement]:
    dossier = version.dossier
    found = [Requirement(_KIND_WORDS[dossier.kind], REGISTRATION, kinds.filing_problem(dossier))]
    if _asked("samples", dossier):
        label = f"Ít nhất {SAMPLES_REQUIRED} sản phẩm mẫu"
        text = f"Cần {SAMPLES_REQUIRED} sản phẩm mẫu nộp kèm, hiện ghi {version.samples}."
        found.append(Requirement(label, "dang-ky", text if version.samples < SAMPLES_REQUIRED else ""))
    if _asked("changes_since", dossier):
        label, text = _CHANGE_WORDS[dossier.kind]
        found.append(Requirement(label, "dang-ky", "" if version.changes_since.strip() else text))
    return found


def _texts(version: DossierVersion) -> list[Requirement]:
    return [
        Requirement(LABELS[name], step.slug, _empty_words(name, version))
        for step in STEPS
        for name in step.fields
        if name in _TEXTS and _text_required(name, version)
    ]


def _papers(version: DossierVersion) -> list[Requirement]:
    """Groups of papers the product set demands (`evidence_rules.REQUIRED`)."""
    number = version.dossier.product.product_set.number
    missing = missing_groups(number, version.evidences.values_list("group", flat=True))
    return [_paper(rule, rule in missing) for rule in required_of(number)]


def _paper(rule: Rule, is_missing: bool) -> Requirement:
    label = f"Minh chứng: {rule.group.label}"
    return Requirement(label, EVIDENCE, f"Thiếu minh chứng: {rule.group.label}." if is_missing else "")


def _empty_words(name: str, version: DossierVersion) -> str:
    return "" if getattr(version, name).strip() else f"Chưa có nội dung: {LABELS[name]}."


def _text_required(name: str, version: DossierVersion) -> bool:
    # A tourism service is not made of raw material.
    return name != "materials" or not version.dossier.is_tourism


def checklist(version: DossierVersion) -> list[Requirement]:
    """Everything asked before filing, done or not: own lines, then those of higher apps."""
    answers: list[tuple[Any, Any]] = signals.collect_blockers.send(sender=DossierVersion, version=version)
    texts = [text for _, found in answers for text in found or ()]
    assessed = [Requirement("Tự đánh giá đủ các tiêu chí", SELF_ASSESSMENT, text) for text in texts or [""]]
    return [*requirements(version), *(assessed if answers else [])]


def blockers(version: DossierVersion) -> list[Missing]:
    """Everything that keeps the version from being filed: own checks, then those of higher apps."""
    return still_missing(checklist(version))


def still_missing(lines: list[Requirement]) -> list[Missing]:
    """What is left to do of a checklist."""
    return [Missing(item.problem, item.step) for item in lines if item.problem]
