"""One small province with an object for every address, and people of every role inside and outside it."""

from dataclasses import dataclass, field
from datetime import date, time
from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.enums import Role
from accounts.models import SavedView, User
from accounts.tests.factories import make_commune, make_province, make_user, one_of_each_role
from core.models import Job, Notice
from evaluation.enums import SeatRole
from evaluation.models import Criterion, PackagePaper, Sheet, Submission
from evaluation.services import inspections
from evaluation.services.advisory import assign
from evaluation.services.catalogue import publish
from evaluation.services.certificates import issue_certificate
from evaluation.services.recusals import recuse
from evaluation.services.rescoring import request_rescoring
from evaluation.services.results import conclude
from evaluation.services.rounds import enter_round, legal_round
from evaluation.services.teams import add_to_team
from evaluation.tests.after import inspected, opened_revocation
from evaluation.tests.factories import SET_1_CHOICES, make_council, open_session_with, submit
from products.enums import DossierState
from products.models import Dossier, EntityAccount, Import
from products.tests.factories import (
    add_photo,
    make_dossier,
    make_entity,
    make_product,
    photo_bytes,
    recognise,
)
from reports.models import Paper, PaperFile
from training.enums import PlanStatus
from training.models import (
    Actual,
    AttendanceCertificate,
    ClassMaterial,
    Enrolment,
    FigureSet,
    HalfDay,
    Indicator,
    Plan,
    RegisterImport,
    RegisterPerson,
    ReportingPeriod,
    Target,
    Task,
    TrainingClass,
)


@dataclass
class World:
    """`insiders` and `outsiders`: a user a role; `objects`: what the addresses point to."""

    insiders: dict[str, User]
    outsiders: dict[str, User]
    objects: dict[str, Any] = field(default_factory=dict)


def make_world() -> World:
    """Everything in Hà Tĩnh, with a second province whose people have no business here."""
    world = World(insiders=one_of_each_role(), outsiders=_outsiders())
    world.objects |= _products(world.insiders[Role.ENTITY])
    world.objects |= _evaluation(world)
    world.objects |= _results(world)
    world.objects |= _advice(world)
    world.objects |= _after_recognition(world)
    world.objects |= _after_council(world)
    world.objects |= _at_the_table(world)
    world.objects |= _plans(world)
    world.objects |= _imports(world)
    return world


def _outsiders() -> dict[str, User]:
    province = make_province("40", "Tỉnh Nghệ An")
    commune = make_commune("Xã Vạn An", "17950", province)
    units = {role: commune if role in Role.commune_roles else province for role in Role.values}
    return {role: make_user(f"{role}.nghean", role, units[role]) for role in Role.values}


def _products(owner: User) -> dict[str, Any]:
    entity = make_entity()
    EntityAccount.objects.create(entity=entity, user=owner)
    product = make_product(entity=entity)
    draft = make_dossier(product, by=owner)
    filed = make_dossier(make_product("Kẹo lạc", entity), DossierState.SUBMITTED, by=owner)
    mended = make_dossier(make_product("Mật ong", entity), DossierState.RETURNED, by=owner)
    return {
        "entity": entity,
        "product": product,
        "draft": draft,
        "evidence": draft.current_version.evidences.first(),
        "filed": filed,
        "mended": mended,
        "recognition": recognise(mended.product),
        "photo": add_photo(product, owner),
    }


def _evaluation(world: World) -> dict[str, Any]:
    member = world.insiders[Role.COUNCIL_MEMBER]
    council = make_council(people=((member.username, SeatRole.CHAIR),))
    entity = world.objects["entity"]
    accepted = make_dossier(make_product("Rau thơm", entity, set_number=1), DossierState.ACCEPTED)
    item = open_session_with(accepted, council=council).items.get()
    sheet = Sheet.objects.get(item=item)
    return {
        "accepted": accepted,
        "filed_paper": accepted.current_version.evidences.first(),
        "leaf": SimpleNamespace(criterion=_a_leaf_of(world.objects["draft"])),
        "council": council,
        "seat": sheet.seat,
        "session": item.session,
        "item": item,
        "sheet": sheet,
    }


def _results(world: World) -> dict[str, Any]:
    """A second dossier of the council: scored once, asked to be scored again, with a conclusion."""
    chair, council = world.insiders[Role.COUNCIL_MEMBER], world.objects["council"]
    dossier = make_dossier(make_product("Rau mùi", world.objects["entity"], 1), DossierState.ACCEPTED)
    item = open_session_with(dossier, council=council).items.get()
    sheet = submit(Sheet.objects.get(item=item), SET_1_CHOICES[0])
    leaf = Criterion.objects.get(criteria_set=item.criteria_set, code="4.1")
    return {
        "scored_item": item,
        "own_seat": SimpleNamespace(seat=sheet.seat_id),
        "rescoring": request_rescoring(sheet=sheet, reason="Thử", by=chair),
        "conclusion": conclude(item=item, criterion=leaf, option=None, reason="Thử", by=chair),
    }


