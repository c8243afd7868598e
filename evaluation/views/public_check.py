"""The public check of a certificate: by its QR code, or by the code typed in; without sign-in."""

from django.shortcuts import redirect

from core.public import PublicView
from core.rate_limit import Limit
from evaluation.queries.certificates import public_facts, read_token

# A stall at a fair shares one address; a machine that guesses tokens is stopped long before it matters.
CHECKS = Limit("gcn", times=60, seconds=60)
CODE_WANTED = "Mã tra cứu chưa đúng: mã gồm 22 chữ cái, chữ số, dấu - hoặc _, phân biệt chữ hoa, chữ thường."


class CertificateCheckView(PublicView):
    """How a certificate stands today. A code nobody has gets kind words, and what to do (404)."""

    limit = CHECKS

    def get(self, request, token):
        facts = public_facts(token)
        if facts is None:
            return self.page("evaluation/public_unknown.html", status=404)
        return self.page("evaluation/public_certificate.html", {"facts": facts})


class AskView(PublicView):
    """A field for the code (or the pasted address). The number of a certificate is not asked: numbers run on,
    and whoever counts them up would read the whole register.
    """

    limit = CHECKS

    def get(self, request):
        typed = request.GET.get("ma", "").replace("\x00", "")[:200]
        token = read_token(typed)
        if token:
            return redirect("gcn:check", token)
        error = CODE_WANTED if typed.strip() else ""
        return self.page("evaluation/public_ask.html", {"typed": typed, "error": error})
