"""The demonstration province: complete, explainable by hand, and made only once."""

import unicodedata
from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from vn_ident import is_valid_mst

from accounts.enums import Role
from accounts.models import User
from core.models import AdminUnit, AuditEntry
from evaluation.enums import SheetState
from evaluation.models import (
    AdvisoryAssignment,
    AgendaItem,
    Certificate,
    Choice,
    Inspection,
    Result,
    Revocation,
    RoundEntry,
    SelfAssessment,
    Session,
    Sheet,
    Submission,
)
from evaluation.queries.scoring_sets import scoring_set
from evaluation.scoring import SheetInput, rate
from products.enums import DossierState, ProductOrigin
from products.models import Dossier, DossierVersion, Entity, Product, Recognition
from products.workflow import TRANSITIONS
from reports import html, pdf
from reports.checker import check
from reports.demo import accounts, archive, data_files
from reports.document import as_data
from reports.enums import PaperKind
from reports.kinds import KINDS
from reports.models import Paper
from training import queries
from training.models import Actual, Enrolment, Plan, RegisterPerson, TrainingClass
from training.queries.grid import show_grid, stored_grid

COUNTED = (
    AdminUnit,
    User,
    Entity,
    Product,
    Recognition,
    Dossier,
    DossierVersion,
    SelfAssessment,
    Sheet,
    Choice,
    Result,
    Plan,
    RegisterPerson,
    Enrolment,
    AuditEntry,
)


def seed() -> str:
    out = StringIO()
    call_command("seed_demo", stdout=out)
    return out.getvalue()


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in COUNTED}


def wanted() -> dict[str, dict]:
    """What the data file says of every dossier, by product name."""
    return {
        product["name"]: product["dossier"]
        for entity in data_files.entities()
        for product in entity["products"]
        if "dossier" in product
    }


def test_accounts_are_not_announced_where_there_is_no_demonstration(db):
    out = StringIO()
    call_command("seed_demo", list_accounts=True, stdout=out)
    assert out.getvalue() == ""


@pytest.mark.django_db
def test_a_serving_machine_refuses_the_demonstration():
    with override_settings(PRODUCTION=True), pytest.raises(CommandError, match="phục vụ thật"):
        seed()
    assert User.objects.count() == 0


@pytest.mark.django_db
def test_an_account_of_that_name_stops_the_demonstration_and_nothing_is_stored():
    User.objects.create_user(username="vanphong", full_name="Người đang dùng")
    with pytest.raises(CommandError, match="vanphong"):
        seed()
    assert Entity.objects.count() == 0


@pytest.mark.django_db
def test_another_province_gets_no_demonstration():
    with override_settings(OCOP_PROVINCE="33"):
        assert "bỏ qua" in seed()
    assert User.objects.count() == 0


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """The province made once for all these tests, and taken back after the last."""
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole.__enter__()
        seed()
        yield
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)


@pytest.fixture
def demo(seeded, db):
    """A test of its own within the province: what it writes is taken back."""


def test_a_second_run_changes_nothing(demo):
    before = counts()
    assert "không thay đổi gì" in seed()
    assert counts() == before


def test_every_state_is_there_and_every_dossier_stands_where_the_data_says(demo):
    states = dict(Dossier.objects.values_list("product__name", "state"))
    expected = {
        name: DossierState.ACCEPTED if data["state"] == "scoring" else data["state"]
        for name, data in wanted().items()
    }
    assert states == expected
    assert set(states.values()) == set(DossierState.values)


def test_results_are_the_stars_the_data_wants(demo):
    goals = wanted()
    found = Result.objects.select_related("item__version__dossier__product")
    stars = {result.item.version.dossier.product.name: result.star for result in found}
    assert stars == {
        name: None if goals[name]["state"] == "excluded" else goals[name]["star"] for name in stars
    }
    assert Counter(stars.values()) == {4: 10, 3: 12, 2: 2, 5: 1, None: 1}


def test_one_product_misses_four_stars_by_a_single_condition(demo):
    """Cu đơ: the score reaches four stars, intellectual property (3.5) does not."""
    result = Result.objects.get(item__version__dossier__product__name__startswith="Cu đơ")
    assert (result.star_by_score, result.star) == (4, 3)
    assert [unmet["criterion"] for unmet in result.detail["unmet"]] == ["3.5"]


def test_members_disagree_by_more_than_ten_points_on_one_product(demo):
    result = Result.objects.get(item__version__dossier__product__name__startswith="Rượu nhung hươu")
    assert result.detail["spread"] > 10
    assert result.item.conclusions.count() == 1


