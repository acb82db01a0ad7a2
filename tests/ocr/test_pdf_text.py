"""Words of text layers, from PDFs drawn here."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from fpdf import FPDF

from ocr import limits, pdf_text
from ocr.reading import Unreadable, UnreadableReason


def page_of(*texts: tuple[float, float, str], size: float = 10) -> FPDF:
    pdf = FPDF(unit="pt", format="A4")
    pdf.add_page()
    pdf.set_font("Helvetica", size=size)
    for x, y, text in texts:
        pdf.text(x, y, text)
    return pdf


def test_words_stand_where_they_are_printed() -> None:
    words, pages = pdf_text.read_words(
        bytes(page_of((100, 200, "Faktura VAT"), (400, 200, "246.00")).output())
    )
    assert [w.text for w in words] == ["Faktura", "VAT", "246.00"]
    assert pages[0].number == 1
    assert pages[0].height_px / pages[0].width_px == pytest.approx(841.89 / 595.28, abs=0.01)
    first, _, amount = words
    assert first.box.x0 == pytest.approx(100 / 595.28, abs=0.002)
    assert first.box.y0 < 200 / 841.89 < first.box.y1
    assert amount.box.x0 == pytest.approx(400 / 595.28, abs=0.002)
    assert {w.engine for w in words} == {pdf_text.ENGINE}


@pytest.mark.parametrize(("rotation", "turned"), [(0, 0), (90, 270), (180, 180), (270, 90)])
def test_sideways_text_is_read_upright_and_says_the_turn(rotation: int, turned: int) -> None:
    document = pypdfium2.PdfDocument(bytes(page_of((100, 200, "Razem 12,50")).output()))
    document[0].set_rotation(rotation)
    saved = io.BytesIO()
    document.save(saved)
    words, pages = pdf_text.read_words(saved.getvalue())
    assert [w.text for w in words] == ["Razem", "12,50"]
    assert pages[0].turned == turned
    assert pages[0].height_px > pages[0].width_px
    assert words[0].box.x0 == pytest.approx(100 / 595.28, abs=0.01)
    assert words[0].box.y1 == pytest.approx(200 / 841.89, abs=0.01)


def test_words_up_the_margin_are_left_out() -> None:
    pdf = page_of((100, 200, "Razem do zapłaty".replace("ł", "l")))
    with pdf.rotation(90, 30, 400):
        pdf.text(30, 400, "Druk programu")
    words, _ = pdf_text.read_words(bytes(pdf.output()))
    assert [w.text for w in words] == ["Razem", "do", "zaplaty"]


def test_headings_that_stand_on_their_side_come_into_the_row_of_the_others() -> None:
    pdf = page_of(
        (100, 180, "Nazwa"),
        (100, 230, "Rura"),
        (300, 230, "5"),
        (100, 300, "Razem do zaplaty przelewem"),
    )
    for x, heading in ((308, "Ilosc"), (342, "Cena netto"), (372, "VAT %")):
        with pdf.rotation(90, x, 215):
            pdf.text(x, 215, heading)
    words, _ = pdf_text.read_words(bytes(pdf.output()))
    name = next(w for w in words if w.text == "Nazwa")
    sideways = [w for w in words if w.text in ("Ilosc", "Cena netto", "VAT %")]
    assert len(sideways) == 3
    for word in sideways:
        assert word.box.y0 == pytest.approx(name.box.y0, abs=0.005)
    assert sideways[0].box.x0 < 305 / 595.28 < sideways[0].box.x1


def test_letters_printed_one_by_one_become_a_word() -> None:
    pdf = FPDF(unit="pt", format="A4")
    pdf.add_page()
    pdf.set_font("Courier", size=10)
    for place, letter in enumerate("Nabywca"):
        pdf.text(100 + 6.0 * place, 300, letter)
    words, _ = pdf_text.read_words(bytes(pdf.output()))
    assert [w.text for w in words] == ["Nabywca"]


def test_imitated_bold_type_is_read_once() -> None:
    pdf = page_of((100, 200, "Suma"), (100.3, 200, "Suma"))
    words, _ = pdf_text.read_words(bytes(pdf.output()))
    assert [w.text for w in words] == ["Suma"]


@pytest.mark.parametrize("shift", [0.0, 0.3])
def test_lines_printed_three_times_over_themselves_are_read_once(shift: float) -> None:
    pdf = FPDF(unit="pt", format="A4")
    pdf.add_page()
    pdf.set_font("Helvetica", size=9)
    for copy in range(3):
        pdf.text(50 + copy * shift, 60, "Tynkarz GmbH 4 447,11 szt. 11")
        pdf.text(50 + copy * shift, 80, "NIP PL 526 587 76 35")
    for letter, x in (("W", 52), ("i", 61), ("l", 64), ("l", 67), ("a", 70)):
        for copy in range(3):
            pdf.text(x + copy * shift, 100, letter)
    pdf.text(52, 60 + 20 * 3, "11 11")
    words, _ = pdf_text.read_words(bytes(pdf.output()))
    told = " ".join(word.text for word in words)
    assert told == "Tynkarz GmbH 4 447,11 szt. 11 NIP PL 526 587 76 35 Willa 11 11"


def test_text_hidden_under_a_scan_is_marked_as_recognised() -> None:
    pdf = FPDF(unit="pt", format="A4")
    pdf.add_page()
    pdf.set_font("Helvetica", size=10)
    with pdf.local_context(text_mode=3):
        pdf.text(100, 200, "Faktura")
    words, _ = pdf_text.read_words(bytes(pdf.output()))
    assert [(w.text, w.engine) for w in words] == [("Faktura", pdf_text.HIDDEN_ENGINE)]


def test_a_page_without_text_gives_its_size_and_no_words() -> None:
    pdf = FPDF(unit="pt", format="A4")
    pdf.add_page()
    data = bytes(pdf.output())
    words, pages = pdf_text.read_words(data)
    assert words == ()
    assert len(pages) == 1
    assert not pdf_text.has_text(data)


def test_a_ruled_line_of_signs_is_no_word() -> None:
    words, _ = pdf_text.read_words(bytes(page_of((50, 100, "------------------- Razem")).output()))
    assert [w.text for w in words] == ["Razem"]


def test_a_damaged_file_says_so() -> None:
    with pytest.raises(Unreadable) as refused:
        pdf_text.read_words(b"%PDF-1.7 nothing behind it")
    assert refused.value.reason is UnreadableReason.DAMAGED


def test_an_encrypted_file_says_so() -> None:
    pdf = page_of((100, 200, "Faktura"))
    pdf.set_encryption(owner_password="owner", user_password="user")
    with pytest.raises(Unreadable) as refused:
        pdf_text.read_words(bytes(pdf.output()))
    assert refused.value.reason is UnreadableReason.ENCRYPTED


def test_too_many_pages_are_refused() -> None:
    pdf = FPDF(unit="pt", format="A4")
    for _ in range(limits.PAGES + 1):
        pdf.add_page()
    with pytest.raises(Unreadable) as refused:
        pdf_text.read_words(bytes(pdf.output()))
    assert refused.value.reason is UnreadableReason.TOO_MANY_PAGES
    assert refused.value.facts["pages"] == limits.PAGES + 1


def test_too_many_letters_on_a_page_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PAGE_GLYPHS", 10)
    with pytest.raises(Unreadable) as refused:
        pdf_text.read_words(bytes(page_of((50, 100, "more than ten letters")).output()))
    assert refused.value.reason is UnreadableReason.TOO_COMPLEX
