"""What a unit prints at the head and foot of its papers."""

from typing import Any

from django import forms

from reports.letterhead import Letterhead


def _lines(label: str, rows: int, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=400, widget=forms.Textarea(attrs={"rows": rows}), **kwargs
    )


class LetterheadForm(forms.Form):
    """The parts of one issuing body; the service says what the decree allows."""

    governing_body = _lines(
        "Cơ quan chủ quản", 2, help_text="In hoa, không đậm. Mỗi dòng in thành một dòng; UBND không ghi."
    )
    issuing_body = _lines("Cơ quan ban hành", 3, help_text="In hoa, đậm. Xuống dòng ở chỗ hợp nghĩa.")
    issuer_name = forms.CharField(label="Tên cơ quan trong câu", required=False, max_length=200)
    symbol = forms.CharField(
        label="Ký hiệu cơ quan",
        required=False,
        max_length=30,
        help_text="Phần sau loại văn bản: BC-SNNMT ghi SNNMT.",
    )
    place = forms.CharField(label="Địa danh", required=False, max_length=60)
    signer_position = _lines(
        "Quyền hạn, chức vụ người ký", 2, help_text="Ví dụ hai dòng: KT. GIÁM ĐỐC và PHÓ GIÁM ĐỐC."
    )
    signer_name = forms.CharField(
        label="Họ và tên người ký",
        required=False,
        max_length=150,
        help_text="Để trống nếu ghi khi phát hành.",
    )
    copies = _lines("Nơi nhận bản sao", 3, help_text="Mỗi nơi một dòng, sau “Như trên”.")
    archive = forms.CharField(
        label="Nơi lưu", required=False, max_length=60, help_text="Sau chữ Lưu, ví dụ: VT, PTNT."
    )

    @staticmethod
    def initial_of(head: Letterhead) -> dict[str, str]:
        """What is printed today, as the form shows it."""
        several = {
            name: "\n".join(getattr(head, name))
            for name in ("governing_body", "issuing_body", "signer_position", "copies")
        }
        one = {
            name: getattr(head, name) for name in ("issuer_name", "symbol", "place", "signer_name", "archive")
        }
        return several | one
