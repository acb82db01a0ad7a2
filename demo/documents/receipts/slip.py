"""A till slip as rows of characters: what is printed, before any ink."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from demo.documents import polish
from demo.documents.firms import plain
from demo.documents.purchase import RATE_LETTERS, Purchase, PurchaseLine, rate_percent
from demo.documents.receipts.styles import SlipStyle


@dataclass(frozen=True, slots=True)
class SlipRow:
    """One printed row; `scale` 2 is twice as wide and high, `tall` twice as high only."""

    text: str
    scale: int = 1
    tall: bool = False
    bold: bool = False
    kind: str = "text"  # "text", "logo", "barcode"


class NotAReceipt(Exception):
    """The purchase has no till, or its prices are net: a fiscal printer could not print it."""


def amount(value: Decimal, style: SlipStyle) -> str:
    return polish.money(value, "1234,56").replace(",", style.decimal)


def letter(rate: str | None) -> str:
    return RATE_LETTERS.get(rate or "23", "A")


def value_before_discount(line: PurchaseLine) -> Decimal:
    """The figure of the item's own row; the discount follows in a row of its own."""
    return (line.value or Decimal(0)) + line.discount_amount


def printed_name(line: PurchaseLine, style: SlipStyle) -> str:
    """The name as the till cuts it: upper case or not, with or without Polish letters."""
    name = f"{line.index} {line.name}" if style.index_in_name and line.index else line.name
    name = plain(name) if style.plain_letters else name
    name = name.upper() if style.upper else name
    return " ".join(name[: style.name_length].split())


def slip_rows(purchase: Purchase, style: SlipStyle) -> list[SlipRow]:
    """All rows from the shop's name to the greeting."""
    till = purchase.till
    if till is None or not all(line.gross_priced for line in purchase.lines):
        raise NotAReceipt(purchase.number)
    rows: list[SlipRow] = []
    rows += _head(purchase, style)
    title = "NIEFISKALNY" if till.non_fiscal else style.title
    rows.append(SlipRow(title.center(style.width).rstrip(), bold=style.bold_title))
    for line in purchase.lines:
        rows += [SlipRow(text) for text in item_rows(line, style)]
    discounts = sum((line.discount_amount for line in purchase.lines), Decimal(0))
    if style.subtotal and discounts:
        rows.append(_pair("Podsuma:", amount(purchase.total_gross, style), style))
    rows.append(SlipRow("-" * style.width))
    rows += _taxes(purchase, style)
    total = amount(purchase.total_gross, style)
    rows.append(_sum_row(style, total))
    rows.append(SlipRow("-" * style.width))
    rows += _foot(purchase, style)
    return rows


def _pair(left: str, right: str, style: SlipStyle) -> SlipRow:
    return SlipRow(left + right.rjust(style.width - len(left)))


def _sum_row(style: SlipStyle, total: str) -> SlipRow:
    if style.big_sum == "double":
        half = style.width // 2
        return SlipRow(style.sum_label + total.rjust(half - len(style.sum_label)), scale=2)
    return SlipRow(style.sum_label + total.rjust(style.width - len(style.sum_label)), tall=True)


def _head(purchase: Purchase, style: SlipStyle) -> Iterable[SlipRow]:
    seller, till = purchase.seller, purchase.till
    assert till is not None
    lines = [seller.name, seller.street, seller.town]
    if seller.short and style.brand_first:
        lines.insert(0, seller.short)
    if style.phone and seller.phone:
        lines.append(f"tel. {seller.phone}")
    for line in lines:
        for part in _cut(line, style.width):
            text = part.center(style.width).rstrip() if style.centred_head else part
            yield SlipRow(plain(text) if style.plain_letters else text)
    nip = f"NIP {polish.nip(seller.nip, style.nip)}"
    yield SlipRow(nip.center(style.width).rstrip() if style.centred_nip else nip)
    day = polish.day(purchase.issued_on, style.day)
    if style.time_on_top:
        day = f"{day} {till.time}"
    yield _pair(day, f"{style.print_label}{till.print_number}", style)


def _cut(text: str, width: int) -> list[str]:
    """A long name over several rows, broken at blanks."""
    rows, current = [], ""
    for word in text.split(" "):
        if current and len(current) + 1 + len(word) > width:
            rows.append(current)
            current = word
        else:
            current = f"{current} {word}".strip()
    return [r for r in [*rows, current] if r]


