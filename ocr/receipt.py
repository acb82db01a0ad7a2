"""Till slips: the words of a slip to a reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import takewhile

from ocr import receipt_unsold
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
from ocr.receipt_dates import read_date
from ocr.receipt_entries import PRICED, Items
from ocr.receipt_frame import without_surroundings
from ocr.receipt_head import (
    read_invoice_number,
    read_nips,
    read_print_number,
    read_receipt_counter,
    read_register,
    read_seller,
    read_system_number,
    read_time,
)
from ocr.receipt_items import read_items
from ocr.receipt_letters import rate_of, settle_letters
from ocr.receipt_names import settle_cuts, settle_names
from ocr.receipt_plain import language_of, read_plain
from ocr.receipt_plain_entries import PlainItem, PlainItems
from ocr.receipt_plain_items import read_plain_items
from ocr.receipt_plain_sums import has_change
from ocr.receipt_priced import read_priced, take_priced
from ocr.receipt_rates import Foot, read_foot
from ocr.receipt_rows import Row, group
from ocr.receipt_sections import is_title, main_slip, sections
from ocr.receipt_sums import (
    choose_total,
    is_repaired,
    net_of_items,
    settle_amounts,
    without_deposits,
)
from ocr.receipt_tail import tail_of
from ocr.receipt_text import says

Told = tuple[Proof, Box, Row]


def interpret(
    words: Sequence[Word],
    pages: Sequence[Page],
    *,
    hints: Hints,
    codes: tuple[Code, ...] = (),
) -> Reading:
    """The reading of one slip; what is not on it stays empty."""
    rows, beside = main_slip(words, pages)
    language = language_of(rows)
    if language != "pl":
        return _plain(rows, words, pages, hints, codes, language)
    parts = sections(rows)
    head, body, tail_rows = parts.head, parts.body, parts.foot
    foot = read_foot(tail_rows)
    sold = without_surroundings(body)
    items = read_items(sold, frozenset(foot.rates))
    if not items.items and not any(tail_of(row) for row in rows):
        foot = read_foot(rows)
        items = read_priced(rows, foot.totals[0][0] if foot.totals else None) or items
    chosen, adds_up = _settled(items, foot)
    if items.minuses and not adds_up:  # then nothing was taken back: a speck stands there
        items = read_items(sold, frozenset(foot.rates), specks=True)
        chosen, adds_up = _settled(items, foot)
    settle_letters(items, foot)
    settle_names(items.items)
    settle_cuts(items)
    seller, buyer = read_nips([*head, *body, *tail_rows])
    number = read_print_number(head, tail_rows)
    ends = next((n for n, row in enumerate(tail_rows, start=1) if read_register([row])), 0)
    issued, unclear = read_date(head, body, tail_rows, hints.today, ends=ends or len(tail_rows))
    findings = [
        Finding("cancelled-item", Severity.INFO, (("name", item.name),), item.row.box)
        for item in items.cancelled
    ]
    if chosen and items.items and (not adds_up or is_repaired(chosen[0], foot)):
        findings.append(Finding("sum-differs", Severity.WARNING))
    if not chosen and items.unread:  # where a sum is printed, it tells
        facts = (("rows", str(len(items.unread))),)
        findings.append(Finding("rows-unread", Severity.WARNING, facts, items.unread[0].box))
    if beside + parts.others:
        findings.append(Finding("second-slip", facts=(("slips", str(1 + beside + parts.others)),)))
    unsold = parts.unsold
    if unsold:
        findings.append(unsold)
    elif not parts.fiscal and not parts.invoice and items.items:
        weight = Severity.WARNING if seller else Severity.ERROR
        findings.append(Finding("fiscal-marks-missing", weight))
    if not items.items and not unsold:
        findings += _nothing_sold(told=bool(chosen or issued or seller))
    if parts.invoice and any(says(row.text, "DO PARAGONU") for row in (*head, *_over_items(body))):
        findings.append(Finding("receipt-invoice", Severity.WARNING))
    kind = DocumentKind.INVOICE if parts.invoice else DocumentKind.RECEIPT
    return Reading(
        kind=DocumentKind.OTHER if unsold else kind,
        route="photo",
        engine="",
        seller=Party(name=read_seller(head, rows), vat_id=seller),
        buyer=Party(vat_id=buyer),
        invoice_number=read_invoice_number([*head, *_over_items(body)]) if parts.invoice else None,
        receipt_number=read_receipt_counter(tail_rows),
        print_number=number,
        cash_register_id=read_register(tail_rows),
        system_number=read_system_number(tail_rows),
        issue_date=issued,
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
        findings=(*findings, *unclear),
    )


def _settled(items: Items, foot: Foot) -> tuple[tuple[Decimal, Row | None, int] | None, bool]:
    """The sum as `choose_total` gives it, and whether the items, repaired, add up to it."""
    without_deposits(items, foot)
    chosen = choose_total(foot, items)
    total = chosen[0] if chosen else None
    if total is not None:
        take_priced(items, total - net_of_items(items))
    return chosen, settle_amounts(items, total)


def _over_items(body: Sequence[Row]) -> list[Row]:
    """What stands between the title and the first figures: buyer and number of an invoice."""
    return list(takewhile(lambda row: tail_of(row) is None, body))


def _nothing_sold(*, told: bool) -> list[Finding]:
    """What to say of a slip without items; without sum, day and number it may be any paper."""
    if told:
        return [Finding("no-lines")]
    return [Finding("photo-not-a-document"), Finding("no-lines")]


def is_fiscal(words: Sequence[Word], pages: Sequence[Page]) -> bool:
    """Whether the words are those of a till, fiscal or not, however wide the picture is."""
    rows = group(words, pages)
    if any(is_title(row.text) for row in rows) or has_change(rows):
        return True
    if sum(says(row.text, "PTU", "SPRZEDAZ OPOD*", "SUMA PTU") for row in rows) >= 2:
        return True
    # A part of a slip: items with a VAT letter glued to an amount that is quantity × price.
    tails = [tail for row in rows if (tail := tail_of(row)) and tail.holds and tail.letter]
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
    items = read_plain_items(rows, found.total.value if found.total else None)
    findings = []
    if items.items and found.total is not None and not items.closes:
        findings.append(Finding("sum-differs", Severity.WARNING))
    elif not items.items:
        findings += _nothing_sold(told=bool(found.total or found.when))
    if found.total is not None and found.total.value < 0:
        # Goods that came back: nobody has a purchase of them.
        facts = (("value", str(found.total.value)),)
        findings.append(Finding("total-negative", Severity.ERROR, facts))
    if unsold := receipt_unsold.why_abroad(rows):
        findings.append(unsold)
    return Reading(
        kind=DocumentKind.OTHER if unsold else DocumentKind.RECEIPT,
        route="photo",
        engine="",
        seller=Party(name=found.seller),
        issue_date=found.when,
        issue_time=found.time,
        currency=found.currency,
        total_gross=found.total,
        total_net=_before_tax(found.total, items.tax),
        total_vat=_figure(items.tax, found.total),
        lines=tuple(_plain_line(n, i, items) for n, i in enumerate(items.items, start=1)),
        discounts=_plain_discounts(items),
        codes=codes,
        pages=tuple(pages),
        words=tuple(words),
        findings=tuple(findings),
        language=language,
    )


def _before_tax(total: Value[Decimal] | None, tax: Decimal | None) -> Value[Decimal] | None:
    """The sum of the items, where the slip adds the tax to it."""
    return None if total is None or tax is None else _figure(total.value - tax, total)


def _figure(value: Decimal | None, total: Value[Decimal] | None) -> Value[Decimal] | None:
    """A sum that takes part in the equation which gives the total."""
    if value is None or total is None:
        return None
    return Value(value, Proof.ARITHMETIC, total.confidence)


def _plain_line(position: int, item: PlainItem, items: PlainItems) -> Line:
    row = item.row
    proof = Proof.ARITHMETIC if items.closes else Proof.READ
    counted = Proof.ARITHMETIC if items.closes and item.holds else Proof.READ

    def figure(value: Decimal | None, proof: Proof) -> Value[Decimal] | None:
        return None if value is None else Value(value, proof, row.confidence, row.box, row.text)

    price, amount = figure(item.price, counted), figure(item.amount, proof)
    rate = items.rates.get(item.mark) or items.rates.get(item.mark.strip("0123456789")[:1])
    name = item.name_row
    return Line(
        position=position,
        description=Value(item.name, Proof.READ, name.confidence, name.box, name.text)
        if item.name
        else None,
        quantity=figure(item.quantity, counted),
        unit=Value(item.unit, Proof.READ, row.confidence, row.box) if item.unit else None,
        unit_price_net=price if items.net else None,
        unit_price_gross=None if items.net else price,
        line_net=amount if items.net else None,
        line_gross=None if items.net else amount,
        vat_rate=Value(rate, Proof.READ, row.confidence, row.box) if rate else None,
        gtin=Value(item.gtin, Proof.CHECKSUM, row.confidence) if item.gtin else None,
        article_no=Value(item.article, Proof.READ, row.confidence) if item.article else None,
        box=name.box.union(row.box),
    )


def _plain_discounts(items: PlainItems) -> tuple[Discount, ...]:
    proof = Proof.ARITHMETIC if items.closes else Proof.READ
    return tuple(
        Discount(
            amount=Value(cut.amount, proof, cut.row.confidence, cut.row.box, cut.row.text),
            applies_to=None if cut.item is None else cut.item + 1,
            label=cut.label,
        )
        for cut in items.cuts
    )


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

        quantity, price = figure(tail.quantity), figure(tail.price)
        # A factor that was not legible is a guess, whatever it makes right.
        if quantity and price and tail.derived == "quantity":
            quantity = replace(quantity, proof=Proof.GUESSED, raw="")
            price = replace(price, proof=Proof.READ)
        elif quantity and price and tail.derived == "price":
            quantity = replace(quantity, proof=Proof.READ)
            price = replace(price, proof=Proof.GUESSED, raw="")
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
                quantity=quantity,
                unit=Value(tail.unit, Proof.READ, sure, box) if tail.unit else None,
                unit_price_gross=None if tail.derived == PRICED else price,
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
