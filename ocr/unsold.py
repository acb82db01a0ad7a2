"""Says of every paper that proves no sale by itself why nobody is credited for it. Pure."""

from __future__ import annotations

from dataclasses import replace

from ocr.reading import DocumentKind, Finding, Reading, Severity

_SAID = frozenset({"not-fiscal", "cancelled-slip", "not-a-sale"})
_UPO = "ksef-upo"  # A receipt of KSeF is asked for beside its invoice, and says so itself.


def noted(reading: Reading) -> Reading:
    """The reading with a finding where it is an advance, a pro forma, a delivery note or alike."""
    said = {finding.code for finding in reading.findings}
    if reading.kind is DocumentKind.ADVANCE_INVOICE and "waiting-for-final-invoice" not in said:
        finding = Finding("waiting-for-final-invoice", Severity.INFO)
    elif (
        reading.kind is DocumentKind.OTHER
        and reading.route != _UPO
        and (reading.lines or reading.total_gross is not None)
        and not said & _SAID
    ):
        finding = Finding("not-a-sale", Severity.ERROR)
    else:
        return reading
    return replace(reading, findings=(*reading.findings, finding))
