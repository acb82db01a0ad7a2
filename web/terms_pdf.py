"""The three-step card and the points chapter of the terms on paper (A4), made from one version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from fpdf import FPDF

from core.formats import Formats
from core.i18n import translations
from core.pdf import new_document
from programs.terms import CardStep, Chapter, TermsFacts, card, chapters, rates

WIDTH_MM, HEIGHT_MM, MARGIN_MM = 210.0, 297.0, 18.0
INK, MUTED, ACCENT = (20, 24, 26), (90, 96, 98), (15, 81, 50)


def render(facts: TermsFacts, *, language: str, on: date, draft: bool) -> bytes:
    """First page: the card with the rates of the day; then the chapter, paragraph by paragraph."""
    say, formats = translations(language).gettext, Formats(language)
    title = say("Zasady programu %(name)s") % {"name": facts.program_name}
    document = new_document(title=title, language=language, width_mm=WIDTH_MM, height_mm=HEIGHT_MM)
    document.set_margins(MARGIN_MM, MARGIN_MM)
    document.set_auto_page_break(True, margin=18)
    document.alias_nb_pages()
    document.add_page()
    _text(document, facts.organiser, size=9, ink=MUTED)
    _text(document, title, size=20, bold=True)
    version = say("wersja %(number)s, obowiązuje od %(day)s") % {
        "number": facts.number,
        "day": formats.date(facts.valid_from),
    }
    _text(document, version, size=9, ink=MUTED)
    if draft:
        _text(document, say("To szkic. Uczestnicy jeszcze go nie widzą."), bold=True)
    document.ln(4)
    _card(document, card(facts, language=language))
    _bullets(document, rates(facts, language=language, on=on))
    document.add_page()
    _chapters(document, chapters(facts, language=language))
    return bytes(document.output())


def _text(
    document: FPDF, text: str, *, size: float = 9, bold: bool = False, ink: tuple[int, ...] = INK
) -> None:
    document.set_font("Manrope", "B" if bold else "", size)
    document.set_text_color(*ink)
    document.multi_cell(0, size * 0.5, text, align="L", new_x="LMARGIN", new_y="NEXT")


def _card(document: FPDF, steps: Sequence[CardStep]) -> None:
    for number, step in enumerate(steps, start=1):
        _text(document, f"{number}. {step.title}", size=13, bold=True, ink=ACCENT)
        _text(document, step.text, size=10.5)
        document.ln(3)


def _bullets(document: FPDF, texts: Sequence[str]) -> None:
    for text in texts:
        document.set_x(MARGIN_MM)
        document.set_font("Manrope", "", 9.5)
        document.set_text_color(*INK)
        document.cell(5, 5, "•")
        document.multi_cell(0, 5, text, align="L", new_x="LMARGIN", new_y="NEXT")
        document.ln(0.8)


def _chapters(document: FPDF, found: Sequence[Chapter]) -> None:
    for number, chapter in enumerate(found, start=1):
        if document.get_y() > HEIGHT_MM - 45:
            document.add_page()  # A heading never stands alone at the foot of a page.
        _text(document, f"§ {number}. {chapter.title}", size=12, bold=True)
        document.ln(1)
        for place, point in enumerate(chapter.points, start=1):
            document.set_font("Manrope", "", 9.5)
            document.set_text_color(*INK)
            document.cell(8, 5, f"{place}.")
            document.multi_cell(0, 5, point, align="L", new_x="LMARGIN", new_y="NEXT")
            document.ln(0.6)
        document.ln(3)
