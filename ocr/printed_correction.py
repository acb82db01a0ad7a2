"""What a printed correcting invoice changes, from its labels and its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ocr import corrections
from ocr.document_dates import date_in
from ocr.document_number import number_in
from ocr.fields import Label
from ocr.labels import FIELD_LEXICON, squeeze
from ocr.reading import (
    Correction,
    CorrectionReference,
    DocumentKind,
    Finding,
    Reading,
    Severity,
)
from ocr.rows import Row, Token

_TITLE_ROWS = 8
_KINDS = (DocumentKind.CORRECTED_INVOICE, DocumentKind.CREDIT_NOTE)


def with_correction(
    reading: Reading,
    rows: Sequence[Row],
    labels: Sequence[Label],
    corrected_ksef: Sequence[str],
    american: bool,
) -> Reading:
    """The reading with its correction and each row's change; unchanged for other documents."""
    if reading.kind not in _KINDS:
        return reading
    originals = _originals(reading, rows, labels, corrected_ksef, american)
    reason = _reason(labels)
    done = corrections.effect(
        reading.lines,
        corrections.Header(
            total_due=reading.total_gross.value if reading.total_gross else None,
            total_net=reading.total_net.value if reading.total_net else None,
            originals=len(originals),
            reason=reason,
            advance=any("zaliczk" in squeeze(row.text) for row in rows[:_TITLE_ROWS]),
        ),
    )
    # A credit note that shows plain positive rows takes back what it lists: a person decides.
    plain = reading.kind is DocumentKind.CREDIT_NOTE and not any(
        row.before for row in reading.lines
    )
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
    reading: Reading,
    rows: Sequence[Row],
    labels: Sequence[Label],
    ksef: Sequence[str],
    american: bool,
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
    issued = _dates(labels, american)
    if len(numbers) == 1 and len(ksef) < 2:
        listed = _column(rows, labels, "corrected_no")
        read = [value.value for tokens in listed if (value := number_in(tokens))]
        if len(read) > 1 and read[0] == numbers[0]:
            numbers = read
            days = (date_in(t, american) for t in _column(rows, labels, "corrected_date"))
            issued = [day.value for day in days if day is not None]
    if not numbers:
        return tuple(CorrectionReference("", None, number) for number in ksef)
    paired = list(ksef) + [None] * (len(numbers) - len(ksef))
    return tuple(
        CorrectionReference(
            number, issued[place] if len(issued) == len(numbers) else None, paired[place]
        )
        for place, number in enumerate(numbers)
    )


def _column(rows: Sequence[Row], labels: Sequence[Label], meaning: str) -> list[tuple[Token, ...]]:
    """The phrases under a label that heads a column, until the column ends."""
    label = next((label for label in labels if label.meaning == meaning), None)
    if label is None:
        return []
    slack = 3 * label.tokens[0].height  # headings stand in the middle of their column
    x0, x1 = label.tokens[0].x0 - slack, label.tokens[-1].x1 + slack
    found: list[tuple[Token, ...]] = []
    above = rows[label.row]
    for row in rows[label.row + 1 :]:
        if row.page != above.page or row.middle - above.middle > 4 * row.height:
            break
        under = [p for p in row.phrases() if p.x0 < x1 and p.x1 > x0]
        if not under:
            break
        found.append(under[0].tokens)
        above = row
    return found


def _dates(labels: Sequence[Label], american: bool) -> list[date]:
    found: list[date] = []
    for label in labels:
        if label.meaning == "corrected_date":
            read = next((d for tokens in label.values if (d := date_in(tokens, american))), None)
            if read is not None:
                found.append(read.value)
    return found


def _begins_with_label(tokens: Sequence[Token]) -> bool:
    """Whether a phrase is another label with its value."""
    for end, token in enumerate(tokens[:12], start=1):
        if token.text.endswith(":"):
            return "".join(t.key for t in tokens[:end]) in FIELD_LEXICON.exact
    return False


def _reason(labels: Sequence[Label]) -> str:
    for label in labels:
        if label.meaning != "correction_reason" or not label.values:
            continue
        first = label.values[0]
        words = [t.text for t in first]
        left, last = label.tokens[0].x0, first
        for tokens in label.values[1:]:
            step = tokens[0].y0 - last[0].y0
            if _begins_with_label(tokens):
                break
            if abs(tokens[0].x0 - left) > 0.02 or not 0 < step < 1.7 * last[0].height:
                break
            words.extend(t.text for t in tokens)
            last = tokens
        return " ".join(words)
    return ""
