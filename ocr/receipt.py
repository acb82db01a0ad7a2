"""Till slips: the words of a slip to a reading."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from rapidfuzz import fuzz

from ocr.reading import (
    Box,
    Code,
    Discount,
    DocumentKind,
    Finding,
    Hints,
    Line,
    Page,
    Party,
    Proof,
    RateTotal,
    Reading,
    Severity,
    Value,
    Word,
)
from ocr.receipt_frame import Column, Frame, frame_of, without_surroundings
from ocr.receipt_head import (
    read_date,
    read_nips,
    read_print_number,
    read_receipt_counter,
    read_register,
    read_seller,
    read_system_number,
    read_time,
)
from ocr.receipt_items import Items, read_items
from ocr.receipt_letters import rate_of, settle_letters
from ocr.receipt_plain import language_of, read_plain
from ocr.receipt_rates import Foot, opens_foot, read_foot
from ocr.receipt_rows import Row, group
from ocr.receipt_sums import choose_total, settle_amounts
from ocr.receipt_tail import read_tail
from ocr.receipt_text import find_date, folded, says

Told = tuple[Proof, Box, Row]


def interpret(
    words: Sequence[Word],
    pages: Sequence[Page],
    *,
    hints: Hints,
    codes: tuple[Code, ...] = (),
) -> Reading:
    """The reading of one slip; what is not on it stays empty."""
    rows = group(words, pages)
    language = language_of(rows)
    if language != "pl":
        return _plain(rows, words, pages, hints, codes, language)
    head, body, tail_rows = sections(rows)
    foot = read_foot(tail_rows)
    items = read_items(without_surroundings(body), frozenset(foot.rates))
    chosen = choose_total(foot, items)
    total = chosen[0] if chosen else None
    adds_up = settle_amounts(items, total)
    settle_letters(items, foot)
    seller, buyer = read_nips([*head, *tail_rows])
    number = read_print_number(head, tail_rows)
    findings = [
        Finding("cancelled-item", Severity.INFO, (("name", item.name),), item.row.box)
        for item in items.cancelled
    ]
    if chosen and items.items and not adds_up:
        findings.append(Finding("sum-differs", Severity.WARNING))
    return Reading(
        kind=DocumentKind.RECEIPT,
        route="photo",
        engine="",
        seller=Party(name=read_seller(head), vat_id=seller),
        buyer=Party(vat_id=buyer),
        receipt_number=read_receipt_counter(tail_rows),
        print_number=number,
        cash_register_id=read_register(tail_rows),
        system_number=read_system_number(tail_rows),
        issue_date=read_date([*head, *tail_rows], hints.today),
        issue_time=read_time([*head, *tail_rows]),
        currency=Value("PLN", Proof.READ),
        total_gross=_total(chosen, adds_up),
        total_vat=_money(foot.vat_total),
        amount_due=_money(foot.due),
        rate_totals=_rates(foot),
        lines=_lines(items, foot, adds_up),
        discounts=_discounts(items, foot, adds_up),
        codes=codes,
        pages=tuple(pages),
        words=tuple(words),
        findings=tuple(findings),
    )


def unread_places(words: Sequence[Word], pages: Sequence[Page]) -> tuple[Box, ...]:
    """Where figures or names must stand on rows of items that lack them or do not add up."""
    _, body, _ = sections(group(words, pages))
    body = without_surroundings(body)
    frame = frame_of(body, [read_tail(row.text) for row in body])
    if frame.left is None or frame.figures is None or frame.right is None:
        return ()
    items = read_items(body)
    doubtful = [item.row for item in items.items if not item.tail.holds or item.tail.derived]
    nameless = [item.row for item in items.items if not item.name]
    places = [
        _stretch(row, frame.figures, frame.right, frame) for row in [*items.bare, *doubtful]
    ] + [_stretch(row, frame.left, frame.figures, frame) for row in nameless]
    return tuple(place for place in places if place.x1 > place.x0)


def _stretch(row: Row, left: Column, right: Column, frame: Frame) -> Box:
    """The part of a row between two columns, a character wider on both sides."""
    box = row.words[0].box
    x0 = max(0.0, left.at(box.y0) - 1.5 * frame.character)
    return Box(box.page, x0, box.y0, min(1.0, right.at(box.y0) + frame.character), box.y1)


def is_fiscal(words: Sequence[Word], pages: Sequence[Page]) -> bool:
    """Whether the words are those of a fiscal till, however wide the picture is."""
    rows = group(words, pages)
    if any(_is_title(row.text) for row in rows):
        return True
    if sum(says(row.text, "PTU", "SPRZEDAZ OPOD*", "SUMA PTU") for row in rows) >= 2:
        return True
    # A part of a slip: items with a VAT letter glued to an amount that is quantity × price.
    tails = [tail for row in rows if (tail := read_tail(row.text)) and tail.holds and tail.letter]
    return len(tails) >= 3 and 2 * len(tails) >= len(rows)


def _plain(
    rows: Sequence[Row],
    words: Sequence[Word],
    pages: Sequence[Page],
    hints: Hints,
    codes: tuple[Code, ...],
    language: str,
) -> Reading:
    found = read_plain(rows, hints.today, language)
    return Reading(
        kind=DocumentKind.RECEIPT,
        route="photo",
        engine="",
        seller=Party(name=found.seller),
        issue_date=found.when,
        issue_time=found.time,
        currency=found.currency,
        total_gross=found.total,
        codes=codes,
        pages=tuple(pages),
        words=tuple(words),
        language=language,
    )


def sections(rows: Sequence[Row]) -> tuple[list[Row], list[Row], list[Row]]:
    """Head, items and foot of the first fiscal slip among the rows."""
    title = next((i for i, row in enumerate(rows) if _is_title(row.text)), None)
    first_item = next((i for i, row in enumerate(rows) if read_tail(row.text)), len(rows))
    begin = (
        title + 1 if title is not None and title <= first_item + 2 else min(first_item, len(rows))
    )
    end = next((i for i in range(begin, len(rows)) if opens_foot(rows[i].text)), len(rows))
    if title is None and begin > 0 and end < len(rows):
        # The title is not in the picture: names may stand above the first figures.
        begin = max(i + 1 for i in range(-1, begin) if i < 0 or _in_head(rows[i].text))
    return list(rows[:begin]), list(rows[begin:end]), list(rows[end : _second_slip(rows, end)])


def _is_title(text: str) -> bool:
    """`PARAGON FISKALNY`, also in spaced letters and with a few of them misread."""
    if says(text, "FISKALNY", "PARAGON", "FISKALNA"):
        return True
    bare = "".join(c for c in folded(text) if c.isalpha())
    return 12 <= len(bare) <= 20 and fuzz.ratio(bare, "PARAGONFISKALNY") >= 75


def _in_head(text: str) -> bool:
    return says(text, "NIP") or find_date(text) is not None


def _second_slip(rows: Sequence[Row], begin: int) -> int:
    """Where another slip starts under the first: its own NIP or a non-fiscal print-out."""
    for place in range(begin + 3, len(rows)):
        text = rows[place].text
        if says(text, "NIEFISKALNY", "NIP") and not says(text, "NABYWC*", "NABYWCA"):
            return place
    return len(rows)


def _money(found: tuple[Decimal, Row] | None) -> Value[Decimal] | None:
    if found is None:
        return None
    value, row = found
    return Value(value, Proof.READ, row.confidence, row.box, row.text)


def _total(chosen: tuple[Decimal, Row | None, int] | None, adds_up: bool) -> Value[Decimal] | None:
    if chosen is None:
        return None
    value, row, witnesses = chosen
    proof = Proof.ARITHMETIC if adds_up or witnesses else Proof.READ
    if row is None:
        return Value(value, Proof.ARITHMETIC)
    return Value(value, proof, row.confidence, row.box, row.text)


def _rates(foot: Foot) -> tuple[RateTotal, ...]:
    found = []
    for entry in foot.rates.values():
        if entry.rate is None:
            continue
        proof = Proof.ARITHMETIC if entry.consistent else Proof.READ
        box = entry.rows[0].box if entry.rows else None
        gross = None if entry.gross is None else Value(entry.gross, proof, 1.0, box)
        vat = None if entry.vat is None else Value(entry.vat, proof, 1.0, box)
        net = None
        if entry.gross is not None and entry.vat is not None:
            net = Value(entry.gross - entry.vat, proof, 1.0, box)
        found.append(RateTotal(entry.rate, net, vat, gross))
    return tuple(found)


def _lines(items: Items, foot: Foot, adds_up: bool) -> tuple[Line, ...]:
    lines = []
    for position, item in enumerate(items.items, start=1):
        tail, row = item.tail, item.row
        proof = Proof.ARITHMETIC if tail.holds and adds_up else Proof.READ
        box = row.span_box(tail.start, len(row.text))
        sure = row.confidence

        def figure(value: Decimal | None, told: Told = (proof, box, row)) -> Value[Decimal] | None:
            if value is None:
                return None
            return Value(value, told[0], told[2].confidence, told[1], told[2].text)

        rate = rate_of(item.letters, foot)
        name_box = item.name_row.span_box(0, max(1, len(item.name)))
        lines.append(
            Line(
                position=position,
                description=Value(
                    item.name, Proof.READ, item.name_row.confidence, name_box, item.name_row.text
                )
                if item.name
                else None,
                quantity=figure(tail.quantity),
                unit=Value(tail.unit, Proof.READ, sure, box) if tail.unit else None,
                unit_price_gross=figure(tail.price),
                line_gross=figure(tail.amount),
                vat_rate=Value(rate[0], rate[1], sure, box) if rate else None,
                gtin=Value(item.gtin, Proof.CHECKSUM, sure) if item.gtin else None,
                article_no=Value(item.article, Proof.READ, sure) if item.article else None,
                box=item.name_row.box.union(row.box),
            )
        )
    return tuple(lines)


def _discounts(items: Items, foot: Foot, adds_up: bool) -> tuple[Discount, ...]:
    proof = Proof.ARITHMETIC if adds_up else Proof.READ
    return tuple(
        Discount(
            amount=Value(cut.amount, proof, cut.row.confidence, cut.row.box, cut.row.text),
            applies_to=None if cut.item is None else cut.item + 1,
            label=cut.label,
            vat_rate=rate[0] if (rate := rate_of(cut.letters, foot)) else None,
        )
        for cut in items.cuts
    )
