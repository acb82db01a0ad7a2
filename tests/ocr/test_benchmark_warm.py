"""The measure of the layout memory: it must see a memory that helps, and one that does not."""

from __future__ import annotations

from pathlib import Path
from random import Random

from benchmarks.reading import warm
from benchmarks.reading.corpora import Document
from demo.documents import kinds


def papers(folder: Path, count: int) -> list[Document]:
    """Invoices of one seller, in the one form that it prints."""
    made = []
    for number in range(count):
        doc_id = f"{number}_invoice_pdf"
        one = kinds.invoice_pdf(Random(f"warm/{number}"), 0, doc_id)
        file = folder / f"{doc_id}.pdf"
        file.write_bytes(one.data)
        made.append(Document("generated invoice_pdf", doc_id, file, dict(one.truth)))
    return made


def test_unknown_headings_are_understood_by_their_figures_and_known_ones_as_before(
    tmp_path: Path,
) -> None:
    result = warm.measured(papers(tmp_path, 2))

    cold, warmed = result.scores["unknown"]
    assert result.sellers["unknown"] == 1
    assert 0.9 < cold.f1 <= warmed.f1
    cold, warmed = result.scores[warm.PRINTED]
    assert result.lessons[warm.PRINTED] == 0
    assert cold.f1 == warmed.f1 > 0.9


def test_a_seller_with_one_document_is_not_measured(tmp_path: Path) -> None:
    assert warm.measured(papers(tmp_path, 1)).scores == {}
