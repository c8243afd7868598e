"""What changed between two versions: worked by hand on small texts and snapshots."""

import pytest
from django.urls import reverse

from products import diff, services
from products.enums import DossierState
from products.tests.factories import (
    add_photo,
    commune_officer_of,
    make_dossier,
    make_entity,
    make_product,
    owner_of,
    take_step,
)


def parts(before, after):
    return [(part.kind, part.text) for part in diff.compare_texts(before, after)]


def test_one_word_is_marked_and_the_rest_stays():
    assert parts("Gạo trồng trong xã.", "Gạo trồng trong tỉnh.") == [
        ("same", "Gạo trồng trong "),
        ("gone", "xã"),
        ("new", "tỉnh"),
        ("same", "."),
    ]


def test_a_paragraph_added_leaves_the_others_untouched():
    assert parts("Một.\nBa.", "Một.\nHai.\nBa.") == [("same", "Một.\n"), ("new", "Hai.\n"), ("same", "Ba.")]


def test_nothing_from_nothing():
    assert parts("", "") == []
    assert parts("", "Mới") == [("new", "Mới")]
    assert parts("Cũ", "") == [("gone", "Cũ")]


def test_both_sides_read_whole():
    before, after = "Gạo mùa, vừng đen và muối.", "Gạo nếp, vừng trắng, đường và muối biển."
    line = diff.Line("Nguyên liệu", before, after)
    assert "".join(part.text for part in line.left) == before
    assert "".join(part.text for part in line.right) == after


def test_a_long_text_is_compared_quickly():
    text = "gạo và vừng trồng trong xã, " * 700  # 19.600 characters in one paragraph
    changed = text.replace("vừng", "lạc", 1)
    assert "".join(part.text for part in diff.Line("", text, changed).right) == changed


def changes(before, after):
    return [
        (section.label, line.label, line.before, line.after)
        for section in diff.compare(before, after)
        for line in section.changed
    ]


def test_choices_days_and_money_are_said_in_words():
    before = {
        "dossier": {"kind": "first", "year": 2026},
        "entity": {"legal_form": "household", "founded_on": "2020-11-05"},
        "product": {"price": "85000", "sales_channels": ["market"], "is_flagship": False},
    }
    after = {
        "dossier": {"kind": "upgrade", "year": 2026},
        "entity": {"legal_form": "cooperative", "founded_on": "2020-11-06"},
        "product": {"price": "90000", "sales_channels": ["market", "export"], "is_flagship": True},
    }
    assert changes(before, after) == [
        ("Thông tin đăng ký", "Hình thức đăng ký", "Đánh giá lần đầu", "Nâng hạng"),
        ("Chủ thể", "Loại hình", "Hộ sản xuất, hộ kinh doanh", "Hợp tác xã"),
        ("Chủ thể", "Ngày thành lập", "05/11/2020", "06/11/2020"),
        ("Sản phẩm", "Sản phẩm chủ lực", "Không", "Có"),
        ("Sản phẩm", "Giá bán", "85.000", "90.000"),
        ("Sản phẩm", "Kênh bán hàng", "Chợ, đại lý", "Chợ, đại lý, Xuất khẩu"),
    ]


def assessment(position, label, points, note="", total="12", star=3):
    choice = {
        "criterion": "1.1", "title": "Nguồn gốc", "position": position, "label": label, "points": points,
        "max_points": "3", "note": note,
    }  # fmt: skip
    return {"self_assessment": {"choices": [choice], "total": total, "star": star}}


def test_another_choice_of_a_criterion_is_named_with_its_points():
    before = assessment(1, "Dưới 50%", "1")
    after = assessment(3, "Trên 75%", "3", note="Có hợp đồng.", total="14.5")
    assert changes(before, after) == [
        ("Tự đánh giá", "1.1 Nguồn gốc", "Dưới 50% (1 điểm)", "Trên 75% (3 điểm)\nCó hợp đồng."),
        ("Tự đánh giá", "Tổng điểm tự đánh giá", "12", "14,5"),
    ]


