"""Fields, stamps and notes over a PDF's page are read as they are seen."""

from __future__ import annotations

import pytest

from benchmarks.hostile.rawpdf import raw_pdf, stream
from ocr import pdf_notes, pdf_pages, pdf_text

_FONT = "/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
_LINK = b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://example.com/a)>>>>"


def _page(note: str, *, text: bytes = b"12,50", notes: str = "[5 0 R 7 0 R]") -> bytes:
    """A page that prints "Razem", with a note over it that draws a text, and a link."""
    drawn = stream(
        b"BT /F 10 Tf 2 3 Td (%s) Tj ET" % text,
        f"/Type/XObject/Subtype/Form/BBox[0 0 80 14]{_FONT}",
    )
    return raw_pdf(
        content=b"BT /F 10 Tf 100 700 Td (Razem) Tj ET",
        extra=[
            f"<</Type/Annot/Rect[140 697 220 711]/AP<</N 6 0 R>>{note}>>".encode(),
            drawn,
            _LINK,
        ],
        page_extra=f"/Annots{notes}",
        catalog_extra="/AcroForm<</Fields[5 0 R]/DA(/Helv 0 Tf 0 g)>>",
    )


def _texts(data: bytes) -> list[str]:
    return [word.text for word in pdf_text.read_words(data)[0]]


@pytest.mark.parametrize(
    "note", ["/Subtype/Widget/FT/Tx/T(a)/V(999)/F 4", "/Subtype/FreeText/F 4", "/Subtype/Stamp"]
)
def test_what_lies_over_the_page_and_shows_is_text_of_the_page(note: str) -> None:
    data = _page(note)
    assert _texts(data) == ["Razem", "12,50"]
    with pdf_pages.opened(data) as pages:
        bare, _ = pages.around_text(0)
        changed = (pages.show(0) != bare).any(axis=2)
        height, width = changed.shape
        over = changed[: height // 4, round(width * 140 / 595) : round(width * 220 / 595)]
        assert over.any()
        assert pages.links(0) == ("https://example.com/a",)


@pytest.mark.parametrize("unseen", ["/F 2", "/F 32", "/F 4/OC<</Type/OCG/Name(L)>>"])
def test_what_is_hidden_or_on_a_layer_is_not(unseen: str) -> None:
    assert _texts(_page(f"/Subtype/Stamp{unseen}")) == ["Razem"]


def test_a_field_without_an_appearance_shows_its_value() -> None:
    data = _page("/Subtype/Widget/FT/Tx/T(a)/V(34)/DA(/Helv 10 Tf 0 g)/F 4")
    assert set(_texts(data.replace(b"/AP<</N 6 0 R>>", b""))) == {"Razem", "34"}


def test_links_alone_and_notes_without_end_leave_the_page_as_it_is() -> None:
    with pdf_pages.opened(_page("/Subtype/Stamp", notes="[7 0 R]")) as pages:
        assert pages.links(0) == ("https://example.com/a",)
    many = _page("/Subtype/Stamp", notes="[" + "5 0 R " * (pdf_notes._MOST + 1) + "]")
    assert _texts(many) == ["Razem"]
