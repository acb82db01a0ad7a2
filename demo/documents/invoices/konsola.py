"""Layout "konsola": a text-mode program's print-out, every column made of characters."""

from __future__ import annotations

from demo.documents import polish
from demo.documents.invoices import blocks
from demo.documents.invoices.cells import Writing, cell
from demo.documents.purchase import Purchase
from demo.documents.sheet import Column, Sheet

WRITING = Writing(money="1234,56", day="iso", nip="3-3-2-2", places=2)
SIZE = 8.0
STEP = 3.55  # line feed in mm
# kind, heading, characters
FIELDS = (
    ("lp", "Lp", 3), ("name", "Nazwa towaru", 34), ("unit", "Jm", 5), ("quantity", "Ilosc", 9),
    ("price", "Cena netto", 10), ("discount", "Rabat", 6), ("net", "Wart.netto", 11),
    ("rate", "VAT", 4), ("gross", "Wart.brutto", 11),
)  # fmt: skip
RIGHT = {"lp", "quantity", "price", "discount", "net", "rate", "gross"}
WIDTH = sum(n for _, _, n in FIELDS) + len(FIELDS) + 1


def columns(_: Purchase) -> list[Column]:
    return [Column(kind, title, width) for kind, title, width in FIELDS]


def draw(sheet: Sheet, purchase: Purchase, writing: Writing, pages: int) -> None:
    printer = _Printer(sheet)
    title = f"{blocks.title(purchase).upper()}  Nr {purchase.number}"
    sheets = f" z {pages}" if pages > 1 else ""
    mark = "/".join(purchase.marks)
    printer.feed(f"{purchase.place}, {polish.day(purchase.issued_on, writing.day)}".rjust(WIDTH))
    printer.feed("")
    printer.feed(title.center(WIDTH).rstrip(), bold=True)
    printer.feed(mark.center(WIDTH).rstrip())
    printer.feed("")
    _parties(printer, purchase, writing)
    sold = polish.day(purchase.sold_on or purchase.issued_on, writing.day)
    line = f"Data sprzedazy: {sold}   Zaplata: {purchase.payment}"
    if purchase.due_on is not None:
        line += f"   Termin: {polish.day(purchase.due_on, writing.day)}"
    printer.feed(line)
    head = _rule(), _row([title for _, title, _ in FIELDS], centre=True), _rule()
    for text in head:
        printer.feed(text)
    for number, item in enumerate(purchase.lines, 1):
        texts = [cell(kind, item, number, writing) for kind, _, _ in FIELDS]
        rows = _split(texts)
        if printer.room() < len(rows) + 2:
            printer.feed(_rule())
            printer.feed(f"cd. na str. {sheet.pages + 1}".rjust(WIDTH))
            sheet.new_page()
            printer.feed(f"{title}   str. {sheet.pages}{sheets}".rjust(WIDTH))
            for text in head:
                printer.feed(text)
        for row in rows:
            printer.feed(row)
    printer.feed(_rule())
    _sums(printer, purchase, writing)


class _Printer:
    """Prints lines of characters of one width from the top of the sheet down."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    def feed(self, text: str, *, bold: bool = False) -> None:
        style = "B" if bold else ""
        self.sheet.need(STEP)
        self.sheet.text(self.sheet.margin, self.sheet.y, text, size=SIZE, style=style)
        self.sheet.y += STEP

    def room(self) -> int:
        return int((self.sheet.limit - self.sheet.y) / STEP)


def _rule() -> str:
    return "+" + "+".join("-" * n for _, _, n in FIELDS) + "+"


def _row(texts: list[str], *, centre: bool = False) -> str:
    cells = []
    for (kind, _, width), text in zip(FIELDS, texts, strict=True):
        if centre:
            cells.append(text.center(width))
        else:
            cells.append(text.rjust(width) if kind in RIGHT else text.ljust(width))
    return "|" + "|".join(cells) + "|"


def _split(texts: list[str]) -> list[str]:
    """A long name goes on in the rows below, whose other cells stay empty."""
    name_at = [kind for kind, _, _ in FIELDS].index("name")
    width = FIELDS[name_at][2]
    words, lines = texts[name_at].split(" "), [""]
    for word in words:
        trial = f"{lines[-1]} {word}".strip()
        if len(trial) <= width:
            lines[-1] = trial
        else:
            lines.append(word[:width])
    rows = []
    for number, line in enumerate(lines):
        cells = list(texts) if number == 0 else [""] * len(texts)
        cells[name_at] = line
        rows.append(_row(cells))
    return rows


def _parties(printer: _Printer, purchase: Purchase, writing: Writing) -> None:
    half = WIDTH // 2 - 2
    left = ["SPRZEDAWCA:", *blocks.party_lines(purchase.seller, writing)]
    right = ["NABYWCA:", *blocks.party_lines(purchase.buyer, writing)]
    if purchase.seller.account:
        left.append(blocks.spaced_account(purchase.seller.account))
    left = [part for line in left for part in _fold(line, half)]
    right = [part for line in right for part in _fold(line, half)]
    for number in range(max(len(left), len(right))):
        first = left[number] if number < len(left) else ""
        second = right[number] if number < len(right) else ""
        printer.feed(f"{first:<{half + 4}}{second}".rstrip())
    printer.feed("")


def _fold(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        trial = f"{lines[-1]} {word}".strip()
        if len(trial) <= width:
            lines[-1] = trial
        else:
            lines.append(word)
    return lines


def _sums(printer: _Printer, purchase: Purchase, writing: Writing) -> None:
    if printer.room() < 14 + len(purchase.rate_sums):
        printer.sheet.new_page()
    form = "{:>8} {:>12} {:>12} {:>12}"
    rows = [form.format("Stawka", "Netto", "VAT", "Brutto")]
    rows += [
        form.format(
            writing.rate(s.rate),
            writing.amount(s.net),
            writing.amount(s.vat),
            writing.amount(s.gross),
        )
        for s in purchase.rate_sums
    ]
    total = (purchase.total_net, purchase.total_vat, purchase.total_gross)
    rows.append(form.format("RAZEM", *(writing.amount(v) for v in total)))
    for text in rows:
        printer.feed(text.rjust(WIDTH))
    printer.feed("")
    due = f"DO ZAPLATY: {writing.amount(purchase.total_gross)} {purchase.currency}"
    printer.feed(due, bold=True)
    for text in (f"slownie: {blocks.in_words(purchase)}", *blocks.remarks(purchase)):
        for part in _fold(text, WIDTH):
            printer.feed(part)
    blocks.ksef_code(printer.sheet, purchase, size_mm=32)
    printer.feed("")
    printer.feed("")
    printer.feed("." * 30 + " " * (WIDTH - 60) + "." * 30)
    printer.feed("      podpis odbiorcy" + " " * (WIDTH - 50) + f"wystawil(a): {purchase.issuer}")