def test_papers_are_added_taken_away_or_the_same_by_their_content():
    def paper(sha, title):
        return {"sha256": sha, "title": title, "filename": f"{title}.pdf", "group": "story"}

    before = {"evidence": [paper("a", "Giấy A"), paper("b", "Giấy B")]}
    after = {"evidence": [paper("b", "Giấy B"), paper("c", "Giấy C")]}
    [section] = [found for found in diff.compare(before, after) if found.label == "Minh chứng"]
    assert [(line.label, line.changed, line.is_new, line.is_gone) for line in section.lines] == [
        ("Giấy B", False, False, False),
        ("Giấy C", True, True, False),
        ("Giấy A", True, False, True),
    ]


def test_a_snapshot_of_before_the_papers_still_opens():
    old = {"dossier": {}, "product": {"name": "A"}, "entity": {}, "content": {"story": "x"}}
    paper = {"sha256": "a", "filename": "a.pdf"}
    new = {**old, "product": {"name": "A", "status": "paused", "photos": []}, "evidence": [paper]}
    assert changes(old, old) == changes(old, new) == []


def test_a_picture_that_came_is_new():
    before = {"product": {"photos": []}}
    after = {"product": {"photos": [{"sha256": "a", "caption": "Phơi bánh"}]}}
    assert changes(before, after) == [("Ảnh sản phẩm", "Ảnh 1", None, "Phơi bánh")]


# The page


@pytest.fixture
def mended(db):
    """Filed, returned, and one word of the story changed since."""
    dossier = make_dossier(state=DossierState.RETURNED)
    version = dossier.current_version
    story = version.story.replace("người làng", "thợ làng")
    services.save_draft(
        version, by=owner_of(dossier.product.entity), data={"story": story}, revision=version.revision
    )
    return dossier


def page(client, user, dossier, a=1, b=2, query=""):
    client.force_login(user)
    return client.get(reverse("products:compare", args=[dossier.pk, a, b]) + query)


def test_the_page_marks_the_words_for_eyes_and_ears(client, mended):
    html = page(client, owner_of(mended.product.entity), mended).content.decode()
    assert '<del><span class="visually-hidden">[bỏ] </span>người<span' in html
    assert '<ins><span class="visually-hidden">[thêm] </span>thợ<span' in html
    assert "Nguyên liệu và vùng nguyên liệu" not in html
    whole = page(client, owner_of(mended.product.entity), mended, query="?tat-ca=1").content.decode()
    assert "Nguyên liệu và vùng nguyên liệu" in whole


def test_two_filed_versions_are_compared_as_they_were_filed(client, mended):
    owner = owner_of(mended.product.entity)
    take_step(mended, "submit")
    add_photo(mended.product, owner)
    html = page(client, commune_officer_of(mended.commune), mended).content.decode()
    assert "1</b> chỗ thay đổi" in html and "Ảnh 1" not in html


@pytest.mark.parametrize(("a", "b"), [(2, 1), (1, 1), (1, 3), (0, 1)])
def test_there_is_no_such_comparison(client, mended, a, b):
    assert page(client, owner_of(mended.product.entity), mended, a, b).status_code == 404


def test_the_comparison_asks_at_most_twelve_queries(client, mended, django_assert_max_num_queries):
    client.force_login(owner_of(mended.product.entity))
    with django_assert_max_num_queries(12):
        client.get(reverse("products:compare", args=[mended.pk, 1, 2]))


def test_a_stranger_compares_nothing(client, mended):
    stranger = owner_of(make_entity("HTX Kẹo Lạc"))
    assert page(client, stranger, mended).status_code == 404


def test_the_dossier_s_page_leads_to_the_comparison(client, mended):
    client.force_login(owner_of(mended.product.entity))
    html = client.get(reverse("products:dossier", args=[mended.pk])).content.decode()
    assert reverse("products:compare", args=[mended.pk, 1, 2]) in html


def test_a_first_version_has_nothing_to_be_compared_with(client, db):
    dossier = make_dossier(make_product("Kẹo lạc"))
    client.force_login(owner_of(dossier.product.entity))
    html = client.get(reverse("products:dossier", args=[dossier.pk])).content.decode()
    assert "So sánh" not in html
