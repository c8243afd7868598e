"""Heads and feet of a province's papers: what is printed, changed, put back."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views import View

from accounts.access import AllowedMixin
from accounts.pages import ServiceForm
from reports.enums import Issuer
from reports.forms_letterheads import LetterheadForm
from reports.letterhead import letterhead_of
from reports.models import LetterheadSettings
from reports.outline import own_provinces
from reports.services import letterheads


class LetterheadsView(AllowedMixin, View):
    """Every issuing body of the own provinces with what it prints."""

    permission = letterheads.MANAGE

    def get(self, request):
        today, kept = timezone.localdate(), set(self.kept())
        rows = [
            (unit, issuer, letterhead_of(unit, today, issuer), (unit.pk, issuer.value) in kept)
            for unit in own_provinces(request.user)
            for issuer in Issuer
        ]
        return render(request, "reports/letterheads.html", {"rows": rows})

    def kept(self):
        return LetterheadSettings.objects.visible_to(self.request.user).values_list("unit", "issuer")


class OfIssuer(AllowedMixin):
    """One issuing body of an own province; another province or body is 404."""

    permission = letterheads.MANAGE

    @cached_property
    def unit(self):
        return get_object_or_404(own_provinces(self.request.user), pk=self.kwargs["pk"])

    @cached_property
    def issuer(self):
        if self.kwargs["issuer"] not in Issuer.values:
            raise Http404
        return Issuer(self.kwargs["issuer"])


class LetterheadEditView(OfIssuer, ServiceForm):
    """Change what an issuing body prints."""

    form_class = LetterheadForm
    template_name = "reports/letterhead_form.html"

    def get_initial(self):
        return LetterheadForm.initial_of(letterhead_of(self.unit, timezone.localdate(), self.issuer))

    def get_context_data(self, **kwargs):
        return super().get_context_data(unit=self.unit, issuer=self.issuer, **kwargs)

    def carry_out(self, form):
        letterheads.keep(unit=self.unit, issuer=self.issuer, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã lưu; văn bản lập từ nay in theo nội dung mới.")
        return reverse("reports:letterheads")


class LetterheadRestoreView(OfIssuer, View):
    """Print the usual head and foot again."""

    def post(self, request, **kwargs):
        letterheads.restore(unit=self.unit, issuer=self.issuer, by=request.user)
        messages.success(request, "Đã trở về nội dung mặc định.")
        return redirect("reports:letterheads")
