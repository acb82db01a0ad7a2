"""The rows between head and foot of a fiscal slip: items, discounts, cancelled items."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from ocr.identifiers import gtin_valid
from ocr.receipt_entries import DISCOUNTS, Cut, Item, Items, letters_of
from ocr.receipt_frame import Frame, before, frame_of
from ocr.receipt_labelled import Code, codes_in, unlabelled
from ocr.receipt_order import in_order
from ocr.receipt_priced import counted_item, priced_item
from ocr.receipt_rows import Row
from ocr.receipt_tail import Tail, product, tail_of
from ocr.receipt_text import amounts, says
from ocr.receipt_wrapped import broken_name

_CHARGES = ("NARZUT", "NARZUTY", "DOPLATA")
_OTHER_PRICES = (
    "REGULARNA", "KATALOGOWA", "NAJNIZSZA", "PIERWOTNA", "POPRZEDNIA", "STANDARDOWA", "PRZED",
    "NORMALNA", "OMNIBUS", "PROMOCYJNA", "KARTA",
)  # fmt: skip
_AFTER_CUT = ("PO RABACIE", "PO RABATACH", "PO OPUSCIE", "PO UPUSCIE", "PO OBNIZCE", "PO ZNIZCE")
_MISREAD_COUNT = re.compile(r"\W*\d{1,4}\s?[^\W\d]{1,3}\W*")  # `10p.` for `1op.`
_ARTICLE = re.compile(r"(?:^|\s)(\d{4,8})([A-G])\s*$")
_MARK_GLUED = re.compile(r"(?<=\w)_([A-G])$")
_CUT_GLUED = re.compile(r"(-\d{1,5}[.,]\d\d)([034568])")
_BACK = ("STORNO", "ANULOWANO", "ANULACJA", "ZWROT")
ROWS_OF_CANCELLED = 3  # `STORNO`, the name, the figures


def read_items(
    rows: Sequence[Row], letters: frozenset[str] = frozenset(), *, specks: bool = False
) -> Items:
    """Items in printed order; rows that are neither item nor discount are passed over.

    `letters` are the VAT letters that the foot of the slip knows. With `specks`, a minus in a
    picture that no word explains is none.
    """
    rows = [_with_letter(row) for row in in_order(unlabelled(rows))]
    tails = _whole_tails(rows)
    if specks:
        tails = [_without_speck(row, tail) for row, tail in zip(rows, tails, strict=True)]
    named = sum(
        _letters_in(before(row, tail)) >= 3 for row, tail in zip(rows, tails, strict=True) if tail
    )
    figures_below = named * 2 < sum(tail is not None for tail in tails)
    frame = frame_of(rows, tails)
    codes_first = _codes_first(rows)
    names = [row for row in rows if _letters_in(row.text) >= 3 and not list(amounts(row.text))]
    widest = max((row.box.x1 - row.box.x0 for row in names), default=0.0)
    codes: tuple[Code, ...] = ()  # of the item whose figures are still to come
    found = Items()
    pending: list[Row] = []
    whole = False
    announced = 0  # rows within which the figures of an announced cancellation must follow
    for row, tail in zip(rows, tails, strict=True):
        text = row.text
        announced -= 1
        if (_cancels(text, tail) or announced > 0) and (tail or list(amounts(text))):
            found.minuses += announced <= 0 and not says(text, *_BACK) and not row.printed
            _take_back(found, row, tail)
            pending, announced = [], 0
        elif says(text, "STORNO", "ANULOWANO", "ANULACJA"):
            pending, announced = [], ROWS_OF_CANCELLED
        elif says(text, "PODSUMA", "SUMA CZESCIOWA", "SUMA POSREDNIA"):
            whole, pending = True, []
            found.subtotal = next((a.value for a in amounts(text)), None)
        elif tail is None and _tells_other_price(text):
            continue
        elif _sums_cuts(text):
            pending = []
        elif _is_cut(text, tail):
            cut = list(amounts(text))[-1]
            of_all = whole or not found.items or says(text, "PARAGONU", "CALOSC")
            place = None if of_all else len(found.items) - 1
            label, behind = text[: cut.start].strip(" -:+"), _letter_behind(text, cut.end)
            worth = -abs(cut.value) if says(text, *_CHARGES) else abs(cut.value)
            found.cuts.append(Cut(worth, label, row, place, behind))
            pending = []
        elif tail is not None and tail.amount >= 0:
            name, name_row = before(row, tail), row
            if tail.derived == "quantity" and pending and _MISREAD_COUNT.fullmatch(name):
                name = ""
            if _letters_in(name) < 3 and pending:
                name_row = pending[-1]
                name = f"{pending[-1].text} {name}" if _letters_in(name) else pending[-1].text
            elif figures_below and pending:
                name_row = pending[-1]
                name = pending[-1].text
            if name_row is not row and len(pending) > 1:
                name_row, name = broken_name(pending, widest, letters) or (name_row, name)
            item = _item(name, tail, row, name_row, frame, letters)
            _take_codes(item, codes)
            codes = ()
            found.items.append(item)
            pending = []
        elif told := codes_in(text):
            if pending or codes_first:
                codes = (*codes, *told)
            elif found.items:
                _take_codes(found.items[-1], told)
        elif _names(text) and not heads_columns(text):
            if single := priced_item(row, letters):
                found.priced.append((len(found.items), single))
            pending.append(row)
            found.unread.append(row)
        elif pending and (pair := counted_item(row, pending[-1])):
            found.priced.append((len(found.items), pair))
            pending = []
            found.bare.append(row)
    used = {id(item.name_row) for item in found.items}
    found.bare = [row for row in found.bare if id(row) not in used]
    beside = sum(item.name_row is item.row for item in found.items)
    # Over their figures names may take several rows, beside them each has its own.
    several = figures_below or 2 * beside <= len(found.items)
    found.unread = [] if several else [row for row in found.unread if id(row) not in used]
    found.cuts = _without_parts(found.cuts)
    _settle_litres(found.items)
    return found


def _settle_litres(items: Sequence[Item]) -> None:
    """`41,371 x6,45`: an l glued to two decimals, where all other items name their units."""
    for item in items:
        tail = item.tail
        printed = str(tail.quantity or "")
        shorter = Decimal(printed[:-1]) if re.fullmatch(r"\d+\.\d\d1", printed) else None
        others = [other.tail.unit for other in items if other is not item]
        if item.row.printed or shorter is None or tail.unit or not others or not all(others):
            continue
        if product(shorter, tail.price) == tail.amount:
            item.tail = replace(tail, quantity=shorter, unit="l", holds=True)


def _without_parts(cuts: list[Cut]) -> list[Cut]:
    """Without rows that divide a discount on the whole among the VAT letters."""
    kept: list[Cut] = []
    place = 0
    while place < len(cuts):
        cut = cuts[place]
        kept.append(cut)
        place += 1
        parts = [c for c in itertools.takewhile(lambda c: _letters_in(c.label) < 2, cuts[place:])]
        if parts and sum(c.amount for c in parts) == cut.amount:
            cut.item = None
            place += len(parts)
    return kept


def _letters_in(text: str) -> int:
    return sum(c.isalpha() for c in text)


def heads_columns(text: str) -> bool:
    """`Nazwa PTU Ilość Cena Wartość`: what stands over the columns of items."""
    return sum(says(text, name) for name in ("NAZWA", "ILOSC", "CENA", "WARTOSC")) >= 2


def _whole_tails(rows: Sequence[Row]) -> list[Tail | None]:
    """The figures of all rows; `CABLE 2x0,75` straight over whole figures is a name."""
    tails = [tail_of(row) for row in rows]
    for place in range(len(rows) - 1):
        tail, below = tails[place], tails[place + 1]
        if tail is None or below is None or tail.derived != "amount":
            continue
        bare = _letters_in(before(rows[place + 1], below)) < 3
        if bare and below.holds and _letters_in(before(rows[place], tail)) >= 3:
            tails[place] = None
    return tails


def _tells_other_price(text: str) -> bool:
    """`Cena regularna 12,99`, `Po rabacie: 8,99`: not paid, or what item and discount give."""
    if any(amount.value < 0 for amount in amounts(text)):
        return False
    return says(text, *_AFTER_CUT) or (says(text, "CENA") and says(text, *_OTHER_PRICES))


def _names(text: str) -> bool:
    """Whether a row may name an item; `PB95` does, what is left of a lost row does not."""
    letters = _letters_in(text)
    return letters >= 3 or (letters == 2 and sum(c.isalnum() for c in text) >= 4)


def _codes_first(rows: Sequence[Row]) -> bool:
    """Whether the till prints bar codes over the names: a code stands over the first of them."""
    for row in rows:
        if codes_in(row.text):
            return True
        if _letters_in(row.text) >= 3:
            return False
    return False


def _take_codes(item: Item, codes: Sequence[Code]) -> None:
    for code in codes:
        if code.gtin:
            item.gtin = item.gtin or code.digits
        else:
            item.article = item.article or code.digits


def _is_cut(text: str, tail: Tail | None) -> bool:
    found = list(amounts(text))
    if not found:
        return False
    if says(text, *DISCOUNTS, *_CHARGES):
        counted = tail is not None and tail.quantity is not None and "%" not in text
        return tail is None or tail.amount < 0 or not (tail.holds or counted)
    return found[-1].value < 0 and tail is None


def _sums_cuts(text: str) -> bool:
    """Whether a row repeats cuts that are printed elsewhere, or are already in the price."""
    if not says(text, *DISCOUNTS, "OPUSTOW", "RABATOW"):
        return False
    return says(text, "LACZNIE", "LACZNY", "LACZNA", "RAZEM", "SUMA", "OGOLEM", "UWZGL*")


def _cancels(text: str, tail: Tail | None) -> bool:
    """Whether a row takes an item back: it says so, or repeats one with a minus."""
    if says(text, *_BACK):
        return True
    return tail is not None and tail.amount < 0 and tail.holds and not says(text, *DISCOUNTS)


def _with_letter(row: Row) -> Row:
    """A discount whose VAT letter was read as a third decimal: `OPUST -1,398` is `-1,39 B`."""
    last = row.words[-1]
    hit = None if row.printed else _CUT_GLUED.fullmatch(last.text)
    if hit is None or not says(row.text, *DISCOUNTS):
        return row
    return Row(
        (*row.words[:-1], replace(last, text=f"{hit[1]}{letters_of(hit[2])[0]}")), row.height
    )


def _without_speck(row: Row, tail: Tail | None) -> Tail | None:
    if tail is None or tail.amount >= 0 or row.printed or says(row.text, *_BACK):
        return tail
    return replace(tail, amount=-tail.amount)


def _take_back(found: Items, row: Row, tail: Tail | None) -> None:
    """`STORNO`: an item that is not bought, or a discount that is not given after all."""
    printed = list(amounts(row.text))
    amount = abs(tail.amount if tail else printed[-1].value)
    if tail is not None or not says(row.text, *DISCOUNTS):
        _cancel(found, amount, tail)
        return
    given = [place for place, cut in enumerate(found.cuts) if cut.amount == amount]
    if given:
        found.cuts.pop(given[-1])
    elif found.cuts:  # a part of one
        last, label = found.cuts[-1], row.text[: printed[-1].start].strip(" -:+")
        found.cuts.append(Cut(-amount, label, row, last.item, last.letters))


def _cancel(found: Items, amount: Decimal, tail: Tail | None) -> None:
    """A cancelled item is not bought: the last item of the same amount goes, or a part of one."""
    for place in range(len(found.items) - 1, -1, -1):
        if found.items[place].tail.amount == amount:
            found.cancelled.append(found.leave_out(place))
            return
    if tail is None or not tail.holds or not tail.quantity:
        return
    for item in reversed(found.items):
        bought = item.tail
        if bought.holds and bought.price == tail.price and (bought.quantity or 0) > tail.quantity:
            assert bought.quantity is not None
            left = bought.quantity - tail.quantity
            found.cancelled.append(replace(item, tail=replace(bought, quantity=tail.quantity)))
            item.tail = replace(bought, quantity=left, amount=product(left, bought.price))
            return


def _letter_behind(text: str, end: int) -> tuple[str, ...]:
    return letters_of(text[end:].strip(" *.,").upper()[:1])


def _item(
    name: str, tail: Tail, row: Row, name_row: Row, frame: Frame, known: frozenset[str]
) -> Item:
    letters = letters_of(tail.letter)
    article = gtin = None
    mark = ""
    if hit := _ARTICLE.search(name):
        article, letters = hit[1], (hit[2],)
        name = name[: hit.start()]
    else:
        head, _, last = name.rpartition(" ")
        mark = last.upper() if len(last) == 1 and head and not last.isdigit() else ""
        alone = not letters and mark in known
        if frame.marked(name_row, len(name)) or (mark and (mark in letters or alone)):
            name = head
            if mark in "ABCDEFG" and mark and (frame.letters or mark in letters or not letters):
                letters = (mark,) if mark in letters or not letters else (mark, *letters)
    if (hit := _MARK_GLUED.search(name)) and (hit[1] in letters or not letters):
        letters, name = (hit[1],), name[: hit.start()]
    if (hit := re.match(r"(\d{8}|\d{12,14})\s+(?=\S)", name)) and gtin_valid(hit[1]):
        gtin, name = hit[1], name[hit.end() :]
    letters = tuple(dict.fromkeys(letters))
    sure = len(letters) == 1 and (tail.letter in letters or tail.letter == "" or letters[0] == mark)
    return Item(" ".join(name.split()), tail, row, name_row, letters, sure, gtin, article)
