"""Conflict of interest: declared by the member, or recorded by who keeps the minutes."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from accounts.pages import ServiceForm
from evaluation.enums import SessionState
from evaluation.forms.sessions import RecusalForm, WithdrawForm
from evaluation.models import AgendaItem, Recusal
from evaluation.queries.conflicts import hints_of, seats_to_name
from evaluation.queries.reviews import sent_reviews
from evaluation.services.recusals import may_withdraw, recuse, withdraw

DECLARE = "evaluation.declare_recusal"


class RecuseView(ServiceForm):
    """`?seat=`: whose conflict; a member only the own one."""

    permission = DECLARE
    template_name = "evaluation/recuse.html"
    form_class = RecusalForm

    @cached_property
    def item(self):
        rows = AgendaItem.objects.visible_to(self.request.user).select_related(
            "session__council", "version__dossier__product__entity", "version__dossier__commune"
        )
        found = get_object_or_404(rows, pk=self.kwargs["pk"])
        if not self.request.user.has_perm(DECLARE, found):
            raise PermissionDenied
        return found

    @cached_property
    def keeps(self):
        return self.request.user.has_perm("evaluation.keep_session", self.item)

    @cached_property
    def seats(self):
        """Whom the user may name: everybody whose sheet counts, or only oneself."""
        if self.keeps:
            return list(seats_to_name(self.item))
        recused = self.item.recusals.in_force().values("seat")
        active = self.item.session.council.seats.active().exclude(pk__in=recused).select_related("user")
        return list(active.filter(user=self.request.user))

    @cached_property
    def hints(self):
        found = hints_of([self.item], self.seats)
        return [hint for seat in self.seats for hint in found.get((self.item.pk, seat.pk), [])]

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "seats": self.seats}

    def get_initial(self):
        asked = self.request.GET.get("seat", "")
        own = [seat for seat in self.seats if seat.user_id == self.request.user.pk and len(self.seats) == 1]
        chosen = asked if asked in {str(seat.pk) for seat in self.seats} else str(own[0].pk) if own else ""
        mine = [hint for hint in self.hints if str(hint.seat.pk) == chosen]
        return {"seat": chosen, "ground": mine[0].ground if mine else ""}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            item=self.item,
            hints=self.hints,
            seats=self.seats,
            keeps=self.keeps,
            back_url=self.back_url,
            **kwargs,
        )

    @property
    def back_url(self):
        if self.keeps:
            return reverse("evaluation:result", args=[self.item.pk])
        return reverse("evaluation:sheets")

    def carry_out(self, form):
        made = recuse(item=self.item, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"Đã ghi: {made.seat.user} không chấm hồ sơ {self.item}.")
        return self.back_url


class RecusalWithdrawView(ServiceForm):
    permission = DECLARE
    template_name = "evaluation/recusal_withdraw.html"
    form_class = WithdrawForm

    @cached_property
    def recusal(self):
        items = AgendaItem.objects.visible_to(self.request.user)
        rows = Recusal.objects.filter(item__in=items).select_related(
            "seat__user", "declared_by", "item__session__council", "item__version__dossier__product"
        )
        found = get_object_or_404(rows, pk=self.kwargs["pk"])
        if not may_withdraw(self.request.user, found, found.item):
            raise PermissionDenied
        return found

    def get_context_data(self, **kwargs):
        return super().get_context_data(recusal=self.recusal, back_url=self.back_url, **kwargs)

    @property
    def back_url(self):
        if self.request.user.has_perm("evaluation.keep_session", self.recusal.item):
            return reverse("evaluation:result", args=[self.recusal.item_id])
        return reverse("evaluation:sheets")

    def carry_out(self, form):
        withdraw(recusal=self.recusal, by=self.request.user, **form.cleaned_data)
        messages.success(
            self.request, f"Đã rút: {self.recusal.seat.user} chấm lại hồ sơ {self.recusal.item}."
        )
        return self.back_url


def meeting_facts(user, item):
    """For the page of an item before closing: recusals, and the advisers' reports for who may read them."""
    keeps = user.has_perm("evaluation.keep_session", item)
    recusals = item.recusals.in_force().select_related("seat__user", "declared_by")
    rows = [{"recusal": recusal, "may_withdraw": may_withdraw(user, recusal, item)} for recusal in recusals]
    recused = any(row["recusal"].seat.user_id == user.pk for row in rows)
    return {
        "recusals": rows,
        "keeps": keeps,
        "may_recuse": keeps and item.session.state != SessionState.CLOSED,
        "is_recused": recused,
        "reviews": sent_reviews(item, user) if keeps else [],
    }
