"""A person's notices: the list, reading, and how letters come. Opening one is a POST: GET writes nothing."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.views import View
from django.views.generic import FormView, ListView

from core import notices
from core.enums import MailChoice
from core.forms import NoticePreferenceForm
from core.models import Notice, NoticePreference

PAGE_SIZE = 25


class NoticeListView(ListView):
    """Latest first; `?chua-doc=1` shows only what was not read."""

    template_name = "core/notices.html"
    paginate_by = PAGE_SIZE

    def get_queryset(self):
        own = Notice.objects.visible_to(self.request.user)
        return own.unread() if self.only_unread else own

    @property
    def only_unread(self) -> bool:
        return "chua-doc" in self.request.GET

    def paginate_queryset(self, queryset, page_size):
        """A page number out of range shows the nearest page instead of an error."""
        paginator = self.get_paginator(queryset, page_size)
        page = paginator.get_page(self.request.GET.get("page"))
        return paginator, page, page.object_list, page.has_other_pages()

    def get_context_data(self, **kwargs):
        return super().get_context_data(only_unread=self.only_unread, **kwargs)


class NoticeReadView(View):
    """Marks one notice as read; leads to what it is about, or back to the list with `stay`."""

    http_method_names = ["post"]

    def post(self, request, pk):
        notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
        notices.mark_read(notice)
        stays = "stay" in request.POST or not notice.url
        return redirect("core:notices") if stays else redirect(notice.url)


class NoticeReadAllView(View):
    http_method_names = ["post"]

    def post(self, request):
        count = notices.mark_all_read(by=request.user)
        messages.success(request, f"Đã đánh dấu {count} thông báo là đã đọc.")
        return redirect("core:notices")


class NoticePreferenceView(FormView):
    template_name = "core/notice_preferences.html"
    form_class = NoticePreferenceForm
    success_url = reverse_lazy("core:notice_preferences")

    def get_initial(self):
        chosen = NoticePreference.objects.filter(user=self.request.user).first()
        return {"mail": chosen.mail if chosen else MailChoice.DAILY}

    def form_valid(self, form):
        notices.choose_mail(by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã lưu tùy chọn thông báo.")
        return super().form_valid(form)
