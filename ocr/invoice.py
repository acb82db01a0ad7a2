"""Words of an invoice, from whatever engine, to a `Reading`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from ocr import fields, numbers
from ocr.arithmetic import prove
from ocr.copies import without_copies
from ocr.headings import find_headings
from ocr.in_words import amount_in_words
from ocr.labels import ATTACHMENT, TOTAL_LEXICON, squeeze
from ocr.lines import Entry, discounts, entries
from ocr.parties import Block, TaxNumber, find_blocks, guess_seller, party_of, tax_numbers
from ocr.printed_correction import with_correction
from ocr.reading import (
    Code,
    Discount,
    Finding,
    Hints,
    Line,
    Page,
    Party,
    Proof,
    Reading,
    Value,
    Word,
)
from ocr.rows import Row, rows_of, tokens_of
from ocr.settle import join_codes, lines_of, of_one_state
from ocr.tables import Table, read_tables
from ocr.totals import Totals, choose, labelled_amounts, rate_totals


def interpret(
    words: Sequence[Word],
    pages: Sequence[Page],
    *,
    hints: Hints,
    codes: tuple[Code, ...] = (),
) -> Reading:
    """Read an invoice from its words; what the page does not say stays None."""
    rows, copies = without_copies(rows_of(tokens_of(words, pages)))
    whole, rows = rows, _without_attachment(rows)
    mark = numbers.decimal_mark(t.text for row in rows for t in row.tokens)
    headings = find_headings(rows)
    tables = read_tables(rows, headings, mark)
    inside = _rows_of_tables(tables)
    labels = fields.labels_in(rows, skip=inside)
    language = fields.language_of(rows)
    american = fields.month_first(rows)

    taxes = tax_numbers(rows)
    blocks = find_blocks(rows, inside)
    seller, buyer, others = _parties(rows, blocks, taxes, inside)

    found = of_one_state([e for t in _item_tables(tables) for e in entries(t, mark)])
    cuts = discounts(_item_tables(tables), mark)
    rates, sums = rate_totals(tables, mark)
    totals = choose(
        labelled_amounts(rows, mark, _rows_of_items(tables)), rates, sums, _line_sums(found, cuts)
    )
    lines = lines_of(found, totals)
    second = [e for t in tables if t.heading.kind == "codes" for e in entries(t, mark)]
    if second:
        lines = join_codes(lines, second)

    taken = frozenset(squeeze(n.value.value) for n in taxes)
    number = fields.invoice_number([*labels, *fields.titles(rows, inside)], taken)
    issued = fields.issue_date(rows, labels, number, american)
    ksef, corrected_ksef = fields.ksef(whole, labels)
    kind = fields.kind_of(rows, inside)
    findings: list[Finding] = []
    if copies:
        findings.append(Finding("copy-dropped", facts=(("pages", str(copies)),)))
    reading = Reading(
        kind=kind,
        route="pdf-text",
        engine=_engines(words),
        seller=seller,
        buyer=buyer,
        third_parties=others,
        invoice_number=number,
        ksef_number=ksef,
        issue_date=issued,
        sale_date=fields.sale_date(labels, american) or _common_date(lines),
        currency=fields.currency(rows, labels, language),
        total_net=totals.net,
        total_vat=totals.vat,
        total_gross=totals.gross,
        amount_due=totals.due,
        rate_totals=totals.rates,
        lines=lines,
        discounts=cuts,
        codes=codes,
        pages=tuple(pages),
        words=tuple(words),
        language=language,
    )
    reading = replace(reading, findings=(*findings, *_tax_number_findings(reading)))
    reading = with_correction(reading, rows, labels, corrected_ksef, american)
    return prove(reading, in_words=_in_words(rows, inside))


def _in_words(rows: Sequence[Row], skip: frozenset[int]) -> Decimal | None:
    """The total that the document spells out behind `Słownie`."""
    for label in fields.labels_in(rows, TOTAL_LEXICON, skip):
        if label.meaning == "in_words" and label.values:
            text = " ".join(t.text for tokens in label.values[:2] for t in tokens)
            amount = amount_in_words(" ".join(t.text for t in label.values[0]))
            return amount if amount is not None else amount_in_words(text)
    return None


def _tax_number_findings(reading: Reading) -> list[Finding]:
    """Polish tax numbers whose length or checksum is wrong: warned of, never repaired."""
    return [
        Finding("nip-checksum", facts=(("party", role), ("nip", vat_id.value)), box=vat_id.box)
        for role, party in (("seller", reading.seller), ("buyer", reading.buyer))
        if (vat_id := party.vat_id) is not None
        and vat_id.value.isdigit()
        and (len(vat_id.value) == 10 or reading.language == "pl")
        and vat_id.proof is not Proof.CHECKSUM
    ]


def _without_attachment(rows: Sequence[Row]) -> list[Row]:
    for index, row in enumerate(rows):
        if squeeze(row.text) in ATTACHMENT:
            return list(rows[:index])
    return list(rows)


def _rows_of_tables(tables: Sequence[Table]) -> frozenset[int]:
    """Rows whose words are table cells, so that no label is looked for there."""
    inside: set[int] = set()
    for table in tables:
        if table.items:
            inside.update(range(table.heading.first, table.last + 1))
        else:
            inside.update(range(table.heading.first, table.heading.last + 1))
    return frozenset(inside)


def _common_date(lines: Sequence[Line]) -> Value[date] | None:
    """The date of sale that all lines share."""
    days = {line.sale_date.value for line in lines if line.sale_date is not None}
    told = all(line.sale_date is not None for line in lines)
    return lines[0].sale_date if len(days) == 1 and told else None


def _rows_of_items(tables: Sequence[Table]) -> frozenset[int]:
    inside: set[int] = set()
    for table in tables:
        if table.heading.kind in ("items", "codes") and table.items:
            inside.update(range(table.heading.first, table.last + 1))
    return frozenset(inside)


def _item_tables(tables: Sequence[Table]) -> list[Table]:
    """The tables that list what was sold: the richest one and those built like it."""
    items = [t for t in tables if t.heading.kind == "items" and t.items]
    if not items:
        return []
    best = max(items, key=lambda t: (len(t.heading.meanings), len(t.items)))
    wanted = best.heading.meanings - {"code", "classification", "discount", ""}
    return [
        t
        for t in items
        if len(wanted & t.heading.meanings) >= 0.7 * len(wanted | (t.heading.meanings - {""}))
        or t is best
    ]


def _line_sums(found: Sequence[Entry], cuts: Sequence[Discount]) -> dict[str, Decimal]:
    """Σ of what every entry prints, less discounts on the whole document."""
    sums: dict[str, Decimal] = {}
    off = sum((cut.amount.value for cut in cuts), Decimal(0))
    for meaning in ("net", "gross", "vat"):
        values = [e.numbers[meaning].value for e in found if meaning in e.numbers]
        if values and len(values) == len(found):
            sums[meaning] = sum(values, -off)
    values = [e.numbers["value"].value for e in found if "value" in e.numbers]
    if values and len(values) == len(found):
        total = sum(values, -off)
        sums.setdefault("net", total)
        sums.setdefault("gross", total)
    return sums


def _parties(
    rows: Sequence[Row],
    blocks: Sequence[Block],
    taxes: Sequence[TaxNumber],
    tables: frozenset[int],
) -> tuple[Party, Party, tuple[Party, ...]]:
    named: dict[str, list[Party]] = {}
    for block in blocks:
        named.setdefault(block.role, []).append(party_of(block, taxes))
    seller = _first(named.get("seller", []))
    buyer = _first(named.get("buyer", []))
    claimed = {id(n.token) for b in blocks for n in taxes for line in b.lines for t in line.tokens if t is n.token}
    for number in taxes:
        if number.role == "buyer" and buyer.vat_id is None:
            buyer = _with(buyer, number.value)
        elif number.role == "seller" and seller.vat_id is None:
            seller = _with(seller, number.value)
    if seller.vat_id is None:
        free = [
            n
            for n in taxes
            if id(n.token) not in claimed
            and n.role != "buyer"
            and (buyer.vat_id is None or n.value.value != buyer.vat_id.value)
        ]
        free.sort(key=lambda n: (not n.labelled, n.value.proof is not Proof.CHECKSUM, n.row))
        if free:
            seller = _with(seller, free[0].value)
    if seller.name is None:
        block = next((b for b in blocks if b.role == "buyer"), None)
        guessed = guess_seller(rows, block, blocks, tables)
        seller = Party(guessed, seller.vat_id, seller.address, seller.customer_number, seller.role)
    others = [p for role in ("recipient", "third") for p in named.get(role, []) if p.name or p.vat_id]
    return seller, buyer, tuple(others)


def _first(parties: Sequence[Party]) -> Party:
    """The most telling of several blocks of one role."""
    known = [p for p in parties if p.name or p.vat_id]
    if not known:
        return Party()
    best = max(known, key=lambda p: (p.vat_id is not None, p.name is not None))
    name = best.name or next((p.name for p in known if p.name), None)
    return Party(name, best.vat_id, best.address, best.customer_number, best.role)


def _with(party: Party, vat_id: Value[str]) -> Party:
    return Party(party.name, vat_id, party.address, party.customer_number, party.role)


def _engines(words: Sequence[Word]) -> str:
    return "+".join(sorted({w.engine for w in words}))
