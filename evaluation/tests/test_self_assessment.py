"""The entity's own choices: saved one by one, of the right table only, frozen with the version."""

import re

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from accounts.tests.factories import make_user
from core.exceptions import DomainError
from core.models import AuditEntry
from evaluation.models import Criterion, Option, SelfAssessment, SelfChoice
from evaluation.queries import self_assessment as queries
from evaluation.queries.scoring_sets import stored_set
from evaluation.scoring import SheetInput, rate
from evaluation.services import self_assessment as services
from evaluation.tests.sheets import SET_1_CHOICES
from products import signals
from products.models import Dossier, DossierVersion, Product, ProductSet
from products.tests.factories import (
    commune_officer_of,
    make_dossier,
    make_entity,
    make_product,
    owner_of,
    provincial_officer,
    take_step,
)

pytestmark = pytest.mark.django_db


def make_version(number=1):
    """The draft of a product of set `number`."""
    return make_dossier(make_product(set_number=number)).current_version


@pytest.fixture
def version(criteria):
    return make_version()


@pytest.fixture
def owner(version):
    return owner_of(version.dossier.product.entity)


@pytest.fixture
def browser(client, owner):
    client.force_login(owner)
    return client


def ids(set_code, code, position):
    """Row ids of a criterion and of its option at a printed position (0: none of them)."""
    leaf = Criterion.objects.get(criteria_set__code=set_code, code=code)
    return leaf.pk, leaf.options.get(position=position).pk if position else None


def choose(version, by, code, position, set_code="qd26-01", note=""):
    leaf, option = ids(set_code, code, position)
    return services.save_choice(version=version, criterion_id=leaf, option_id=option, note=note, by=by)


def answer_all(version, by, choices, set_code="qd26-01"):
    answers = [services.Answer(*ids(set_code, code, position)) for code, position in choices.items()]
    return services.save_answers(version=version, answers=answers, by=by)


def panel_of(version):
    assessment = queries.assessment_of(version)
    return queries.panel_of(assessment.criteria_set_id, queries.choices_of(assessment))


def file(version, owner):
    """File the dossier with every leaf answered; 73 points."""
    answer_all(version, owner, SET_1_CHOICES[0])
    take_step(version.dossier, "submit", before_submit=lambda version: None)
    return DossierVersion.objects.select_related("dossier").get(pk=version.pk)


def post_choice(client, version, criterion_id, option_id, note=""):
    data = {"criterion": criterion_id, "option": "" if option_id is None else option_id, "note": note}
    address = reverse("evaluation:self_choice", args=[version.dossier_id])
    return client.post(address, data, headers={"HX-Request": "true"})


# --- saving ---


def test_the_first_choice_opens_the_assessment_on_the_set_in_force(version, owner):
    assessment = choose(version, owner, "1.1", 3, note="Sổ theo dõi vùng trồng")
    assert assessment.criteria_set.code == "qd26-01"
    choice = SelfChoice.objects.get()
    assert (choice.criterion.code, choice.option.position, choice.note) == (
        "1.1",
        3,
        "Sổ theo dõi vùng trồng",
    )
    assert AuditEntry.objects.filter(verb="self_assessment.open").count() == 1


def test_a_later_choice_on_the_same_leaf_replaces_the_earlier_one(version, owner):
    choose(version, owner, "1.1", 3)
    choose(version, owner, "1.1", 1)
    assert [choice.option.position for choice in SelfChoice.objects.all()] == [1]
    assert SelfAssessment.objects.count() == 1


def test_none_of_the_options_is_an_answer_of_0_points(version, owner):
    choose(version, owner, "1.1", 0)
    panel = panel_of(version)
    assert panel.choices == {"1.1": 0}
    assert panel.total == 0
    assert "1.1" not in [leaf.code for leaf in panel.missing]


def test_a_note_keeps_its_lines_in_composed_letters(version, owner):
    choose(version, owner, "1.1", 3, note="Gia\u0302\u0301y\nsố 12\x00 ")
    assert SelfChoice.objects.get().note == "Giấy\nsố 12"


def test_saving_a_choice_takes_few_queries(version, owner, django_assert_num_queries):
    first, second = ids("qd26-01", "1.1", 3), ids("qd26-01", "1.2", 2)
    choose(version, owner, "1.3", 1)
    owner.scope  # noqa: B018  roles are read once a request
    with django_assert_num_queries(6):
        services.save_choice(version=version, criterion_id=first[0], option_id=first[1], by=owner)
    with django_assert_num_queries(6):
        services.save_choice(version=version, criterion_id=second[0], option_id=second[1], by=owner)