def item_rows(line: PurchaseLine, style: SlipStyle) -> list[str]:
    """One item: on a single row, or name above figures, then its discount."""
    name = printed_name(line, style)
    mark = letter(line.vat_rate)
    count = polish.quantity(line.quantity or Decimal(1), places=style.places)
    count = count.replace(",", style.decimal)
    unit = line.unit if style.prints_unit else ""
    price = amount(line.unit_price or Decimal(0), style)
    gap = " " if style.letter == "spaced" else ""
    value = f"{amount(value_before_discount(line), style)}{gap}{mark}"
    first_letter = f"{mark} " if style.letter_after_name else ""
    if style.index_after_name and line.index:
        first_letter = f"{line.index}{mark} "
    figures = f"{first_letter}{count}{' ' if unit else ''}{unit}{style.times}{price}"
    tail = f"{figures} {value:>{style.value_width}}"
    rows = []
    if style.two_rows or len(name) > style.width - len(tail) - 1:
        rows.append(name)
        if style.gtin_row and line.gtin:
            rows.append(f"  {line.gtin}")
        rows.append(tail.rjust(style.width))
    else:
        rows.append(f"{name.ljust(style.width - len(tail))}{tail}")
    if line.discount_amount:
        rows += _discount_rows(line, style, gap + mark)
    return rows


def _discount_rows(line: PurchaseLine, style: SlipStyle, tail: str) -> list[str]:
    before = value_before_discount(line)
    label = f"  {style.discount_label}"
    if style.discount_percent and before:
        percent = (line.discount_amount / before * 100).quantize(Decimal(1))
        if (before * percent / 100).quantize(Decimal("0.01")) == line.discount_amount:
            label += f" -{percent}%"
    taken = f"-{amount(line.discount_amount, style)}{tail}"
    rows = [label + taken.rjust(style.width - len(label))]
    if style.new_value_after_discount:
        rows.append(f"{amount(line.value or Decimal(0), style)}{tail}".rjust(style.width))
    return rows


def _taxes(purchase: Purchase, style: SlipStyle) -> Iterable[SlipRow]:
    sums = sorted(purchase.rate_sums, key=lambda s: letter(s.rate))
    for row in sums:
        mark = letter(row.rate)
        if row.rate == "zw":
            yield _pair(f"{style.sale_label_exempt} {mark}", amount(row.gross, style), style)
        else:
            yield _pair(f"{style.sale_label} {mark}", amount(row.gross, style), style)
            percent = f"{rate_percent(row.rate):.2f}".replace(".", ",")
            yield _pair(
                style.tax_label.format(mark=mark, percent=percent), amount(row.vat, style), style
            )
    yield _pair(style.tax_sum_label, amount(purchase.total_vat, style), style)


def _foot(purchase: Purchase, style: SlipStyle) -> Iterable[SlipRow]:
    till = purchase.till
    assert till is not None
    who = style.till_form.format(receipt=till.receipt_number, till=till.till, cashier=till.cashier)
    yield _pair(who, "" if style.time_on_top else till.time, style)
    if till.buyer_nip:
        text = f"NIP NABYWCY: {polish.nip(till.buyer_nip, style.buyer_nip)}"
        yield SlipRow(text, bold=style.bold_title)
    if till.payment == "KARTA":
        yield _pair("KARTA", f"{amount(purchase.total_gross, style)} {purchase.currency}", style)
    elif till.cash_given is not None:
        yield _pair("GOTÓWKA", f"{amount(till.cash_given, style)} PLN", style)
        change = till.cash_given - purchase.total_gross
        yield _pair("RESZTA", f"{amount(change, style)} PLN", style)
    if not till.non_fiscal:
        yield SlipRow(till.register_id.center(style.width).rstrip(), kind="logo")
    if till.system_number:
        yield SlipRow(f"Nr sys. {till.system_number}")
        if style.barcode:
            yield SlipRow(till.system_number, kind="barcode")
    for text in style.greeting:
        yield SlipRow(text.center(style.width).rstrip())


def texts(rows: Sequence[SlipRow]) -> list[str]:
    """Only the characters, for tests and for reading by eye."""
    return [row.text for row in rows]
