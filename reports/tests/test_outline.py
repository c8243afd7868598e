"""The sections of a province's reports, the officers' words, and the other forms of a draft."""

from datetime import date
from io import BytesIO

import docx
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.enums import Role
from accounts.tests.factories import make_province, make_user
from core.exceptions import DomainError
from reports import services
from reports.models import Paper, PaperFile
from reports.outline import USUAL, Line, outline_of
from reports.services import outline
from reports.tests.factories import file_dossier, full_plan, make_plan, make_product
from training.services import decide_figures, freeze_figures

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 31)


@pytest.fixture
def officer():
    return make_user("canbo.tinh", Role.PROVINCIAL_OFFICER)


def rendered(plan, officer, content=None):
    asked = services.request_progress_report(plan=plan, period_to=DAY, by=officer, content=content)
    services.render(asked.job_id)
    return Paper.objects.get(pk=asked.pk)


def titles(paper):
    return [section["title"] for section in paper.data["sections"]]


def moved():
    """Proposals first, general last and not printed, coming under another name."""
    lines = {line.key: line for line in USUAL}
    lines["coming"] = Line("coming", "Phương hướng tháng tới")
    lines["general"] = Line("general", "Tình hình chung", False)
    return [lines.pop("proposals"), lines.pop("coming"), *lines.values()]


def test_a_report_has_the_sections_as_the_province_set_them(officer):
    plan = full_plan()
    outline.keep(unit=plan.unit, lines=moved(), by=officer)
    paper = rendered(plan, officer, {"proposals": ["Bố trí kinh phí"], "coming": ["Tập huấn chủ thể"]})
    assert titles(paper)[:3] == [
        "I. KIẾN NGHỊ, ĐỀ XUẤT",
        "II. PHƯƠNG HƯỚNG THÁNG TỚI",
        "III. KẾT QUẢ THỰC HIỆN CHỈ TIÊU",
    ]
    assert not any("TÌNH HÌNH CHUNG" in title for title in titles(paper))
    # What officers add follows what the system counts.
    assert paper.data["sections"][1]["blocks"][0]["items"][-1][1] == "Tập huấn chủ thể."
    # A report that is made stays, whatever is set later.
    outline.keep(unit=plan.unit, lines=USUAL, by=officer)
    assert titles(Paper.objects.get(pk=paper.pk)) == titles(paper)


def test_an_outline_without_titles_or_sections_and_one_of_another_province_are_refused(officer):
    province, lines = make_province(), list(USUAL)
    for spoiled, field in (
        ([Line(line.key, " ") for line in lines], "title_general"),
        ([Line(line.key, line.title, False) for line in lines], None),
        (lines[1:], None),
    ):
        with pytest.raises(DomainError) as refusal:
            outline.keep(unit=province, lines=spoiled, by=officer)
        assert refusal.value.field == field
    with pytest.raises(PermissionDenied):
        outline.keep(unit=make_province("40", "Tỉnh Nghệ An"), lines=lines, by=officer)
    assert outline_of(province) == USUAL


def test_the_page_keeps_the_outline_and_says_what_is_wrong_beside_the_title(client, officer):
    province = make_province()
    client.force_login(officer)
    url = reverse("reports:outline", args=[province.pk])
    given = {f"title_{line.key}": line.title for line in USUAL}
    given |= {f"position_{line.key}": place for place, line in enumerate(USUAL, 2)}
    given |= {f"shown_{line.key}": "on" for line in USUAL} | {"position_proposals": 1}
    refused = client.post(url, given | {"title_causes": ""})
    assert "title_causes" in refused.context["form"].errors
    assert client.post(url, given).url == reverse("reports:request")
    assert outline_of(province)[0].key == "proposals"
    assert 'value="1"' in client.get(url).content.decode()