def _at_the_table(world: World) -> dict[str, Any]:
    """An adviser on the council's team, and a member who declared a conflict on another agenda."""
    officer, member = world.insiders[Role.PROVINCIAL_OFFICER], world.insiders[Role.COUNCIL_MEMBER]
    council = world.objects["council"]
    team_seat = add_to_team(council=council, user=world.insiders[Role.ADVISORY_MEMBER], by=officer)
    other = make_dossier(make_product("Chè xanh", world.objects["entity"]), DossierState.ACCEPTED)
    item = open_session_with(other, council=council).items.get()
    recusal = recuse(item=item, seat=world.objects["seat"], ground="related", reason="", by=member)
    return {"team_seat": team_seat, "recusal": recusal}


def _a_leaf_of(dossier: Dossier) -> int:
    leaves = Criterion.objects.filter(criteria_set__product_set=dossier.product.product_set, is_leaf=True)
    return leaves.values_list("pk", flat=True).first()


def _advice(world: World) -> dict[str, Any]:
    """A dossier on no agenda yet, given to the advisory member."""
    officer = world.insiders[Role.PROVINCIAL_OFFICER]
    member = world.insiders[Role.ADVISORY_MEMBER]
    assigned = make_dossier(make_product("Bún khô", world.objects["entity"]), DossierState.ACCEPTED)
    # Next year's: not over, whatever day the tests run.
    coming = legal_round(unit=make_province(), year=timezone.localdate().year + 1, number=1)
    entry = enter_round(dossier=assigned, evaluation_round=coming, by=officer)
    assignment = assign(dossier=assigned, member=member, by=officer)
    return {"assigned": assigned, "assignment": assignment, "round": coming, "entry": entry}


def _after_recognition(world: World) -> dict[str, Any]:
    """The certificate of a recognised product, its inspection with a picture, and an open revocation."""
    officer, recognition = world.insiders[Role.PROVINCIAL_OFFICER], world.objects["recognition"]
    inspection = inspected(recognition.product, by=officer)
    return {
        "certificate": issue_certificate(recognition=recognition, by=officer),
        "inspection": inspection,
        "inspection_photo": inspections.add_photo(
            inspection=inspection, upload=photo_bytes(), name="a.jpg", by=officer
        ),
        "revocation": opened_revocation(recognition, by=officer),
    }


def _after_council(world: World) -> dict[str, Any]:
    """A draft of a submission, a paper for the Ministry, a product in the public catalogue."""
    officer = world.insiders[Role.PROVINCIAL_OFFICER]
    submission = Submission.objects.create(unit=make_province(), title="Tờ trình thử", created_by=officer)
    paper = PackagePaper.objects.create(
        item=world.objects["item"],
        kind="letter",
        stored=world.objects["filed_paper"].stored,
        title="Công văn thử",
        added_by=officer,
    )
    shown = world.objects["recognition"].product
    photo = add_photo(shown, officer, colour="red")
    publish(products=[shown], by=officer)
    return {
        "submission": submission,
        "package_paper": paper,
        "published": shown,
        "public": shown.catalogue_entry,
        "public_photo": photo,
    }


def _imports(world: World) -> dict[str, Any]:
    officer = world.insiders[Role.PROVINCIAL_OFFICER]
    imported = Import.objects.create(
        unit=make_province(), filename="danh-sach.xlsx", file="imports/thu.xlsx", created_by=officer
    )
    # The register from a workbook.
    register_import = RegisterImport.objects.create(
        unit=make_province(), filename="danh-sach.xlsx", file="imports/thu-2.xlsx", created_by=officer
    )
    return {"import": imported, "register_import": register_import}


