"""A plan with a bit of everything, and products recognised under it."""

from datetime import date, datetime, time
from decimal import Decimal

from django.utils import timezone

from accounts.tests.factories import make_commune, make_province, make_user
from core.models import AdminUnit
from products.enums import DossierState, LegalForm, ProductOrigin
from products.models import Dossier, Entity, Product, ProductSet, Recognition
from training.enums import Operator, PlanStatus, TaskStatus
from training.models import Actual, Indicator, LegalBasis, Plan, Target, Task, TrainingClass


def make_plan(code: str = "ht-2026", unit: AdminUnit | None = None, **fields) -> Plan:
    """A plan in force for the whole of 2026."""
    fields.setdefault("title", "Kế hoạch Chương trình OCOP tỉnh Hà Tĩnh năm 2026")
    fields.setdefault("starts_on", date(2026, 1, 1))
    fields.setdefault("ends_on", date(2026, 12, 31))
    fields.setdefault("status", PlanStatus.IN_FORCE)
    return Plan.objects.create(code=code, unit=unit or make_province(), **fields)


def add_target(
    plan: Plan, name: str, value: str | None, *, computed_by: str = "", actual: str | None = None, **fields
) -> Target:
    """A target "at least `value`"; `actual` is entered by hand as of 31/10/2026."""
    unit_name = fields.pop("unit_name", "sản phẩm")
    code = f"i{Indicator.objects.count() + 1}"
    indicator = Indicator.objects.create(code=code, name=name, unit_name=unit_name, computed_by=computed_by)
    fields.setdefault("operator", Operator.AT_LEAST)
    fields.setdefault("position", plan.targets.count() + 1)
    target = Target.objects.create(plan=plan, indicator=indicator, value=value and Decimal(value), **fields)
    if actual is not None:
        Actual.objects.create(
            state="approved",
            target=target,
            value=Decimal(actual),
            as_of=date(2026, 10, 31),
            source="Báo cáo của các xã",
        )
    return target


def make_set(
    number: int = 7,
    name: str = "Chế biến từ rau, củ, quả, hạt",
    family: str = "I Thực phẩm",
    group: str = "Thực phẩm chế biến",
) -> ProductSet:
    """A product set by its number: the loaded one, or one like it."""
    defaults = {"name": name, "family": family, "group": group}
    return ProductSet.objects.get_or_create(number=number, defaults=defaults)[0]


def make_product(
    name: str, *, commune: AdminUnit | None = None, product_set: ProductSet | None = None, entity: str = ""
) -> Product:
    """A product of an entity of its own (or of the named one) in the commune."""
    commune = commune or make_commune()
    owner, _ = Entity.objects.get_or_create(
        name=entity or f"HTX {name}", defaults={"commune": commune, "legal_form": LegalForm.COOPERATIVE}
    )
    return Product.objects.create(
        name=name,
        entity=owner,
        commune=commune,
        product_set=product_set or make_set(),
        origin=ProductOrigin.UPGRADED,
    )


def file_dossier(product: Product, day: date, state: str = DossierState.SUBMITTED) -> Dossier:
    """A dossier of the product filed on that day."""
    officer = make_user(f"nguoi-nop-{product.pk}")
    moment = timezone.make_aware(datetime.combine(day, time(9)))
    return Dossier.objects.create(
        product=product,
        commune=product.commune,
        year=day.year,
        state=state,
        created_by=officer,
        submitted_at=moment,
    )


def recognise(product: Product, star: int, day: date) -> Recognition:
    """A valid recognition decided on that day, for 36 months."""
    return Recognition.objects.create(
        product=product,
        star=star,
        decision_number="1234/QĐ-UBND",
        decided_on=day,
        decided_by="Chủ tịch UBND tỉnh Hà Tĩnh",
        expires_on=day.replace(year=day.year + 3),
    )


def full_plan() -> Plan:
    """Hà Tĩnh 2026 with targets of several kinds, tasks, a class, and three recognised products.

    On 31/10/2026, 304 of 365 days have passed (83,3%). Recognised from 3 stars: 3 of 25 (12,0%), hand-worked:
    two of 3 stars and one of 4; dossiers: 4 products of 4 entities in 2 communes.
    """
    plan = make_plan()
    LegalBasis.objects.create(
        plan=plan,
        position=1,
        kind="Quyết định",
        number="26/2026/QĐ-TTg",
        issued_on=date(2026, 5, 22),
        issuer="Thủ tướng Chính phủ",
        subject="Ban hành Bộ tiêu chí và quy trình đánh giá, phân hạng sản phẩm OCOP",
    )
    LegalBasis.objects.create(
        plan=plan,
        position=2,
        kind="Kế hoạch",
        number="12/KH-UBND",
        issued_on=date(2026, 2, 5),
        issuer="Ủy ban nhân dân tỉnh Hà Tĩnh",
        subject="Thực hiện Chương trình OCOP năm 2026",
    )
    add_target(plan, "Sản phẩm được công nhận từ 3 sao trở lên", "25", computed_by="products_recognised")
    total = add_target(plan, "Tổ chức kinh tế tham gia Chương trình", "40", actual="40", unit_name="tổ chức")
    add_target(plan, "Tổ chức được củng cố", "30", actual="32", unit_name="tổ chức", part_of=total)
    add_target(plan, "Tổ chức thành lập mới", "10", actual="8", unit_name="tổ chức", part_of=total)
    add_target(
        plan,
        "Cán bộ quản lý OCOP được tập huấn",
        "100",
        operator=Operator.PERCENT,
        actual="65.22",
        unit_name="%",
    )
    add_target(plan, "Mô hình điểm", None, operator=Operator.QUALITATIVE, text="Xây dựng mô hình điểm")
    Task.objects.create(
        plan=plan,
        position=1,
        title="Tổ chức lớp tập huấn cấp xã và báo cáo kết quả",
        lead_unit="UBND các xã, phường",
        due_on=date(2026, 7, 15),
        status=TaskStatus.DOING,
    )
    Task.objects.create(
        plan=plan,
        position=2,
        title="Hội nghị triển khai Kế hoạch",
        lead_unit="Văn phòng Điều phối nông thôn mới tỉnh",
        due_on=date(2026, 3, 31),
        status=TaskStatus.DONE,
        done_on=date(2026, 3, 20),
        result="63 đại biểu dự",
    )
    TrainingClass.objects.create(
        unit=plan.unit,
        plan=plan,
        title="Lớp tập huấn chủ thể OCOP",
        organiser="Chi cục Phát triển nông thôn",
        starts_on=date(2026, 6, 18),
        ends_on=date(2026, 6, 19),
    )
    _products(plan)
    return plan


def _products(plan: Plan) -> None:
    binh, loc = make_commune(), make_commune("Xã Thiên Lộc", "18409")
    oils = make_set(
        20,
        "Tinh dầu và dược liệu khác",
        "III Dược liệu và sản phẩm từ dược liệu",
        "Tinh dầu và dược liệu khác",
    )
    for name, commune, product_set, star in (
        ("Bánh đa vừng", binh, None, 3),
        ("Mật ong rừng", loc, None, 4),
        ("Tinh dầu tràm", loc, oils, 3),
    ):
        product = make_product(name, commune=commune, product_set=product_set)
        file_dossier(product, date(2026, 4, 10), DossierState.RECOGNISED)
        recognise(product, star, date(2026, 9, 1))
    file_dossier(make_product("Kẹo cu đơ", commune=binh), date(2026, 10, 20))
