"""Which printed KSeF number is the document's own, and which belong to others that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ocr import ksef_number
from ocr.fields import Label
from ocr.ksef_number import KsefNumber
from ocr.labels import squeeze
from ocr.reading import Proof, Value
from ocr.rows import Row, box_of, confidence_of

# Words before a number that make it another document's: an advance that is settled, an original.
_ANOTHER = re.compile(
    r"(?i)zaliczkow|końcow|pierwotn|korygowan|poprzedni|źródłow|powiązan|nadrzędn|dotycz|rozlicz|"
    r"duplikat\s+do|\bdo\s+(faktury|dokumentu)|advance|original\b|corrected|preceding|previous"
)
_ORIGINAL = re.compile(r"(?i)korygowan|pierwotn|corrected")
_REFERENCE = re.compile(r"[0-9A-Z]{9,10}-\d{8}-[0-9A-F-]{12,13}-[0-9A-F]{2}")


def failed_ksef(rows: Sequence[Row], labels: Sequence[Label]) -> str:
    """A KSeF number as printed for the document itself whose check fails, "" for none.

    Text that was written is never repaired, only said to be wrong.
    """
    own = {label.row for label in labels if label.meaning == "ksef_number"}
    foreign = {label.row for label in labels if label.meaning in ("corrected_ksef", "corrected_no")}
    for index in sorted(own - foreign):
        for row in rows[index : index + 2]:
            if any(t.doubt for t in row.tokens):
                continue
            if failed := ksef_number.failed(row.text):
                return failed
    return ""


def ksef(
    rows: Sequence[Row], labels: Sequence[Label]
) -> tuple[Value[str] | None, list[str], list[str]]:
    """The document's own KSeF number, those of invoices that it corrects, and all that look own.

    More than one in the last list is a contradiction that somebody has to look at.
    """
    corrected: list[str] = []
    best: tuple[float, Value[str]] | None = None
    foreign = {label.row for label in labels if label.meaning == "corrected_ksef"}
    beside = {label.row for label in labels if label.meaning in ("corrected_no", "order_no")}
    labelled = {label.row for label in labels if label.meaning == "ksef_number"}
    title = min((x.row for x in labels if x.meaning in ("title", "number")), default=-1)
    seen: dict[str, int] = {}
    others: set[str] = set()
    for label in labels:
        if label.meaning == "corrected_ksef" and label.values:
            # Only a reference: samples and old papers carry numbers whose checksum is wrong.
            text = "".join(t.text for t in label.values[0])
            if _REFERENCE.fullmatch(text):
                corrected.append(text)
    for index, row in enumerate(rows):
        for found, before in _printed(rows, index, broken=bool(labelled & {index, index - 1})):
            another = index > title and _ANOTHER.search(before) is not None
            original = another and _ORIGINAL.search(before) is not None
            own_label = squeeze(before).endswith("ksef") and not another
            near = any(0 <= index - f <= 2 for f in foreign) and not own_label
            if near or original or index in beside or found.text in corrected:
                if found.text not in corrected:
                    corrected.append(found.text)
                continue
            if another:
                others.add(found.text)
                continue
            seen[found.text] = seen.get(found.text, 0) + 1
            score = seen[found.text] + 0.001 * index
            score += 2.0 if labelled & {index, index - 1} else 0.0
            tokens = [t for t in row.tokens if found.text[:10] in t.text.upper()] or row.tokens
            if best is None or score > best[0]:
                sure, box = confidence_of(tokens), box_of(tokens)
                best = (score, Value(found.text, Proof.CHECKSUM, sure, box, ""))
    own = [text for text in seen if text not in others and text not in corrected]
    if best is not None and best[1].value in others:
        best = None  # Named as another's elsewhere on the page.
    return (best[1] if best else None), corrected, own


def _printed(rows: Sequence[Row], index: int, *, broken: bool) -> Iterator[tuple[KsefNumber, str]]:
    """The numbers of a row with the words before each; `broken`: one may end in the row below."""
    row = rows[index]
    misread = any(t.doubt for t in row.tokens)
    found = list(ksef_number.places(row.text, misread=misread))
    if not found and broken and index + 1 < len(rows) and rows[index + 1].page == row.page:
        # The row below on its own may be the number, or its end.
        below = rows[index + 1].text
        if not ksef_number.find(below, misread=misread):
            found = list(ksef_number.places(row.text + below, misread=misread))
    above = rows[index - 1].text if index else ""
    for start, _, number in found:
        before = row.text[_end_of_last(found, start) : start]
        if not any(c.isalpha() for c in before) and start < len(before) + 3:
            # Alone in its row: what it is stands above, unless that names a number itself.
            before = "" if ksef_number.find(above, misread=misread) else above
        yield number, before


def _end_of_last(found: Sequence[tuple[int, int, KsefNumber]], start: int) -> int:
    """Where the number before the one at `start` ends, 0 for none."""
    return max((end for _, end, _ in found if end <= start), default=0)
