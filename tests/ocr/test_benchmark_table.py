from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fpdf import FPDF

from benchmarks.reading import baselines, measured, table
from benchmarks.reading.score import add


def one(*, right: bool, proof: str) -> table.Measured:
    truth: dict[str, Any] = {"doc_id": "d", "scored": ["total_gross"], "total_gross": "5.00"}
    read = {"total_gross": "5.00" if right else "6.00", "values": {"total_gross": {"proof": proof}}}
    cell = table.Measured()
    add(cell.score, truth, read)
    cell.add_usage({"seconds": 4.0, "cpu_s": 2.0, "peak_bytes": 300 << 20}, pages=2)
    return cell


def test_wrong_proven_values_come_first_and_count_only_the_product() -> None:
    results = {
        "zalicz": {"slips": one(right=False, proof="arithmetic")},
        "tesseract": {"slips": one(right=False, proof="arithmetic")},
    }

    text = table.written(results, told={"zalicz": "ours", "tesseract": "theirs"}, errors=True)

    first, second = text.split("### Sets")
    assert "| zalicz | 1 | 1 | 100.00 % |" in first
    assert "tesseract" not in first
    assert "| slips | tesseract | 1 | 0/1 = 0.0 % | 1 |" in second
    assert "* zalicz: d: total_gross is '5.00', read '6.00'" in second


def test_seconds_are_per_page_and_a_refusal_is_told() -> None:
    cell = one(right=True, proof="read")
    usage = {"seconds": 1.0, "cpu_s": 1.0, "peak_bytes": 0, "unreadable": "too-slow"}
    cell.add_usage(usage, pages=1)

    text = table.written({"zalicz": {"slips": cell}}, told={"zalicz": "ours"})

    assert "| 1 (1 too-slow) | 1/1 = 100.0 % |" in text
    assert "| 1.50 / 2.00 | 1.000 / 1.000 | 300 |" in text


@pytest.mark.parametrize(
    ("values", "share", "expected"), [([1.0], 95, 1.0), ([3.0, 1.0, 2.0], 50, 2.0)]
)
def test_a_percentile_is_a_value_that_was_measured(
    values: list[float], share: int, expected: float
) -> None:
    assert table.percentile(values, share) == expected
    assert table.percentile([float(n) for n in range(1, 101)], 95) == 95.0


def test_a_baseline_that_fails_gives_no_answer_and_a_usage() -> None:
    def fail() -> dict[str, Any]:
        raise ValueError("a baseline may break")

    answer, usage = measured.in_fork(fail)
    assert answer is None
    assert usage["seconds"] > 0

    answer, usage = measured.in_fork(lambda: {"held": len(bytearray(80_000_000))})
    assert answer == {"held": 80_000_000}
    assert usage["peak_bytes"] > 80_000_000


def test_invoice2data_reads_a_text_pdf_that_one_of_its_templates_knows(tmp_path: Path) -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=11)
    text = "Nodisto\nInvoice #4711\nInvoice Date: 05/17/2026\nTotal $12.50 USD"
    pdf.multi_cell(0, 8, text)
    file = tmp_path / "nodisto.pdf"
    file.write_bytes(bytes(pdf.output()))

    record = baselines.templates(file)

    assert (record["invoice_number"], record["total_gross"]) == ("4711", "12.5")
    assert (record["issue_date"], record["currency"]) == ("2026-05-17", "USD")