def test_a_saved_choice_takes_a_fixed_number_of_queries_from_click_to_answer(
    browser, version, django_assert_num_queries
):
    post_choice(browser, version, *ids("qd26-01", "1.1", 3))
    choice = ids("qd26-01", "1.2", 2)
    # Session, user and roles; dossier, right and version; then the 6 of the service and the choices.
    with django_assert_num_queries(13):
        assert post_choice(browser, version, *choice).status_code == 200


# --- refused ---


@pytest.mark.parametrize(
    ("criterion", "option"),
    [
        (("qd26-01", "1.1"), ("qd26-01", "1.2")),  # option of another criterion
        (("qd26-01", "1.1"), ("qd26-02", "1.1")),  # option of another set
        (("qd26-02", "1.1"), ("qd26-02", "1.1")),  # criterion of another set
        (("qd26-01", "1"), None),  # a heading is not chosen on
    ],
)
def test_a_tampered_choice_is_not_found_audited_and_changes_nothing(
    browser, version, owner, criterion, option
):
    choose(version, owner, "1.1", 1)
    leaf, _ = ids(*criterion, 0)
    chosen = ids(*option, 2)[1] if option else None
    response = post_choice(browser, version, leaf, chosen)
    assert response.status_code == 404
    assert [choice.option.position for choice in SelfChoice.objects.all()] == [1]
    refusal = AuditEntry.objects.get(verb="refused")
    assert (refusal.actor_id, refusal.after["status"]) == (owner.pk, 404)


@pytest.mark.parametrize("option", ["x", "-1", "99999999999999999999", "1.5"])
def test_ids_that_no_page_holds_are_not_found(browser, version, option):
    criterion_id, _ = ids("qd26-01", "1.1", 1)
    assert post_choice(browser, version, criterion_id, option).status_code == 404
    assert post_choice(browser, version, "1' OR 1=1", "").status_code == 404
    assert not SelfChoice.objects.exists()


def test_after_filing_nothing_changes(browser, version, owner):
    file(version, owner)
    with pytest.raises(DomainError, match="đã nộp"):
        choose(version, owner, "1.1", 1)
    response = post_choice(browser, version, *ids("qd26-01", "1.1", 1))
    assert response.status_code == 409
    assert "đã nộp" in response.content.decode()
    address = reverse("evaluation:self_assessment", args=[version.dossier_id])
    assert browser.post(address, {"start_again": "1"}).status_code == 409
    assert panel_of(version).choices == SET_1_CHOICES[0]


def test_a_note_too_long_comes_back_on_the_page_with_every_choice(browser, version):
    first, option = ids("qd26-01", "1.1", 2)
    other, none = ids("qd26-01", "1.2", 1)
    long = "Ghi chép đủ. " * 200
    address = reverse("evaluation:self_assessment", args=[version.dossier_id])
    form = {
        f"option-{first}": option,
        f"note-{first}": long,
        f"option-{other}": none,
        f"note-{other}": "Ngắn",
    }
    response = browser.post(address, form)
    page = response.content.decode()
    assert response.status_code == 422 and "dài quá 2000 ký tự" in page
    assert long.strip() in page and "Ngắn" in page
    assert f'name="option-{first}" value="{option}" data-option checked' in page
    assert f'name="option-{other}" value="{none}" data-option checked' in page
    assert 'data-saved-state="unsaved"' in page
    assert not SelfChoice.objects.exists()


def test_the_database_refuses_a_change_after_filing_too(version, owner):
    file(version, owner)
    with pytest.raises(DatabaseError, match="cannot change"), transaction.atomic():
        SelfChoice.objects.filter(criterion__code="1.1").update(note="sửa lén")
    with pytest.raises(DatabaseError, match="cannot change"), transaction.atomic():
        SelfChoice.objects.filter(criterion__code="1.1").delete()


def test_another_entitys_dossier_is_not_found_and_other_roles_may_not_choose(client, version):
    choice = ids("qd26-01", "1.1", 1)
    page = reverse("evaluation:self_assessment", args=[version.dossier_id])
    client.force_login(owner_of(make_entity("HTX khác")))
    assert client.get(page).status_code == 404
    assert post_choice(client, version, *choice).status_code == 404
    client.force_login(provincial_officer())
    assert client.get(page).status_code == 200
    assert post_choice(client, version, *choice).status_code == 403
    client.force_login(make_user("uy.vien", Role.COUNCIL_MEMBER))
    assert client.get(page).status_code == 403
    assert not SelfAssessment.objects.exists()


def test_the_commune_changes_only_what_it_entered(client, version):
    officer = commune_officer_of(version.dossier.commune)
    client.force_login(officer)
    choice = ids("qd26-01", "1.1", 1)
    assert post_choice(client, version, *choice).status_code == 403
    Dossier.objects.filter(pk=version.dossier_id).update(created_by=officer)
    assert post_choice(client, version, *choice).status_code == 200


