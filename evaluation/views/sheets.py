"""The member's sheet. Works by links and forms alone; sheet.js saves each choice by itself, also later."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View
from django.views.generic import ListView

from accounts.access import AllowedMixin
from core.conflicts import compare
from core.exceptions import DomainError
from core.numbers import format_datetime
from evaluation.enums import ItemState, SheetState
from evaluation.models import Sheet
from evaluation.queries import sheet_page
from evaluation.queries.conflicts import is_recused, own_conflicts
from evaluation.queries.scoring_sets import stored_set
from evaluation.queries.sheets import Figures, figures, first_open, my_sheets, progress, unmet_lines
from evaluation.scoring import ScoringError, SheetInput
from evaluation.services import sheets as services
from evaluation.services.guards import ScoringPaused
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
    """Pages of a sheet of one's own: anybody else's is 404."""

    permission = "evaluation.score_sheet"
    request: Any
    kwargs: dict[str, Any]

    def sheet(self) -> Any:
        sheets = Sheet.objects.select_related(
            "seat__user",
            "stopped_at",
            "item__session__regulation",
            "item__session__council__regulation",
            "item__version__dossier__product__entity",
            "item__criteria_set__product_set",
        )
        return self.fetch(sheets, pk=self.kwargs["pk"])


class SheetView(OwnSheetMixin, View):
    """The whole sheet on one page; `?c=` names the criterion that stands open."""

    def get(self, request, pk):
        sheet = self.sheet()
        sums = progress(sheet)
        regulation = sheet.item.session.regulation_in_use
        with_advice = regulation.shows_advice and not _keeps_out(sheet)
        lines = sheet_page.panels(sheet, sums, with_advice=with_advice)
        try:
            current = sheet_page.current_of(lines, request.GET.get("c") or first_open(sums))
        except ScoringError as unknown:
            raise Http404(str(unknown)) from unknown
        closed = services.why_closed(sheet)
        context = {
            "sheet": sheet,
            "progress": sums,
            "panels": lines,
            "panel": current,
            "closed": closed,
            "paused": isinstance(closed, ScoringPaused),
            "regulation": regulation,
            "reviews": sheet_page.reviews_of(sheet) if with_advice else [],
            "with_advice": with_advice,
            "conditions": sheet_page.conditions(stored_set(sheet.criteria_set_id), sums),
            "way": sheet_page.way_of(sheet),
            "rescoring": sheet_page.rescoring_of(sheet),
            "dossier_parts": sheet_page.dossier_parts(sheet.item.version),
            "every_star": range(1, 6),
            "rescoring_title": f"Chấm lại lần {sheet.number}",
        }
        return render(request, "evaluation/sheet.html", context)


def _keeps_out(sheet: Sheet) -> bool:
    """Whether the member is out of the dossier, also after submitting: no advice is read then."""
    if sheet.state == SheetState.SUBMITTED:
        return sheet.item.state in ItemState.unfinished and is_recused(sheet.seat.user, sheet.item)
    return sheet.state == SheetState.SET_ASIDE


class SheetActView(AllowedMixin, View):
    """A POST on a sheet: a device that asks for JSON gets it, a plain form the page again."""

    permission = "evaluation.score_sheet"
    http_method_names = ["post"]

    def sheet(self) -> Sheet:
        """The own sheet with little more than its id; services read it again under a lock."""
        return get_object_or_404(
            Sheet.objects.select_related("seat"), pk=self.kwargs["pk"], seat__user=self.request.user
        )

    def act(self, sheet: Sheet) -> Any:
        raise NotImplementedError

    def post(self, request, pk):
        sheet = self.sheet()
        try:
            done = self.act(sheet)
        except DomainError as refusal:
            if not isinstance(refusal, services.ChoiceConflict | services.OpinionConflict):
                key = act_key(request.POST.get("key", ""))
                services.record_refusal(sheet=sheet, reason=refusal.message, by=request.user, key=key)
            return self.refuse(sheet, refusal)
        return self.answer(sheet, done)

    def answer(self, sheet: Sheet, done: Any) -> HttpResponse:
        return redirect(self.back(sheet))

    def refuse(self, sheet: Sheet, refusal: DomainError) -> HttpResponse:
        messages.error(self.request, refusal.message)
        return redirect(self.back(sheet))

    def back(self, sheet: Sheet) -> str:
        code = self.request.POST.get("c", "")
        return reverse("evaluation:sheet", args=[sheet.pk], query={"c": code} if code else None)


class ChoiceView(SheetActView):
    """One choice. JSON: 200 saved; 409 with `reason` conflict, paused, other_user or refused; 403, 404."""

    def dispatch(self, request, *args, **kwargs):
        self.as_json = request.get_preferred_type(["text/html", "application/json"]) == "application/json"
        if not self.as_json:
            return super().dispatch(request, *args, **kwargs)
        # A device keeps its choice until it is told in so many words; an error page would not do.
        try:
            return super().dispatch(request, *args, **kwargs)
        except PermissionDenied as denied:
            words = str(denied) or "Tài khoản này không được chấm phiếu này."
            return JsonResponse({"reason": "refused", "message": words}, status=403)
        except Http404:
            words = "Không tìm thấy phiếu, hoặc phiếu không phải của tài khoản này."
            return JsonResponse({"reason": "refused", "message": words}, status=404)

    def sheet(self):
        """Only its id: the service reads and locks the row anyway, and refuses another member's."""
        return Sheet(pk=self.kwargs["pk"])

    def post(self, request, pk):
        asked_by = request.POST.get("user", "")
        if asked_by and asked_by != str(request.user.pk):
            words = "Máy đang đăng nhập bằng tài khoản khác; lựa chọn được giữ lại trên máy."
            return JsonResponse({"reason": "other_user", "message": words}, status=409)
        try:
            return super().post(request, pk)
        except (Sheet.DoesNotExist, PermissionDenied):
            # Another member's sheet is as little to be found as one that is not there.
            super().sheet()
            raise

    def act(self, sheet):
        data = self.request.POST
        if "option" not in data:
            super().sheet()
            raise DomainError("Hãy chọn một mức rồi lưu.")
        return services.save_choice(
            sheet=sheet,
            criterion_id=whole_number(data.get("criterion", "")),
            option_id=whole_number(data["option"]) if data["option"] else None,
            by=self.request.user,
            base=whole_number(data["base"]) if "base" in data else None,
            key=act_key(data.get("key", "")),
        )

    def answer(self, sheet, done):
        if not self.as_json:
            return super().answer(sheet, done)
        table = stored_set(done.criteria_set)
        found = figures(table, SheetInput(str(sheet.pk), done.choices, done.stopped_at))
        saved_at = timezone.localtime(done.saved_at).strftime("%H:%M")
        return JsonResponse({"revision": done.revision, "saved_at": saved_at, **_as_json(found)})

    def refuse(self, sheet, refusal):
        if not self.as_json:
            return super().refuse(sheet, refusal)
        answer = {"reason": "refused", "message": refusal.message}
        if isinstance(refusal, ScoringPaused):
            answer["reason"] = "paused"
        if isinstance(refusal, services.ChoiceConflict):
            answer |= {"reason": "conflict", "stored": _stored(sheet, refusal)}
        return JsonResponse(answer, status=409)


