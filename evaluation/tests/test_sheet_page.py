"""The whole sheet on one page: what stands beside each criterion, and how the page grows."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.tests.factories import make_province, make_user
from evaluation.enums import ReviewState
from evaluation.models import AdvisoryAssignment, AdvisoryReview, Regulation, ReScoring, Sheet
from evaluation.queries.scoring_sets import stored_set
from evaluation.queries.sheet_page import conditions, panels, way_of
from evaluation.queries.sheets import progress
from evaluation.services import recusals, self_assessment
from evaluation.tests.factories import (
    accepted_dossier,
    choose,
    fill,
    ids,
    open_item,
    open_session_with,
    sheet_of,
    submit,
)
from evaluation.tests.sheets import SET_1_CHOICES
from products.tests.factories import (
    attach,
    make_dossier,
    make_product,
    owner_of,
    provincial_officer,
    take_step,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("criteria")]


@pytest.fixture
def sheet():
    return sheet_of(open_item(), "uy.vien")


def page_of(client, sheet, **query):
    client.force_login(sheet.seat.user)
    return client.get(reverse("evaluation:sheet", args=[sheet.pk]), query)


def advise(sheet, *, submitted=True, comment="Đã gặp mười hai hộ trồng rau."):
    """A review of the sheet's dossier with one note on 1.1 that suggests its third level."""
    adviser = make_user("tu.van", Role.ADVISORY_MEMBER, make_province(), full_name="Tư Vấn Thử")
    version = sheet.item.version
    assignment = AdvisoryAssignment.objects.create(
        dossier=version.dossier, member=adviser, assigned_by=provincial_officer()
    )
    review = AdvisoryReview.objects.create(
        assignment=assignment, version=version, criteria_set=sheet.criteria_set
    )
    criterion, option = ids(sheet.item, "1.1", 3)
    review.notes.create(
        criteria_set=sheet.criteria_set,
        criterion_id=criterion,
        suggests=True,
        option_id=option,
        comment=comment,
    )
    if submitted:
        review.state, review.submitted_at = ReviewState.SUBMITTED, datetime(2026, 6, 9, tzinfo=UTC)
        review.save()


def test_every_criterion_is_on_the_page_and_one_is_open(client, sheet):
    page = page_of(client, sheet, c="1.3").content.decode()
    assert page.count('<article class="leaf-panel"') == 32
    assert page.count('<article class="leaf-panel" data-panel="1.3"') == 1
    shown = [part for part in page.split("<article")[1:] if " hidden>" not in part.split("\n")[0]]
    assert [part.split('data-panel="')[1].split('"')[0] for part in shown] == ["1.3"]


def test_the_page_takes_the_same_queries_empty_and_full(client, sheet, django_assert_num_queries):
    address = reverse("evaluation:sheet", args=[sheet.pk])
    page_of(client, sheet)  # the table comes into the process's memory
    with django_assert_num_queries(13):
        client.get(address)
    fill(sheet, SET_1_CHOICES[0])
    advise(sheet)
    with django_assert_num_queries(13):
        client.get(address)


def test_an_advice_is_shown_once_it_is_submitted_and_if_the_regulation_says_so(client, sheet):
    advise(sheet, submitted=False)
    assert "mười hai hộ" not in page_of(client, sheet).content.decode()
    AdvisoryReview.objects.update(state=ReviewState.SUBMITTED, submitted_at=datetime(2026, 6, 9, tzinfo=UTC))
    page = page_of(client, sheet).content.decode()
    assert "mười hai hộ" in page and "Tư Vấn Thử" in page


def test_who_is_recused_after_submitting_reads_no_more_advice_before_closing(client, sheet):
    submit(sheet, SET_1_CHOICES[0])
    advise(sheet)
    assert "mười hai hộ" in page_of(client, sheet).content.decode()
    recusals.recuse(item=sheet.item, seat=sheet.seat, ground="related", reason="", by=sheet.seat.user)
    assert "mười hai hộ" not in page_of(client, sheet).content.decode()


def test_a_regulation_that_hides_advice_shows_none(client):
    sheet = sheet_of(open_item(), "uy.vien")
    session = sheet.item.session
    old = session.regulation
    session.regulation = Regulation.objects.create(
        unit=old.unit, name=old.name, version=2, replaces=old, shows_advice=False
    )
    session.save()
    advise(sheet)
    assert "mười hai hộ" not in page_of(client, sheet).content.decode()


def test_the_regulation_comes_first_until_the_member_has_chosen_in_the_session(client, sheet):
    assert 'id="regulation-title"' in page_of(client, sheet).content.decode()
    assert "data-first" in page_of(client, sheet).content.decode()
    choose(sheet, "1.1", 1)
    assert "data-first" not in page_of(client, sheet).content.decode()


def test_the_way_leads_to_the_next_sheet_not_submitted(client):
    session = open_session_with(
        accepted_dossier("Rau một"), accepted_dossier("Rau hai"), accepted_dossier("Rau ba")
    )
    first, second, third = [sheet_of(item, "uy.vien") for item in session.items.order_by("position")]
    submit(second, SET_1_CHOICES[0])
    assert (way_of(first).place, way_of(first).count, way_of(first).next) == (1, 3, third)
    assert way_of(third).next == first
    assert "Rau ba" in page_of(client, first).content.decode()


def test_conditions_name_what_is_needed_for_the_next_star(sheet):
    fill(sheet, SET_1_CHOICES[0])
    found = progress(sheet)
    lines = conditions(stored_set(sheet.criteria_set_id), found)
    shown = {line.code: line.met for line in lines if line.shown}
    assert [code for code, met in shown.items() if not met] == list(found.unmet)
    assert found.unmet and f"{len(found.unmet)} điều kiện để đạt {found.target} sao" in found.gaps_text
    assert all(dict(line.needed)[found.target] for line in lines if line.shown)


def test_a_sheet_scored_again_says_so_with_the_reason(client, sheet):
    submit(sheet, SET_1_CHOICES[0])
    again = Sheet.objects.create(item=sheet.item, seat=sheet.seat, criteria_set=sheet.criteria_set, number=2)
    ReScoring.objects.create(
        sheet=sheet,
        new_sheet=again,
        reason="Lệch 14 điểm so với phiếu khác.",
        requested_by=provincial_officer(),
    )
    page = page_of(client, again).content.decode()
    assert "Chấm lại lần 2" in page and "Lệch 14 điểm" in page


def test_papers_of_a_criterion_stand_beside_it(client):
    dossier = make_dossier(make_product("Rau có giấy", set_number=1))
    version, owner = dossier.current_version, owner_of(dossier.product.entity)
    paper = attach(dossier, title="Hợp đồng mua rau", by=owner)
    table = stored_set(self_assessment.set_for(version).pk)
    first = table.criterion_of_code["1.1"]
    self_assessment.attach_paper(version=version, criterion_id=first, evidence=paper, by=owner)
    for step in ("submit", "propose", "accept"):
        take_step(dossier, step)
    sheet = sheet_of(open_session_with(dossier).items.get(), "uy.vien")
    lines = panels(sheet, progress(sheet), with_advice=True)
    assert [[str(row.evidence) for row in line.papers] for line in lines[:2]] == [["Hợp đồng mua rau"], []]
    page = page_of(client, sheet).content.decode()
    assert reverse("evaluation:evidence_view", args=[paper.pk]) in page
