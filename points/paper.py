"""The statement on paper: a PDF that carries the signed file and shows the same rows.

Checking a PDF checks both: the file inside, and that the pages say what the file says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pypdfium2

from core.clock import local
from core.formats import Formats
from core.i18n import translations
from core.pdf import new_document
from points import signed
from points.labels import KINDS
from points.signed import Fault, Signed
from points.tables import TransactionKind

if TYPE_CHECKING:
    from fpdf import FPDF

ATTACHED = "wyciag.json"
_WIDTHS = (11.0, 33.0, 66.0, 26.0, 26.0, 24.0)


def render(data: bytes) -> bytes:
    """The signed file `data` as A4 pages with the file attached."""
    document = _pages(signed.read(data))
    document.embed_file(bytes=data, basename=ATTACHED, mime_type="application/json")
    return bytes(document.output())


def _pages(content: Signed) -> FPDF:
    _ = translations(content.language).gettext
    formats = Formats(content.language)
    document = new_document(
        title=_("Wyciąg punktów"), language=content.language, width_mm=210, height_mm=297
    )
    document.set_margins(12, 12)
    document.alias_nb_pages()
    document.add_page()
    document.set_font("Manrope", "B", 18)
    document.cell(0, 10, _("Wyciąg punktów"), new_x="LMARGIN", new_y="NEXT")
    document.set_font("Manrope", "", 9.5)
    for text in (
        f"{content.program} · {content.holder}",
        f"{_('Stan na')} {formats.moment(content.made_at)}",
        f"{_('Saldo na początku')}: {formats.number(content.opening.balance)}",
        f"{_('Saldo na końcu')}: {formats.number(content.closing.balance)}",
        f"{_('Do oddania')}: {formats.number(content.debt)}" if content.debt else "",
    ):
        if text:
            document.cell(0, 5.4, text, new_x="LMARGIN", new_y="NEXT")
    document.ln(3)
    _head(document, content)
    document.set_font("Manrope", "", 8.5)
    for row in content.rows:
        kind = KINDS.get(TransactionKind(row.kind)) if row.kind in set(TransactionKind) else None
        cells = (
            str(row.row),
            f"{local(row.posted_at):%d.%m.%Y %H:%M}",
            _(kind) if kind else row.kind,
            formats.points(row.points, signed=True),
            formats.number(row.balance),
            row.hash[:12],
        )
        _line(document, cells)
    document.ln(4)
    document.set_font("Manrope", "", 8)
    text = _(
        "Każdy wiersz ma skrót, który obejmuje wszystkie wiersze przed nim, a całość jest "
        "podpisana. Zmianę choćby jednej liczby widać. Sprawdzenie: python -m points "
        "verify-statement i ten plik."
    )
    document.multi_cell(0, 4.2, text, align="L", new_x="LMARGIN", new_y="NEXT")
    for text in (f"{_('Koniec łańcucha')}: {content.closing.hash}", f"{_('Klucz')}: {content.key}"):
        document.multi_cell(0, 4.2, text, align="L", new_x="LMARGIN", new_y="NEXT")
    return document


def _head(document: FPDF, content: Signed) -> None:
    _ = translations(content.language).gettext
    document.set_font("Manrope", "B", 8.5)
    _line(
        document,
        (_("Nr"), _("Data"), _("Operacja"), _("Punkty"), _("Saldo"), _("Skrót")),
        border="B",
    )


def _line(document: FPDF, cells: tuple[str, ...], border: str = "") -> None:
    for place, (text, width) in enumerate(zip(cells, _WIDTHS, strict=True)):
        document.cell(width, 5.6, text, border=border or 0, align="R" if place in (3, 4) else "L")
    document.ln(5.6)


def extract(pdf: bytes) -> bytes:
    """The signed file inside a statement's PDF. Raises `ValueError` when there is none."""
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise ValueError("not a PDF that can be read") from error
    with document:
        for place in range(document.count_attachments()):
            attachment = document.get_attachment(place)
            if attachment.get_name() == ATTACHED:
                return bytes(attachment.get_data())
    raise ValueError("the PDF carries no statement")


def check(pdf: bytes, *, key: str | None = None) -> list[Fault]:
    """What does not hold in the file inside, and where the pages say something else than it."""
    data = extract(pdf)
    faults = signed.check(data, key=key)
    content = signed.read(data)
    printed, expected = _text(pdf), _text(bytes(_pages(content).output()))
    if printed == expected:
        return faults
    for place, (there, ours) in enumerate(zip(printed, expected, strict=False)):
        if there != ours:
            number = next((w for w in ours.split()[:1] if w.isdigit()), None)
            row = int(number) if number else None
            where = f"row {row}" if row else f"line {place + 1}"
            faults.append(Fault(row, f"the page shows another {where} than the file: {there!r}"))
            return faults
    faults.append(Fault(None, "the pages show more or fewer lines than the file"))
    return faults


def _text(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return [line.strip() for text in pages for line in text.splitlines() if line.strip()]
