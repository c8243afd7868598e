"""`verify_results` finds what no longer follows from the sheets, and changes nothing."""

import json
from contextlib import contextmanager
from io import StringIO

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from evaluation.models import Result
from evaluation.queries.verification import results_to_verify, verify
from evaluation.services import minutes, rescoring, results
from evaluation.tests.factories import (
    SEATS,
    SET_1_CHOICES,
    accepted_dossier,
    choose,
    ids,
    make_council,
    member,
    open_session_with,
    scored_item,
    sheet_of,
    submit,
)
from products.tests.factories import provincial_officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("criteria")]


def close(item):
    return results.close_item(item=item, by=provincial_officer())


def closed_session(*names):
    """A session with a dossier a name, all scored alike and closed."""
    session = open_session_with(*(accepted_dossier(name) for name in names))
    for item in session.items.all():
        for (username, _), choices in zip(SEATS, SET_1_CHOICES, strict=True):
            submit(sheet_of(item, username), choices)
        close(item)
    return session


def differences():
    return [difference for _, found in verify(results_to_verify()) for difference in found]


def said():
    return {(d.criterion, d.what): (d.kept, d.computed) for d in differences()}


@contextmanager
def tampering():
    """A hand in the database for which no trigger fires."""
    with pgtrigger.ignore(), connection.cursor() as cursor:
        yield cursor


def run(*arguments):
    """What the command prints, and its exit code."""
    out = StringIO()
    try:
        call_command("verify_results", *arguments, stdout=out)
    except SystemExit as ending:
        return out.getvalue(), ending.code
    return out.getvalue(), 0


def test_results_with_everything_in_them_follow_from_their_rows():
    """Scored again, discussed, concluded, with a draft left over and an excluded dossier beside it."""
    item = scored_item(count=2)
    choose(sheet_of(item, "uy.vien"), "1.1", 1)
    asked = rescoring.request_rescoring(
        sheet=sheet_of(item, "thu.ky"), reason="Xem lại 4.1", by=member("chu.tich")
    )
    submit(asked.new_sheet, {"4.1": 3})
    minutes.record_discussion(item=item, text="Đã xem hợp đồng", by=member("thu.ky"))
    leaf = item.criteria_set.criteria.get(code="4.1")
    results.conclude(item=item, criterion=leaf, option=None, reason="Thiếu hợp đồng", by=member("thu.ky"))
    close(item)
    excluded = closed_session_with_exclusion()
    assert differences() == []
    assert run() == ("Đã tính lại 2 kết quả: không có sai khác.\n", 0)
    assert run("--session", str(excluded.pk)) == ("Đã tính lại 1 kết quả: không có sai khác.\n", 0)


def closed_session_with_exclusion():
    session = open_session_with(accepted_dossier("Rau mùi"), council=make_council(SEATS))
    [item] = session.items.all()
    for (username, _), choices in zip(SEATS, SET_1_CHOICES, strict=True):
        submit(sheet_of(item, username), choices)
    officer = provincial_officer()
    results.exclude(item=item, ground="Giả mạo hồ sơ", evidence="Công văn 12/CA", by=officer)
    close(item)
    return session


def test_a_changed_choice_is_named_with_criterion_and_member():
    closed_session("Rau thơm")
    item = Result.objects.get().item
    leaf, best = ids(item, "4.1", 4)
    sheet = sheet_of(item, "thu.ky")  # chose 2 points, position 2
    with tampering() as hand:
        hand.execute(
            "UPDATE evaluation_choice SET option_id = %s WHERE sheet_id = %s AND criterion_id = %s",
            [best, sheet.pk, leaf],
        )
    found = said()
    assert found["4.1", "lựa chọn của Thu Ky"] == ("mức 2 (2 điểm)", "mức 4 (5 điểm)")
    assert found["", "tổng điểm phiếu của Thu Ky"] == ("70", "73")
    assert found["", "tổng điểm của kết quả"] == ("214/3", "217/3")
    assert found["", "điều kiện chưa đạt"] == ("4.1 (4)", "không có")
    assert found["", "hạng sao"] == ("3", "4")
    text, code = run()
    assert code == 1
    assert "Phiên 1 · Rau thơm" in text
    assert "tiêu chí 4.1, lựa chọn của Thu Ky: đã giữ mức 2 (2 điểm), tính lại mức 4 (5 điểm)" in text


def test_a_changed_stop_is_found():
    closed_session("Rau thơm")
    sheet = sheet_of(Result.objects.get().item, "chu.tich")
    leaf, _ = ids(sheet.item, "6.1", 0)
    with tampering() as hand:
        hand.execute("UPDATE evaluation_sheet SET stopped_at_id = %s WHERE id = %s", [leaf, sheet.pk])
    found = said()
    assert found["", "tiêu chí dừng của Chu Tich"] == ("không có", "6.1")
    assert found["", "tổng điểm phiếu của Chu Tich"] == ("73", "52")


