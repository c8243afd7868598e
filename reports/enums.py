"""Kinds and states of papers."""

from enum import nonmember

from django.db import models


class PaperKind(models.TextChoices):
    PROGRESS = "progress", "Báo cáo tiến độ thực hiện Chương trình OCOP"
    MINUTES = "minutes", "Biên bản họp Hội đồng"
    SUMMARY = "summary", "Bảng tổng hợp điểm"
    SHEET = "sheet", "Phiếu đánh giá"
    SHEETS = "sheets", "Tập phiếu đánh giá của phiên họp"
    SUBMISSION = "submission", "Tờ trình công nhận kết quả"
    DECISION = "decision", "Dự thảo quyết định công nhận"
    RESULT = "result", "Thông báo kết quả"
    CERTIFICATE = "certificate", "Giấy chứng nhận"
    CERTIFICATES = "certificates", "Tập giấy chứng nhận của quyết định"
    FORM_01 = "form_01", "Phiếu đăng ký (Mẫu 01)"
    FORM_02 = "form_02", "Báo cáo tự đánh giá (Mẫu 02)"
    FORM_03 = "form_03", "Báo cáo của cấp xã (Mẫu 03)"
    CLASS_LIST = "class_list", "Danh sách học viên"
    ATTENDANCE = "attendance", "Bảng chấm công lớp tập huấn"

    # The column of `Paper` that holds what a kind is about; a paper has exactly this one.
    subjects = nonmember(
        {
            "progress": "plan",
            "minutes": "session",
            "summary": "session",
            "sheet": "sheet",
            "sheets": "session",
            "submission": "submission",
            "decision": "submission",
            "result": "dossier",
            "certificate": "certificate",
            "certificates": "certificate",
            "form_01": "version",
            "form_02": "version",
            "form_03": "version",
            "class_list": "training_class",
            "attendance": "training_class",
        }
    )
    # Many papers of another kind in one file, to be printed; never issued.
    batches = nonmember(("sheets", "certificates"))
    # One of a subject is in force at a time. A result is told twice when the Ministry decides after the
    # province, and a class list is printed before and after the class.
    once = nonmember(
        (
            "progress",
            "minutes",
            "summary",
            "sheet",
            "submission",
            "decision",
            "certificate",
            "form_01",
            "form_02",
            "form_03",
        )
    )
    # Signed by the head of the office, or whoever signs for the head that day; others by who they are about.
    signed_by_the_office = nonmember(("certificate", "class_list", "attendance"))
    # What the office sends out: whoever reviews and issues finds it among the things that wait. Forms,
    # sheets and lists of classes are printed when somebody needs them.
    sent_out = nonmember(
        ("progress", "minutes", "summary", "submission", "decision", "result", "certificate")
    )
    # Once issued, the entity reads those of its own dossiers; the commune its own report too.
    of_the_entity = nonmember(("result", "certificate", "form_01", "form_02"))
    of_the_commune = nonmember(("result", "certificate", "form_01", "form_02", "form_03"))


class PaperState(models.TextChoices):
    RENDERING = "rendering", "Đang lập"
    DRAFT = "draft", "Dự thảo"
    REVIEWED = "reviewed", "Đã soát"
    # By the reviewer, with a reason: it stays in the archive, another one is made in its place.
    RETURNED = "returned", "Đã trả lại"
    ISSUED = "issued", "Đã phát hành"
    FAILED = "failed", "Lập không thành công"


class FileForm(models.TextChoices):
    """What else a paper has beside the draft that was rendered first."""

    BUNDLE = "bundle", "Từng văn bản trong tệp nén"
    ISSUED = "issued", "Bản phát hành"
    SIGNED = "signed", "Bản đã ký số"
    # Of the draft's own data, written with it.
    DOCX = "docx", "Bản Word để sửa"
    XLSX = "xlsx", "Bảng số liệu"
    # Of the issued paper: with the number, day and signer the issue gave.
    WORD = "word", "Bản phát hành dạng Word"

    # Working copies: what is in force is the PDF.
    of_the_office = nonmember(("docx", "xlsx", "word"))


class Issuer(models.TextChoices):
    """In whose name a unit's papers go out."""

    DEPARTMENT = "department", "Sở Nông nghiệp và Môi trường"
    COMMITTEE = "committee", "Ủy ban nhân dân"
    COUNCIL = "council", "Hội đồng đánh giá, phân hạng"
