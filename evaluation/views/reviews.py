"""An adviser's review of a dossier, and what the council reads of the reviews sent."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views import View
from django.views.generic import TemplateView

from accounts.access import AllowedMixin
from core import conflicts
from core.exceptions import DomainError
from evaluation.enums import ReviewState
from evaluation.models import AdvisoryReview, AgendaItem
from evaluation.queries import advisory as queries
from evaluation.queries.conflicts import is_recused
from evaluation.queries.reviews import NONE, advice_table, note_lines, review_of, sent_reviews, sums_of
from evaluation.queries.scoring_sets import stored_set
from evaluation.services import reviews as services
from evaluation.services.sessions import set_of
from evaluation.views.acts import ActView, whole_number
from products.enums import DossierState
from products.views import facts

_FIELDS = {name: AdvisoryReview._meta.get_field(name) for name in services.TEXTS}
LABELS = {name: str(field.verbose_name).capitalize() for name, field in _FIELDS.items()}


class AssignedMixin(AllowedMixin):
    """Views on a dossier given to the member; another's is 404."""

    permission = "evaluation.read_assigned"

    @cached_property
    def assignment(self):
        return get_object_or_404(queries.assigned_to(self.request.user), dossier=self.kwargs["pk"])


class ReviewView(AssignedMixin, View):
    """The form of the review; what was sent is shown. Without scripts everything is saved by the button."""

    def get(self, request, pk):
        return render(request, "evaluation/review.html", self.context())

    def context(self, **more):
        assignment = self.assignment
        dossier, review = assignment.dossier, review_of(assignment)
        version = review.version if review else queries.filed_version(dossier)
        if version is None:
            raise Http404
        criteria_set = review.criteria_set if review else set_of(version, dossier)
        notes = list(review.notes.all()) if review else []
        is_sent = review is not None and review.state == ReviewState.SUBMITTED
        return {
            "assignment": assignment,
            "dossier": dossier,
            "context_line": facts.line_of(dossier),
            "review": review,
            "texts": [(name, LABELS[name], getattr(review, name, "")) for name in services.TEXTS],
            "revision": review.revision if review else 0,
            "lines": note_lines(criteria_set, notes, version.snapshot.get("self_assessment")),
            "sums": sums_of(stored_set(criteria_set.pk), notes),
            "may_change": not is_sent and dossier.state in DossierState.assessable,
            "is_sent": is_sent,
            "none": NONE,
            **more,
        }

    def post(self, request, pk):
        try:
            notes = [_advice(request.POST, key) for key in _criteria(request.POST)]
            services.save_notes(assignment=self.assignment, notes=notes, by=request.user)
            if "revision" in request.POST:
                _save_texts(self.assignment, request)
        except services.ReviewChangedError as changed:
            return _conflict(request, changed, "core/conflict_page.html")
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return render(request, "evaluation/review.html", self.context(), status=422)
        messages.success(request, "Đã lưu báo cáo tham mưu.")
        return redirect("evaluation:review", pk)


class ReviewSendView(AssignedMixin, ActView):
    def find(self):
        return self.assignment

    def act(self, target):
        services.submit_review(assignment=target, by=self.request.user)
        return "Đã gửi báo cáo tham mưu cho Hội đồng."

    def back(self, target):
        return reverse("evaluation:review", args=[target.dossier_id])


def _criteria(data):
    return {name.partition("-")[2] for name in data if name.startswith(("level-", "comment-"))}


def _advice(data, key):
    """One criterion as its fields say: `level-ID` empty (no suggestion), "none" or an option."""
    level = data.get(f"level-{key}", "")
    option = whole_number(level) if level not in ("", NONE) else None
    return services.Advice(whole_number(key), bool(level), option, data.get(f"comment-{key}", ""))


def _save_texts(assignment, request):
    texts = {name: request.POST.get(name, "") for name in services.TEXTS}
    revision = whole_number(request.POST.get("revision", ""))
    return services.save_texts(assignment=assignment, texts=texts, revision=revision, by=request.user)


def _conflict(request, changed, template):
    texts = {name: request.POST.get(name, "") for name in services.TEXTS}
    rows = conflicts.compare(LABELS, mine=texts, stored=changed.review)
    context = {"conflict": rows, "message": changed.message, "reload_url": request.path}
    response = render(request, template, context, status=409)
    response["X-Conflict"] = "1"  # tells the page's script that both versions come along
    return response


class ReviewActView(AssignedMixin, View):
    """A part of the review saved while it is written."""

    http_method_names = ["post"]

    def post(self, request, pk):
        try:
            return self.save(request, self.assignment)
        except services.ReviewChangedError as changed:
            return _conflict(request, changed, "components/conflict.html")
        except DomainError as refusal:
            return HttpResponse(refusal.message, status=409, content_type="text/plain; charset=utf-8")

    def save(self, request, assignment):
        raise NotImplementedError


class ReviewNoteView(ReviewActView):
    """One criterion; the answer is the sum of what is suggested."""

    def save(self, request, assignment):
        keys = _criteria(request.POST)
        if len(keys) != 1:
            raise PermissionDenied("Mỗi lần chỉ lưu một tiêu chí.")
        note = _advice(request.POST, keys.pop())
        review = services.save_notes(assignment=assignment, notes=[note], by=request.user)
        sums = sums_of(stored_set(review.criteria_set_id), review.notes.all())
        return render(request, "evaluation/review.html#sums", {"sums": sums, "last_saved": timezone.now()})


class ReviewTextsView(ReviewActView):
    """The three texts; the answer is the revision the page goes on from."""

    def save(self, request, assignment):
        review = _save_texts(assignment, request)
        return render(request, "evaluation/review.html#revision", {"revision": review.revision})


class ItemReviewsView(AllowedMixin, TemplateView):
    """Báo cáo Tổ tư vấn on an item: for the office, the chair and the secretary, unless recused on it."""

    permission = "evaluation.keep_session"
    template_name = "evaluation/item_reviews.html"

    def get_context_data(self, pk, **kwargs):
        rows = AgendaItem.objects.visible_to(self.request.user).select_related(
            "session__council", "version__dossier__product__entity", "criteria_set"
        )
        item = get_object_or_404(rows, pk=pk)
        if not self.request.user.has_perm(self.permission, item) or is_recused(self.request.user, item):
            raise PermissionDenied
        reviews = sent_reviews(item, self.request.user)
        return super().get_context_data(
            item=item, reviews=reviews, rows=advice_table(item, reviews), **kwargs
        )
