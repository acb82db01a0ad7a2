"""The statement on paper: a PDF that shows the rows, carries the signed file, and ends in a seal.

Whatever is drawn over a page, or appended as PDF allows it, changes the bytes: the seal, a last
line behind the PDF's own end, signs every byte before it. So nothing has to be drawn again to be
compared, and a paper still holds when we word or set our pages in another way.
"""

from __future__ import annotations

import re
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
_SEAL = re.compile(rb"\n%zalicz-seal-1 ([0-9a-f]{128})\n\Z")
_WIDTHS = (11.0, 33.0, 66.0, 26.0, 26.0, 24.0)


def render(data: bytes, *, seed: bytes) -> bytes:
    """The signed file `data` as A4 pages with the file attached, sealed by the same `seed`."""
    document = _pages(signed.read(data))
    document.embed_file(bytes=data, basename=ATTACHED, mime_type="application/json")
    pdf = bytes(document.output())
    return pdf + b"\n%zalicz-seal-1 " + signed.seal(pdf, seed=seed).encode() + b"\n"


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
    """What does not hold in the file inside, and whether the pages are as we made them.

    Raises `ValueError` when the PDF carries no statement.
    """
    data = extract(pdf)
    faults = signed.check(data, key=key)
    seal = _SEAL.search(pdf)
    if seal is None:
        text = "the PDF does not end in our seal: it was saved or changed by another program"
        return [*faults, Fault(None, text)]
    if not signed.seal_holds(pdf[: seal.start()], seal[1].decode(), key=signed.read(data).key):
        faults.append(Fault(None, "the pages were changed: the seal does not fit them"))
    return faults
