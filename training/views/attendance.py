"""Who is enrolled and who came: enrolment, the grid saved cell by cell, the workbook, scores."""

from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import slugify
from django.views import View
from django.views.generic import TemplateView

from core import workbooks
from core.exceptions import DomainError
from core.numbers import format_datetime
from core.text import search_key
from training import attendance_sheet, services, sheets
from training.enums import ClassState, RegisterGroup
from training.forms_classes import EnrolForm, ScoreForm, SheetForm
from training.models import RegisterPerson
from training.queries import classes_pages
from training.services import Mark
from training.views.classes import OfClass
from training.views.common import LONGEST_ID

MOST_SHOWN = 300
GONE = "Người hoặc buổi này không còn trong lớp; hãy tải lại trang."


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID else None


class EnrolView(OfClass, TemplateView):
    """Persons of the register to tick; those in the class already are named, not offered."""

    template_name = "training/enrol.html"

    def get_context_data(self, **kwargs):
        kept, asked = self.training_class, self.request.GET
        persons = classes_pages.candidates(kept, self.request.user)
        group, words = asked.get("group", ""), search_key(asked.get("q", "").replace("\x00", ""))
        if group in RegisterGroup.values:
            persons = persons.filter(group=group)
        elif kept.target_groups and "group" not in asked:
            persons = persons.filter(group__in=kept.target_groups)
        for word in words.split():
            persons = persons.filter(Q(search_name__contains=word) | Q(unit__search_name__contains=word))
        waiting = persons.exclude(enrolments__training_class=kept)
        return super().get_context_data(
            persons=waiting[:MOST_SHOWN],
            left_out=max(0, waiting.count() - MOST_SHOWN),
            enrolled=persons.filter(enrolments__training_class=kept).count(),
            in_class=kept.enrolments.filter(presences=None)
            .select_related("person__unit")
            .order_by("person__sort_name", "pk"),
            groups=RegisterGroup.choices,
            group=group,
            **kwargs,
        )

    def post(self, request, pk):
        form = EnrolForm(request.POST, training_class=self.training_class, user=request.user)
        if form.is_valid():
            persons = form.cleaned_data["persons"]
            try:
                added = services.enrol(training_class=self.training_class, persons=persons, by=request.user)
            except DomainError as refusal:
                form.add_error("persons", refusal.message)
            else:
                self.say(added, len(persons) - added)
                return self.back()
        return self.render_to_response(self.get_context_data(errors=form.errors.get("persons")))

    def say(self, added: int, already: int) -> None:
        words = f"Đã ghi danh {added} người."
        if already:
            words += f" {already} người đã có trong lớp nên không ghi thêm lần nữa."
        messages.success(self.request, words)


class UnenrolView(OfClass, View):
    http_method_names = ["post"]

    def post(self, request, pk, enrolment):
        row = get_object_or_404(
            self.training_class.enrolments.select_related("person", "training_class__unit"), pk=enrolment
        )
        if self.carry_out_or_say(lambda: services.cancel_enrolment(enrolment=row, by=request.user)):
            messages.success(request, f"Đã bỏ {row.person} khỏi lớp.")
        return self.back()


class AttendanceView(OfClass, View):
    """Without JavaScript: the whole grid in one form."""

    http_method_names = ["post"]

    def post(self, request, pk):
        pairs = [value.partition("-") for value in request.POST.getlist("present")]
        present = [(_id(one), _id(two)) for one, _, two in pairs]
        cells = [(one, two) for one, two in present if one is not None and two is not None]
        try:
            number = services.mark_attendance(
                training_class=self.training_class, present=cells, by=request.user
            )
            messages.success(request, f"Đã lưu điểm danh: {number} ô thay đổi.")
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return self.back()


class _GridPiece(OfClass, View):
    """An htmx answer about the grid: refusals in words with 409, so that the page says them."""

    http_method_names = ["post"]

    def dispatch(self, request, *args, **kwargs):
        # Who may comes before what is asked: of a foreign class nothing is said.
        if request.user.has_perm(self.permission):
            _ = self.training_class
        return super().dispatch(request, *args, **kwargs)

    def post(self, request, pk):
        try:
            return self.act(request)
        except DomainError as refusal:
            return HttpResponse(refusal.message, status=409, content_type="text/plain; charset=utf-8")

    def act(self, request) -> HttpResponse:
        raise NotImplementedError

    def one_of(self, rows, text: str):
        """The row the page speaks of. Raises DomainError when it is gone."""
        number = _id(text)
        row = rows.filter(pk=number).first() if number is not None else None
        if row is None:
            raise DomainError(GONE)
        row.training_class = self.training_class
        return row

    def piece(self, name: str, **context) -> str:
        kept = self.training_class
        context |= {"training_class": kept, "may_mark": kept.state in ClassState.changeable}
        return render_to_string(f"training/attendance_grid.html#{name}", context, request=self.request)


