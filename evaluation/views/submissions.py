"""Submissions of results: list, draft, steps; and the notice of a result. Their papers: the reports room."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import ListView, TemplateView

from accounts.access import AllowedMixin
from accounts.pages import ServiceForm
from core.text import lower_first
from evaluation.enums import SubmissionState
from evaluation.forms.decisions import STEP_FORMS, SubmissionForm
from evaluation.models import Submission
from evaluation.queries.councils import province_of
from evaluation.queries.submissions import (
    announced_items,
    by_session,
    free_results,
    result_notice,
    submission_list,
    submission_page,
    waiting_results,
)
from evaluation.services import submissions as services
from evaluation.views.acts import ActView
from evaluation.workflow import SUBMISSION_STEPS, submission_steps

BADGE_KINDS = {
    SubmissionState.DRAFT: "neutral",
    SubmissionState.SUBMITTED: "waiting",
    SubmissionState.APPROVED: "good",
    SubmissionState.SENT_BACK: "warning",
}
BACK = "back-"
LONGEST_REASON = 2000


class SubmissionListView(AllowedMixin, ListView):
    permission = "evaluation.view_submission"
    template_name = "evaluation/submission_list.html"
    context_object_name = "submissions"
    paginate_by = 25

    def get_queryset(self):
        return submission_list(self.request.user)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(waiting=waiting_results(self.request.user), **kwargs)
        for submission in context["submissions"]:
            submission.kind = BADGE_KINDS[submission.state]
        return context


class SubmissionMixin(AllowedMixin):
    """Views on a submission of the user's province; another's is 404."""

    request: Any
    kwargs: dict

    @cached_property
    def submission(self) -> Submission:
        return self.fetch(Submission.objects.select_related("unit"), pk=self.kwargs["pk"])

    @property
    def page_url(self) -> str:
        return reverse("evaluation:submission", args=[self.submission.pk])


class DraftForm(ServiceForm):
    """Subject and results of a draft: the results free to be submitted, put together by meeting."""

    permission = "evaluation.manage_submission"
    template_name = "evaluation/submission_form.html"
    form_class = SubmissionForm
    submission: Submission | None = None

    @cached_property
    def results(self):
        return list(free_results(self.request.user, besides=self.submission))

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "results": self.results}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(submission=self.submission, **kwargs)
        chosen = {str(value) for value in context["form"]["items"].value() or ()}
        for item in self.results:
            item.is_chosen = str(item.pk) in chosen
        return {**context, "meetings": by_session(self.results)}


class SubmissionCreateView(DraftForm):
    def get_initial(self):
        meeting = self.request.GET.get("session", "")
        chosen = [item for item in self.results if not meeting or str(item.session_id) == meeting]
        meetings = sorted(
            {item.session for item in chosen}, key=lambda session: (session.held_on, session.pk)
        )
        names = [session.name for session in meetings]
        title = f"Kết quả đánh giá, phân hạng sản phẩm OCOP: {', '.join(names)}" if names else ""
        return {"title": title[:300], "items": [item.pk for item in chosen]}

    def carry_out(self, form):
        unit = province_of(self.request.user)
        if unit is None:
            raise PermissionDenied
        made = services.create_submission(unit=unit, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã lập dự thảo tờ trình.")
        return reverse("evaluation:submission", args=[made.pk])


class SubmissionEditView(SubmissionMixin, DraftForm):
    def get_initial(self):
        items = list(self.submission.lines.values_list("item", flat=True))
        return {"title": self.submission.title, "items": items}

    def carry_out(self, form):
        services.change_submission(submission=self.submission, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã lưu dự thảo.")
        return self.page_url


class SubmissionView(SubmissionMixin, TemplateView):
    permission = "evaluation.view_submission"
    template_name = "evaluation/submission.html"

    def get_context_data(self, **kwargs):
        submission = self.submission
        may_manage = self.request.user.has_perm("evaluation.manage_submission", submission)
        return super().get_context_data(
            submission=submission,
            page=submission_page(submission),
            kind=BADGE_KINDS[submission.state],
            may_manage=may_manage,
            steps=submission_steps(submission.state) if may_manage else [],
            **kwargs,
        )


class SubmissionStepView(SubmissionMixin, ServiceForm):
    """One step of a submission; at the approval single results may go back to the council."""

    permission = "evaluation.manage_submission"
    template_name = "evaluation/submission_step.html"

    @cached_property
    def step(self):
        found = SUBMISSION_STEPS.get(self.kwargs["step"])
        if found is None:
            raise Http404
        return found

    def get(self, request, *args, **kwargs):
        if self.submission.state != self.step.source:
            messages.info(request, f"Tờ trình: {self.submission.get_state_display().lower()}.")
            return redirect(self.page_url)
        return super().get(request, *args, **kwargs)

    def get_form_class(self):
        return STEP_FORMS[self.step.name]

    def get_context_data(self, **kwargs):
        page = submission_page(self.submission)
        for row in page.rows:
            row.line.is_chosen = f"{BACK}{row.line.pk}" in self.request.POST
            row.line.typed = self.request.POST.get(f"reason-{row.line.pk}", "")
        return super().get_context_data(submission=self.submission, page=page, step=self.step, **kwargs)

    def carry_out(self, form):
        services.perform(
            submission=self.submission,
            step=self.step.name,
            by=self.request.user,
            back=self._sent_back() if self.step.name == "approve" else {},
            **form.cleaned_data,
        )
        messages.success(self.request, self.step.done)
        return self.page_url

    def _sent_back(self) -> dict[int, str]:
        """Lines marked to go back, with the reason typed beside each; forged names are no lines of ours."""
        names = (name.removeprefix(BACK) for name in self.request.POST if name.startswith(BACK))
        keys = [int(name) for name in names if name.isdecimal() and len(name) < 18]
        return {key: self.request.POST.get(f"reason-{key}", "")[:LONGEST_REASON] for key in keys}


class SubmissionDiscardView(SubmissionMixin, ActView):
    permission = "evaluation.manage_submission"

    def find(self):
        return self.submission

    def act(self, target):
        services.discard(submission=target, by=self.request.user)
        return "Đã bỏ dự thảo; các kết quả chờ trình lại."

    def back(self, target):
        gone = target.pk is None or not Submission.objects.filter(pk=target.pk).exists()
        return reverse("evaluation:submissions") if gone else self.page_url


class ResultNoticeView(AllowedMixin, TemplateView):
    """What is told of a dossier's result to entity, commune and province, and the letter that tells it."""

    permission = "evaluation.view_result"
    template_name = "evaluation/result_notice.html"

    def get(self, request, pk):
        items = announced_items(request.user).filter(version__dossier=pk)
        item = items.order_by("-version__number", "-pk").first()
        if item is None:
            raise Http404
        province = lower_first(item.session.council.unit.name)
        context = {"notice": result_notice(item), "item": item, "province": province}
        return render(request, self.template_name, context)
