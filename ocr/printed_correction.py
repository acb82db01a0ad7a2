"""What a printed correcting invoice changes, from its labels and its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ocr import corrections
from ocr.fields import Label, labelled_date, number_in
from ocr.reading import (
    Correction,
    CorrectionReference,
    DocumentKind,
    Finding,
    Reading,
    Severity,
    Value,
)

_KINDS = (DocumentKind.CORRECTED_INVOICE, DocumentKind.CREDIT_NOTE)


def with_correction(
    reading: Reading, labels: Sequence[Label], corrected_ksef: Sequence[str], american: bool
) -> Reading:
    """The reading with its correction and each row's change; unchanged for other documents."""
    if reading.kind not in _KINDS:
        return reading
    originals = _originals(reading, labels, corrected_ksef, american)
    reason = _reason(labels)
    done = corrections.effect(
        reading.lines,
        corrections.Header(
            total_due=reading.total_gross.value if reading.total_gross else None,
            total_net=reading.total_net.value if reading.total_net else None,
            originals=len(originals),
            reason=reason,
        ),
    )
    # A credit note that shows plain positive rows takes back what it lists: a person decides.
    plain = reading.kind is DocumentKind.CREDIT_NOTE and not any(row.before for row in reading.lines)
    findings = list(reading.findings)
    findings.extend(Finding(doubt, Severity.WARNING) for doubt in done.doubts)
    findings.extend(
        Finding(change.doubt, Severity.WARNING, (("line", str(row.position)),), row.box)
        for row, change in zip(reading.lines, done.changes, strict=True)
        if change.doubt
    )
    if not originals:
        findings.append(Finding("correction-without-original", Severity.WARNING))
    lines = tuple(
        row if plain else replace(row, unit_delta=change.units, value_delta=change.value)
        for row, change in zip(reading.lines, done.changes, strict=True)
    )
    return replace(
        reading,
        lines=lines,
        correction=Correction(done.encoding, originals, reason, plain or done.needs_person),
        findings=tuple(findings),
    )


def _originals(
    reading: Reading, labels: Sequence[Label], ksef: Sequence[str], american: bool
) -> tuple[CorrectionReference, ...]:
    own = reading.invoice_number.value if reading.invoice_number else ""
    numbers: list[str] = []
    for label in labels:
        if label.meaning != "corrected_no":
            continue
        for tokens in label.values:
            found = number_in(tokens)
            if found is not None and found.value != own:
                if found.value not in numbers:
                    numbers.append(found.value)
                break
    issued: Value[date] | None = labelled_date(labels, "corrected_date", american)
    if not numbers:
        return tuple(CorrectionReference("", None, number) for number in ksef)
    paired = list(ksef) + [None] * (len(numbers) - len(ksef))
    return tuple(
        CorrectionReference(
            number, issued.value if issued and len(numbers) == 1 else None, paired[place]
        )
        for place, number in enumerate(numbers)
    )


def _reason(labels: Sequence[Label]) -> str:
    for label in labels:
        if label.meaning != "correction_reason" or not label.values:
            continue
        first = label.values[0]
        words = [t.text for t in first]
        left, last = label.tokens[0].x0, first
        for tokens in label.values[1:]:
            step = tokens[0].y0 - last[0].y0
            if tokens[0].text.endswith(":") or any(t.text.endswith(":") for t in tokens[:4]):
                break
            if abs(tokens[0].x0 - left) > 0.02 or not 0 < step < 1.7 * last[0].height:
                break
            words.extend(t.text for t in tokens)
            last = tokens
        return " ".join(words)
    return ""
