"""The administrator's pages: the list of accounts, one account and what is done to it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views import View
from django.views.generic import TemplateView

from accounts import log, queries, services, tables
from accounts.access import AllowedMixin
from accounts.acts import acts_on
from accounts.enums import Role
from accounts.filters import AccountFilters
from accounts.forms_admin import AccountForm, EndRoleForm, LockForm, ManyForm, PersonForm, RoleForm
from accounts.models import User
from accounts.pages import FilteredList, ListWorkbook, ServiceForm, say_refusal
from accounts.services.administration import MANAGE
from core.exceptions import DomainError


class AccountListView(FilteredList):
    permission = MANAGE
    template_name = "accounts/accounts.html"
    filters = AccountFilters
    columns = tables.ACCOUNTS
    title = "Tài khoản"
    workbook = "accounts:accounts_workbook"

    def rows(self):
        return queries.with_roles(queries.accounts_of(self.request.user), self.request.user)


class LogView(FilteredList):
    permission = MANAGE
    template_name = "accounts/log.html"
    filters = log.LogFilters
    columns = log.COLUMNS
    title = "Việc đã ghi"
    workbook = "accounts:log_workbook"

    def rows(self):
        return log.entries_for(self.request.user)

    def get_context_data(self, **kwargs):
        return super().get_context_data(dated=self.filterset.is_dated, days=log.DAYS_SHOWN, **kwargs)


class LogWorkbookView(ListWorkbook, LogView):
    pass


class AccountWorkbookView(ListWorkbook, AccountListView):
    pass


class AccountCreateView(ServiceForm):
    permission = MANAGE
    template_name = "accounts/account_form.html"
    form_class = AccountForm

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form):
        """The first password stands on the answer alone: it is kept nowhere."""
        try:
            account, password = services.open_for(by=self.request.user, **form.cleaned_data)
        except DomainError as refusal:
            say_refusal(form, refusal)
            return self.form_invalid(form)
        return _show_password(self.request, account, password)


class AccountManyView(AllowedMixin, View):
    """Lines pasted from a sheet: checked first, opened when all are good and the person says so."""

    permission = MANAGE

    def get(self, request):
        return self.show(ManyForm(user=request.user, initial={"role": Role.COMMUNE_OFFICER}))

    def post(self, request):
        form = ManyForm(request.POST, user=request.user)
        if not form.is_valid():
            return self.show(form)
        lines = form.cleaned_data["lines"]
        if "open" not in request.POST or any(line.errors for line in lines):
            return self.show(form, lines)
        try:
            people = [line.data for line in lines]
            opened = services.open_many(people, role=form.cleaned_data["role"], by=request.user)
        except DomainError as refusal:
            say_refusal(form, refusal)
            return self.show(form, lines)
        # Shown once: the passwords are kept nowhere.
        return render(request, "accounts/account_slips.html", {"opened": opened})

    def show(self, form, lines=()):
        wrong = sum(bool(line.errors) for line in lines)
        context = {"form": form, "lines": lines, "wrong": wrong}
        return render(self.request, "accounts/account_many.html", context)


class _OfAccount(AllowedMixin):
    """About one account of the administrator's area (else 404)."""

    permission = MANAGE

    @cached_property
    def account(self) -> User:
        rows = queries.with_roles(queries.accounts_of(self.request.user), self.request.user)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @property
    def page(self) -> str:
        return reverse("accounts:account", args=[self.account.pk])


class AccountView(_OfAccount, TemplateView):
    template_name = "accounts/account.html"

    def get_context_data(self, **kwargs):
        account, user = self.account, self.request.user
        return super().get_context_data(
            account=account,
            is_own=account.pk == user.pk,
            state=tables.state_of(account),
            elsewhere=queries.held_elsewhere(account, queries.provinces_administered(user)).first(),
            acts=acts_on(account),
            **kwargs,
        )


class _AccountForm(_OfAccount, ServiceForm):
    """One thing done to the account by a form of its own page."""

    template_name = "accounts/account_act.html"
    title = ""
    button = "Lưu"
    style = "primary"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            account=self.account, title=self.title, button=self.button, style=self.style, **kwargs
        )


class AccountEditView(_AccountForm):
    form_class = PersonForm
    title = "Sửa thông tin"

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "account": self.account}

    def carry_out(self, form):
        services.update_person(self.account, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã lưu thông tin.")
        return self.page


class RoleGiveView(_AccountForm):
    form_class = RoleForm
    title = "Giao vai trò"
    button = "Giao vai trò"

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": self.request.user}

    def carry_out(self, form):
        held = services.give_role(self.account, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"Đã giao vai trò {held.get_role_display()}, {held.unit}.")
        return self.page


class RoleEndView(_AccountForm):
    form_class = EndRoleForm
    title = "Kết thúc vai trò"
    button = "Kết thúc vai trò"
    style = "danger"

    @cached_property
    def held(self):
        own = queries.roles_administered(self.request.user)
        return get_object_or_404(own.select_related("user"), pk=self.kwargs["pk"])

    @cached_property
    def account(self):
        return self.held.user

    def get_context_data(self, **kwargs):
        return super().get_context_data(about=f"{self.held.get_role_display()}, {self.held.unit}", **kwargs)

    def carry_out(self, form):
        services.end_role_held(self.held, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"Đã ghi ngày cuối của vai trò {self.held.get_role_display()}.")
        return self.page


class AccountLockView(_AccountForm):
    form_class = LockForm
    title = "Khóa tài khoản"
    button = "Khóa tài khoản"
    style = "danger"

    def carry_out(self, form):
        services.lock(self.account, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"Đã khóa tài khoản {self.account.username}.")
        return self.page


class _AccountAct(_OfAccount, View):
    """Something done by one button."""

    http_method_names = ["post"]

    def post(self, request, pk):
        try:
            return self.act() or redirect(self.page)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect(self.page)

    def act(self) -> HttpResponse | None:
        raise NotImplementedError


class AccountUnlockView(_AccountAct):
    def act(self):
        services.unlock(self.account, by=self.request.user)
        messages.success(self.request, f"Đã mở khóa tài khoản {self.account.username}.")


class AccountPasswordView(_AccountAct):
    def act(self):
        password = services.renew_password(self.account, by=self.request.user)
        return _show_password(self.request, self.account, password)


def _show_password(request, account: User, password: str) -> HttpResponse:
    return render(request, "accounts/account_password.html", {"account": account, "password": password})
