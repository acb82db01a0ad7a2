"""Words of a text layer that the page does not show."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fpdf import FPDF
from fpdf.enums import TextMode
from PIL import Image as Pictures

from benchmarks.hostile.rawpdf import raw_pdf
from ocr import pdf_pages, pdf_text, text_seen
from ocr.reading import Box, Word
from ocr.text_seen import Seen

_LIE = ("Razem netto", "40 szt.", "1 160,00", "VAT 23%", "266,80", "1 426,80")


def _sheet() -> FPDF:
    pdf = FPDF(unit="pt", format=(300, 200))
    pdf.set_auto_page_break(False)
    pdf.add_page()
    pdf.set_font("Helvetica", size=10)
    return pdf


def _print(pdf: FPDF, texts: tuple[str, ...], grey: int = 0) -> None:
    pdf.set_text_color(grey)
    for place, text in enumerate(texts):
        pdf.text(20, 30 + 20 * place, text)


def _picture(pdf: FPDF) -> None:
    """A picture of other print over the whole page, its bars where letters might stand."""
    shown = Pictures.new("L", (300, 200), 255)
    for row in range(6):
        for bar in range(12):
            shown.paste(0, (20 + 5 * bar, 24 + 20 * row, 22 + 5 * bar, 30 + 20 * row))
    pdf.image(shown, 0, 0, 300, 200)


def _seen(pdf: FPDF) -> Seen:
    data = bytes(pdf.output())
    words, _ = pdf_text.read_words(data)
    with pdf_pages.opened(data) as pages:
        return text_seen.seen(words, [pages.show(0)], pages.glanced, pages.around_text)


def _covered(pdf: FPDF) -> None:
    _print(pdf, _LIE)
    _picture(pdf)


def _white_on_picture(pdf: FPDF) -> None:
    _picture(pdf)
    _print(pdf, _LIE, 255)


def _white(pdf: FPDF) -> None:
    _print(pdf, _LIE, 255)


def _under_a_box(pdf: FPDF) -> None:
    _print(pdf, _LIE)
    pdf.set_fill_color(255)
    pdf.rect(0, 0, 300, 200, style="F")


def _without_ink(pdf: FPDF) -> None:
    _picture(pdf)
    pdf.text_mode = TextMode.INVISIBLE
    _print(pdf, _LIE)


def _only_a_clip(pdf: FPDF) -> None:
    _picture(pdf)
    pdf.text_mode = TextMode.CLIP
    _print(pdf, _LIE)


def _clipped_away(pdf: FPDF) -> None:
    _picture(pdf)
    with pdf.rect_clip(x=0, y=0, w=1, h=1):
        _print(pdf, _LIE)


def _white_outlines(pdf: FPDF) -> None:
    _picture(pdf)
    pdf.text_mode = TextMode.STROKE
    pdf.set_draw_color(255)
    pdf.set_line_width(0.01)
    _print(pdf, _LIE)


def _other_words_for_it(pdf: FPDF) -> None:
    for place, text in enumerate(_LIE):
        pdf._out(f"/Span <</ActualText ({text})>> BDC")
        _print(pdf, ("",) * place + ("Razem 1 sztuka 12,30",))
        pdf._out("EMC")


@pytest.mark.parametrize(
    "draw",
    [
        _covered,
        _white_on_picture,
        _white,
        _under_a_box,
        _without_ink,
        _only_a_clip,
        _clipped_away,
        _white_outlines,
        _other_words_for_it,
    ],
)
def test_text_that_does_not_show_is_none_of_the_page(draw: Callable[[FPDF], None]) -> None:
    pdf = _sheet()
    draw(pdf)
    seen = _seen(pdf)
    assert len(seen.hidden) >= 10
    assert not seen.trusted
    assert not {"40", "160,00", "266,80"} & {word.text for word in seen.words}


def test_text_of_a_layer_that_is_switched_off_is_none_of_the_page() -> None:
    bars = b"".join(b"%d %d 8 8 re f " % (20 + 10 * bar, 160) for bar in range(8))
    content = bars + b"/OC /L BDC BT /F 10 Tf 20 160 Td (Razem 40 szt. 1160,00) Tj ET EMC"
    layer = b"<</Type/OCG/Name(L)>>"
    data = raw_pdf(
        content=content,
        box=(300, 200),
        resources="/Properties<</L 5 0 R>>",
        extra=[layer],
        catalog_extra="/OCProperties<</OCGs[5 0 R]/D<</OFF[5 0 R]>>>>",
    )
    words, _ = pdf_text.read_words(data)
    with pdf_pages.opened(data) as pages:
        seen = text_seen.seen(words, [pages.show(0)], pages.glanced, pages.around_text)
    assert [word.text for word in seen.hidden] == ["Razem", "40", "szt.", "1160,00"]
    assert not seen.words


def test_print_on_a_picture_grey_print_and_white_print_on_dark_show() -> None:
    pdf = _sheet()
    pdf.image(Pictures.new("L", (30, 20), 235), 0, 0, 300, 200)
    _print(pdf, _LIE[:2])
    _print(pdf, ("", "", *_LIE[2:4]), 160)
    pdf.set_fill_color(40)
    pdf.rect(0, 100, 300, 100, style="F")
    _print(pdf, ("", "", "", "", *_LIE[4:]), 255)
    seen = _seen(pdf)
    assert not seen.hidden
    assert seen.trusted
    assert len(seen.words) == 11


def test_a_hidden_mark_for_a_program_leaves_the_layer_trusted() -> None:
    pdf = _sheet()
    _print(pdf, _LIE)
    _print(pdf, ("", "", "", "", "", "", "#podpis1#"), 255)
    seen = _seen(pdf)
    assert [word.text for word in seen.hidden] == ["#podpis1#"]
    assert seen.trusted
    assert text_seen.differences(seen.hidden, seen.words) == ()


def test_a_few_words_without_ink_are_no_words_though_the_rest_is_trusted() -> None:
    pdf = _sheet()
    _print(pdf, _LIE)
    pdf.text_mode = TextMode.INVISIBLE
    _print(pdf, ("", "", "", "", "", "", "Razem 9 999,00"))
    seen = _seen(pdf)
    assert seen.trusted
    assert [word.text for word in seen.hidden] == ["Razem", "9", "999,00"]
    assert len(seen.words) == 11


def test_a_ligature_that_names_its_letters_is_read() -> None:
    pdf = _sheet()
    pdf._out("/Span <</ActualText (fi)>> BDC")
    _print(pdf, ("fi",))
    pdf._out("EMC")
    assert [word.text for word in _seen(pdf).words] == ["fi"]


def test_of_two_figures_in_one_place_neither_is_known_to_show() -> None:
    pdf = _sheet()
    _print(pdf, (*_LIE, "9 161,00"))
    pdf.set_fill_color(255)
    pdf.rect(20, 140, 60, 15, style="F")
    _print(pdf, ("", "", "", "", "", "", "9 160,00"))
    seen = _seen(pdf)
    assert {"161,00", "160,00"} == {word.text for word in seen.hidden} - {"9"}
    assert {"1", "40", "266,80"} <= {word.text for word in seen.words}


def test_hidden_figures_that_the_page_does_not_state_are_told() -> None:
    def words(*texts: str) -> list[Word]:
        return [Word(text, Box(1, 0, 0, 1, 1), 1.0, "pdf-text") for text in texts]

    shown = words("Razem", "4", "115,96", "26,67", "142,63")
    assert text_seen.differences(words("4", "115,96", "26,67", "142,63"), shown) == ()
    (found,) = text_seen.differences(words("40", "1159,60", "142,63"), shown)
    assert (found.code, found.facts) == ("hidden-text-differs", (("figures", "2"),))


def test_a_page_whose_words_all_show_is_looked_at_small_and_no_closer() -> None:
    pdf = _sheet()
    _print(pdf, _LIE, 90)
    data = bytes(pdf.output())
    words, _ = pdf_text.read_words(data)
    with pdf_pages.opened(data) as pages:
        glance = pages.glanced(0)
        assert glance is not None
        assert max(glance[0].shape) <= 1000
        seen = text_seen.seen(words, [pages.show(0)], lambda _: glance, _nothing_more)
    assert seen == Seen(words)


def _nothing_more(index: int) -> None:
    raise AssertionError(index)
