"""Sign-in, sign-out and passwords: Django's own views with our pages."""

from django.conf import settings
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator

from accounts.forms import PasswordChangeForm, PasswordResetForm, SignInForm
from core import audit


@method_decorator(login_not_required, name="dispatch")
class LoginView(auth.LoginView):
    template_name = "accounts/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        # Django puts the host's name under "site", which hides our own "site" of every page.
        context.pop("site", None)
        return context


class OwnPassword:
    """The person chose the password: nobody else has seen it, and the log says when."""

    def form_valid(self, form):
        form.user.must_change_password = False
        answer = super().form_valid(form)
        audit.record(by=form.user, verb="user.change_password", obj=form.user)
        return answer


class PasswordChangeView(OwnPassword, auth.PasswordChangeView):
    template_name = "accounts/password_change.html"
    form_class = PasswordChangeForm
    success_url = reverse_lazy("accounts:password_change_done")


class PasswordChangeDoneView(auth.PasswordChangeDoneView):
    template_name = "accounts/password_change_done.html"


@method_decorator(login_not_required, name="dispatch")
class PasswordResetView(auth.PasswordResetView):
    template_name = "accounts/password_reset.html"
    form_class = PasswordResetForm
    email_template_name = "accounts/password_reset_email.txt"
    subject_template_name = "accounts/password_reset_subject.txt"
    success_url = reverse_lazy("accounts:password_reset_done")

    @property
    def extra_email_context(self):
        """The link leads to our own address, never to the host a stranger's request named."""
        return {"base": settings.SITE_URL.rstrip("/")}


@method_decorator(login_not_required, name="dispatch")
class PasswordResetDoneView(auth.PasswordResetDoneView):
    template_name = "accounts/password_reset_done.html"


@method_decorator(login_not_required, name="dispatch")
class PasswordResetConfirmView(OwnPassword, auth.PasswordResetConfirmView):
    template_name = "accounts/password_reset_confirm.html"
    success_url = reverse_lazy("accounts:password_reset_complete")


@method_decorator(login_not_required, name="dispatch")
class PasswordResetCompleteView(auth.PasswordResetCompleteView):
    template_name = "accounts/password_reset_complete.html"
