"""The monthly statement of a wholesaler's points on paper (A4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from core.formats import Formats
from core.i18n import translations
from core.pdf import new_document
from verification.partner_statement import BranchMonth
from web.views.sales import month_words

INK, MUTED, RULE = (20, 24, 26), (90, 96, 98), (205, 205, 200)


def render(
    rows: Sequence[BranchMonth],
    *,
    partner: str,
    nip: str,
    month: date,
    reasons: Mapping[str, str],
    at: datetime,
    language: str,
) -> bytes:
    """Opening balance, bookings and closing balance of each branch, as the ledger has them."""
    say, formats = translations(language).gettext, Formats(language)
    title = f"{say('Wyciąg punktów')} {month_words(month, language)}"
    document = new_document(title=title, language=language, width_mm=210, height_mm=297)
    document.set_margins(16, 16)
    document.set_auto_page_break(True, margin=18)
    document.add_page()

    def text(words: str, size: float, *, bold: bool = False, muted: bool = False) -> None:
        document.set_font("Manrope", "B" if bold else "", size)
        document.set_text_color(*(MUTED if muted else INK))
        document.multi_cell(0, size * 0.52, words, align="L", new_x="LMARGIN", new_y="NEXT")

    def line(left: str, count: str, right: str, *, bold: bool = False) -> None:
        document.set_font("Manrope", "B" if bold else "", 10)
        document.set_text_color(*INK)
        document.cell(110, 6.4, left)
        document.cell(28, 6.4, count, align="R")
        document.cell(0, 6.4, right, align="R", new_x="LMARGIN", new_y="NEXT")

    text(f"{partner} · NIP {nip}", 10, muted=True)
    text(title, 20, bold=True)
    document.ln(4)
    for row in rows:
        text(f"{row.branch_name} · {row.program_name}", 13, bold=True)
        facts = [f"{say('Sprawdzone zgłoszenia')}: {formats.number(row.decided)}"]
        if row.median_s is not None:
            hours = formats.number(row.median_s / 3600, 1)
            facts.append(f"{say('mediana')} {hours} {say('godz.')}")
        facts.append(f"{say('Zapisani uczestnicy')}: {formats.number(row.enrolled)}")
        text(" · ".join(facts), 9, muted=True)
        document.ln(1)
        line(say("Saldo początkowe"), "", formats.points(row.opening))
        for one in row.bookings:
            line(
                reasons[one.reason],
                formats.number(one.count),
                formats.points(one.points, signed=True),
            )
        line(say("Saldo końcowe"), "", formats.points(row.closing), bold=True)
        if row.late:
            line(
                say("Po terminie, do rozliczenia poza księgą"),
                formats.number(row.late),
                formats.points(-row.charge, signed=True) if row.charge else "–",
            )
        if not row.ties:
            text(say("Suma nie zgadza się z księgą: napisz do operatora programu."), 9, bold=True)
        document.set_draw_color(*RULE)
        document.line(16, document.get_y() + 2, 194, document.get_y() + 2)
        document.ln(6)
    text(f"{say('Sporządzono')}: {formats.moment(at)}", 8, muted=True)
    return bytes(document.output())
