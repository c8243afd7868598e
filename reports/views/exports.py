"""A paper for Word, and its annexes for Excel: made of the kept data, for people of the office to work on."""

from django.http import FileResponse, Http404, HttpResponse
from django.views import View

from accounts.access import AllowedMixin
from core import workbooks
from reports import annexes
from reports.document import Layout
from reports.models import Paper
from reports.services.issuing import stamped
from reports.views.papers import file_name


class _OfPaper(AllowedMixin):
    permission = "reports.view_office_papers"

    def paper_and_data(self, pk):
        """The paper with its data, numbered once it is issued; 404 for one without data of its own."""
        paper = self.fetch(Paper.objects.select_related("plan", "unit"), pk=pk)
        if not paper.is_rendered or paper.is_batch or not paper.data:
            raise Http404
        return paper, stamped(paper) if paper.is_issued else paper.data


class PaperDocxView(_OfPaper, View):
    """The paper as DOCX; forms and certificates have a form of their own and are not given."""

    def get(self, request, pk):
        from reports import docx

        paper, data = self.paper_and_data(pk)
        if data.get("layout") not in (Layout.PAPER, Layout.MINUTES):
            raise Http404
        answer = HttpResponse(docx.render(data), content_type=docx.CONTENT_TYPE)
        answer.headers["Content-Disposition"] = annexes.attachment(file_name(paper, ending="docx"))
        return answer


class AnnexView(_OfPaper, View):
    """The tables of an annex as a workbook."""

    def get(self, request, pk, number):
        paper, data = self.paper_and_data(pk)
        file = annexes.workbook(data, number, str(request.user))
        name = file_name(paper, f"phụ lục {number}", "xlsx")
        return FileResponse(file, as_attachment=True, filename=name, content_type=workbooks.CONTENT_TYPE)
