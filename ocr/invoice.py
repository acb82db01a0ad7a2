"""Words of an invoice, from whatever engine, to a `Reading`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from ocr import (
    document_currency,
    document_dates,
    document_kind,
    document_number,
    fields,
    line_tables,
    memory,
    numbers,
    own_ksef,
)
from ocr.arithmetic import prove
from ocr.copies import without_copies
from ocr.correction_sums import own_sums
from ocr.entry import Entry
from ocr.grid import Table
from ocr.headings import find_headings
from ocr.identifiers import nip_valid
from ocr.in_words import amount_in_words
from ocr.included_tax import with_included_tax
from ocr.labels import ATTACHMENT, COLUMN_LEXICON, FIELD_LEXICON, TOTAL_LEXICON, squeeze
from ocr.line_sentences import sentences
from ocr.line_tables import item_tables, rows_between, rows_of_items
from ocr.lines import discounts, entries
from ocr.printed_correction import with_correction
from ocr.rate_sentences import parts_by_rate
from ocr.rate_tables import rate_totals
from ocr.reading import (
    Code,
    Discount,
    DocumentKind,
    Finding,
    Hints,
    LayoutMemory,
    Line,
    Page,
    Proof,
    Reading,
    Severity,
    Value,
    Word,
)
from ocr.rows import Row, rows_of, tokens_of
from ocr.second_document import first_document
from ocr.seller_and_buyer import seller_and_buyer
from ocr.settle import join_codes, lines_of
from ocr.table_rows import rates_of_letters
from ocr.tax_numbers import TaxNumber, tax_numbers
from ocr.totals import choose, labelled_amounts
from ocr.totals_above import amounts_beyond
from ocr.unheaded import add_up

_NUMBERED = frozenset(
    {DocumentKind.INVOICE, DocumentKind.CORRECTED_INVOICE, DocumentKind.CREDIT_NOTE}
)


def interpret(
    words: Sequence[Word],
    pages: Sequence[Page],
    *,
    hints: Hints,
    codes: tuple[Code, ...] = (),
) -> Reading:
    """Read an invoice from its words; what the page does not say stays None."""
    return interpret_and_learn(words, pages, hints=hints, codes=codes)[0]


def interpret_and_learn(
    words: Sequence[Word],
    pages: Sequence[Page],
    *,
    hints: Hints,
    codes: tuple[Code, ...] = (),
) -> tuple[Reading, LayoutMemory | None]:
    """As `interpret`, and what the document taught about its seller's layout."""
    rows, next_number = first_document(rows_of(tokens_of(words, pages)))
    rows, copies = without_copies(rows)
    whole, rows = rows, _without_attachment(rows)
    mark = numbers.decimal_mark(t.text for row in rows for t in row.tokens)
    taxes = tax_numbers(rows)
    known = _memory_of_seller(rows, taxes, mark, hints)
    headings = find_headings(rows, COLUMN_LEXICON.with_labels(memory.column_labels(known)))
    headings, tables, found, whole_lines = line_tables.read(rows, headings, mark)
    inside = _rows_of_tables(tables)
    lexicon = FIELD_LEXICON.with_labels(memory.field_labels(known))
    labels = fields.labels_in(rows, lexicon, inside)
    language = document_kind.language_of(rows)
    american = document_dates.month_first(rows)
    labels = document_dates.with_values_above(rows, labels, american)

    seller, buyer, others = seller_and_buyer(rows, taxes, inside)

    kind = document_kind.kind_of(rows, inside)
    letters = rates_of_letters(rows)
    for entry in found:
        if entry.vat_rate is None and entry.rate_code in letters:
            told = letters[entry.rate_code]
            entry.vat_rate = Value(told, Proof.READ, 1.0, entry.rate_box, entry.rate_code)
    if not whole_lines and kind is not DocumentKind.RECEIPT:
        said = sentences(rows, mark)
        if not found or (len(said) > len(found) and add_up(said, rows, frozenset(), mark)):
            found = said
    cuts = discounts(item_tables(tables), mark)
    amounts, summed = labelled_amounts(rows, mark, rows_of_items(tables)), tables
    amounts += amounts_beyond(rows, mark, rows_of_items(tables) | _rows_of_rates(tables))
    amounts = with_included_tax(rows, amounts, mark, rows_of_items(tables))
    if kind in (DocumentKind.CORRECTED_INVOICE, DocumentKind.CREDIT_NOTE):
        amounts, summed = own_sums(rows, amounts, tables)
    amounts, parts = parts_by_rate(rows, amounts)
    line_sums = _line_sums(found, cuts)
    rates, sums = rate_totals(summed, mark, line_sums)
    rates += parts
    printed = {e.vat_rate.value for e in found if e.vat_rate is not None}
    totals = choose(amounts, rates, sums, line_sums, printed)
    lines = lines_of(found, totals)
    second = [e for t in tables if t.heading.kind == "codes" for e in entries(t, mark)]
    if second:
        lines = join_codes(lines, second)

    taken = frozenset(squeeze(n.value.value) for n in taxes)
    number = document_number.invoice_number(
        [*labels, *document_number.titles(rows, inside)], taken
    ) or document_number.invoice_number(document_number.offers(rows, inside), taken)
    issued = document_dates.issue_date(rows, labels, number, american)
    ksef, corrected_ksef, own_ksef_numbers = own_ksef.ksef(whole, labels)
    findings: list[Finding] = []
    if copies:
        findings.append(Finding("copy-dropped", facts=(("pages", str(copies)),)))
    if next_number:
        findings.append(Finding("second-document", facts=(("number", next_number),)))
    if ksef is None and (failed := own_ksef.failed_ksef(whole, labels)):
        findings.append(Finding("ksef-number-checksum", facts=(("value", failed),)))
    if len(own_ksef_numbers) > 1:
        told = ", ".join(sorted(own_ksef_numbers))
        findings.append(Finding("ksef-numbers-differ", Severity.ERROR, (("numbers", told),)))
    if not lines and kind is DocumentKind.INVOICE:
        findings.append(Finding("no-lines"))
    if number is None and kind in _NUMBERED:
        findings.append(Finding("number-missing"))
    money = document_currency.currency(
        rows, labels, language, _rows_of_goods(tables), totals
    ) or document_currency.of_country(seller.vat_id)
    findings += document_currency.foreign(money)
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
        sale_date=document_dates.sale_date(labels, american) or _common_date(lines),
        currency=money,
        total_net=totals.net,
        total_vat=totals.vat,
        total_gross=totals.gross,
        amount_due=document_currency.own_due(rows, totals, money),
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
    reading = prove(reading, in_words=_in_words(rows, inside))
    return reading, memory.learned(reading, headings, known)


