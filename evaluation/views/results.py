"""The result of a dossier: before closing who has submitted, afterwards the frozen figures."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views import View
from django.views.generic import TemplateView

from accounts.access import AllowedMixin
from accounts.pages import ServiceForm
from evaluation.enums import ItemState, SessionState
from evaluation.forms.decisions import MinistryLetterForm
from evaluation.forms.results import ConclusionForm, DecisionForm, ExclusionForm, MinistryAnswerForm
from evaluation.models import AgendaItem, Session
from evaluation.queries.board import board, digest_of, item_row, live_table, waiting_rescorings
from evaluation.queries.councils import agenda, quorum_of
from evaluation.queries.distances import distance_of
from evaluation.queries.plots import dot_plot
from evaluation.queries.results import outcome_of, readable_items, result_page, sees_names
from evaluation.queries.said import said_so_far
from evaluation.queries.sight import Sight, sight_of, sights
from evaluation.queries.submissions import after_council
from evaluation.services import results as services
from evaluation.views.acts import ActView
from evaluation.views.recusals import meeting_facts
from products.enums import DossierState
from products.models import Recognition

STATE_KINDS = {
    DossierState.SCORED: "waiting",
    DossierState.RECOGNISED: "good",
    DossierState.SENT_TO_MINISTRY: "info",
    DossierState.EXCLUDED: "danger",
}


class ItemMixin(AllowedMixin):
    """Views on an agenda item the user may read; others are 404, a missing right on it 403."""

    request: Any
    kwargs: dict

    @cached_property
    def item(self) -> AgendaItem:
        item = get_object_or_404(readable_items(self.request.user), pk=self.kwargs["pk"])
        if not self.request.user.has_perm(self.permission, item):
            raise PermissionDenied
        return item

    @property
    def result_url(self) -> str:
        return reverse("evaluation:result", args=[self.item.pk])


def _recognition_of(item: AgendaItem) -> Recognition | None:
    """What the result became, with its certificate."""
    found = Recognition.objects.filter(dossier=item.version.dossier_id)
    return found.select_related("certificate").first()


class ResultView(ItemMixin, TemplateView):
    permission = "evaluation.view_result"

    @cached_property
    def has_result(self) -> bool:
        return self.item.state in ItemState.with_result

    def get_template_names(self):
        return ["evaluation/result.html" if self.has_result else "evaluation/item.html"]

    def get_context_data(self, **kwargs):
        user, item = self.request.user, self.item
        context = {"item": item, "dossier": item.version.dossier, "names": sees_names(user)}
        context |= self._closed() if self.has_result else self._open()
        return super().get_context_data(**context, **kwargs)

    def _closed(self) -> dict[str, Any]:
        user, item = self.request.user, self.item
        page = result_page(item.result, names=sees_names(user))
        outcome = outcome_of(item) if user.has_perm("evaluation.decide_item", item) else None
        return {
            "page": page,
            "plot": dot_plot(page),
            "outcome": outcome,
            "recognition": _recognition_of(item),
            "state_kind": STATE_KINDS.get(item.version.dossier.state, "neutral"),
            **after_council(item, user),
            "has_opinions": any(member.opinion or member.stopped_at for member in page.members),
        }

    def _open(self) -> dict[str, Any]:
        user, item = self.request.user, self.item
        sight = sight_of(user, item)
        conclusions = item.conclusions.select_related("criterion", "option")
        return live_context(user, item, sight) | {
            "conclusions": conclusions.order_by("criterion__position"),
            "exclusion": getattr(item, "exclusion", None),
            "said": said_so_far(item, user, sight),
            "records": user.has_perm("evaluation.record_conclusion", item),
            "dissents": not sight.recused and user.has_perm("evaluation.record_dissent", item),
            "may_close": user.has_perm("evaluation.close_item", item),
            **meeting_facts(user, item),
        }


def live_context(user: Any, item: AgendaItem, sight: Sight) -> dict[str, Any]:
    """The part of an open item's page that is asked for again; `digest` tells whether it changed."""
    row = item_row(item, sight) if sight.submissions else None
    live = live_table(item) if sight.scores else None
    distance = distance_of(item, sight)
    quorum = None if sight.recused else quorum_of(item)
    asks = item.state == ItemState.SCORING and user.has_perm("evaluation.request_rescoring", item)
    again = waiting_rescorings(item) if asks else {}
    seen = [row and row.digest, quorum, distance, live and [(m.name, m.total) for m in live.members]]
    return {
        "item": item,
        "sight": sight,
        "lines": [(cell, again.get(cell.seat.pk)) for cell in row.cells] if row else None,
        "quorum": quorum,
        "live": live,
        "distance": distance,
        "asks": asks,
        "is_live": item.state in ItemState.unfinished and item.session.state in SessionState.running,
        "digest": digest_of([item.state, item.session.state, *seen]),
    }


class _Fragment(View):
    """A part of a page that polls: 204 while it is as the page has it, so that nothing moves."""

    template_name = ""

    def answer(self, context: dict[str, Any]) -> HttpResponse:
        if self.request.GET.get("v") == context["digest"]:
            return HttpResponse(status=204)
        return render(self.request, self.template_name, context)


class ItemBoardView(ItemMixin, _Fragment):
    """Who has submitted, and the sheets so far for whom the regulation lets see them."""

    permission = "evaluation.view_session"
    template_name = "evaluation/item_board.html"

    def get(self, request, pk):
        return self.answer(live_context(request.user, self.item, sight_of(request.user, self.item)))


