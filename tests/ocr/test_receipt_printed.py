"""What a slip prints stands: figures that contradict each other, several dates, no till's marks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocr import invoice, text_layer
from ocr.reading import DocumentKind, Hints, Page, Proof, Reading, Severity
from tests.ocr.slips import items, proven, read, read_words, shown, words_of

_SLIP = """
        HURTOWNIA RURKA SP. Z O.O.
        ul. Składowa 5, 30-002 Kraków
NIP 526-587-76-35
{head}
              PARAGON FISKALNY
{item}
GRUNT 5L             1 x79,00        79,00A
SPRZEDAŻ OPODATKOWANA A             129,00
PTU A 23%                            24,12
SUMA PLN                            129,00
00217 #2 KASJER 02                   14:07
                 EAZ 2101234567
"""
_SUM = "SUMA PLN                            129,00"
_DATED = "2026-11-03                    104233"
_ITEM = "KLEJ CM11            2 x25,00        50,00A"


def _drawn(item: str = _ITEM, head: str = _DATED) -> str:
    return _SLIP.format(head=head, item=item)


def _layer(text: str) -> Reading:
    """The same slip as the text of a PDF."""
    return read_words(tuple(replace(word, engine="pdf-text") for word in words_of(text)))


def _codes(reading: Reading) -> list[str]:
    return [finding.code for finding in reading.findings]


@pytest.mark.parametrize(
    ("count", "price"),
    [
        ("7", "25,00"),
        ("1", "25,00"),  # which engines take for a 7, not for a 2
        ("12", "25,00"),
        ("30 rolek", "25,00"),
        ("1,500 kg", "25,00"),
        ("2", "26,00"),
        ("4 szt", "0,125"),
    ],
)
def test_a_printed_quantity_or_price_is_never_replaced_by_a_division(
    count: str, price: str
) -> None:
    reading = _layer(_drawn(f"KLEJ CM11  {count} x{price}  50,00A"))
    line = reading.lines[0]
    assert items(reading)[0] == (
        "KLEJ CM11",
        count.split()[0].replace(",", "."),
        price.replace(",", "."),
        "50.00",
    )
    assert line.quantity
    assert not line.quantity.proof.proven
    assert line.unit_price_gross
    assert not line.unit_price_gross.proof.proven
    assert _codes(reading) == ["line-product-mismatch"]


@pytest.mark.parametrize(
    ("printed", "quantity"),
    [
        ("KLEJ CM11  40 x25,00", "40"),
        ("KLEJ CM11  7 x25,00", "2"),  # an engine takes the one for the other
        ("KLEJ CM11 x25,00", "2"),
        ("KLEJ CM112 x25,00", "2"),
    ],
)
def test_a_quantity_that_a_picture_does_not_show_is_never_proven(
    printed: str, quantity: str
) -> None:
    reading = read(_drawn(f"{printed}  50,00A"))
    (line, _) = reading.lines
    assert ("line-product-mismatch" in _codes(reading)) == ("  " in printed)
    assert shown(line.quantity) == quantity
    assert not proven(line.quantity)
    assert shown(line.description) == "KLEJ CM11"


@pytest.mark.parametrize(
    ("printed", "quantity", "price"),
    [
        ("7,705 l x6,489", "7.705", "6.489"),
        ("400 szt x0,125", "400", "0.125"),
        ("1 000 szt x0,05", "1000", "0.05"),
        ("20,123456 kWh x2,4847", "20.123456", "2.4847"),
        ("20 m x2,5", "20", "2.5"),
        ("10 m x 5", "10", "5"),
    ],
)
@pytest.mark.parametrize("engine", [read, _layer])
def test_prices_have_as_many_decimals_as_a_till_prints(
    engine: object, printed: str, quantity: str, price: str
) -> None:
    reading = (read if engine is read else _layer)(_drawn(f"KLEJ CM11  {printed}  50,00A"))
    assert items(reading)[0] == ("KLEJ CM11", quantity, price, "50.00")
    assert proven(reading.lines[0].quantity)


def test_a_speck_in_front_of_a_count_is_no_part_of_it() -> None:
    reading = read(_drawn("KLEJ CM11\n               A.2 szt x25,00        50,00A"))
    assert items(reading)[0][1:] == ("2", "25.00", "50.00")
    assert proven(reading.lines[0].quantity)


def test_the_section_of_a_cable_is_no_price() -> None:
    reading = _layer(_drawn("PRZEWÓD 3x2,5              1 x50,00  50,00A"))
    assert items(reading)[0] == ("PRZEWÓD 3x2,5", "1", "50.00", "50.00")


@pytest.mark.parametrize(
    "advertised",
    [
        "PROMOCJA OD 15-10-2026 DO 31-10-2026",
        "Regulamin z dnia 01.09.2026",
        "GAZETKA 01.11.2026 - 14.11.2026",
        "WAŻNE DO: 2026-11-20",
        "2027-01-15",  # after the day on which the slip is read
    ],
)
def test_the_day_of_an_advertisement_is_not_that_of_the_sale(advertised: str) -> None:
    reading = _layer(_drawn(head=f"{advertised}\n{_DATED}"))
    assert shown(reading.issue_date) == "2026-11-03"
    assert shown(reading.print_number) == "104233"
    assert reading.findings == ()


def test_days_that_stand_equally_well_are_a_question() -> None:
    reading = _layer(_drawn(head=_DATED).replace("14:07", "2026-11-04 14:07"))
    assert reading.issue_date
    assert reading.issue_date.proof is Proof.GUESSED
    assert [(f.code, f.facts) for f in reading.findings] == [
        ("dates-unclear", (("dates", "2026-11-03, 2026-11-04"),))
    ]


@pytest.mark.parametrize(
    ("seller", "severity"),
    [("NIP 526-587-76-35", Severity.WARNING), ("tel. 12 345 67 89", Severity.ERROR)],
)
def test_a_slip_without_the_marks_of_a_till_says_so(seller: str, severity: Severity) -> None:
    bare = _drawn().replace("PARAGON FISKALNY", "").replace("EAZ 2101234567", "")
    (finding,) = _layer(bare.replace("NIP 526-587-76-35", seller)).findings
    assert (finding.code, finding.severity) == ("fiscal-marks-missing", severity)


def test_a_discount_that_is_taken_back_was_not_given() -> None:
    cut = "  OPUST -10%                          -5,00A\n"
    whole = _layer(_drawn(f"{_ITEM}\n{cut}  STORNO OPUST                         5,00A"))
    assert (whole.discounts, whole.findings) == ((), ())
    part = _layer(_drawn(f"{_ITEM}\n{cut}  STORNO OPUST                         2,00A"))
    assert [str(cut.amount.value) for cut in part.discounts] == ["5.00", "-2.00"]


def test_deposits_that_the_foot_sums_up_are_no_items() -> None:
    deposit = "KAUCJA ZA BUTELKĘ    6 x0,50          3,00"
    foot = "SUMA PLN 129,00\nSUMA KAUCJI 3,00\nDO ZAPŁATY 132,00\nKARTA 132,00"
    reading = _layer(_drawn(f"{_ITEM}\n{deposit}").replace(_SUM, foot))
    assert [name for name, *_ in items(reading)] == ["KLEJ CM11", "GRUNT 5L"]
    assert (shown(reading.total_gross), shown(reading.amount_due)) == ("129.00", "132.00")
    assert reading.findings == ()


def test_a_paper_without_items_says_so() -> None:
    assert _codes(read("Drogi Pamiętniku\ndzisiaj byłem w lesie")) == [
        "photo-not-a-document",
        "no-lines",
    ]
    sold = _drawn("").replace("GRUNT 5L             1 x79,00        79,00A", "")
    assert _codes(read(sold)) == ["no-lines"]


def test_a_sum_that_is_printed_stands_though_all_else_gives_another_one() -> None:
    lying = _drawn().replace(_SUM, _SUM.replace("129", "159"))
    reading = _layer(lying)
    assert shown(reading.total_gross) == "159.00"
    assert not proven(reading.total_gross)
    assert "sum-differs" in _codes(reading)
    assert _codes(read(lying.replace("159", "184"))) == ["sum-differs"]


def test_a_slip_whose_items_are_its_sum_is_not_read_as_an_invoice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = tuple(replace(word, engine="pdf-text") for word in words_of(_drawn()))
    slip = read_words(words)
    seen_in_it = replace(slip, kind=DocumentKind.INVOICE, lines=slip.lines * 3)
    monkeypatch.setattr(invoice, "interpret_and_learn", lambda *_, **__: (seen_in_it, None))
    reading, _ = text_layer.interpret(words, (Page(1, 400, 1500),), (), Hints())
    assert (reading.kind, len(reading.lines)) == (DocumentKind.RECEIPT, 2)


def test_the_counter_of_receipts_may_have_a_letter_in_front() -> None:
    reading = _layer(_drawn().replace("00217 #2", "F00217 #2"))
    assert shown(reading.receipt_number) == "00217"
