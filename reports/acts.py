"""Acts of this room, as the log tells them."""

ACTS = {
    "paper_requested": "Yêu cầu lập văn bản",
    "paper_rendered": "Lập xong văn bản",
    "paper_reviewed": "Soát xong văn bản",
    "paper_returned": "Trả lại dự thảo văn bản",
    "paper_numbered": "Ghi số, ngày văn bản",
    "paper_issued": "Phát hành văn bản",
    "paper_signed": "Nhận bản đã ký số",
    "letterhead.keep": "Sửa thể thức của đơn vị",
    "letterhead.restore": "Trả thể thức về mặc định",
    "report_outline.keep": "Sửa đề cương báo cáo",
}