def test_ten_thousand_letters_reach_the_paper_and_one_more_is_refused_with_nothing_lost(client, officer):
    plan = make_plan()
    made = freeze_figures(plan=plan, kind="month", year=2026, number=10, by=officer)
    decide_figures(figure_set=made, approve=True, by=make_user("lanh.dao", Role.LEADERSHIP))
    client.force_login(officer)
    url = reverse("reports:request")
    lines = ["Mưa lũ kéo dài", *["x" * 999] * 9, "y" * 995]
    asked = {"plan": plan.pk, "kind": "month", "number": 10, "year": 2026}
    given = asked | {"sections": ["difficulties"], "difficulties": "\r\n".join(lines)}
    refused = client.post(url, given | {"difficulties": given["difficulties"] + "z"})
    assert refused.status_code == 422 and "Dài 10.001 chữ" in refused.content.decode()
    assert "y" * 995 + "z" in refused.content.decode()
    assert client.post(url, given).status_code == 302
    paper = Paper.objects.get()
    services.render(paper.job_id)
    points = Paper.objects.get().data["sections"][0]["blocks"][0]["items"]
    assert [text for _, text in points] == [f"{line[:1].upper()}{line[1:]}." for line in lines]
    # Asked for again, the words are there.
    again = client.get(url, asked).context["form"]
    assert again["difficulties"].value() == "\n".join(lines)


def test_other_words_are_another_paper_and_the_next_draft_begins_with_them(client, officer):
    plan = make_plan()
    client.force_login(officer)
    url, asked = reverse("reports:request_draft"), {"plan": plan.pk, "period_to": "31/10/2026"}
    for words in ("Thiếu vốn", "Thiếu vốn", "Thiếu vốn\nThiếu người"):
        client.post(url, asked | {"difficulties": words})
    assert [paper.content["difficulties"] for paper in Paper.objects.order_by("pk")] == [
        ["Thiếu vốn"],
        ["Thiếu vốn", "Thiếu người"],
    ]
    assert client.get(url, asked).context["form"]["difficulties"].value() == "Thiếu vốn\nThiếu người"
    for strange in ({"plan": "9" * 40}, {"plan": "x"}, asked | {"year": "9" * 40, "number": "1"}):
        assert client.get(url, strange).status_code == 200


def test_a_draft_keeps_its_docx_and_workbook_for_the_office_alone(client, officer):
    plan = full_plan()
    paper = rendered(plan, officer)
    client.force_login(officer)

    def fetch(form):
        answer = client.get(reverse("reports:file", args=[paper.pk, form]))
        return answer["Content-Disposition"], BytesIO(b"".join(answer.streaming_content))

    name, content = fetch("docx")
    assert name.endswith('.docx"') or ".docx" in name
    document = docx.Document(content)
    assert document.core_properties.title == paper.data["title"]
    numbers = [annex["number"] for annex in paper.data["annexes"]]
    assert [section.orientation for section in document.sections] == [0, *[1] * len(numbers)]
    book = load_workbook(fetch("xlsx")[1])
    assert numbers[:3] == ["Phụ lục I", "Phụ lục II", "Phụ lục III"]
    assert book.sheetnames[: len(numbers)] == numbers
    # Products by commune: 3 stars, 4 stars, 5 stars, all.
    assert [cell.value for cell in book["Phụ lục III"][6]][2:] == [2, 1, 1, 0, 2]
    page = client.get(paper.get_absolute_url()).content.decode()
    assert "Word" in page and reverse("reports:file", args=[paper.pk, "xlsx"]) in page


def test_the_commune_reads_an_issued_paper_of_its_dossier_but_not_the_working_forms(client, officer):
    dossier, now = file_dossier(make_product("Bánh đa vừng"), date(2026, 4, 10)), timezone.now()
    file = {"file": ContentFile(b"%PDF-1.7", name="thu.pdf"), "sha256": "0" * 64, "size": 8}
    paper = Paper.objects.create(
        kind="result",
        title="Thông báo kết quả",
        unit=dossier.commune.parent,
        dossier=dossier,
        year=2026,
        state="issued",
        requested_by=officer,
        reviewed_by=officer,
        reviewed_at=now,
        issued_by=officer,
        issued_at=now,
        issued_on=now.date(),
        signer_name="Nguyễn Văn Thử",
        **file,
    )
    for form in ("issued", "docx"):
        PaperFile.objects.create(paper=paper, form=form, made_by=officer, **file)
    word = reverse("reports:file", args=[paper.pk, "docx"])

    def answers(user):
        client.force_login(user)
        issued = client.get(reverse("reports:file", args=[paper.pk, "issued"]))
        return (
            issued.status_code,
            client.get(word).status_code,
            word in client.get(paper.get_absolute_url()).content.decode(),
        )

    assert answers(officer) == (200, 200, True)
    assert answers(make_user("xa", Role.COMMUNE_OFFICER, unit=dossier.commune)) == (200, 404, False)
