"""Entities, products and dossiers for tests; states are reached through the services."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from accounts.enums import Role
from accounts.models import User
from accounts.tests.factories import make_commune, make_province, make_user
from core.models import AdminUnit
from products import evidence_rules, queries, services, signals
from products.enums import DossierKind, DossierState, LegalForm, RecognitionState
from products.models import (
    Dossier,
    DossierVersion,
    Entity,
    EntityAccount,
    Evidence,
    Product,
    ProductPhoto,
    ProductSet,
    Recognition,
)

TEXTS = {
    "story": "Bánh đa vừng được người làng làm từ gạo mùa.\nBà truyền cho cháu.",
    "materials": "Gạo và vừng trồng trong xã.",
    "production": "Ngâm, xay, tráng, phơi, nướng; 40 tấn một năm.",
    "market": "Bán tại chợ, cửa hàng OCOP và sàn thương mại điện tử.",
    "results": "Năm 2025: 32 tấn, 1,9 tỷ đồng.",
    "plan_ahead": "Mở rộng vùng gạo, đạt 50 tấn.",
}

# How each state is reached, and by whom.
ROADS: dict[str, tuple[str, ...]] = {
    DossierState.DRAFT: (),
    DossierState.SUBMITTED: ("submit",),
    DossierState.RETURNED: ("submit", "return_to_entity"),
    DossierState.PROPOSED: ("submit", "propose"),
    DossierState.ACCEPTED: ("submit", "propose", "accept"),
    DossierState.SCORED: ("submit", "propose", "accept", "close_scoring"),
    DossierState.RECOGNISED: ("submit", "propose", "accept", "close_scoring", "recognise"),
    DossierState.SENT_TO_MINISTRY: ("submit", "propose", "accept", "close_scoring", "send_to_ministry"),
    DossierState.NOT_RECOGNISED: ("submit", "propose", "accept", "close_scoring", "reject"),
    DossierState.WITHDRAWN: ("submit", "withdraw"),
    DossierState.EXCLUDED: ("submit", "propose", "accept", "close_scoring", "exclude"),
}
WORDS: dict[str, dict[str, Any]] = {
    "return_to_entity": {"note": "Thiếu hợp đồng mua gạo."},
    "return_from_province": {"note": "Câu chuyện chưa rõ nguồn gốc."},
    "withdraw": {"note": "Chủ thể chưa muốn đăng ký năm nay."},
}
REPORT = {
    "local_material": "Gạo và vừng trồng trong xã, khoảng 90%.",
    "local_labour": "12 trong 15 lao động là người xã.",
    "idea_origin": "Nghề của làng từ nhiều đời, chủ thể cải tiến bao bì.",
    "local_identity": "Bí quyết pha bột của làng.",
    "conclusion": "Đề nghị tỉnh tiếp nhận, đánh giá.",
    "signer_name": "Người Ký Thử",
    "signer_position": "Chủ tịch UBND xã",
}


def words_for(name: str) -> dict[str, Any]:
    """What the step must be told; a proposal its letter, of today."""
    if name == "propose":
        return {"proposal_number": "125/UBND-KT", "proposed_on": timezone.localdate()}
    return WORDS.get(name, {})


def make_set(number: int = 6) -> ProductSet:
    """One of the 26 sets, made once a test; 26 is tourism."""
    family = "VI Dịch vụ du lịch cộng đồng" if number == 26 else "I Thực phẩm"
    name = "Dịch vụ du lịch cộng đồng" if number == 26 else f"Bộ thử {number}"
    return ProductSet.objects.get_or_create(
        number=number, defaults={"name": name, "family": family, "group": "Nhóm thử"}
    )[0]


def commune_officer_of(commune: AdminUnit) -> User:
    """The commune's officer, made once a test."""
    return _person(f"can-bo-{commune.code}", Role.COMMUNE_OFFICER, commune)


def provincial_officer() -> User:
    """An officer of the provincial OCOP office, made once a test."""
    return _person("can-bo-tinh", Role.PROVINCIAL_OFFICER, make_province())


def owner_of(entity: Entity) -> User:
    """The user who acts for the entity, made once a test."""
    account = entity.accounts.select_related("user").first()
    if account:
        return account.user
    user = make_user(f"chu-the-{entity.pk}", Role.ENTITY, entity.commune)
    EntityAccount.objects.create(entity=entity, user=user)
    return user


def _person(username: str, role: Role, unit: AdminUnit) -> User:
    found = User.objects.filter(username=username).first()
    return found or make_user(username, role, unit)


def make_entity(
    name: str = "HTX Bánh đa Cẩm Bình", commune: AdminUnit | None = None, **fields: Any
) -> Entity:
    """An entity with everything Mẫu 01 asks; in Cẩm Bình unless told otherwise."""
    commune = commune or make_commune()
    values = {
        "legal_form": LegalForm.COOPERATIVE,
        "address": "Thôn Bình Minh",
        "representative": "Người Đại Diện Thử",
        "phone": "0912345678",
        **fields,
    }
    officer = commune_officer_of(commune)
    return services.create_entity(by=officer, is_another=True, name=name, commune=commune, **values)


def make_product(
    name: str = "Bánh đa vừng", entity: Entity | None = None, set_number: int = 6, **fields: Any
) -> Product:
    """A product of the entity (a new one unless given) in a set of the law."""
    entity = entity or make_entity()
    return services.create_product(
        entity=entity, product_set=make_set(set_number), by=owner_of(entity), name=name, **fields
    )