# --- the panel ---


def test_the_panel_shows_what_the_engine_gives(version, owner):
    choices = SET_1_CHOICES[0]
    answer_all(version, owner, choices)
    panel = panel_of(version)
    rating = rate(panel.table.scoring, [SheetInput("A", choices)])
    assert (panel.total, panel.star_by_score, panel.star) == (rating.total, rating.star_by_score, rating.star)
    # Worked by hand in evaluation/tests/sheets.py: A 31, B 19, C 23.
    assert [(part.section.code, part.points) for part in panel.sections] == [("A", 31), ("B", 19), ("C", 23)]
    assert panel.total == 73
    assert not panel.missing
    assert panel.blocking_conditions == len(rating.unmet)


def test_the_roads_name_every_condition_still_missing(version, owner):
    # 71 points: four stars by score, but 3.5 and 4.1 are chosen at the level of three.
    answer_all(version, owner, SET_1_CHOICES[2])
    panel = panel_of(version)
    assert (panel.star_by_score, panel.star, panel.blocking_conditions) == (4, 3, 2)
    to_four, to_five = panel.roads
    assert [(lack.leaf.code, lack.star, lack.needed.points) for lack in to_four.lacks] == [
        ("3.5", 4, 2),
        ("4.1", 4, 3),
    ]
    assert (to_four.target, to_four.points) == (4, 0)
    assert (to_five.target, to_five.points) == (5, 90 - 71)
    assert "3.5" in [lack.leaf.code for lack in to_five.lacks]


def test_an_open_assessment_counts_what_is_chosen_so_far(version, owner):
    choose(version, owner, "1.1", 3)
    panel = panel_of(version)
    leaves = len(panel.table.scoring.leaves)
    assert (panel.total, panel.star, len(panel.missing)) == (3, 1, leaves - 2)  # 5.2 waits for 5.1
    assert panel.roads[0].target == 3
    assert [(part.answered, part.leaves) for part in panel.sections] == [(1, 16), (0, 5), (0, 10)]


def test_a_leaf_whose_condition_fails_is_not_asked_and_counts_0(version, owner):
    choose(version, owner, "5.1", 1)
    assert stored_set(queries.assessment_of(version).criteria_set_id).scoring.leaf("5.1").points_at(1) == 0
    choose(version, owner, "5.2", 2)
    panel = panel_of(version)
    assert panel.not_applying == {"5.2"}
    assert panel.total == 0
    choose(version, owner, "5.1", 2)
    panel = panel_of(version)
    assert panel.not_applying == frozenset()
    assert panel.total == panel.score.points["5.1"] + panel.score.points["5.2"] > panel.score.points["5.1"]


def test_cases_are_chosen_by_criterion_and_a_mixture_is_pointed_out(criteria):
    version = make_version(26)
    owner = owner_of(version.dossier.product.entity)
    choose(version, owner, "8", 3, "qd26-26")
    panel = panel_of(version)
    assert (panel.total, panel.chosen_case, panel.mixed_cases) == (1, "Trường hợp 2", [])
    choose(version, owner, "9", 4, "qd26-26")  # worded differently, yet the same case
    assert panel_of(version).mixed_cases == []
    choose(version, owner, "9", 2, "qd26-26")
    assert [(leaf.code, case[:12]) for leaf, case in panel_of(version).mixed_cases] == [
        ("8", "Trường hợp 2"),
        ("9", "Trường hợp 1"),
    ]


# --- pages ---


def test_the_page_offers_every_option_and_a_zero_where_the_table_prints_none(browser, version):
    html = browser.get(reverse("evaluation:self_assessment", args=[version.dossier_id])).content.decode()
    leaves = Criterion.objects.filter(criteria_set__code="qd26-01", is_leaf=True)
    options = Option.objects.filter(criterion__in=leaves)
    without_zero = leaves.exclude(options__points=0).count()
    assert html.count("data-option") == options.count() + without_zero
    assert html.count("Không đạt mức nào") == without_zero
    assert f'value="{options.last().pk}"' in html


def test_opening_the_page_writes_nothing(browser, version):
    address = reverse("evaluation:self_assessment", args=[version.dossier_id])
    with CaptureQueriesContext(connection) as made:
        assert browser.get(address).status_code == 200
    assert not [query["sql"] for query in made if re.search(r"\b(INSERT|UPDATE|DELETE)\b", query["sql"])]
    assert not SelfAssessment.objects.exists()


def test_a_saved_choice_answers_the_panel_and_the_marks_it_changed(browser, version):
    leaf, option = ids("qd26-01", "5.1", 2)
    response = post_choice(browser, version, leaf, option)
    html = response.content.decode()
    assert response.status_code == 200
    assert f'id="mark-{leaf}"' in html
    depending, _ = ids("qd26-01", "5.2", 0)
    assert f'id="applies-{depending}"' in html
    assert "tiêu chí chưa chọn" in html
    assert "data-option" not in html


