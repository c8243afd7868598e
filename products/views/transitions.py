"""One address for every step of the road that a person takes by hand."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.views.generic import FormView

from accounts.access import AllowedMixin
from core import audit
from core.exceptions import DomainError
from products import desks, queries, services, workflow
from products.changes import since_last_filing
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
        return {
            **super().get_form_kwargs(),
            "transition": self.transition,
            "found_lacking": bool(self.found_lacking),
        }

    @cached_property
    def found_lacking(self):
        """What the desk found, section by section: a return carries these reasons to the entity."""
        sender = desks.DESK_OF_RETURN.get(self.transition.name)
        return queries.lacking(self.dossier.current_version, sender) if sender else []

    def get_context_data(self, **kwargs):
        version = self.dossier.current_version
        version.dossier = self.dossier
        possible = self.dossier.state in self.transition.source
        asked = self.transition.name if possible else ""
        return super().get_context_data(
            dossier=self.dossier,
            context_line=facts.line_of(self.dossier),
            transition=self.transition,
            possible=possible,
            missing=queries.missing_for_page(version) if asked == "submit" else [],
            obstacles=queries.obstacles_to_proposal(version) if asked == "propose" else [],
            found_lacking=self.found_lacking,
            unchanged=asked == "submit" and since_last_filing(version) == frozenset(),
            from_desk=possible and self.dossier.state in desks.DUTIES,
            **kwargs,
        )

    def form_valid(self, form):
        self.dossier  # noqa: B018  a foreign dossier is 404 before anything else
        try:
            services.perform(self.dossier, self.transition.name, by=self.request.user, **form.cleaned_data)
        except services.IncompleteError:
            return self.form_invalid(form)  # the page lists what is missing
        except services.AlreadyDoneError as done:
            # A second click, or a colleague a moment ago: what was wanted has happened.
            messages.info(self.request, done.message)
            return redirect("products:dossier", self.dossier.pk)
        except services.WrongStateError as error:
            self.record_refusal(error)
            form.add_error(None, error.message)
            return self.form_invalid(form)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
            return self.form_invalid(form)
        messages.success(self.request, f"{self.transition.done}: đã xong.")
        return redirect("products:dossier", self.dossier.pk)

    def record_refusal(self, error):
        """A step no page offered was sent: a stale page or a forged request; both are worth a trace."""
        audit.record(
            by=self.request.user,
            verb="dossier.refused",
            obj=self.dossier,
            after={"step": self.transition.name, "state": self.dossier.state},
            reason=error.message,
        )
