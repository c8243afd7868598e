"""The page of a long job: what it does now, how far, cancel; polled until it is finished."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View

from core import jobs
from core.exceptions import DomainError
from core.models import Job


class JobView(View):
    """One address: the whole page, or for htmx the one partial (which stops asking when finished)."""

    def get(self, request, pk):
        job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
        template = "core/job.html#progress" if request.htmx else "core/job.html"
        return render(request, template, {"job": job})


class JobCancelView(View):
    http_method_names = ["post"]

    def post(self, request, pk):
        job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
        try:
            jobs.cancel(job=job, by=request.user)
            messages.success(request, "Đã hủy việc.")
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect("core:job", pk=pk)
