"""Dates of issue and sale: by label, beside the number, or loose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ocr import captions, numbers
from ocr.fields import Label
from ocr.numbers import FoundDate
from ocr.reading import Proof, Value
from ocr.rows import Row, Token, box_of, confidence_of
from ocr.wrapped import joined

_PERIOD = re.compile(r"(?i)\s*(do|bis|to|au|tot|until|till|-|–|—)\s*")


_TELLING = 6  # squeezed letters: "datum" and "vom" may belong to anything


_DATES = frozenset({"issue_date", "sale_date", "due_date"})
_VERSIONS = ("version", "wersja", "versie")
_OF_DAY = frozenset({"vom", "zdnia", "dnia", "zdn", "of", "du", "dated", "van"})  # before a date
_DUPLICATE = frozenset({"duplikat", "duplicate", "duplikatu", "zweitschrift"})
# Stems of what else has a day: contracts, orders, certificates and what is valid from then on.
_OTHER_PAPERS = (
    *("umow", "aneks", "zamowien", "zlecen", "ofert", "protok", "certyf", "atest", "decyzj"),
    *("ustaw", "rozporzadz", "zezwol", "pozwol", "koncesj", "licencj", "polis", "gwaranc"),
    *("wazn", "regulamin", "uchwal", "porozumien", "zaswiadcz", "cennik", "obowiazuj"),
    *("vertrag", "bestell", "auftrag", "zertifi", "gultig", "contract", "agreement", "certif"),
)
_OWN_PAPERS = ("faktur", "korekt", "rachun", "rechnung", "invoice", "facture", "paragon", "wystaw")
_TAX_POINT = frozenset({"taxpoint", "dateandtaxpoint", "taxpointdate"})  # alone it dates a paper
_NEAR = 2.6  # heights from a label to its value over or under it


_FOOT = 0.88  # of the page's height: what stands below is about the form, not the purchase


def month_first(rows: Sequence[Row]) -> bool:
    """Whether the document writes 02/17/2026: some date with slashes has no other reading."""
    american = european = 0
    for row in rows:
        for m in re.finditer(r"(?<![\w/])(\d{1,2})/(\d{1,2})/(?:20)?\d\d(?!\d)", row.text):
            american += int(m[2]) > 12 >= int(m[1])
            european += int(m[1]) > 12 >= int(m[2])
    return american > european


def with_values_above(rows: Sequence[Row], labels: list[Label], american: bool) -> list[Label]:
    """The labels of dates with what stands over them, on forms that print labels under values.

    Such a form has a date over every label and none under the last.
    """
    labels = captions.with_values_above(rows, labels)
    dated = [
        label
        for label in labels
        if label.meaning in _DATES and not (label.values and _on_its_row(label, american))
    ]
    over = {id(label): _straight(rows, label, -1) for label in dated}
    under = {id(label): _straight(rows, label, 1) for label in dated}
    beside = [
        (date_in(over[id(label)], american), date_in(under[id(label)], american)) for label in dated
    ]
    beside = [found for found in beside if any(found)]
    if not beside or not all(first for first, _ in beside) or all(last for _, last in beside):
        return labels
    return [
        replace(label, values=(over[id(label)],)) if over.get(id(label)) else label
        for label in labels
    ]


def _on_its_row(label: Label, american: bool) -> bool:
    first = label.values[0]
    level = first[0].y0 < label.tokens[0].y1 and first[0].y1 > label.tokens[0].y0
    return level and date_in(first, american) is not None


def _straight(rows: Sequence[Row], label: Label, step: int) -> tuple[Token, ...]:
    """The phrase straight over (-1) or under (1) a label."""
    place = label.row + step
    if not 0 <= place < len(rows) or rows[place].page != label.tokens[0].page:
        return ()
    row = rows[place]
    if abs(row.middle - rows[label.row].middle) > _NEAR * rows[label.row].height:
        return ()
    x0, x1 = label.tokens[0].x0, label.tokens[-1].x1
    return next((p.tokens for p in row.phrases() if p.x0 < x1 and p.x1 > x0), ())


def issue_date(
    rows: Sequence[Row], labels: Sequence[Label], number: Value[str] | None, american: bool
) -> Value[date] | None:
    """The date of issue: by a telling label, behind the number, by a weak label, or loose.

    The day on which a duplicate was made is none, nor is that of a form's or a standard's version.
    """
    labels = [label for label in labels if not _of_another_thing(rows[label.row], label)]
    return (
        labelled_date(labels, "issue_date", american, _TELLING)
        or _behind_number(rows, number, american)
        or labelled_date(labels, "issue_date", american)
        or labelled_date([x for x in labels if x.key in _TAX_POINT], "sale_date", american)
        or loose_date(rows, labels, number, american)
    )


def _of_another_thing(row: Row, label: Label) -> bool:
    """Whether the words before a label speak of something else: `DUPLIKAT wystawiony dnia`."""
    before = [t.key for t in row.tokens if t.x0 < label.tokens[0].x0]
    if label.key in _OF_DAY and _of_other_paper(row, label.tokens[0]):
        return True
    return any(key in _DUPLICATE for key in before[-2:]) or any(
        key.endswith(_VERSIONS) for key in before[-4:]
    )


def _of_other_paper(row: Row, token: Token) -> bool:
    """Whether the words before a day name what else has one: `Umowa z dnia`, `ważny od`."""
    phrase = next((p.tokens for p in row.phrases() if token in p.tokens), ())
    keys = [t.key for t in phrase if t.x0 < token.x0]
    if any(key.startswith(_OWN_PAPERS) for key in keys):
        return False
    return any(key.startswith(_OTHER_PAPERS) for key in keys)


def _behind_number(
    rows: Sequence[Row], number: Value[str] | None, american: bool
) -> Value[date] | None:
    if number is None or number.box is None:
        return None
    for index, row in enumerate(rows):
        if row.page != number.box.page:
            continue
        tokens = [
            t
            for t in row.tokens
            if t.box.x0 >= number.box.x1 - 0.001
            and t.box.y0 < number.box.y1
            and t.box.y1 > number.box.y0
        ]
        phrase = Row(row.page, tuple(tokens)).phrases(2.0)[0].tokens if tokens else ()
        if found := date_in(phrase[:8], american):
            return found
        if "".join(t.key for t in phrase) in _OF_DAY and index + 1 < len(rows):
            return date_in(rows[index + 1].phrases()[0].tokens[:4], american)  # a wrapped line
    return None


def sale_date(labels: Sequence[Label], american: bool) -> Value[date] | None:
    """The date of sale; of a period its end."""
    first = labelled_date(labels, "sale_date", american)
    if first is None:
        return None
    for label in labels:
        for tokens in label.values if label.meaning == "sale_date" else ():
            text = " ".join(t.text for t in tokens)
            found = numbers.dates(text, month_first=american)
            between = text[found[0].end : found[1].start] if len(found) > 1 else ""
            if found and found[0].value == first.value and _PERIOD.fullmatch(between):
                return _dated(found[1], tokens)
    return first


def labelled_date(
    labels: Sequence[Label], meaning: str, american: bool, telling: int = 0
) -> Value[date] | None:
    """The date behind the best label of this meaning that has at least `telling` letters."""
    best: tuple[float, Value[date]] | None = None
    for label in labels:
        if label.meaning != meaning or len(label.key) < telling:
            continue
        for rank, tokens in enumerate(label.values):
            found = date_in(tokens, american)
            if found is None:
                continue
            score = min(len(label.key), 14) / 7 - 0.6 * rank - 0.3 * (label.tokens[0].page - 1)
            score += 0.5 if label.pure else 0.0
            score -= 1.0 if label.tokens[0].box.y0 > _FOOT else 0.0
            if rank and any(t.text.endswith(":") for t in tokens[:3]):
                score -= 1.0  # that value has its own label
            if best is None or score > best[0]:
                best = (score, found)
            break
    return best[1] if best else None


def date_in(tokens: Sequence[Token], american: bool) -> Value[date] | None:
    """The first date in the tokens."""
    text = " ".join(t.text for t in tokens)
    found = numbers.dates(text, month_first=american)
    if found:
        return _dated(found[0], tokens)
    whole = numbers.dates(joined(tokens), month_first=american)
    if not whole:
        return None
    return Value(whole[0].value, Proof.READ, confidence_of(tokens), box_of(tokens), text)


def _dated(found: FoundDate, tokens: Sequence[Token]) -> Value[date]:
    offset, used = 0, []
    for token in tokens:
        if offset < found.end and offset + len(token.text) > found.start:
            used.append(token)
        offset += len(token.text) + 1
    raw = " ".join(t.text for t in used)
    return Value(found.value, Proof.READ, confidence_of(used), box_of(used), raw)


def loose_date(
    rows: Sequence[Row], labels: Sequence[Label], number: Value[str] | None, american: bool
) -> Value[date] | None:
    """A date without its own label: behind a town, or the first of the page that is not another.

    A number such as `12/04/2026` is a date only where the page has no other.
    """
    other = {"due_date", "sale_date", "order_no", "corrected_date", "delivery_no", "payment"}
    barred = {
        id(t)
        for label in labels
        if label.meaning in other
        for tokens in label.values[:2]
        for t in tokens
    }
    first: Value[date] | None = None
    named: Value[date] | None = None
    for row in rows:
        if row.page > 1 or row.y0 > 0.9:
            break
        text = row.text
        for found in numbers.dates(text, month_first=american):
            dated = _dated(found, row.tokens)
            said = re.findall(r"\w+", text[: found.start].casefold())[-4:]
            if _DUPLICATE.intersection(said):
                continue
            used = [t for t in row.tokens if t.text in dated.raw.split()]
            if used and _of_other_paper(row, used[0]):
                continue
            if re.search(r"(,|\bden|\bdnia|\bdn\.|\ble)$", text[: found.start].rstrip()):
                return dated
            if any(id(t) in barred for t in used):
                continue
            guess = Value(dated.value, Proof.GUESSED, dated.confidence, dated.box, dated.raw)
            if number is not None and _inside(dated, number):
                named = named or guess
            elif first is None:
                first = guess
    return first or named


def _inside(value: Value[date], number: Value[str]) -> bool:
    """Whether a date is a part of the document's number."""
    mine, other = value.box, number.box
    if mine is None or other is None or mine.page != other.page:
        return False
    middle = (mine.x0 + mine.x1) / 2, (mine.y0 + mine.y1) / 2
    return other.x0 <= middle[0] <= other.x1 and other.y0 <= middle[1] <= other.y1