class CellView(_GridPiece):
    """One person at one half-day; the sums of its row and column come back."""

    def act(self, request):
        enrolment, half = (_id(request.POST.get(name, "")) for name in ("enrolment", "half_day"))
        if enrolment is None or half is None:
            raise DomainError(GONE)
        cell = Mark(enrolment, half, request.POST.get("there") == "1")
        services.mark(training_class=self.training_class, marks=[cell], by=request.user)
        grid = classes_pages.grid(self.training_class, request.user)
        row = next(row for row in grid.rows if row.enrolment.pk == enrolment)
        return HttpResponse(self.piece("sums", grid=grid, row=row, oob=True))


class ColumnView(_GridPiece):
    """Everybody at a half-day, or nobody; the grid comes back."""

    def act(self, request):
        half = self.one_of(self.training_class.half_days, request.POST.get("half_day", ""))
        present = request.POST.get("there") == "1"
        services.mark_half_day(half_day=half, present=present, by=request.user)
        if not request.htmx:
            return self.back()
        return HttpResponse(self.piece("whole", grid=classes_pages.grid(self.training_class, request.user)))


class ScoreView(_GridPiece):
    """The score of one person, kept when the field is left."""

    def act(self, request):
        row = self.one_of(
            self.training_class.enrolments.select_related("person"), request.POST.get("enrolment", "")
        )
        form = ScoreForm(request.POST)
        if not form.is_valid():
            raise DomainError(f"{row.person}: {form.errors['score'][0]}")
        services.record_score(enrolment=row, score=form.cleaned_data["score"], by=request.user)
        return HttpResponse(self.piece("score_word", enrolment=row, oob=True))


class SettleView(OfClass, TemplateView):
    """Sign-ins by name: the trainer confirms them or strikes them out."""

    template_name = "training/sign_ins.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(waiting=classes_pages.waiting_sign_ins(self.training_class), **kwargs)

    def post(self, request, pk):
        ids = [_id(text) for text in request.POST.getlist("presence")]
        chosen = [number for number in ids if number is not None]
        refuse = "refuse" in request.POST
        try:
            number = services.settle_sign_ins(
                training_class=self.training_class,
                confirmed=[] if refuse else chosen,
                refused=chosen if refuse else [],
                by=request.user,
            )
            messages.success(request, f"Đã {'bỏ' if refuse else 'xác nhận'} {number} lượt điểm danh.")
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect("training:sign_ins", pk)


# --- by workbook ---


class SheetWorkbook(OfClass, View):
    """The list of the class to tick, with what is marked so far."""

    permission = "training.view_trainingclass"

    def get(self, request, pk):
        kept = self.training_class
        columns, rows = attendance_sheet.template(classes_pages.grid(kept, request.user))
        notes = [*attendance_sheet.NOTES, f"Lập lúc {format_datetime(timezone.now())}, {request.user}."]
        file = workbooks.write_list(title="Điểm danh", notes=notes, columns=columns, rows=rows)
        name = f"diem-danh-{slugify(search_key(kept.title))[:40]}.xlsx"
        return FileResponse(file, as_attachment=True, filename=name, content_type=workbooks.CONTENT_TYPE)


class SheetView(OfClass, TemplateView):
    """A filled list is checked: unknown names come with suggestions, nothing is written."""

    template_name = "training/attendance_sheet.html"

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", SheetForm())
        return super().get_context_data(**kwargs)

    def post(self, request, pk):
        form = SheetForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            sheet = attendance_sheet.check(form.cleaned_data["file"], self.training_class, request.user)
        except DomainError as refusal:
            form.add_error("file", refusal.message)
            return self.render_to_response(self.get_context_data(form=form))
        sealed = sheets.seal(attendance_sheet.packed(sheet), f"attendance-{pk}")
        return self.render_to_response(self.get_context_data(sheet=sheet, sealed=sealed))


class SheetConfirmView(OfClass, View):
    http_method_names = ["post"]

    def post(self, request, pk):
        try:
            added, changed = self.write(request)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect("training:attendance_sheet", pk)
        words = f"Đã ghi điểm danh từ tệp: {changed} ô thay đổi"
        messages.success(request, f"{words}, ghi danh thêm {added} người." if added else f"{words}.")
        return self.back()

    def write(self, request) -> tuple[int, int]:
        data = sheets.unseal(request.POST.get("sealed", ""), f"attendance-{self.training_class.pk}")
        chosen = {}
        for number, _, person, there, choices in data["rows"]:
            answer = request.POST.get(f"row-{number}", "")
            pk = person or (_id(answer) if answer in choices else None)
            if pk is not None:
                chosen.setdefault(pk, []).extend(there)
        persons = RegisterPerson.objects.visible_to(request.user).select_related("unit").in_bulk(chosen)
        return services.write_sheet(
            training_class=self.training_class,
            half_days=data["half_days"],
            rows=[(persons[pk], there) for pk, there in chosen.items() if pk in persons],
            blank_means_absent=request.POST.get("blank") == "1",
            by=request.user,
        )