def _plans(world: World) -> dict[str, Any]:
    province = make_province()
    plan = Plan.objects.create(
        code="kh-thu",
        status=PlanStatus.IN_FORCE,
        title="Kế hoạch thử",
        unit=province,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
    )
    indicator = Indicator.objects.create(
        code="chi-tieu-thu", name="Chỉ tiêu thử", unit_name="sản phẩm", unit=province
    )
    target = Target.objects.create(plan=plan, indicator=indicator, value=5)
    task = Task.objects.create(plan=plan, title="Việc thử", lead_unit="Văn phòng")
    commune = world.objects["entity"].commune
    commune_target = Target.objects.create(plan=plan, indicator=indicator, value=2, unit=commune)
    commune_task = Task.objects.create(plan=plan, title="Việc xã", lead_unit="UBND", lead_admin_unit=commune)
    period = ReportingPeriod.objects.create(
        unit=province,
        kind="month",
        year=2026,
        number=3,
        starts_on=date(2026, 2, 15),
        ends_on=date(2026, 3, 14),
    )
    training_class = TrainingClass.objects.create(
        unit=province,
        plan=plan,
        title="Lớp thử",
        organiser="Văn phòng",
        starts_on=date(2026, 6, 1),
        ends_on=date(2026, 6, 2),
    )
    person = RegisterPerson.objects.create(
        name="Người Thử", unit=province, group="official", listed_on=date(2026, 1, 1)
    )
    enrolment = Enrolment.objects.create(training_class=training_class, person=person)
    class_objects = _class_parts(world, training_class, enrolment)
    officer = world.insiders[Role.PROVINCIAL_OFFICER]
    return {
        "commune_target": commune_target,
        "commune_task": commune_task,
        "indicator": indicator,
        "actual": Actual.objects.create(target=target, value=1, as_of=date(2026, 5, 1), source="Báo cáo"),
        "basis": plan.legal_bases.create(kind="Quyết định"),
        "budget_line": plan.budget_lines.create(purpose="Tập huấn", planned=1000),
        "figure_set": _figure_set(plan, period),
        "plan": plan,
        "target": target,
        "task": task,
        "class": training_class,
        "person": person,
        "enrolment": enrolment,
        **class_objects,
        "paper": _issued_paper(world, officer),
        "province": province,
        "job": Job.objects.create(kind="progress", title="Việc thử", owner=officer),
        "saved_view": SavedView.objects.create(user=officer, page="products:products", name="Thử"),
        "account": world.insiders[Role.COMMUNE_OFFICER],
        "membership": world.insiders[Role.COMMUNE_OFFICER].memberships.get(),
        "notice": Notice.objects.create(user=officer, kind="dossier", key="thu", title="Thông báo thử"),
    }


def _figure_set(plan: Plan, period: ReportingPeriod) -> FigureSet:
    """A version with the records of one figure kept."""
    kept = {"lists": ["products_joined"]}
    made = FigureSet.objects.create(period=period, plan=plan, number=1, as_of=period.ends_on, summary=kept)
    parts = [["products_joined", "Sản phẩm tham gia", ""]]
    made.lists.create(name="dossiers", parts=parts, heads=["Sản phẩm"], rows=[])
    return made


def _issued_paper(world: World, officer: User) -> Paper:
    """Mẫu 01 of the entity's filed dossier, issued: the one paper that commune and entity read too."""
    now, content = timezone.now(), ContentFile(b"%PDF-1.7 one of many", name="thu.pdf")
    kept = {"file": content, "sha256": "0" * 64, "size": 20, "pages": 1}
    paper = Paper.objects.create(
        kind="form_01",
        title="Phiếu đăng ký thử",
        unit=officer.memberships.first().unit,
        version=world.objects["filed"].versions.first(),
        year=2026,
        state="issued",
        data={"title": "Phiếu đăng ký thử", "head": {"number": "", "place_date": ""}},
        requested_by=officer,
        reviewed_by=world.insiders[Role.LEADERSHIP],
        reviewed_at=now,
        issued_by=officer,
        issued_at=now,
        issued_on=now.date(),
        signer_name="Nguyễn Văn Thử",
        **kept,
    )
    PaperFile.objects.create(paper=paper, form="issued", made_by=officer, **kept)
    return paper


def _class_parts(world: World, held: TrainingClass, enrolment: Enrolment) -> dict[str, Any]:
    """A half-day, a file and a certificate of the class; the entity's account sits in it."""
    leader = RegisterPerson.objects.create(
        name="Chủ Thể Thử",
        unit=make_commune(),
        group="entity_leader",
        listed_on=date(2026, 1, 1),
        user=world.insiders[Role.ENTITY],
    )
    sits = Enrolment.objects.create(training_class=held, person=leader)
    half = HalfDay.objects.create(
        training_class=held, day=held.starts_on, part="am", starts_at=time(7, 30), ends_at=time(11, 30)
    )
    stored = world.objects["evidence"].stored
    material = ClassMaterial.objects.create(
        training_class=held, stored=stored, title="Bài giảng", filename="bai-giang.pdf"
    )
    certificate = AttendanceCertificate.objects.create(
        enrolment=sits, unit=held.unit, year=2026, number=1, issued_on=held.ends_on
    )
    parts = SimpleNamespace(half=half.pk, material=material.pk, enrolment=enrolment.pk)
    return {"class_parts": parts, "material": material, "attendance_certificate": certificate}
