"""Signing in by QR: the code on the trainer's screen, and the page it opens on a phone."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.views import View
from django.views.generic import TemplateView

from core.exceptions import DomainError
from core.rate_limit import seconds_to_wait
from training import services, sign_in
from training.models import Enrolment, HalfDay
from training.queries import classes_pages
from training.views.classes import OfClass
from training.views.common import LONGEST_ID


class QrView(OfClass, TemplateView):
    """The code of a half-day, large, renewed by htmx while the page is open."""

    template_name = "training/qr.html"

    def get_template_names(self):
        return ["training/qr.html#code" if self.request.htmx else self.template_name]

    def get_context_data(self, **kwargs):
        half = get_object_or_404(self.training_class.half_days, pk=kwargs.pop("half"))
        half.training_class = self.training_class
        path = reverse("training:sign_in", args=[sign_in.code_of(half.pk)])
        is_on = services.may_sign_in(half)
        return super().get_context_data(
            half=half,
            is_on=is_on,
            code=sign_in.picture(self.request.build_absolute_uri(path)) if is_on else "",
            present=half.presences.count(),
            every=sign_in.RENEWED_EVERY,
            **kwargs,
        )


@method_decorator(login_not_required, name="dispatch")
class SignInView(View):
    """What the code opens: by account one press, without an account one's full name; GET writes nothing.

    Public, because trainees have no account. A good code is needed; who comes by name waits for the trainer.
    """

    def dispatch(self, request, *args, **kwargs):
        wait = seconds_to_wait(sign_in.LIMIT, request.META.get("REMOTE_ADDR", ""))
        answer = self.too_many(wait) if wait else super().dispatch(request, *args, **kwargs)
        add_never_cache_headers(answer)
        answer["X-Robots-Tag"] = "noindex"
        return answer

    def too_many(self, wait: int) -> HttpResponse:
        words = f"Có quá nhiều lượt điểm danh từ mạng này. Hãy chờ {wait} giây rồi thử lại."
        return self.say("Hãy chờ một lát", words, status=429)

    def get(self, request, code):
        half = self.half_day(sign_in.read_code(code))
        if half is None:
            return self.expired()
        return self.form(half)

    def post(self, request, code):
        half = self.half_day(sign_in.read_pass(request.POST.get("pass", "")))
        if half is None:
            return self.expired()
        name = request.POST.get("name", "").replace("\x00", "")[:150]
        if request.user.is_authenticated and "as_me" in request.POST:
            return self.by_account(half)
        if chosen := request.POST.get("enrolment", ""):
            return self.by_name(half, name, chosen)
        return self.choose(half, name)

    def by_account(self, half: HalfDay) -> HttpResponse:
        enrolment = classes_pages.enrolled_as(half, self.request.user)
        if enrolment is None:
            return self.form(half, error="Tài khoản này không có trong danh sách lớp.")
        return self.sign(half, enrolment, by=self.request.user)

    def choose(self, half: HalfDay, name: str) -> HttpResponse:
        found = classes_pages.enrolled_by_name(half, name)
        if not found:
            words = "Không có ai trong lớp mang đúng họ tên này. Hãy gõ đủ họ, tên đệm, tên; hoặc báo người "
            return self.form(half, name=name, error=f"{words}phụ trách lớp.")
        return self.form(half, name=name, found=found)

    def by_name(self, half: HalfDay, name: str, chosen: str) -> HttpResponse:
        # Only somebody of the name that was typed in full: ids cannot be tried one after another.
        found = classes_pages.enrolled_by_name(half, name)
        short = chosen.isascii() and chosen.isdecimal() and len(chosen) <= LONGEST_ID
        enrolment = next((row for row in found if short and row.pk == int(chosen)), None)
        if enrolment is None:
            return self.choose(half, name)
        return self.sign(half, enrolment, by=None)

    def sign(self, half: HalfDay, enrolment: Enrolment, *, by) -> HttpResponse:
        try:
            presence = services.sign_in(half_day=half, enrolment=enrolment, by=by)
        except DomainError as refusal:
            return self.form(half, error=refusal.message)
        return self.page({"half": half, "enrolment": enrolment, "presence": presence})

    def half_day(self, pk: int | None) -> HalfDay | None:
        if pk is None:
            return None
        return HalfDay.objects.select_related("training_class__unit").filter(pk=pk).first()

    def form(self, half: HalfDay, *, name: str = "", found: list[Enrolment] | None = None, error: str = ""):
        user = self.request.user
        context = {
            "half": half,
            "is_on": services.may_sign_in(half),
            "me": classes_pages.enrolled_as(half, user) if user.is_authenticated else None,
            "pass": sign_in.pass_of(half.pk),
            "name": name,
            "found": found,
            "error": error,
        }
        return self.page(context, status=422 if error else 200)

    def expired(self) -> HttpResponse:
        words = "Mã điểm danh đổi liên tục. Hãy quét lại mã đang hiện trên màn hình của lớp."
        return self.say("Mã đã hết hạn", words, status=410)

    def say(self, title: str, words: str, *, status: int) -> HttpResponse:
        return self.page({"title": title, "words": words}, status=status)

    def page(self, context: dict, *, status: int = 200) -> HttpResponse:
        return render(self.request, "training/sign_in.html", context, status=status)
