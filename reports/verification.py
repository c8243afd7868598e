"""Which of our papers a file is: by its hash, and by its signatures when the hash is unknown."""

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from core.exceptions import DomainError
from core.text import lower_first
from reports import signatures
from reports.enums import FileForm
from reports.models import Paper, PaperFile
from reports.signatures import Signature

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Answer:
    """`paper` and `form`: which file of which paper it is, byte for byte; else what its signatures say."""

    sha256: str
    paper: Paper | None = None
    form: str = ""
    signatures: tuple[Signature, ...] = ()
    problem: str = ""

    @property
    def is_official(self) -> bool:
        """The very file that was issued or signed; its draft and its Word forms are not what is signed."""
        official = (FileForm.ISSUED.label, FileForm.SIGNED.label)
        return self.paper is not None and self.paper.is_issued and self.form in official

    @property
    def form_words(self) -> str:
        """The form inside a sentence."""
        return lower_first(self.form)

    @property
    def is_changed(self) -> bool:
        """Some signature no longer fits the file."""
        return any(not (found.intact and found.whole) for found in self.signatures)


def by_hash(sha256: str) -> Answer:
    """The paper of a hash. Raises DomainError for what is no SHA-256."""
    if not _HASH.fullmatch(sha256):
        raise DomainError("Mã SHA-256 có 64 chữ số và chữ cái a-f. Hãy dán đủ mã, hoặc chọn tệp.")
    papers = Paper.objects.select_related("unit", "replaced_by").defer("data", "replaced_by__data")
    file = PaperFile.objects.filter(sha256=sha256).first()
    if file is not None:
        return Answer(sha256, papers.get(pk=file.paper_id), FileForm(file.form).label)
    paper = papers.filter(sha256=sha256).first()
    return Answer(sha256, paper, "Dự thảo" if paper else "")


def of_file(upload: Any) -> Answer:
    """The paper of an uploaded file; of a file we do not know, what its signatures say."""
    limit = settings.EVIDENCE_MAX_FILE_MB
    if upload.size > limit * 1024 * 1024:
        raise DomainError(f"Tệp lớn hơn {limit} MB.")
    content = upload.read()
    answer = by_hash(signatures.sha256(content))
    if answer.paper is not None:
        return answer
    try:
        found = tuple(signatures.read_signatures(content)) if content.startswith(b"%PDF-") else ()
    except DomainError as refusal:
        return Answer(answer.sha256, problem=refusal.message)
    return Answer(answer.sha256, signatures=found)