def test_a_stored_result_is_what_its_sheets_give(demo):
    """Choices read row by row, rated again, and the mean added by hand."""
    item = AgendaItem.objects.get(version__dossier__product__name__startswith="Gạo thơm")
    sheets = []
    for sheet in item.sheets.all():
        chosen = sheet.choices.select_related("criterion", "option")
        sheets.append(
            SheetInput(
                str(sheet.pk), {c.criterion.code: c.option.position if c.option else 0 for c in chosen}
            )
        )
    rating = rate(scoring_set(item.criteria_set_id), sheets)
    by_hand = [sum(c.option.points for c in sheet.choices.all() if c.option) for sheet in item.sheets.all()]
    assert len(by_hand) == 6
    assert item.result.total_numerator * 6 == sum(by_hand) * item.result.total_denominator
    assert (rating.total.numerator, rating.total.denominator) == (
        item.result.total_numerator,
        item.result.total_denominator,
    )
    assert rating.star == item.result.star == 4


def test_the_open_session_waits_for_members(demo):
    items = AgendaItem.objects.filter(session__state="open").order_by("position")
    submitted = [item.sheets.filter(state=SheetState.SUBMITTED).count() for item in items]
    touched = [item.sheets.filter(choices__isnull=False).distinct().count() for item in items]
    assert submitted == [4, 3, 1, 0]
    assert touched == [5, 4, 3, 0]


def test_products_come_from_every_family_and_at_least_twenty_sets(demo):
    sets = Product.objects.values_list("product_set__number", "product_set__family")
    assert len({family for _, family in sets}) == 6
    assert len({number for number, _ in sets}) >= 20
    assert Product.objects.count() >= 60
    assert Product.objects.filter(origin=ProductOrigin.NEW).exists()
    assert Product.objects.filter(is_flagship=True).exists()
    assert Product.objects.values("commune").distinct().count() >= 25


def test_everybody_is_made_up(demo):
    assert {user.email.partition("@")[2] for user in User.objects.all()} == {"example.com"}
    assert {entity.email.partition("@")[2] for entity in Entity.objects.all()} == {"example.com"}
    codes = Entity.objects.values_list("tax_code", flat=True)
    assert all(code.startswith("2999") and is_valid_mst(code) for code in codes)
    assert all(phone.startswith("0900000") for phone in Entity.objects.values_list("phone", flat=True))
    marks = ("Minh Họa", "Ví Dụ", "Giả Định", "Mẫu")
    assert [
        name for name in Entity.objects.values_list("name", flat=True) if not any(m in name for m in marks)
    ] == []


def test_every_text_is_nfc(demo):
    for version in DossierVersion.objects.all():
        for name in ("story", "materials", "production", "market", "results", "plan_ahead", "changes_since"):
            assert unicodedata.is_normalized("NFC", getattr(version, name))
    for path in data_files.DATA.glob("*.yaml"):
        assert unicodedata.is_normalized("NFC", path.read_text(encoding="utf-8"))


def test_acts_stand_in_the_year_2026_in_their_order(demo):
    dossier = Dossier.objects.get(product__name__startswith="Gạo thơm")
    acts = AuditEntry.objects.filter(object_type="products.dossier", object_id=str(dossier.pk)).order_by("at")
    acts = [entry.verb.removeprefix("dossier.") for entry in acts]
    assert [act for act in acts if act == "create" or act in TRANSITIONS] == [
        "create", "submit", "return_to_entity", "submit", "propose", "accept", "close_scoring", "recognise",
    ]  # fmt: skip
    assert dossier.state_since.date() <= dossier.recognition.decided_on
    assert dossier.versions.count() == 2


def test_about_four_in_five_of_the_register_are_trained(demo):
    people = RegisterPerson.objects.count()
    trained = Enrolment.objects.filter(attended=True).values("person").distinct().count()
    assert people >= 90
    assert 0.7 < trained / people < 0.9


def test_every_paper_of_the_demonstration_keeps_the_form(demo):
    # The smaller of the decided sessions, and the shortest plan: the long report is checked in test_pdf.
    held = Session.objects.get(
        items__submission_lines__submission=Submission.objects.latest("pk"), items__position=1
    )
    item = held.items.order_by("position")[0]
    subjects = {
        "plan": Plan.objects.get(code="ht-2019"),
        "session": held,
        "sheet": item.sheets.filter(state=SheetState.SUBMITTED)[0],
        "submission": Submission.objects.latest("pk"),
        "dossier": item.version.dossier,
        "version": item.version,
        "certificate": Certificate.objects.filter(recognition__star=4)[0],
        "training_class": TrainingClass.objects.filter(half_days__isnull=False)[0],
    }
    wrong = {}
    for kind in KINDS.values():
        if not kind.is_batch:
            asked = {"period_to": date(2026, 10, 31)} if kind.name == PaperKind.PROGRESS else {}
            document = kind.build(subjects[kind.subject.field], today=date(2026, 11, 28), **asked)
            findings = check(pdf.render(html.parts(as_data(document))).content).findings
            wrong[kind.label] = [str(finding) for finding in findings]
    assert wrong == dict.fromkeys(wrong, [])
    assert len(wrong) == 13