def make_dossier(
    product: Product | None = None,
    state: str = DossierState.DRAFT,
    *,
    kind: str = DossierKind.FIRST,
    year: int = 2026,
    by: User | None = None,
    before_submit: Callable[[DossierVersion], None] | None = None,
) -> Dossier:
    """A dossier in a state, reached step by step as the people of its commune would.

    `before_submit(version)` fills what higher apps demand (the self-assessment); without it their demands
    are put aside for this one filing. `by`: who writes and files it; the entity's own account unless given.
    """
    product = product or make_product()
    writer = by or owner_of(product.entity)
    dossier = services.create_dossier(product=product, kind=kind, year=year, by=writer)
    fill_draft(dossier, by=writer)
    for name in ROADS[state]:
        take_step(dossier, name, by=writer if name == "submit" else None, before_submit=before_submit)
    return dossier


def recognise(
    product: Product,
    *,
    star: int = 3,
    expires: date = date(2029, 1, 1),
    state: str = RecognitionState.VALID,
) -> Recognition:
    """A recognition of an earlier year, entered without a dossier."""
    return Recognition.objects.create(
        product=product,
        star=star,
        decision_number="1/QĐ-UBND",
        decided_on=date(2025, 1, 1),
        decided_by="UBND tỉnh",
        expires_on=expires,
        state=state,
    )


def photo_bytes(
    size: tuple[int, int] = (600, 400), kind: str = "JPEG", colour: Any = "green", **options: Any
):
    """A picture of one colour as a person would send it."""
    out = io.BytesIO()
    Image.new("RGBA" if kind == "PNG" else "RGB", size, colour).save(out, kind, **options)
    return io.BytesIO(out.getvalue())


def add_photo(product: Product, by: User, colour: Any = "green", **options: Any) -> ProductPhoto:
    """A picture of the product."""
    return services.add_photo(product, upload=photo_bytes(colour=colour, **options), name="a.jpg", by=by)


def fill_draft(dossier: Dossier, *, by: User) -> DossierVersion:
    """Everything this app asks of the current version."""
    attach_required(dossier, by=by)
    version = dossier.current_version
    data = {**TEXTS, "samples": 0 if dossier.is_tourism else 5, "changes_since": "Bao bì mới."}
    return services.save_draft(version, by=by, data=data, revision=version.revision)


def make_pdf(text: str = "giay to", pages: int = 1) -> bytes:
    """A small, whole PDF; another text gives other bytes."""
    kids = " ".join(f"{number} 0 R" for number in range(3, 3 + pages))
    bodies = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>"]
    bodies += ["<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"] * pages
    content, offsets = f"%PDF-1.4\n% {text}\n".encode(), []
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(content))
        content += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    end = f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{table}"
    end += f"trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R >>\nstartxref\n{len(content)}\n%%EOF\n"
    return content + end.encode()


def upload_of(content: bytes | None = None, name: str = "giay-to.pdf") -> SimpleUploadedFile:
    """A file as a browser sends it; a small PDF with the name in it unless the content is given."""
    return SimpleUploadedFile(name, make_pdf(name) if content is None else content)


def attach(
    dossier: Dossier, name: str = "giay-to.pdf", content: bytes | None = None, **fields: Any
) -> Evidence:
    """A paper in the version being written, taken in by the entity's account; `fields` describe it."""
    by = fields.pop("by", None) or owner_of(dossier.product.entity)
    evidence = services.add_evidence(dossier=dossier, upload=upload_of(content, name), by=by)
    return services.update_evidence(evidence, by=by, data=fields)


def attach_required(dossier: Dossier, *, by: User) -> None:
    """A paper in every group the product set demands and that holds none yet."""
    present = set(dossier.current_version.evidences.values_list("group", flat=True))
    for rule in evidence_rules.missing_groups(dossier.product.product_set.number, present):
        upload = upload_of(name=f"{rule.group}.pdf")
        services.add_evidence(dossier=dossier, upload=upload, by=by, group=rule.group)


def take_step(
    dossier: Dossier,
    name: str,
    *,
    by: User | None = None,
    before_submit: Callable[[DossierVersion], None] | None = None,
) -> Dossier:
    """One step of the road with plausible words, by the person who usually takes it."""
    by = by or usual_person(dossier, name)
    if name != "submit":
        if name == "propose":
            ready_to_propose(dossier)
        return services.perform(dossier, name, by=by, **words_for(name))
    if before_submit:
        before_submit(dossier.current_version)
        return services.perform(dossier, name, by=by)
    with own_demands_only():
        return services.perform(dossier, name, by=by)


def ready_to_propose(dossier: Dossier) -> Dossier:
    """A filed dossier with every section passed by its commune and Mẫu 03 written."""
    officer = commune_officer_of(dossier.commune)
    services.pass_rest(dossier, by=officer)
    report = queries.report_of(dossier.current_version)
    revision = report.revision if report else 0
    services.save_commune_report(dossier, by=officer, data=REPORT, revision=revision)
    return dossier


def usual_person(dossier: Dossier, name: str) -> User:
    """Who takes this step: the entity, its commune, or the province."""
    if name in ("submit", "withdraw"):
        return owner_of(dossier.product.entity)
    if name in ("propose", "return_to_entity"):
        return commune_officer_of(dossier.commune)
    return provincial_officer()


@contextmanager
def own_demands_only() -> Iterator[None]:
    """Inside, filing asks only what this app asks: receivers of higher apps are taken off the signal."""
    signal = signals.collect_blockers
    kept, signal.receivers = signal.receivers, []
    signal.sender_receivers_cache.clear()
    try:
        yield
    finally:
        signal.receivers = kept
        signal.sender_receivers_cache.clear()
