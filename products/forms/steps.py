"""The form of a step of the road: what it must be told."""

from typing import Any

from django import forms

from core.forms import DATE


class ReasonForm(forms.Form):
    """A return needs its reasons; a proposal its letter. Built from what the step asks."""

    note = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=5000,
    )
    proposal_number = forms.CharField(
        label="Số công văn đề nghị",
        max_length=60,
        help_text="Ví dụ: 125/UBND-KT.",
        error_messages={"required": "Hãy nhập số công văn đề nghị."},
    )
    proposed_on = forms.DateField(
        label="Ngày công văn",
        widget=forms.DateInput(attrs=DATE),
        error_messages={
            "required": "Hãy nhập ngày công văn.",
            "invalid": "Ngày không đúng; viết như 05/11/2026.",
        },
    )

    def __init__(self, *args: Any, transition: Any, found_lacking: bool = False, **kwargs: Any) -> None:
        """`found_lacking`: sections with reasons of their own are there, so a general one is free."""
        super().__init__(*args, **kwargs)
        asked = {*transition.needs, *(["note"] if transition.needs_note else [])}
        for name in set(self.fields) - asked:
            del self.fields[name]
        if "note" in self.fields:
            self._word_note(transition)
        if found_lacking and "note" in self.fields:
            self.fields["note"].required = False
            self.fields["note"].label = "Lý do chung (không bắt buộc)"
            self.fields["note"].help_text = "Điều không thuộc riêng phần nào; chủ thể sẽ thấy nguyên văn."

    def _word_note(self, transition: Any) -> None:
        note = self.fields["note"]
        note.label, note.help_text = transition.note_label, transition.note_help
        note.error_messages["required"] = transition.note_missing