def test_without_javascript_the_button_saves_everything(browser, version):
    address = reverse("evaluation:self_assessment", args=[version.dossier_id])
    first, second = ids("qd26-01", "1.1", 3), ids("qd26-01", "1.2", 0)
    data = {f"option-{first[0]}": first[1], f"note-{first[0]}": "Có sổ", f"option-{second[0]}": ""}
    assert browser.post(address, data).status_code == 302
    assert panel_of(version).choices == {"1.1": 3, "1.2": 0}
    assert "Có sổ</textarea>" in browser.get(address).content.decode()


def test_one_tampered_choice_in_the_form_refuses_the_whole_form(browser, version):
    address = reverse("evaluation:self_assessment", args=[version.dossier_id])
    good, other = ids("qd26-01", "1.1", 3), ids("qd26-01", "1.2", 1)
    data = {f"option-{good[0]}": good[1], f"option-{other[0]}": good[1]}
    assert browser.post(address, data).status_code == 404
    assert not SelfChoice.objects.exists()


def test_who_may_not_change_the_assessment_only_reads_it(client, version, owner):
    choose(version, owner, "1.1", 3, note="Có sổ")
    address = reverse("evaluation:self_assessment", args=[version.dossier_id])
    client.force_login(provincial_officer())
    html = client.get(address).content.decode()
    assert "Bản tự đánh giá đang soạn: chỉ để xem, không sửa được" in html
    assert "hx-post" not in html and "Lưu tất cả" not in html
    assert "Có sổ" in html
    assert client.post(address, {}).status_code == 403
    file(version, owner)
    client.force_login(owner)
    html = client.get(address).content.decode()
    assert "chỉ để xem" in html and "hx-post" not in html


# --- what the dossier's road asks ---


def answers_of(signal, **kwargs):
    return [answer for _, answer in signal.send(sender=DossierVersion, **kwargs) if answer]


def test_a_version_with_open_leaves_is_not_filed_and_they_are_named(version, owner):
    assert "Chưa tự đánh giá" in answers_of(signals.collect_blockers, version=version)[0][0]
    answer_all(version, owner, {k: v for k, v in SET_1_CHOICES[0].items() if k not in ("1.1", "3.5")})
    (sentences,) = answers_of(signals.collect_blockers, version=version)
    assert sentences == ["Tự đánh giá còn 2 tiêu chí chưa chọn: 1.1, 3.5."]
    choose(version, owner, "1.1", 1)
    choose(version, owner, "3.5", 0)
    assert answers_of(signals.collect_blockers, version=version) == []


def test_the_snapshot_holds_every_choice_in_words_and_numbers(version, owner):
    answer_all(version, owner, SET_1_CHOICES[0])
    choose(version, owner, "1.1", 3, note="Có sổ")
    (answer,) = answers_of(signals.collect_snapshot, version=version)
    frozen = answer["self_assessment"]
    assert (frozen["criteria_set"], frozen["total"]) == ("qd26-01", 73)
    assert frozen["sections"] == {"A": 31, "B": 19, "C": 23}
    assert frozen["choices"][0] == {
        "criterion": "1.1",
        "title": "Nguồn gốc sản phẩm",
        "position": 3,
        "label": "Tỷ lệ trồng trên địa bàn cấp xã từ 75% đến 100%",
        "points": 3,
        "max_points": 3,
        "note": "Có sổ",
        "evidence": [],
    }


def test_filing_freezes_the_choices_and_a_return_starts_from_them(version, owner):
    filed = file(version, owner)
    assert filed.snapshot["self_assessment"]["star"] == 4
    take_step(version.dossier, "return_to_entity")
    new = Dossier.objects.get().current_version
    assert new.number == 2
    assert panel_of(new).choices == SET_1_CHOICES[0]
    choose(new, owner, "1.1", 1)
    assert panel_of(new).total == 71
    assert panel_of(filed).total == 73


def test_a_product_moved_to_another_set_is_assessed_again(browser, version, owner):
    choose(version, owner, "1.1", 3)
    Product.objects.update(product_set=ProductSet.objects.get(number=11))
    version = DossierVersion.objects.get()
    (sentences,) = answers_of(signals.collect_blockers, version=version)
    assert "tự đánh giá lại" in sentences[0]
    address = reverse("evaluation:self_assessment", args=[version.dossier_id])
    assert "đã chuyển sang bộ khác" in browser.get(address).content.decode()
    assert browser.post(address, {"start_again": "1"}).status_code == 302
    assert queries.assessment_of(version).criteria_set.code == "qd26-11"
    assert not SelfChoice.objects.exists()
