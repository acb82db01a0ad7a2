"""A page beside its e-invoice: what it does not show as the XML says it."""

from ocr import ksef, printout
from ocr.reading import Box, Reading, Word
from tests.ocr import fa

HEAD = """Hurtownia Próbna Sp. z o.o. NIP 526-587-76-35
Faktura nr FV/2/2026 z dnia 2026-05-05 dla Instalacje Jan Próba
Lp Nazwa Ilość Miara Cena Wartość"""
TAIL = """Razem netto 82,00 VAT 18,86 brutto 100,86 PLN
Prosimy o zapłatę w terminie czternastu dni na rachunek podany wyżej dziękujemy
Towar odebrano bez zastrzeżeń co do liczby i stanu przesyłki data i podpis"""
ROWS = """1 Przewód YDYp 3x1,5 10 m 5,00 50,00
2 Puszka podtynkowa głęboka
60 mm biała 8,00 szt. 4,00 32,00"""


def words(text: str) -> tuple[Word, ...]:
    return tuple(
        Word(word, Box(1, 0.05 * x, 0.02 * y, 0.05 * x + 0.04, 0.02 * y + 0.015), 1.0, "pdf-text")
        for y, line in enumerate(text.splitlines())
        for x, word in enumerate(line.split())
    )


def invoice(quantity: str = "10", price: str = "5.00", name: str = "Przewód YDYp 3x1,5") -> Reading:
    return ksef.read_fa(
        fa.invoice(
            fa.goods(quantity, price, "50.00", P_7=name),
            fa.goods("8", "4.00", "32.00", P_7="Puszka podtynkowa głęboka 60 mm biała", P_8A="szt"),
            sums=(("P_13_1", "82.00"), ("P_14_1", "18.86")),
            due="100.86",
        )
    )


def differing(reading: Reading, rows: str = ROWS) -> list[dict[str, str]]:
    found = printout.differences(reading, words("\n".join((HEAD, rows, TAIL))))
    return [dict(finding.facts) for finding in found]


def test_a_page_that_shows_the_invoice_leaves_nothing_to_say() -> None:
    assert differing(invoice()) == []


def test_another_quantity_at_the_same_amount_is_found() -> None:
    assert differing(invoice("1000", "0.05")) == [{"missing": "", "lines": "1", "positions": "1"}]
    assert differing(invoice("25", "2.00")) == [{"missing": "", "lines": "1", "positions": "1"}]


def test_other_goods_at_the_same_amount_are_found() -> None:
    told = differing(invoice(name="Wiertarka udarowa Premium"))
    assert told == [{"missing": "", "lines": "1", "positions": "1"}]


def test_rounded_quantities_and_an_unsaid_single_piece_are_no_difference() -> None:
    assert differing(invoice("9.8", "5.1020")) == []
    rows = ROWS.replace("3x1,5 10 m 5,00", "3x1,5")
    assert differing(invoice("1", "50.00"), rows) == []


def test_the_tax_number_alone_may_be_missing_but_not_the_total() -> None:
    assert printout.differences(invoice(), words("\n".join((HEAD[:30], ROWS, TAIL)))) != ()
    other = TAIL.replace("100,86", "999,99")
    (finding,) = printout.differences(invoice(), words("\n".join((HEAD, ROWS, other))))
    assert dict(finding.facts)["missing"] == "total_gross"


def test_a_page_of_another_seller_buyer_or_day_is_found() -> None:
    def told(head: str) -> list[str]:
        found = printout.differences(invoice(), words("\n".join((head, ROWS, TAIL))))
        return [dict(finding.facts)["missing"] for finding in found]

    assert told(HEAD.replace("526-587-76-35", "676-248-45-60")) == ["seller_vat_id"]
    assert told(HEAD.replace("NIP 526-587-76-35", "logo")) == []  # A picture may hold it.
    assert told(HEAD.replace("Jan Próba", "Jan Próba NIP 6762484560")) == ["buyer_vat_id"]
    assert told(HEAD.replace("Jan Próba", "Jan Próba NIP 123-456-32-18")) == []
    assert told(HEAD.replace("2026-05-05", "15.11.2026")) == ["issue_date"]
    assert told(HEAD.replace("2026-05-05", "05.05.2026")) == []


def test_a_page_of_few_words_differs_where_it_states_another_invoice() -> None:
    def told(text: str) -> list[str]:
        found = printout.differences(invoice(), words(text))
        return [dict(finding.facts)["missing"] for finding in found]

    seller = "Hurtownia Próbna NIP 5265877635"
    assert told(f"Faktura FV/2/2026\n{seller}\nDo zapłaty 100,86 PLN") == []
    assert told(f"Faktura FV/2/2026\n{seller}\nDo zapłaty 777,00 PLN") == ["total_gross"]
    other = "Faktura FV/99/2026\nInna Hurtownia NIP 5260250274\nDo zapłaty 777,00 PLN"
    assert told(other) == ["invoice_number total_gross seller_vat_id"]
    assert told("WPŁYNĘŁO\n2026-06-01\nInstalacje Jan Próba NIP 1234563218") == []
    assert told("Zapłacono 12,50") == []
