"""Accounts that act for an entity: list, new, attach, new password, close."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views import View

from accounts.access import AllowedMixin
from accounts.enums import Role
from accounts.models import User
from accounts.pages import ServiceForm, say_refusal
from core.exceptions import DomainError
from products import services
from products.forms import AttachAccountForm, EntityAccountForm
from products.models import Entity
from products.services.accounts import MANAGE
from products.views.entities import number


class _OfEntity(AllowedMixin):
    permission = MANAGE

    @cached_property
    def entity(self):
        return self.fetch(Entity.objects.select_related("commune"), pk=self.kwargs["pk"])

    @property
    def page(self):
        return reverse("products:entity_accounts", args=[self.entity.pk])


class _AccountsPage(_OfEntity, ServiceForm):
    """The one page with its two forms; the form of this address is bound, the other empty."""

    template_name = "products/entity_accounts.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(
            entity=self.entity, accounts=self.entity.accounts.select_related("user"), **kwargs
        )
        for name, kind in (("new_form", EntityAccountForm), ("attach_form", AttachAccountForm)):
            is_this = isinstance(context["form"], kind)
            context[name] = context["form"] if is_this else kind(auto_id=f"{name}_%s")
        return context


class EntityAccountsView(_AccountsPage):
    form_class = EntityAccountForm

    def form_valid(self, form):
        """The first password stands on the answer alone: it is kept nowhere."""
        try:
            account, password = services.open_entity_account(
                self.entity, by=self.request.user, **form.cleaned_data
            )
        except DomainError as refusal:
            say_refusal(form, refusal)
            return self.form_invalid(form)
        return _show_password(self.request, account, password)


class EntityAccountAttachView(_AccountsPage):
    form_class = AttachAccountForm

    def carry_out(self, form):
        user = _entity_user(form.cleaned_data["username"], self.entity)
        services.give_account(self.entity, user=user, by=self.request.user)
        messages.success(self.request, f"{user} nay làm việc cho {self.entity}.")
        return self.page


class _AccountAct(_OfEntity, View):
    """Something done to one account of the entity, named by the form."""

    http_method_names = ["post"]

    def post(self, request, pk):
        chosen = number(request.POST.get("account"))
        account = self.entity.accounts.select_related("user", "entity__commune").filter(pk=chosen).first()
        try:
            if account is None:
                raise DomainError("Tài khoản này không còn làm việc cho chủ thể.")
            return self.act(account) or redirect(self.page)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect(self.page)


class EntityAccountPasswordView(_AccountAct):
    def act(self, account):
        password = services.renew_password(account, by=self.request.user)
        return _show_password(self.request, account, password)


class EntityAccountCloseView(_AccountAct):
    def act(self, account):
        services.close_account(account, by=self.request.user)
        messages.success(self.request, f"{account.user} không còn làm việc cho chủ thể này.")


def _entity_user(username, entity):
    """The active user with an entity's role in this province. Raises DomainError when there is none."""
    of_province = User.objects.filter(
        memberships__role=Role.ENTITY, memberships__unit__parent=entity.commune.parent_id, is_active=True
    )
    user = of_province.filter(username__iexact=username.strip()).first()
    if user is None:
        raise DomainError("Không có tài khoản chủ thể nào mang tên đăng nhập này.", field="username")
    return user


def _show_password(request, account, password):
    context = {"entity": account.entity, "account": account, "password": password}
    return render(request, "products/entity_password.html", context)
