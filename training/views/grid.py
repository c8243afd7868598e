"""The allocation grid of a plan: looked at, pasted into, saved, and two versions side by side."""

import json
from types import SimpleNamespace

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from core import conflicts
from core.exceptions import DomainError
from training import services
from training.grid import Entry, ids_of
from training.queries.grid import columns_for, read_pasted, show_grid, stored_grid
from training.services import GridConflictError, GridError
from training.views.common import LONGEST_ID, OfPlan


class GridView(OfPlan, TemplateView):
    """`?xa=ID` (several) chooses columns, `?trang=N` turns pages of all communes."""

    permission = "training.change_plan"
    template_name = "training/plan_grid.html"

    @cached_property
    def stored(self):
        return stored_grid(self.plan)

    @cached_property
    def chosen(self) -> set[int]:
        sent = self.request.GET.getlist("xa")
        return {int(pk) for pk in sent if pk.isascii() and pk.isdecimal() and len(pk) <= LONGEST_ID}

    @cached_property
    def page(self) -> int:
        sent = self.request.GET.get("trang", "")
        return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 5 else 1

    @cached_property
    def columns(self):
        return columns_for(self.stored, self.chosen, self.page)

    def get_context_data(self, *, units=None, typed=None, problems=None, **kwargs):
        shown, pages = self.columns
        table = show_grid(self.stored, units or shown, typed=typed, messages=problems)
        return super().get_context_data(
            grid=table,
            base=json.dumps(table.base),
            units=self.stored.units,
            chosen=self.chosen,
            page_number=self.page,
            pages=range(1, pages + 1) if pages > 1 else (),
            **kwargs,
        )

    def post(self, request, code):
        if "bang" in request.POST and "paste" in request.POST:
            return self.paste(request.POST["bang"])
        typed = {name: value for name, value in request.POST.items() if ids_of(name)}
        try:
            number = services.save_grid(plan=self.plan, entries=self.entries(typed), by=request.user)
        except GridConflictError as clash:
            return self.conflict(typed, clash)
        except GridError as error:
            return self.again(typed, problems=error.problems, refusal=error.message)
        except DomainError as error:
            return self.again(typed, refusal=error.message)
        messages.success(request, f"Đã lưu {number} ô." if number else "Không có ô nào thay đổi.")
        return redirect(request.get_full_path())

    def entries(self, typed):
        """Changed cells, each with what stood there when the page was opened."""
        base = self.base
        return {
            name: Entry(base.get(name, ""), value)
            for name, value in typed.items()
            if value.strip() != base.get(name, "")
        }

    @cached_property
    def base(self) -> dict[str, str]:
        """The cells as the page showed them; after a conflict, as they are stored now."""
        try:
            sent = json.loads(self.request.POST.get("base", ""))
        except ValueError:
            sent = None
        if isinstance(sent, dict):
            return {str(name): str(text) for name, text in sent.items()}
        if self.request.POST.get("revision") == str(self.plan.revision):
            return {name: self.stored.text_at(name) for name in self.request.POST if ids_of(name)}
        return {}

    def again(self, typed, *, refusal, problems=None, units=None, status=422):
        context = self.get_context_data(
            typed=typed, problems=problems, refusal=refusal, units=units or self.units_of(typed)
        )
        return self.render_to_response(context, status=status)

    def units_of(self, typed):
        """The columns that were sent, whatever the address says now."""
        sent = {ids[1] for name in typed if (ids := ids_of(name))}
        return [unit for unit in self.stored.units if unit.pk in sent]

    def paste(self, text):
        """A table from Excel laid over the grid; nothing is saved yet."""
        pasted = read_pasted(self.stored, text)
        context = self.get_context_data(
            units=pasted.units or None,
            typed=pasted.typed,
            pasted=text,
            paste_problems=pasted.problems,
            paste_cells=len(pasted.typed),
        )
        return self.render_to_response(context)

    def conflict(self, typed, clash):
        """Both versions of the cells that two people changed; the other changes go along."""
        changed = self.entries(typed)
        names = {name: self.stored_now.label_at(name) for name in changed}
        now = {name: self.stored_now.text_at(name) for name in changed}
        stored = SimpleNamespace(revision=self.stored_now.plan.revision, **now)
        both = conflicts.compare(
            {name: names[name] for name in clash.names},
            mine={name: typed[name] for name in clash.names},
            stored=stored,
        )
        same = tuple((name, entry.typed) for name, entry in changed.items() if name not in clash.names)
        context = {
            "message": clash.message,
            "conflict": conflicts.Conflict(both.revision, both.rows, same),
            "context_line": self.plan.title,
            "reload_url": reverse("training:grid", args=[self.plan.code]),
        }
        return render(self.request, "core/conflict_page.html", context, status=409)

    @cached_property
    def stored_now(self):
        """As the database holds it after the refusal."""
        self.plan.refresh_from_db(fields=["revision"])
        return stored_grid(self.plan)
