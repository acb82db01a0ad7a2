"""What reading costs, by the way a document was read, beside the limits that were set for it."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.reading.table import percentile

_WAYS = (
    ("e-invoices in XML", ("ksef-xml", "ubl"), "0.05 median"),
    ("PDF with an e-invoice inside", ("facturx",), "–"),
    ("PDF with text", ("pdf-text",), "0.15 median"),
    ("photos and slips", ("photo",), "3 median, 6 p95"),
    ("scans that the engine for print proved", ("scan",), "–"),
    ("scans that both engines read", ("scan+neural",), "–"),
)


@dataclass(frozen=True, slots=True)
class Cost:
    """One document: seconds of wall and processor, memory of the reading process and its models."""

    document: tuple[str, str]
    route: str
    pages: int
    seconds: float
    cpu_s: float
    peak_bytes: int


def cost(document: tuple[str, str], kept: Mapping[str, Any]) -> Cost:
    """Of a kept answer; a document that could not be read has no route."""
    record, usage = kept["record"] or {}, kept["usage"]
    return Cost(
        document,
        str(record.get("route", "")),
        max(1, len(record.get("pages", ()))),
        usage["seconds"],
        usage["cpu_s"],
        usage["peak_bytes"],
    )


def written(
    costs: Mapping[str, Sequence[Cost]], *, waiting_bytes: int, drawn: tuple[int, float] | None
) -> str:
    """Markdown; `waiting_bytes` is what the process that starts readers takes between documents."""
    head = (
        "| read | documents | pages | CPU s a page median / p95 | limit | wall s median / p95 |"
        " peak MB |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    )
    ours = costs.get("zalicz", ())
    rows = [
        _row(told, limit, chosen)
        for told, routes, limit in _WAYS
        if (chosen := [one for one in ours if one.route in routes])
    ]
    notes = [_overhead(ours, costs.get("tesseract", ()))]
    if waiting_bytes:
        notes.append(
            f"The process that waits with all models loaded takes {waiting_bytes >> 20} MB; peak MB"
            " is a reading process with all that it shares with the waiting one (limit 900)."
        )
    if drawn is not None:
        notes.append(
            f"Drawing {drawn[0]} own documents took {drawn[1]:.0f} s of wall time (limit 300)."
        )
    return "### Speed\n\n" + "\n".join([head, *rows]) + "\n\n" + "\n".join(n for n in notes if n)


def _row(told: str, limit: str, chosen: Sequence[Cost]) -> str:
    cpu = [one.cpu_s / one.pages for one in chosen]
    wall = [one.seconds / one.pages for one in chosen]
    return (
        f"| {told} | {len(chosen)} | {sum(one.pages for one in chosen)} |"
        f" {statistics.median(cpu):.3f} / {percentile(cpu, 95):.3f} | {limit} |"
        f" {statistics.median(wall):.2f} / {percentile(wall, 95):.2f} |"
        f" {max(one.peak_bytes for one in chosen) >> 20} |"
    )


def _overhead(ours: Sequence[Cost], plain: Sequence[Cost]) -> str:
    """Of everything around the engine, where that engine alone was enough."""
    raw = {one.document: one for one in plain}
    pairs = [
        (one, raw[one.document]) for one in ours if one.route == "scan" and one.document in raw
    ]
    if not pairs:
        return ""
    more = sum(a.cpu_s for a, _ in pairs) / sum(b.cpu_s for _, b in pairs) - 1
    return (
        f"Scans that the engine for print proved took {more:+.0%} of the processor time of plain"
        f" pytesseract on the same {len(pairs)} documents (limit +15 %)."
    )
