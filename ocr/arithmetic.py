"""Proves what was read: the document as equations, each value with the proof that it earned.

Nothing is repaired that was not misread: text of a PDF stands as printed, and contradictions in it
become findings. Numbers from a picture are repaired where exactly one choice closes the equations.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from ocr import equations
from ocr.equations import CENT, ZERO, Product
from ocr.implied_tax import plausible
from ocr.reading import (
    DocumentKind,
    Finding,
    Line,
    Proof,
    RateTotal,
    Reading,
    Severity,
    Value,
)
from ocr.repairs import doubtful, repaired

T = TypeVar("T")
_STRONGER = (Proof.STRUCTURED, Proof.CHECKSUM, Proof.ARITHMETIC)


def prove(reading: Reading, *, in_words: Decimal | None = None) -> Reading:
    """The reading with its proofs, its unique repairs and findings on what does not add up.

    `in_words` is the total that the document spells out, where it does. Serves invoices and
    receipts alike; values from XML keep their proof.
    """
    if doubtful(reading):
        reading = repaired(reading)
    closed = frozenset(s for s in ("net", "gross") if equations.sum_closes(reading, s))
    header = _header_proven(reading, closed, in_words)
    lines = tuple(_proven_line(line, reading, closed) for line in reading.lines)
    reading = replace(reading, lines=lines)
    reading = _prove_rates(reading, closed)
    reading = _prove_totals(reading, closed, header, in_words)
    return replace(reading, findings=(*reading.findings, *_contradictions(reading, in_words)))


def closes(reading: Reading) -> bool:
    """Whether every equation of the document holds: such a document is proven as a whole."""
    summed = any(equations.sum_closes(reading, side) for side in ("net", "gross"))
    products = all(
        equations.product_of(line) is not None
        for line in reading.lines
        if equations.has_product(line)
    )
    return (
        bool(reading.lines)
        and summed
        and products
        and equations.header_closes(reading) is not False
        and equations.rates_close(reading) is not False
    )


def _sure(value: Value[T] | None) -> Value[T] | None:
    if value is None or value.proof in _STRONGER:
        return value
    return replace(value, proof=Proof.ARITHMETIC)


def _header_proven(reading: Reading, closed: frozenset[str], in_words: Decimal | None) -> bool:
    """net + VAT = gross, and something else on the page says the same."""
    if not equations.header_closes(reading):
        return False
    net, vat, gross = reading.total_net, reading.total_vat, reading.total_gross
    if net is None or vat is None or gross is None:
        return False
    if _words_contradict(reading, in_words):
        return False
    if closed or _is_in_words(gross, in_words):
        return True
    if vat.value == ZERO:
        return False  # net = gross says nothing that was not printed once
    if equations.rates_close(reading):
        return True
    rate = equations.single_rate(reading)
    return rate is not None and rate > 0 and equations.taxed(net.value, rate, gross.value)


def _words_agree(reading: Reading, in_words: Decimal | None) -> bool:
    return any(_is_in_words(v, in_words) for v in (reading.total_gross, reading.amount_due))


def _is_in_words(value: Value[Decimal] | None, in_words: Decimal | None) -> bool:
    """Whether the document spells out this amount: the words prove no other one."""
    return value is not None and in_words is not None and abs(value.value) == in_words


def _words_contradict(reading: Reading, in_words: Decimal | None) -> bool:
    """Whether the spelled total is another one; missing grosze are no contradiction."""
    if in_words is None or reading.total_gross is None or _words_agree(reading, in_words):
        return False
    return int(in_words) != int(abs(reading.total_gross.value))


def _proven_line(line: Line, reading: Reading, closed: frozenset[str]) -> Line:
    product = equations.product_of(line)
    if product is not None and _tells(line, product, reading, closed):
        line = _with_product(line, product, product.side in closed)
    # A value that was repaired to close the sum needs another equation that says the same.
    if "net" in closed and (product is not None or not _guessed(line.line_net)):
        line = replace(line, line_net=_sure(line.line_net))
    if "gross" in closed and (product is not None or not _guessed(line.line_gross)):
        line = replace(line, line_gross=_sure(line.line_gross))
    return _with_tax(line, reading, closed)


def _guessed(value: Value[Decimal] | None) -> bool:
    return value is not None and value.proof is Proof.GUESSED


def _repaired(line: Line) -> bool:
    """Whether a factor is another than was read: what stands on a slip contradicts itself."""
    factors = (line.quantity, line.unit_price_gross)
    return any(_guessed(factor) and factor is not None and factor.raw for factor in factors)


def _tells(line: Line, product: Product, reading: Reading, closed: frozenset[str]) -> bool:
    """Whether a product that holds is evidence: 1 × price = price only says so with a sum.

    It is none where the quantity was not read but divided out of the other two.
    """
    if _guessed(line.quantity) and line.quantity is not None and not line.quantity.raw:
        return False
    if reading.kind is DocumentKind.RECEIPT and (
        _guessed(line.quantity) or _guessed(line.unit_price_gross)
    ):
        return False  # a till prints nothing else that would tell how many there were
    if product.side in closed:
        return True
    if (
        reading.kind is DocumentKind.RECEIPT
        and equations.sum_closes(reading, product.side) is False
    ):
        return False  # among its items is one misread, or one too many
    value = line.line_net if product.side == "net" else line.line_gross
    return (
        line.quantity is not None
        and value is not None
        and line.quantity.value not in (ZERO, Decimal(1))
        and value.value != ZERO
    )


def _with_product(line: Line, product: Product, closed: bool) -> Line:
    line = replace(line, quantity=_sure(line.quantity))
    if product.discounted:
        line = replace(line, discount=_sure(line.discount))
    value = line.line_net if product.side == "net" else line.line_gross
    if _guessed(value) and value is not None and value.raw and not closed:
        return line  # how many and how much is told, and not on which side of the tax
    if product.side == "net":
        return replace(
            line, unit_price_net=_sure(line.unit_price_net), line_net=_sure(line.line_net)
        )
    return replace(
        line, unit_price_gross=_sure(line.unit_price_gross), line_gross=_sure(line.line_gross)
    )


def _with_tax(line: Line, reading: Reading, closed: frozenset[str]) -> Line:
    """The rate and the other side of the value, where net, tax and gross of the line agree."""
    net, gross, vat = line.line_net, line.line_gross, line.line_vat
    rate = equations.rate_of(line.vat_rate.value) if line.vat_rate else None
    if net is not None and gross is not None and net.value != gross.value:
        by_rate = rate is not None and equations.taxed(net.value, rate, gross.value)
        by_vat = vat is not None and abs(net.value + vat.value - gross.value) <= CENT
        if by_rate or by_vat:
            line = replace(line, line_net=_sure(net), line_gross=_sure(gross))
        if by_vat:
            line = replace(line, line_vat=_sure(vat))
        if by_rate:
            line = replace(line, vat_rate=_sure(line.vat_rate))
    elif net and vat and rate and abs(net.value * rate - vat.value) <= CENT:
        line = replace(line, vat_rate=_sure(line.vat_rate), line_vat=_sure(vat))
    if line.vat_rate is not None and not line.vat_rate.proof.proven and closed:
        rate_alone = equations.single_rate(reading)
        totals = reading.total_net, reading.total_vat
        if equations.groups_close(reading) and equations.rates_close(reading):
            line = replace(line, vat_rate=_sure(line.vat_rate))
        elif rate_alone and totals[0] is not None and totals[1] is not None:
            slack = max(CENT, CENT / 2 * len(reading.lines))
            if abs(totals[0].value * rate_alone - totals[1].value) <= slack:
                line = replace(line, vat_rate=_sure(line.vat_rate))
    return line


def _prove_rates(reading: Reading, closed: frozenset[str]) -> Reading:
    """Rows of the tax table: those that hold in themselves while the table adds up."""
    if not equations.rates_close(reading):
        return reading
    trivial_needs_lines = bool(closed)
    rows: list[RateTotal] = []
    for row in reading.rate_totals:
        holds = equations.rate_row_holds(row, len(reading.lines))
        telling = row.vat is not None and row.vat.value != ZERO
        if holds and (telling or trivial_needs_lines):
            row = replace(row, net=_sure(row.net), vat=_sure(row.vat), gross=_sure(row.gross))
        rows.append(row)
    return replace(reading, rate_totals=tuple(rows))


def _prove_totals(
    reading: Reading, closed: frozenset[str], header: bool, in_words: Decimal | None
) -> Reading:
    if header:
        reading = replace(
            reading,
            total_net=_sure(reading.total_net),
            total_vat=_sure(reading.total_vat),
            total_gross=_sure(reading.total_gross),
        )
    else:
        # Where net and tax miss the gross, one of the three is no such value: rows that add up to
        # it do not tell which.
        summed = closed if equations.header_closes(reading) is not False else frozenset()
        if len(closed) == 1 and not _leaves_tax(reading):
            summed = frozenset()  # net and gross contradict each other
        if "net" in summed and _weighs(reading, "net"):
            reading = replace(reading, total_net=_sure(reading.total_net))
        if "gross" in summed and _weighs(reading, "gross"):
            reading = replace(reading, total_gross=_sure(reading.total_gross))
        if _is_in_words(reading.total_gross, in_words):
            reading = replace(reading, total_gross=_sure(reading.total_gross))
    if _is_in_words(reading.amount_due, in_words):
        reading = replace(reading, amount_due=_sure(reading.amount_due))
    gross, due = reading.total_gross, reading.amount_due
    if gross is not None and due is not None and due.value == gross.value and gross.proof.proven:
        reading = replace(reading, amount_due=_sure(due))
    return reading


def _leaves_tax(reading: Reading) -> bool:
    """Whether net and gross leave a tax that can be one, where none is printed beside them."""
    net, gross = reading.total_net, reading.total_gross
    printed = equations.header_closes(reading) is not None
    if net is None or gross is None or printed or reading.kind is DocumentKind.RECEIPT:
        return True
    told = {line.vat_rate.value for line in reading.lines if line.vat_rate is not None}
    told |= {row.vat_rate for row in reading.rate_totals}
    percents = {rate * 100 for r in told if (rate := equations.rate_of(r)) is not None}
    return plausible(net.value, gross.value, percents)


def _weighs(reading: Reading, side: str) -> bool:
    """Whether Σ lines = total says something: two lines, or one whose product holds."""
    lines = [
        line for line in reading.lines if (line.line_net if side == "net" else line.line_gross)
    ]
    return len(lines) > 1 or any(equations.product_of(line) for line in lines)


def _contradictions(reading: Reading, in_words: Decimal | None) -> list[Finding]:
    """What the document itself says twice, and differently."""
    found: list[Finding] = []
    for line in reading.lines:
        facts = (("line", str(line.position)),)
        differs = equations.has_product(line) and equations.product_of(line) is None
        if differs or (reading.kind is DocumentKind.RECEIPT and _repaired(line)):
            found.append(Finding("line-product-mismatch", Severity.WARNING, facts, line.box))
        if _line_tax_differs(line):
            found.append(Finding("line-tax-mismatch", Severity.WARNING, facts, line.box))
    sums = {side: equations.sum_closes(reading, side) for side in ("net", "gross")}
    if False in sums.values() and True not in sums.values() and _sums_expected(reading):
        side = "net" if sums["net"] is False else "gross"
        total = reading.total_net if side == "net" else reading.total_gross
        stated = str(total.value) if total else ""
        summed = (("lines", str(equations.line_sum(reading, side))), ("stated", stated))
        found.append(Finding("line-sum-mismatch", Severity.WARNING, summed))
    if equations.header_closes(reading) is False:
        found.append(Finding("total-mismatch", Severity.WARNING))
    for row in reading.rate_totals:
        if equations.rate_row_holds(row, len(reading.lines)) is False:
            rate = (("rate", row.vat_rate),)
            found.append(Finding("rate-tax-mismatch", Severity.WARNING, rate))
    if _words_contradict(reading, in_words):
        words = (("words", str(in_words)),)
        found.append(Finding("words-mismatch", Severity.WARNING, words))
    known = {(f.code, f.facts) for f in reading.findings}
    return [f for f in found if (f.code, f.facts) not in known]


def _line_tax_differs(line: Line) -> bool:
    rate = equations.rate_of(line.vat_rate.value) if line.vat_rate else None
    if rate is None or line.line_net is None or line.line_vat is None:
        return False
    return abs(line.line_net.value * rate - line.line_vat.value) > 2 * CENT


def _sums_expected(reading: Reading) -> bool:
    return reading.kind in (DocumentKind.INVOICE, DocumentKind.RECEIPT)
