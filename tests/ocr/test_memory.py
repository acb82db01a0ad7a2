"""Layout memory: what a seller's earlier documents teach, and what they must not."""

import pytest

from ocr import memory
from ocr.invoice import interpret_and_learn
from ocr.reading import Hints, LayoutMemory
from tests.ocr.drawn import PLAIN, read, rows_of, words_of

SELLER = "5265877635"
# Prices before a discount that is not printed: no product can tell what the columns are.
LISTED = (
    PLAIN.replace("  3,20 ", "  4,00 ").replace(" 14,50 ", " 18,00 ").replace(" 31,00 ", " 39,00 ")
)
STRANGE = LISTED.replace("Cena netto", "Tarif N   ").replace("Wartość netto", "Obrót N      ")


def test_an_unknown_heading_is_read_once_a_person_has_named_it() -> None:
    assert all(line.line_net is None for line in read(STRANGE).lines)
    known = memory.taught(
        None, SELLER, columns={"Obrót N": "line_net", "Tarif N": "unit_price_net"}
    )
    reading = read(STRANGE, hints=Hints(layouts=(known,)))
    assert rows_of(reading) == rows_of(read(LISTED))


def test_the_memory_of_another_seller_changes_nothing() -> None:
    other = memory.taught(None, "1234563218", columns={"Obrót N": "line_net"})
    other = LayoutMemory("9999999999", other.columns)
    assert read(STRANGE, hints=Hints(layouts=(other,))) == read(STRANGE)


def test_the_memory_of_the_buyer_changes_nothing_on_the_paper_of_another_seller() -> None:
    plain = read(STRANGE)
    assert plain.buyer.vat_id is not None
    buyer = plain.buyer.vat_id.value
    of_buyer = memory.taught(None, buyer, columns={"Obrót N": "line_net", "Ilość": "unit"})
    own = memory.taught(None, SELLER, columns={"Obrót N": "line_net", "Tarif N": "unit_price_net"})
    assert read(STRANGE, hints=Hints(layouts=(of_buyer,))) == plain
    both = read(STRANGE, hints=Hints(layouts=(of_buyer, own)))
    assert rows_of(both) == rows_of(read(LISTED))


def test_a_memory_never_overrules_the_page() -> None:
    wrong = memory.taught(None, SELLER, columns={"Ilość": "line_net"})
    reading = read(PLAIN, hints=Hints(layouts=(wrong,)))
    proven = [
        line.line_net for line in reading.lines if line.line_net and line.line_net.proof.proven
    ]
    right = {str(line.line_net.value) for line in read(PLAIN).lines if line.line_net}
    assert {str(value.value) for value in proven} <= right


def test_a_taught_label_names_a_header_field() -> None:
    text = PLAIN.replace("FAKTURA VAT nr FV/17/11/2026", "Kwit handlowy: KH/77/2026")
    assert read(text).invoice_number is None
    known = memory.taught(None, SELLER, labels={"Kwit handlowy": "number"})
    reading = read(text, hints=Hints(layouts=(known,)))
    assert reading.invoice_number is not None
    assert reading.invoice_number.value == "KH/77/2026"


def test_words_that_the_lexicon_knows_are_not_stored() -> None:
    assert memory.taught(None, SELLER, columns={"Cena netto": "unit_price_net"}).columns == ()


def test_fields_that_do_not_exist_are_refused() -> None:
    with pytest.raises(ValueError, match="wysokość"):
        memory.taught(None, SELLER, columns={"Kol": "wysokość"})
    with pytest.raises(ValueError, match="szerokość"):
        memory.taught(None, SELLER, labels={"Kol": "szerokość"})


def test_a_proven_document_counts_and_an_unproven_one_does_not() -> None:
    words, pages = words_of(PLAIN)
    _, learned = interpret_and_learn(words, pages, hints=Hints())
    assert learned is not None
    assert (learned.seller_vat_id, learned.documents_seen) == (SELLER, 1)
    _, again = interpret_and_learn(words, pages, hints=Hints(layouts=(learned,)))
    assert again is not None
    assert again.documents_seen == 2
    blank, sheets = words_of("Pismo bez kwot\nNIP 526-587-76-35")
    assert interpret_and_learn(blank, sheets, hints=Hints())[1] is None
