"""What a class leaves: certificates, one's own class, and what the entities did afterwards."""

from dataclasses import replace

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views import View
from django.views.generic import TemplateView

from accounts.access import AllowedMixin
from accounts.pages import PAGE_SIZE
from core.exceptions import DomainError
from training import lists, services
from training.models import AttendanceCertificate, Enrolment, TrainingClass
from training.queries import classes_pages, effects
from training.views.classes import OfClass
from training.views.common import LONGEST_ID


class IssueView(OfClass, View):
    http_method_names = ["post"]

    def post(self, request, pk):
        try:
            number = services.issue_certificates(training_class=self.training_class, by=request.user)
            words = (
                f"Đã cấp {number} giấy chứng nhận." if number else "Không còn ai đủ điều kiện chưa được cấp."
            )
            messages.success(request, words)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return self.back()


class CertificatesView(OfClass, TemplateView):
    """All certificates of a class, a page each, for print."""

    permission = "training.view_trainingclass"
    template_name = "training/certificates.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            certificates=classes_pages.certificates_of(self.training_class, self.request.user),
            back=True,
            **kwargs,
        )


class CertificateView(TemplateView):
    """One certificate, also for the person it is about."""

    template_name = "training/certificates.html"

    def get_context_data(self, **kwargs):
        rows = AttendanceCertificate.objects.visible_to(self.request.user).distinct()
        rows = rows.select_related("unit", "enrolment__person__unit", "enrolment__training_class")
        row = get_object_or_404(rows, pk=self.kwargs["pk"])
        return super().get_context_data(
            certificates=[row], training_class=row.enrolment.training_class, **kwargs
        )


class MyClassView(TemplateView):
    """A class as somebody enrolled in it sees it: when and where, one's half-days, materials, result."""

    template_name = "training/my_class.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        kept = get_object_or_404(TrainingClass.objects.joined_by(user), pk=self.kwargs["pk"])
        enrolments = list(
            Enrolment.objects.of_account(user)
            .filter(training_class=kept)
            .select_related("person", "certificate")
            .prefetch_related("presences")
            .distinct()
        )
        half_days = list(kept.half_days.all())
        for row in enrolments:
            row.training_class = kept
            there = {p.half_day_id: p for p in row.presences.all()}
            row.marks = [(half, there.get(half.pk)) for half in half_days]
        return super().get_context_data(
            training_class=kept,
            enrolments=enrolments,
            half_days=half_days,
            needed=kept.halves_needed(len(half_days)),
            materials=kept.materials.select_related("stored"),
            **kwargs,
        )


class EffectsView(AllowedMixin, TemplateView):
    permission = "training.view_trainingclass"
    template_name = "training/effects.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        years = effects.years(user)
        year = _year(self.request.GET.get("nam", "")) or (years[0] if years else timezone.localdate().year)
        lines, total = effects.effects(user, year)
        return super().get_context_data(years=years, year=year, lines=lines, total=total, **kwargs)


class EffectListView(AllowedMixin, TemplateView):
    """The rows behind a figure: of a class (`lop`) or of a year (`nam`)."""

    permission = "training.view_trainingclass"
    template_name = "training/effect_list.html"

    def get_context_data(self, **kwargs):
        what, user, query = self.kwargs["what"], self.request.user, self.request.GET
        if what not in effects.TITLES:
            raise Http404
        held = self._class(query.get("lop", ""))
        year = held.ends_on.year if held else _year(query.get("nam", ""))
        if year is None:
            raise Http404
        classes = [held] if held else list(effects.classes_of_year(user, year))
        kind = lists.KINDS[effects.kind_name(what)]
        rows = effects.rows(what, classes, user).select_related(*kind.related).order_by(*kind.order)
        page = Paginator(rows, PAGE_SIZE).get_page(query.get("page"))
        return super().get_context_data(
            title=effects.TITLES[what],
            held=held,
            year=year,
            heads=kind.heads,
            page=page,
            lines=[replace(kind.line(row), heads=kind.heads) for row in page.object_list],
            **kwargs,
        )

    def _class(self, text: str) -> TrainingClass | None:
        if not text:
            return None
        if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID):
            raise Http404
        return get_object_or_404(effects.held_classes(self.request.user), pk=int(text))


def _year(text: str) -> int | None:
    return int(text) if len(text) == 4 and text.isascii() and text.isdecimal() and int(text) > 1900 else None
