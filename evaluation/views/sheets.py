"""The member's sheet. Works by links and forms alone; htmx saves choices without leaving the page."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View
from django.views.generic import ListView
from django_htmx.http import trigger_client_event

from accounts.access import AllowedMixin
from core.exceptions import DomainError
from evaluation.models import Sheet
from evaluation.queries.conflicts import own_conflicts
from evaluation.queries.sheets import (
    dossier_parts,
    first_open,
    my_sheets,
    panel,
    progress,
    unmet_lines,
    waiting_sheets,
)
from evaluation.scoring import ScoringError
from evaluation.services import sheets as services
from evaluation.views.acts import whole_number


class MySheetsView(AllowedMixin, ListView):
    permission = "evaluation.score_sheet"
    template_name = "evaluation/sheet_list.html"
    context_object_name = "sheets"
    paginate_by = 50

    def get_queryset(self):
        return my_sheets(self.request.user)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        # Conflicts of interest: hints and what is declared, set on the sheets of the page.
        context["sheets"] = own_conflicts(list(context["sheets"]))
        return context


class OwnSheetMixin(AllowedMixin):
    """Views on a sheet of one's own: anybody else's is 404."""

    permission = "evaluation.score_sheet"

    def sheet(self) -> Any:
        sheets = Sheet.objects.select_related(
            "seat__user",
            "stopped_at",
            "item__session",
            "item__version__dossier__product__entity",
            "item__criteria_set__product_set",
        )
        return self.fetch(sheets, pk=self.kwargs["pk"])


class SheetView(OwnSheetMixin, View):
    def get(self, request, pk):
        sheet = self.sheet()
        sums = progress(sheet)
        try:
            current = panel(sheet, request.GET.get("c") or first_open(sums), sums)
        except ScoringError as unknown:
            raise Http404(str(unknown)) from unknown
        editable = waiting_sheets(request.user).filter(pk=sheet.pk).exists()
        context = {
            "sheet": sheet,
            "progress": sums,
            "panel": current,
            "editable": editable,
            "dossier_parts": dossier_parts(sheet.item.version),
        }
        return render(request, "evaluation/sheet.html", context)


class SheetActView(OwnSheetMixin, View):
    """A POST on a sheet: by htmx it answers with the changed figures, else with the page again."""

    http_method_names = ["post"]

    def act(self, sheet: Sheet) -> None:
        raise NotImplementedError

    def post(self, request, pk):
        sheet = self.sheet()
        try:
            self.act(sheet)
        except DomainError as refusal:
            return self.refuse(sheet, refusal)
        return self.answer(sheet)

    def answer(self, sheet: Sheet) -> HttpResponse:
        if not self.request.htmx:
            return redirect(self.back(sheet))
        # The list marks the criterion the member is at.
        here = {"leaf": {"code": self.request.POST.get("c", "")}}
        context = {"sheet": sheet, "progress": progress(sheet), "panel": here, "oob": True}
        return render(self.request, "evaluation/sheet.html#figures", context)

    def refuse(self, sheet: Sheet, refusal: DomainError) -> HttpResponse:
        if not self.request.htmx:
            messages.error(self.request, refusal.message)
            return redirect(self.back(sheet))
        response = HttpResponse(refusal.message, status=409)
        return trigger_client_event(response, "toast", {"text": refusal.message, "kind": "danger"})

    def back(self, sheet: Sheet) -> str:
        code = self.request.POST.get("c", "")
        return reverse("evaluation:sheet", args=[sheet.pk], query={"c": code} if code else None)


class ChoiceView(SheetActView):
    def act(self, sheet):
        if "option" not in self.request.POST:
            raise DomainError("Hãy chọn một mức rồi lưu.")
        option = self.request.POST["option"]
        services.save_choice(
            sheet=sheet,
            criterion_id=whole_number(self.request.POST.get("criterion", "")),
            option_id=whole_number(option) if option else None,
            by=self.request.user,
        )


class StopView(SheetActView):
    def act(self, sheet):
        if self.request.POST.get("action") == "resume":
            services.resume(sheet=sheet, by=self.request.user)
            return
        if "criterion" not in self.request.POST:
            raise DomainError("Hãy dừng đánh giá từ trang của một tiêu chí.")
        criterion_id = whole_number(self.request.POST["criterion"])
        services.stop(sheet=sheet, criterion_id=criterion_id, by=self.request.user)


class OpinionView(SheetActView):
    def act(self, sheet):
        services.save_opinion(sheet=sheet, opinion=self.request.POST.get("opinion", ""), by=self.request.user)

    def refuse(self, sheet, refusal):
        """By the plain button the page comes back with the text as typed."""
        if self.request.htmx:
            return super().refuse(sheet, refusal)
        view = SubmitView()
        view.setup(self.request, pk=sheet.pk)
        return view.page(
            sheet, typed=self.request.POST.get("opinion", ""), refusal=refusal.message, status=422
        )

    def answer(self, sheet):
        return HttpResponse(status=204) if self.request.htmx else redirect(self.back(sheet))

    def back(self, sheet):
        return reverse("evaluation:sheet_submit", args=[sheet.pk])


class SubmitView(OwnSheetMixin, View):
    """The last page of a sheet: opinion, what is unanswered, and the button that locks it."""

    def get(self, request, pk):
        return self.page(self.sheet())

    def page(self, sheet: Sheet, *, typed: str = "", refusal: str = "", status: int = 200) -> HttpResponse:
        """The page; after a refusal with the opinion as it was typed."""
        editable = waiting_sheets(self.request.user).filter(pk=sheet.pk).exists()
        sums = progress(sheet)
        context = {"sheet": sheet, "progress": sums, "editable": editable, "unmet": unmet_lines(sheet, sums)}
        context |= {"typed": typed, "refusal": refusal}
        return render(self.request, "evaluation/sheet_submit.html", context, status=status)

    def post(self, request, pk):
        sheet = self.sheet()
        typed = request.POST.get("opinion", "")
        try:
            if "opinion" in request.POST:
                services.save_opinion(sheet=sheet, opinion=typed, by=request.user)
            services.submit(sheet=sheet, by=request.user)
        except DomainError as refusal:
            if refusal.field == "opinion":
                return self.page(sheet, typed=typed, refusal=refusal.message, status=422)
            messages.error(request, refusal.message)
            return redirect("evaluation:sheet_submit", pk)
        messages.success(request, f"Đã nộp phiếu: {sheet.item}.")
        return redirect("evaluation:sheets")