class SessionBoardView(AllowedMixin, _Fragment):
    """Who has submitted for which dossier of a session."""

    permission = "evaluation.keep_session"
    template_name = "evaluation/board.html"

    def get(self, request, pk):
        session = self.fetch(Session.objects.select_related("council__regulation", "regulation"), pk=pk)
        items = agenda(session, request.user)
        found = board(session, items, sights(request.user, items))
        return self.answer({"board": found, "digest": found.digest})


class CloseItemView(ItemMixin, ActView):
    permission = "evaluation.close_item"

    def find(self):
        return self.item

    def act(self, target):
        result = services.close_item(item=target, by=self.request.user)
        return f"Đã đóng kết quả trên {result.sheets_counted} phiếu."

    def back(self, target):
        return self.result_url


class ConcludeView(ItemMixin, ServiceForm):
    """Without `?c=`: which criterion; with it: the form."""

    permission = "evaluation.record_conclusion"
    template_name = "evaluation/conclude.html"
    form_class = ConclusionForm

    @cached_property
    def criterion(self):
        code = self.request.GET.get("c", "").replace("\x00", "")
        if not code:
            return None
        leaves = self.item.criteria_set.criteria.filter(is_leaf=True)
        return get_object_or_404(leaves, code=code)

    def get_form(self, form_class=None):
        return super().get_form(form_class) if self.criterion else None

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "criterion": self.criterion}

    def get_context_data(self, **kwargs):
        leaves = self.item.criteria_set.criteria.filter(is_leaf=True).select_related("section")
        return super().get_context_data(
            item=self.item, criterion=self.criterion, leaves=leaves.order_by("position"), **kwargs
        )

    def post(self, request, *args, **kwargs):
        if self.criterion is None:
            raise Http404
        return super().post(request, *args, **kwargs)

    def carry_out(self, form):
        services.conclude(item=self.item, criterion=self.criterion, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"Đã ghi kết luận ở tiêu chí {self.criterion.code}.")
        return self.result_url


class ExcludeView(ItemMixin, ServiceForm):
    permission = "evaluation.record_conclusion"
    template_name = "evaluation/exclude.html"
    form_class = ExclusionForm

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "item": self.item}

    def get_context_data(self, **kwargs):
        return super().get_context_data(item=self.item, **kwargs)

    def carry_out(self, form):
        ground, evidence = form.cleaned_data["ground"], form.cleaned_data["evidence"]
        services.exclude(item=self.item, ground=ground, evidence=evidence, by=self.request.user)
        messages.success(self.request, "Đã ghi quyết định loại hồ sơ.")
        return self.result_url


class DecideView(ItemMixin, ServiceForm):
    """What follows from the result: recognition, the Ministry and its answer, no recognition, exclusion."""

    permission = "evaluation.decide_item"
    template_name = "evaluation/decide.html"

    @cached_property
    def outcome(self):
        found = outcome_of(self.item)
        if found is None:
            raise Http404
        return found

    def get_form_class(self):
        forms = {"ministry_answer": MinistryAnswerForm, "send_to_ministry": MinistryLetterForm}
        return forms.get(self.outcome.name, DecisionForm)

    def get_form(self, form_class=None):
        return super().get_form(form_class) if self.outcome.needs_paper else None

    def get_context_data(self, **kwargs):
        outcome = self.outcome  # 404 before the result is read: an open item has none
        page = result_page(self.item.result, names=True)
        return super().get_context_data(item=self.item, outcome=outcome, page=page, **kwargs)

    def post(self, request, *args, **kwargs):
        if self.outcome.needs_paper:
            return super().post(request, *args, **kwargs)
        return DecideActView.as_view()(request, *args, **kwargs)

    def carry_out(self, form):
        data = {"item": self.item, "by": self.request.user}
        number, day = form.cleaned_data["number"], form.cleaned_data["day"]
        if self.outcome.name == "send_to_ministry":
            override = form.cleaned_data["override"]
            services.send_to_ministry(letter_number=number, sent_on=day, override=override, **data)
        elif self.outcome.name == "ministry_answer":
            star = form.cleaned_data["star"]
            entered = services.record_ministry_answer(
                star=star,
                decision_number=number,
                decided_on=day,
                certificate_number=form.cleaned_data["certificate_number"],
                **data,
            )
            if entered is None:
                messages.success(self.request, "Đã ghi: kết quả thấp hơn, sản phẩm giữ hạng hiện có.")
                return self.result_url
        else:
            services.recognise(decision_number=number, decided_on=day, **data)
        messages.success(self.request, self.outcome.done)
        return self.result_url


class DecideActView(ItemMixin, ActView):
    """An outcome that needs no paper of its own."""

    permission = "evaluation.decide_item"

    def find(self):
        return self.item

    def act(self, target):
        outcome = outcome_of(target)
        verb = services.confirm_exclusion if target.result.excluded else services.reject
        verb(item=target, by=self.request.user)
        return outcome.done if outcome else ""

    def back(self, target):
        return self.result_url


class DossierResultView(AllowedMixin, View):
    """From a dossier to the result of its latest scored version."""

    permission = "evaluation.view_result"

    def get(self, request, pk):
        items = readable_items(request.user).filter(version__dossier=pk, state__in=ItemState.with_result)
        # A result sent back stands behind every later one of the same version.
        item = items.order_by("-version__number", "-pk").first()
        if item is None:
            raise Http404
        return redirect("evaluation:result", item.pk)
