"""The one search box: its page, and the suggestions that answer while somebody types."""

from django.views.generic import TemplateView

from accounts.access import AllowedMixin
from products import queries

SHORTEST_SEARCH = 1
# While typing, one letter would only fill the list with noise.
SHORTEST_SUGGESTION = 2
LONGEST_SEARCH = 100


class SearchView(AllowedMixin, TemplateView):
    permission = "products.view_dossier"
    template_name = "products/search.html"

    @property
    def suggests(self) -> bool:
        return bool(self.request.htmx) and self.request.htmx.target == "search-suggestions"

    def get_template_names(self):
        return [self.template_name + ("#suggestions" if self.suggests else "")]

    def get_context_data(self, **kwargs):
        text = self.request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
        limit = queries.SUGGESTION_LIMIT if self.suggests else queries.SEARCH_LIMIT
        shortest = SHORTEST_SUGGESTION if self.suggests else SHORTEST_SEARCH
        found = queries.search(self.request.user, text, limit) if len(text) >= shortest else None
        return super().get_context_data(text=text, found=found, limit=limit, **kwargs)
