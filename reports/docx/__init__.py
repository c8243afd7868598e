"""The data of a paper as a .docx: the same words in the same form, for officials to edit before signing.

python-docx keeps the package (parts, pictures, sections); paragraphs and tables are built as elements,
because its own table cells cost a search of the whole grid each, and an annex has thousands.
"""

from io import BytesIO
from typing import Any

from reports.docx import annexes, body, ending, frame, head

Data = dict[str, Any]
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Forms of the law and certificates are filled by the system and not edited as a text.
LAYOUTS = frozenset({"paper", "minutes"})


def is_possible(data: Data) -> bool:
    """Whether this paper is a text to edit."""
    return data.get("layout", "paper") in LAYOUTS


def render(data: Data) -> bytes:
    """The paper from `reports.document.as_data` as the bytes of a .docx (NĐ 30/2020, Phụ lục I)."""
    paper = frame.new_document(data)
    page = frame.LANDSCAPE if data.get("landscape") else frame.PORTRAIT
    paper.body.append_all(head.elements(data, page))
    paper.body.append_all(body.elements(data["sections"], page, paper))
    paper.body.append_all(ending.elements(data, page))
    for annex in data["annexes"]:
        annexes.add(annex, paper)
    file = BytesIO()
    paper.save(file)
    return file.getvalue()
