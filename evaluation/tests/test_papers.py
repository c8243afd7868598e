"""Papers prove criteria of their own version and set; members read those of filed versions only."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Membership
from accounts.tests.factories import make_province, make_user
from core.exceptions import DomainError
from evaluation.models import AdvisoryAssignment, CriterionEvidence
from evaluation.queries.scoring_sets import stored_set
from evaluation.queries.self_assessment import criteria_by_paper
from evaluation.services import self_assessment as services
from evaluation.services.criteria import in_force_set
from evaluation.tests.factories import make_council, member, open_session_with
from products import services as product_services
from products.enums import DossierState
from products.queries import papers_of
from products.tests.factories import (
    attach,
    make_dossier,
    make_pdf,
    make_product,
    owner_of,
    provincial_officer,
    take_step,
    upload_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("criteria")]


@pytest.fixture
def dossier():
    return make_dossier()


def leaf(dossier, code="1.1"):
    table = stored_set(in_force_set(dossier.product.product_set, date(2026, 6, 1)).pk)
    return table.criterion_of_code[code]


def writer(dossier):
    return owner_of(dossier.product.entity)


def set_papers(dossier, *papers, code="1.1", among=None, by=None):
    ids = [paper.pk for paper in papers]
    return services.set_papers(
        version=dossier.current_version,
        criterion_id=leaf(dossier, code),
        evidence_ids=ids,
        among=ids if among is None else [paper.pk for paper in among],
        by=by or writer(dossier),
    )


def uses(dossier):
    return criteria_by_paper(dossier.current_version)


def test_a_paper_proves_several_criteria_and_a_criterion_has_several_papers(dossier):
    one, two = attach(dossier, "a.pdf"), attach(dossier, "b.pdf")
    set_papers(dossier, one, two, code="1.1")
    set_papers(dossier, two, code="2.1")
    assert uses(dossier) == {one.pk: ["1.1"], two.pk: ["1.1", "2.1"]}


def test_what_the_page_did_not_list_stays_attached(dossier):
    listed, meanwhile = attach(dossier, "a.pdf"), attach(dossier, "b.pdf")
    set_papers(dossier, listed, meanwhile)
    set_papers(dossier, among=[listed])
    assert uses(dossier) == {meanwhile.pk: ["1.1"]}


def test_a_paper_of_another_dossier_is_a_tampered_request(dossier):
    foreign = attach(make_dossier(make_product("Khác")), "x.pdf")
    with pytest.raises(services.UnknownChoice):
        set_papers(dossier, foreign)


def test_the_database_stores_no_paper_of_another_version_and_no_criterion_of_another_set(dossier):
    assessment = set_papers(dossier, attach(dossier, "a.pdf"))
    link = assessment.paper_links.get()
    foreign = attach(make_dossier(make_product("Khác")), "x.pdf")
    with pytest.raises(DatabaseError), transaction.atomic():
        CriterionEvidence.objects.filter(pk=link.pk).update(evidence=foreign)
    elsewhere = leaf(make_dossier(make_product("Chè", set_number=11)))
    with pytest.raises(IntegrityError), transaction.atomic():
        CriterionEvidence.objects.filter(pk=link.pk).update(criterion=elsewhere)


def test_links_are_frozen_with_the_version(dossier):
    paper = attach(dossier, "a.pdf")
    link = set_papers(dossier, paper).paper_links.get()
    take_step(dossier, "submit")
    with pytest.raises(DomainError, match="đã nộp"):
        set_papers(dossier, among=[paper])
    with pytest.raises(DatabaseError), transaction.atomic():
        link.delete()


def test_the_next_version_keeps_what_proves_what(dossier):
    paper = attach(dossier, "a.pdf")
    set_papers(dossier, paper)
    dossier = take_step(take_step(dossier, "submit"), "return_to_entity")
    copy = dossier.current_version.evidences.get(stored=paper.stored)
    assert uses(dossier) == {copy.pk: ["1.1"]} and copy.pk != paper.pk


def test_the_snapshot_names_the_papers_of_a_criterion_by_their_hash(dossier):
    paper = attach(dossier, "a.pdf")
    set_papers(dossier, paper)
    filed = take_step(dossier, "submit").current_version
    first = filed.snapshot["self_assessment"]["choices"][0]
    assert (first["criterion"], first["evidence"]) == ("1.1", [paper.stored.sha256])


def test_taking_a_paper_out_takes_it_from_its_criteria(dossier):
    paper = attach(dossier, "a.pdf")
    set_papers(dossier, paper)
    product_services.remove_evidence(paper, by=writer(dossier))
    assert uses(dossier) == {}


def test_a_file_dropped_on_a_criterion_is_attached_even_when_the_dossier_holds_it(client, dossier):
    there = attach(dossier, "a.pdf", make_pdf("a"))
    client.force_login(writer(dossier))
    url = reverse("evaluation:criterion_papers", args=[dossier.pk, leaf(dossier)])
    for upload in (upload_of(make_pdf("a"), "ten-khac.pdf"), upload_of(name="moi.pdf")):
        answer = client.post(url, {"files": upload}, HTTP_X_UPLOAD="1")
        assert answer.status_code == 201
    new = dossier.current_version.evidences.get(filename="moi.pdf")
    assert uses(dossier) == {there.pk: ["1.1"], new.pk: ["1.1"]}


def test_chosen_papers_are_kept_by_the_list_and_without_javascript(client, dossier):
    one, two = attach(dossier, "a.pdf"), attach(dossier, "b.pdf")
    client.force_login(writer(dossier))
    criterion = leaf(dossier)
    url = reverse("evaluation:criterion_papers", args=[dossier.pk, criterion])
    listed = client.get(url + "?mo=1", HTTP_HX_REQUEST="true").content.decode()
    assert listed.count('type="checkbox"') == 4 + 2
    data = {f"shown-{criterion}": [one.pk, two.pk], f"evidence-{criterion}": [one.pk]}
    assert client.post(url, data, HTTP_HX_REQUEST="true").status_code == 204
    assert uses(dossier) == {one.pk: ["1.1"]}
    page = client.post(url, {**data, f"evidence-{criterion}": [two.pk]}, follow=True).content.decode()
    assert uses(dossier) == {two.pk: ["1.1"]}
    assert "b.pdf" in page


def test_start_again_by_another_set_lets_go_of_the_criteria(dossier):
    set_papers(dossier, attach(dossier, "a.pdf"))
    services.start_again(version=dossier.current_version, by=writer(dossier))
    assert uses(dossier) == {}


# --- members read ---


@pytest.fixture
def accepted():
    return make_dossier(make_product("Rau thơm", set_number=1), DossierState.ACCEPTED)


def pages_of(paper):
    return [
        reverse("evaluation:evidence", args=[paper.version.dossier_id]),
        reverse("evaluation:evidence_view", args=[paper.pk]),
        reverse("evaluation:evidence_picture", args=[paper.pk, 1]),
        reverse("evaluation:evidence_download", args=[paper.pk]),
    ]


def statuses(client, user, paper):
    client.force_login(user)
    return {client.get(url).status_code for url in pages_of(paper)}


def test_council_members_read_the_papers_of_their_agenda(client, accepted):
    paper = papers_of(accepted.current_version).rows[0]
    stranger = member("nguoi.khac")
    assert statuses(client, stranger, paper) == {404}
    open_session_with(accepted, council=make_council())
    assert statuses(client, member("uy.vien"), paper) == {200}
    assert statuses(client, stranger, paper) == {404}


def test_an_adviser_reads_the_papers_of_a_dossier_that_was_given(client, accepted):
    paper = papers_of(accepted.current_version).rows[0]
    adviser = make_user("tu.van", Role.ADVISORY_MEMBER, make_province())
    assert statuses(client, adviser, paper) == {404}
    AdvisoryAssignment.objects.create(dossier=accepted, member=adviser, assigned_by=provincial_officer())
    assert statuses(client, adviser, paper) == {200}


def test_nobody_reads_the_papers_of_a_draft_in_this_room(client, dossier):
    paper = papers_of(dossier.current_version).rows[0]
    adviser = make_user("tu.van", Role.ADVISORY_MEMBER, make_province())
    AdvisoryAssignment.objects.create(dossier=dossier, member=adviser, assigned_by=provincial_officer())
    assert statuses(client, adviser, paper) == {404}


def test_who_left_the_advisory_team_reads_nothing_more_of_it(client, accepted):
    """Another role opens the room, not what the team of this province was given."""
    paper = papers_of(accepted.current_version).rows[0]
    adviser = make_user("tu.van", Role.ADVISORY_MEMBER, make_province())
    AdvisoryAssignment.objects.create(dossier=accepted, member=adviser, assigned_by=provincial_officer())
    adviser.memberships.update(valid_to=date(2025, 8, 1))
    elsewhere = make_province("40", "Tỉnh Nghệ An")
    for role in (Role.COUNCIL_MEMBER, Role.ADVISORY_MEMBER):
        Membership.objects.create(user=adviser, role=role, unit=elsewhere)
    assert statuses(client, adviser, paper) == {404}
    assert client.get(reverse("evaluation:assigned_dossier", args=[accepted.pk])).status_code == 404
    assert list(client.get(reverse("evaluation:assigned")).context["assignments"]) == []