def test_the_archive_is_filled_once_and_its_minutes_go_out_checked(demo):
    """Up to 18/9 the minutes alone: they are asked for, read by another and issued the same day."""
    archive.fill(date(2026, 9, 18))
    minutes = Paper.objects.get()
    assert (minutes.state_now[0], minutes.issued_on, minutes.reviewed_by.username) == (
        "Đã phát hành", date(2026, 9, 18), "lanhdao",
    )  # fmt: skip
    assert minutes.files.filter(form="issued", pages__gte=1).exists()
    out = StringIO()
    call_command("seed_demo", papers=True, stdout=out)
    assert "văn bản minh họa" not in out.getvalue()
    # The others find what they are about; rendering them is tried elsewhere.
    officer = User.objects.get(username="vanphong")
    rows = [row for row in data_files.read("archive")["papers"] if row["kind"] != PaperKind.MINUTES]
    asked = [archive.ask(row["kind"], row.get("about", ""), officer) for row in rows]
    assert [paper.kind for paper in asked] == ["progress", "certificates", "result", "submission"]
    assert asked[0].figure_set.as_of == date(2026, 9, 14)


def test_every_role_can_sign_in_with_the_announced_password(demo):
    out = StringIO()
    call_command("seed_demo", list_accounts=True, stdout=out)
    assert accounts.PASSWORD in out.getvalue()
    roles = set()
    for username, _ in accounts.announced():
        user = User.objects.get(username=username)
        assert username in out.getvalue()
        assert user.check_password(accounts.PASSWORD)
        roles |= {role for role in Role.values if user.has_role(role)}
    assert roles == set(Role.values)


def test_every_recognition_in_force_has_its_certificate_and_what_follows_is_there(demo):
    in_force = Recognition.objects.valid_on(timezone.localdate())
    assert not in_force.filter(certificate=None).exists()
    assert Certificate.objects.filter(recognition__state="revoked").count() == 1
    assert sorted(Revocation.objects.values_list("state", flat=True)) == ["open", "revoked"]
    assert sorted(Inspection.objects.values_list("verdict", flat=True)) == ["passed", "to_mend"]


def test_every_accepted_dossier_is_in_a_round_and_some_wait_at_the_desk(demo):
    before = (DossierState.DRAFT, DossierState.SUBMITTED, DossierState.RETURNED, DossierState.PROPOSED)
    accepted = Dossier.objects.exclude(state__in=(*before, DossierState.WITHDRAWN))
    assert set(RoundEntry.objects.values_list("dossier", flat=True)) == {dossier.pk for dossier in accepted}
    assert all(
        item.session.round == item.version.dossier.round_entry.round
        for item in AgendaItem.objects.select_related(
            "session__round", "version__dossier__round_entry__round"
        )
    )
    assert Dossier.objects.filter(state=DossierState.PROPOSED).count() >= 3
    given = AdvisoryAssignment.objects.filter(member__username="tuvan")
    assert set(given.values_list("dossier__state", flat=True)) == {DossierState.ACCEPTED}


def test_the_plan_is_given_out_reported_on_and_closed_once_with_late_tasks_of_several_units(demo):
    plan = Plan.objects.get(code="ht-2026")
    shown = queries.plan_progress(plan)
    given = plan.targets.exclude(unit=None)
    assert given.filter(indicator__code="products-joined").count() == 69
    assert [row.difference for row in show_grid(stored_grid(plan), []).rows if row.difference] == [
        "khớp chỉ tiêu tỉnh"
    ] * 4
    states = Counter(Actual.objects.filter(target__in=given).values_list("state", flat=True))
    assert set(states) == {"approved", "waiting", "refused"}
    (reported,) = [r for r in shown.reported.values() if len(r.units) == 7]
    assert (reported.total, reported.said) == (5, 4)
    (closed,) = plan.figure_sets.all()
    assert (closed.state, closed.as_of.isoformat(), closed.decided_by.username) == (
        "approved", "2026-09-14", "lanhdao",
    )  # fmt: skip
    late = {task.lead_unit for task in shown.tasks if task.is_overdue}
    assert {"Sở Y tế", "UBND xã Hương Sơn", "UBND xã Tiên Điền"} <= late
    assert list(plan.children.values_list("code", "unit__name", "status")) == [
        ("cam-binh-2026", "Xã Cẩm Bình", "in_force")
    ]
