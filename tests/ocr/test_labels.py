"""The lexicon: what a printed label means, also broken and misread."""

import pytest

from ocr.composed import composed
from ocr.labels import COLUMN_LEXICON, FIELD_LEXICON, PARTY_LEXICON, TOTAL_LEXICON, squeeze


def test_labels_are_compared_without_marks_blanks_and_diacritics() -> None:
    assert squeeze("Cena jedn. netto") == "cenajednnetto"
    assert squeeze("Słownie złotych:") == "slowniezlotych"
    assert squeeze("VAT %") == "vat%"


@pytest.mark.parametrize(
    ("label", "meaning"),
    [
        ("Wartość sprzedaży netto", "net"),
        ("Wart. brutto", "gross"),
        ("J.m.", "unit"),
        ("Nettopreis", "price_net"),
        ("Line Amount Excl. VAT", "net"),
        ("P.U. HT (EUR)", "price_net"),
        ("Cena po rabacie", "price_after"),
        ("Stan przed", "before"),
    ],
)
def test_column_headings_of_several_languages(label: str, meaning: str) -> None:
    assert COLUMN_LEXICON.find(squeeze(label)) == meaning


def test_a_misread_label_is_found_only_for_engines() -> None:
    key = squeeze("Wartosc nettо1")
    assert TOTAL_LEXICON.find(squeeze("Razem do zaplatv")) is None
    assert TOTAL_LEXICON.find(squeeze("Razem do zaplatv"), fuzzy=True) == "gross"
    assert COLUMN_LEXICON.find(key[:3], fuzzy=True) is None


def test_a_label_of_one_kind_is_not_another_kind_misread() -> None:
    assert FIELD_LEXICON.find(squeeze("Invoice No")) == "number"
    assert PARTY_LEXICON.find(squeeze("Invoice No"), fuzzy=True) is None


def test_of_several_beginnings_the_one_that_explains_most_letters_wins() -> None:
    words = [squeeze(w) for w in ("Faktura", "VAT", "nr", "FV", "4/05/2021")]
    count, label, meaning = FIELD_LEXICON.beginnings(words, fuzzy=True)[0]
    assert (count, label, meaning) == (3, "fakturavatnr", "number")


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("Cena całkowita z VAT", "gross"),
        ("Cena jednost. netto", "price_net"),
        ("Wart. sprzedaży netto zł", "net"),
        ("Kwota rabatu", "discount"),
        ("Ilość towaru", "quantity"),
        ("Cena netto po rabacie", "price_after"),
    ],
)
def test_a_heading_that_no_list_has_is_put_together(heading: str, meaning: str) -> None:
    assert composed([squeeze(w) for w in heading.split()]) == meaning


def test_a_sentence_is_not_taken_for_a_heading() -> None:
    assert composed([squeeze(w) for w in ("Cena", "obejmuje", "koszty", "dojazdu")]) is None


def test_learned_labels_win_over_the_lexicon() -> None:
    taught = COLUMN_LEXICON.with_labels({"szt": "unit", "wynagrodzenie": "net"})
    assert taught.find("wynagrodzenie") == "net"
    assert taught.find("szt") == "unit"
    assert COLUMN_LEXICON.find("wynagrodzenie") is None