def _as_json(found: Figures) -> dict[str, Any]:
    """The figures as sheet.js shows them."""
    return {
        "total": found.total,
        "sections": dict(found.sections),
        "star_by_score": found.star_by_score,
        "star": found.star,
        "gaps": found.gaps_text,
        "target": found.target,
        "unmet": found.unmet,
        "missing": found.missing,
        "answered": found.answered,
        "leaves": {code: [state, found.points[code]] for code, state in found.states.items()},
    }


def _stored(sheet: Sheet, conflict: services.ChoiceConflict) -> dict[str, Any]:
    """What stands on the leaf now."""
    stored = conflict.stored
    return {
        "option": "" if stored.option_id is None else str(stored.option_id),
        "revision": stored.revision,
        "saved_at": format_datetime(stored.saved_at),
    }


def act_key(text: str) -> UUID | None:
    """The name a device gave its act; anything but a UUID was not on our page."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as tampered:
        raise PermissionDenied from tampered


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
    """The opinion: by htmx while it is typed (409 with both texts on a conflict), else by the button."""

    def act(self, sheet):
        return services.save_opinion(
            sheet=sheet,
            opinion=self.request.POST.get("opinion", ""),
            by=self.request.user,
            base=opinion_base(self.request),
        )

    def refuse(self, sheet, refusal):
        """By the plain button the page comes back with the text as typed."""
        if not self.request.htmx:
            return opinion_page(self.request, sheet, refusal)
        if isinstance(refusal, services.OpinionConflict):
            found = opinion_conflict(self.request, refusal)
            answer = render(self.request, "components/conflict.html", {"conflict": found}, status=409)
            answer["X-Conflict"] = "1"
            return answer
        return HttpResponse(refusal.message, status=409, content_type="text/plain; charset=utf-8")

    def answer(self, sheet, done):
        if not self.request.htmx:
            return redirect(self.back(sheet))
        return render(self.request, "evaluation/sheet_submit.html#revision", {"revision": done})

    def back(self, sheet):
        return reverse("evaluation:sheet_submit", args=[sheet.pk])


def opinion_base(request: Any) -> int | None:
    """The revision of the opinion the page was made from; None for a form without one."""
    return whole_number(request.POST["revision"]) if request.POST.get("revision") else None


def opinion_conflict(request: Any, refusal: services.OpinionConflict) -> Any:
    """Both texts of an opinion, for the component that asks which one to keep."""
    stored = refusal.stored
    stored.revision = stored.opinion_revision
    mine = {"opinion": request.POST.get("opinion", "")}
    return compare(
        {"opinion": "Ý kiến"}, mine=mine, stored=stored, saved_by="chính đồng chí ở cửa sổ hoặc máy khác"
    )


def opinion_page(request: Any, sheet: Sheet, refusal: DomainError) -> HttpResponse:
    """The submit page with the text as typed and the refusal beside it."""
    view = SubmitView()
    view.setup(request, pk=sheet.pk)
    typed = request.POST.get("opinion", "")
    stored = refusal.stored if isinstance(refusal, services.OpinionConflict) else None
    status = 409 if stored else 422
    return view.page(view.sheet(), typed=typed, refusal=refusal.message, stored=stored, status=status)


class SubmitView(OwnSheetMixin, View):
    """The last page of a sheet: opinion, what is unanswered, and the button that locks it."""

    def get(self, request, pk):
        return self.page(self.sheet())

    def page(
        self,
        sheet: Sheet,
        *,
        typed: str = "",
        refusal: str = "",
        stored: Sheet | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """The page; after a refusal with the opinion as it was typed (and the one `stored` meanwhile)."""
        sums = progress(sheet)
        context = {"sheet": sheet, "progress": sums, "unmet": unmet_lines(sheet, sums)}
        context |= {"closed": services.why_closed(sheet), "way": sheet_page.way_of(sheet)}
        context |= {"typed": typed, "refusal": refusal, "stored": stored}
        context |= {"revision": (stored or sheet).opinion_revision}
        return render(self.request, "evaluation/sheet_submit.html", context, status=status)

    def post(self, request, pk):
        sheet = self.sheet()
        typed = request.POST.get("opinion", "")
        try:
            if "opinion" in request.POST:
                services.save_opinion(sheet=sheet, opinion=typed, by=request.user, base=opinion_base(request))
            services.submit(sheet=sheet, by=request.user)
        except services.OpinionConflict as conflict:
            return opinion_page(request, sheet, conflict)
        except DomainError as refusal:
            services.record_refusal(sheet=sheet, reason=refusal.message, by=request.user)
            if refusal.field == "opinion":
                return self.page(sheet, typed=typed, refusal=refusal.message, status=422)
            messages.error(request, refusal.message)
            return redirect("evaluation:sheet_submit", pk)
        messages.success(request, f"Đã nộp phiếu: {sheet.item}.")
        return redirect("evaluation:sheets")
