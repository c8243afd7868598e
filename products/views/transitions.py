"""One address for every step of the road that a person takes by hand."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.views.generic import FormView

from accounts.access import AllowedMixin
from core.exceptions import DomainError
from products import queries, services, workflow
from products.forms import ReasonForm
from products.models import Dossier
from products.views import facts


class TransitionView(AllowedMixin, FormView):
    """GET: what the step means, what it asks, what still stands in its way. POST: the step."""

    template_name = "products/transition.html"
    form_class = ReasonForm

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        transition = workflow.TRANSITIONS.get(kwargs["name"])
        if transition is None or not transition.by_hand:
            raise Http404
        self.transition = transition
        self.permission = transition.permission

    def dispatch(self, request, *args, **kwargs):
        if self.transition.url_name and request.user.has_perm(self.permission):
            # Asked for and sent alike: nothing is done here.
            return redirect(self.transition.url_name, self.dossier.pk)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def dossier(self):
        return self.fetch(Dossier.objects.with_names(), pk=self.kwargs["pk"])

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "transition": self.transition}

    def get_context_data(self, **kwargs):
        version = self.dossier.current_version
        version.dossier = self.dossier
        possible = self.dossier.state in self.transition.source
        missing = queries.missing_for_page(version) if self.transition.name == "submit" and possible else []
        return super().get_context_data(
            dossier=self.dossier,
            context_line=facts.line_of(self.dossier),
            transition=self.transition,
            possible=possible,
            missing=missing,
            **kwargs,
        )

    def form_valid(self, form):
        self.dossier  # noqa: B018  a foreign dossier is 404 before anything else
        try:
            services.perform(self.dossier, self.transition.name, by=self.request.user, **form.cleaned_data)
        except services.IncompleteError:
            return self.form_invalid(form)  # the page lists what is missing
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
            return self.form_invalid(form)
        messages.success(self.request, f"{self.transition.done}: đã xong.")
        return redirect("products:dossier", self.dossier.pk)