def test_a_deleted_choice_makes_the_result_impossible_to_work_out():
    closed_session("Rau thơm")
    sheet = sheet_of(Result.objects.get().item, "uy.vien")
    leaf, _ = ids(sheet.item, "12", 0)
    with tampering() as hand:
        hand.execute(
            "DELETE FROM evaluation_choice WHERE sheet_id = %s AND criterion_id = %s", [sheet.pk, leaf]
        )
    [difference] = differences()
    assert difference.what == "không tính lại được"
    assert difference.computed == f"Phiếu Uy Vien (số {sheet.pk}): chưa chấm tiêu chí 12"


def test_a_deleted_sheet_is_found():
    closed_session("Rau thơm")
    sheet = sheet_of(Result.objects.get().item, "uy.vien")
    with tampering() as hand:
        hand.execute("DELETE FROM evaluation_choice WHERE sheet_id = %s", [sheet.pk])
        hand.execute("DELETE FROM evaluation_sheet WHERE id = %s", [sheet.pk])
    found = said()
    assert found["", "phiếu của Uy Vien"] == ("71 điểm", "không được tính")
    assert found["", "số phiếu được tính"] == ("3", "2")


FORGERIES = [
    ("{leaves,0,chosen,1,points}", "0", ("1.1", "lựa chọn của Thu Ky")),
    ("{leaves,0,mean,shown}", '"9.99"', ("1.1", "trung bình")),
    ("{leaves,16,stats,deviation,shown}", '"0.00"', ("4.1", "thống kê")),
    ("{members,2,total}", "99", ("", "tổng điểm phiếu của Uy Vien")),
    ("{members,0,opinion}", '"Đề nghị 5 sao"', ("", "ý kiến của Chu Tich")),
    ("{total,exact}", "[100, 1]", ("", "tổng điểm trong bảng giữ lại")),
    ("{stats,most}", "100", ("", "thống kê của hồ sơ")),
    ("{sections,1,mean,shown}", '"25.00"', ("", "trung bình phần B")),
    ("{unmet}", "[]", ("", "điều kiện chưa đạt")),
    ("{conclusions}", '[{"criterion": "4.1", "position": 3}]', ("", "kết luận của Hội đồng")),
    ("{exclusion}", '{"ground": "Giả mạo"}', ("", "căn cứ loại")),
    ("{pairs}", '[{"first": 0, "second": 1, "difference": 11}]', ("", "các cặp phiếu vượt giới hạn")),
    ("{members}", '"mất"', ("", "bảng giữ lại")),
]


def test_every_forged_part_of_the_frozen_detail_is_found():
    closed_session("Rau thơm")
    genuine = Result.objects.get().detail
    for path, value, where in FORGERIES:
        with tampering() as hand:
            hand.execute(
                "UPDATE evaluation_result SET detail = jsonb_set(%s::jsonb, %s, %s)",
                [json.dumps(genuine), path, value],
            )
        assert list(said()) == [where], path


def test_a_forged_column_of_the_result_is_found():
    closed_session("Rau thơm")
    with tampering() as hand:
        hand.execute("UPDATE evaluation_result SET star = 4")
    assert said() == {("", "hạng sao"): ("4", "3")}


def test_the_command_as_json_names_the_dossier_and_changes_nothing():
    session = closed_session("Rau thơm", "Rau mùi")
    first = session.items.order_by("position").first()
    with tampering() as hand:
        hand.execute("UPDATE evaluation_result SET star_by_score = 5 WHERE item_id = %s", [first.pk])
    before = list(Result.objects.order_by("pk").values_list())
    text, code = run("--json", "--session", str(session.pk))
    document = json.loads(text)
    assert (code, document["results"]) == (1, 2)
    assert [(row["item"], row["what"], row["kept"], row["computed"]) for row in document["differences"]] == [
        (first.pk, "hạng sao theo điểm", "5", "4")
    ]
    assert list(Result.objects.order_by("pk").values_list()) == before
    with pytest.raises(CommandError, match="Không có phiên họp số 999999"):
        call_command("verify_results", "--session", "999999")


def test_a_batch_takes_four_queries_however_many_results(django_assert_num_queries):
    closed_session("Rau thơm")
    differences()  # the scoring table is read once a process
    with django_assert_num_queries(4):
        assert differences() == []
    closed_session("Rau mùi", "Rau cải")
    with django_assert_num_queries(4):
        assert len(list(verify(results_to_verify()))) == 3
    # Two results, then one: the second batch is not full, and the last.
    with django_assert_num_queries(8):
        assert len(list(verify(results_to_verify(), batch=2))) == 3


def test_a_result_that_is_gone_is_missed():
    item = scored_item()
    close(item)
    with tampering() as cursor:
        cursor.execute("DELETE FROM evaluation_result WHERE item_id = %s", [item.pk])
    text, code = run()
    assert code == 1 and "kết quả đã đóng: đã giữ không còn, tính lại phải có" in text
