"""Input about submissions and the file for the Ministry. Rules live in the services."""

from collections.abc import Iterable
from typing import Any

from django import forms

from evaluation.enums import PackagePaperKind
from evaluation.forms.base import DateInput, LineField, OfficeForm
from evaluation.forms.results import DecisionForm
from evaluation.models import AgendaItem

PDF_OR_PICTURE = ".pdf,.jpg,.jpeg,.png,.webp,.tif,.tiff"


class SubmissionForm(OfficeForm):
    """The subject of a submission and the results in it; the page draws the boxes itself."""

    title = LineField(label="Trích yếu", max_length=300)
    items = forms.TypedMultipleChoiceField(
        label="Kết quả",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Hãy chọn ít nhất một kết quả."},
    )

    def __init__(self, *args: Any, results: Iterable[AgendaItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.results = {item.pk: item for item in results}
        self.fields["items"].choices = [(pk, str(item)) for pk, item in self.results.items()]

    def clean_items(self) -> list[AgendaItem]:
        return [self.results[pk] for pk in self.cleaned_data["items"]]


class SubmitForm(OfficeForm):
    number = LineField(label="Số tờ trình", max_length=60)
    submitted_on = forms.DateField(label="Ngày trình", widget=DateInput())


class ApproveForm(OfficeForm):
    decision_number = LineField(label="Số quyết định", max_length=60)
    decided_on = forms.DateField(label="Ngày quyết định", widget=DateInput())


class SendBackForm(OfficeForm):
    sent_back_reason = forms.CharField(
        label="Lý do trả lại",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Hội đồng đọc lý do này; chủ thể và xã không thấy.",
    )


STEP_FORMS = {"submit": SubmitForm, "approve": ApproveForm, "send_back": SendBackForm}


class PackagePaperForm(OfficeForm):
    """A paper of the file for the Ministry."""

    kind = forms.ChoiceField(label="Loại giấy tờ", choices=PackagePaperKind.choices)
    title = LineField(
        label="Tên giấy tờ", max_length=200, required=False, help_text="Để trống: theo loại giấy tờ."
    )
    number = LineField(label="Số, ký hiệu", max_length=60, required=False)
    dated_on = forms.DateField(label="Ngày", required=False, widget=DateInput())
    upload = forms.FileField(label="Tệp", widget=forms.ClearableFileInput(attrs={"accept": PDF_OR_PICTURE}))


class MinistryLetterForm(DecisionForm):
    """The province's letter to the Ministry; why, when the file is not complete."""

    override = forms.CharField(
        label="Lý do trình khi hồ sơ chưa đủ",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Chỉ cần khi hồ sơ trình Bộ còn thiếu giấy tờ.",
    )


class CatalogueForm(OfficeForm):
    """What the public reads of a product: the story, and the photos that are shown."""

    story = forms.CharField(
        label="Câu chuyện sản phẩm",
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Người dân đọc nguyên văn; không ghi tên, điện thoại, địa chỉ nhà của cá nhân.",
    )
    photos = forms.TypedMultipleChoiceField(
        label="Ảnh công khai", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, photos: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.photos = {photo.pk: photo for photo in photos}
        self.fields["photos"].choices = [(pk, str(photo)) for pk, photo in self.photos.items()]

    def clean_photos(self) -> list[Any]:
        return [self.photos[pk] for pk in self.cleaned_data["photos"]]


class WithdrawForm(OfficeForm):
    reason = forms.CharField(
        label="Lý do gỡ khỏi danh mục", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