def _memory_of_seller(
    rows: Sequence[Row], taxes: Sequence[TaxNumber], mark: str, hints: Hints
) -> LayoutMemory | None:
    """What is known of the firm that sold; a memory of the buyer, who sells elsewhere, is not.

    Who sold is settled without any memory: taught words must not make their firm the seller.
    """
    offered = memory.recalled(hints, (n.value.value for n in taxes))
    if not offered:
        return None
    _, tables, _, _ = line_tables.read(rows, find_headings(rows, COLUMN_LEXICON), mark)
    seller = seller_and_buyer(rows, taxes, _rows_of_tables(tables))[0].vat_id
    return next((m for m in offered if seller and m.seller_vat_id == seller.value), None)


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
        Finding("nip-checksum", facts=(("party", role), ("value", vat_id.value)), box=vat_id.box)
        for role, party in (("seller", reading.seller), ("buyer", reading.buyer))
        if (vat_id := party.vat_id) is not None
        and vat_id.value.isdigit()
        and (len(vat_id.value) == 10 or reading.language == "pl")
        and not nip_valid(vat_id.value)
    ]


def _without_attachment(rows: Sequence[Row]) -> list[Row]:
    for index, row in enumerate(rows):
        if squeeze(row.text) in ATTACHMENT:
            return list(rows[:index])
    return list(rows)


def _rows_of_tables(tables: Sequence[Table]) -> frozenset[int]:
    """Rows whose words are table cells, so that no label is looked for there."""
    inside: set[int] = set()
    goods = min((t.heading.first for t in tables if t.heading.kind == "items"), default=0)
    for table in tables:
        if table.heading.kind == "rates" and table.heading.first < goods:
            continue  # a band of cards over the items: its labels are the document's
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


def _rows_of_goods(tables: Sequence[Table]) -> frozenset[int]:
    """The rows of items without the headings over them, which may name the currency."""
    heads = (range(t.heading.first, t.heading.last + 1) for t in tables)
    return rows_of_items(tables) - {n for rows in heads for n in rows}


def _rows_of_rates(tables: Sequence[Table]) -> frozenset[int]:
    """The rows of tables that list several rates: each row of figures is a part of the sum."""
    return rows_between([t for t in tables if len(t.items) + len(t.sums) > 1])


def _line_sums(found: Sequence[Entry], cuts: Sequence[Discount]) -> dict[str, Decimal]:
    """Σ of what every entry prints, less discounts on the whole document."""
    sums: dict[str, Decimal] = {}
    off = sum((cut.amount.value for cut in cuts), Decimal(0))
    for meaning in ("net", "gross", "vat"):
        values = [_signed(e, meaning) for e in found if meaning in e.numbers]
        if values and len(values) == len(found):
            sums[meaning] = sum(values, -off)
    values = [_signed(e, "value") for e in found if "value" in e.numbers]
    if values and len(values) == len(found):
        total = sum(values, -off)
        sums.setdefault("net", total)
        sums.setdefault("gross", total)
    return sums


def _signed(entry: Entry, meaning: str) -> Decimal:
    """An entry's worth in a sum: what was before a correction is taken away."""
    value = entry.numbers[meaning].value
    return -value if entry.section == "before" else value


def _engines(words: Sequence[Word]) -> str:
    return "+".join(sorted({w.engine for w in words}))
