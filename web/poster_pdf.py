"""The poster and the leaflet of a branch: three steps and the code that leads to joining."""

from __future__ import annotations

import io
from dataclasses import dataclass

import segno

from core.i18n import translations
from core.pdf import new_document

INK, MUTED, GREEN = (20, 24, 26), (90, 96, 98), (8, 63, 57)


@dataclass(frozen=True, slots=True)
class Poster:
    program: str
    manufacturer: str
    branch: str
    address: str  # what the code leads to


def render(poster: Poster, *, language: str, leaflet: bool = False) -> bytes:
    """A4 to hang up, or A6 to hand out."""
    say = translations(language).gettext
    width, height = (105.0, 148.0) if leaflet else (210.0, 297.0)
    scale = width / 210
    document = new_document(
        title=poster.program, language=language, width_mm=width, height_mm=height
    )
    document.set_auto_page_break(False)
    document.set_margins(18 * scale, 18 * scale)
    document.add_page()
    document.set_fill_color(*GREEN)
    document.rect(0, 0, width, 74 * scale, style="F")

    def text(words: str, size: float, *, bold: bool = False, ink: tuple[int, ...] = INK) -> None:
        document.set_font("Manrope", "B" if bold else "", size * scale)
        document.set_text_color(*ink)
        document.multi_cell(0, size * 0.46 * scale, words, align="L", new_x="LMARGIN", new_y="NEXT")

    white = (255, 255, 255)
    text(poster.manufacturer, 18, ink=white)
    text(poster.program, 46, bold=True, ink=white)
    document.ln(3 * scale)
    text(say("Kupujesz tutaj? Odbieraj punkty i nagrody."), 22, ink=white)
    document.set_y(86 * scale)
    picture = io.BytesIO()
    segno.make(poster.address, error="m").save(picture, kind="png", scale=10, border=4)
    side = 92 * scale
    document.image(picture, x=(width - side) / 2, y=document.get_y(), w=side, h=side)
    document.set_y(document.get_y() + side + 4 * scale)
    document.set_font("Manrope", "", 13 * scale)
    document.set_text_color(*MUTED)
    document.cell(0, 7 * scale, poster.address, align="C", new_x="LMARGIN", new_y="NEXT")
    document.ln(4 * scale)
    for number, words in enumerate(
        (
            say("Zeskanuj kod i podaj NIP firmy."),
            say("Fotografuj faktury z tej hurtowni."),
            say("Wybierz nagrodę, przyjedzie do Ciebie."),
        ),
        start=1,
    ):
        text(f"{number}.  {words}", 21, bold=True)
        document.ln(2.5 * scale)
    document.set_y(height - 24 * scale)
    text(poster.branch, 16, ink=MUTED)
    return bytes(document.output())
