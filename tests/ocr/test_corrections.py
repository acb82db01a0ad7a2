"""What correcting invoices change: the eight encodings, mixed, ambiguous and misleading ones."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr import ksef
from ocr.reading import DocumentKind, Reading
from tests.ocr import fa

NO_SUMS: list[fa.Item] = []


def correction(
    *rows: fa.Item,
    net: str | None = None,
    due: str = "-61.50",
    kind: str = "KOR",
    reason: str = "zwrot towaru",
    originals: tuple[fa.Item, ...] | None = None,
    more: tuple[fa.Item, ...] = (),
    sums: tuple[fa.Item, ...] | None = None,
) -> Reading:
    if sums is None:
        sums = (("P_13_1", net),) if net else ()
    notes: list[fa.Item] = [("PrzyczynaKorekty", reason), ("TypKorekty", "2")]
    notes += [fa.original()] if originals is None else list(originals)
    data = fa.invoice(*rows, kind=kind, sums=sums, due=due, notes=[*notes, *more])
    return ksef.read_fa(data)


def deltas(reading: Reading) -> list[tuple[str | None, str | None]]:
    return [
        (
            None if line.unit_delta is None else str(line.unit_delta),
            None if line.value_delta is None else str(line.value_delta),
        )
        for line in reading.lines
    ]


def units(reading: Reading) -> Decimal:
    return sum((line.unit_delta or Decimal(0) for line in reading.lines), Decimal(0))


def judged(reading: Reading) -> tuple[str, bool]:
    assert reading.kind is DocumentKind.CORRECTED_INVOICE
    assert reading.correction is not None
    return reading.correction.encoding, reading.correction.needs_person


def codes(reading: Reading) -> set[str]:
    return {finding.code for finding in reading.findings}


def test_a_before_and_after_rows_carry_their_net_change_once() -> None:
    reading = correction(
        fa.goods("10", "5.00", "50.00", StanPrzed="1"),
        fa.goods("7", "5.00", "35.00"),
        net="-15.00",
    )
    assert judged(reading) == ("A", False)
    assert deltas(reading) == [("0", "0"), ("-3", "-15.00")]
    assert reading.lines[0].before
    assert not reading.lines[1].before


def test_a_price_only_leaves_the_units_alone() -> None:
    reading = correction(
        fa.goods("10", "5.00", "50.00", StanPrzed="1"),
        fa.goods("10", "4.00", "40.00"),
        net="-10.00",
    )
    assert judged(reading) == ("A", False)
    assert deltas(reading)[-1] == ("0", "-10.00")


def test_a_only_before_is_removed_and_only_after_is_added() -> None:
    reading = correction(
        fa.goods("10", "5.00", "50.00", StanPrzed="1", NrWierszaFa="1", GTIN="5901234123457"),
        fa.goods("4", "9.00", "36.00", NrWierszaFa="2", P_7="Puszka 60", GTIN="20807474"),
        net="-14.00",
    )
    assert judged(reading) == ("A", False)
    assert deltas(reading) == [("-10", "-50.00"), ("4", "36.00")]


def test_a_groups_by_product_when_row_numbers_run_on_or_repeat_across_originals() -> None:
    cable, box = {"P_7": "Przewód YDYp 3x1,5"}, {"P_7": "Puszka 60"}
    reading = correction(
        fa.goods("10", "5.00", "50.00", StanPrzed="1", NrWierszaFa="1", **cable),
        fa.goods("8", "5.00", "40.00", NrWierszaFa="2", **cable),
        fa.goods("6", "5.00", "30.00", StanPrzed="1", NrWierszaFa="1", **box),
        fa.goods("0", "5.00", "0.00", NrWierszaFa="2", **box),
        net="-40.00",
    )
    assert judged(reading) == ("A", False)
    assert deltas(reading) == [("0", "0"), ("-2", "-10.00"), ("0", "0"), ("-6", "-30.00")]


def test_a_sums_the_same_product_over_several_originals() -> None:
    reading = correction(
        fa.goods("10", "5.00", "50.00", StanPrzed="1"),
        fa.goods("9", "5.00", "45.00"),
        fa.goods("20", "5.00", "100.00", StanPrzed="1"),
        fa.goods("15", "5.00", "75.00"),
        net="-30.00",
        originals=(fa.original("FV/1"), fa.original("FV/2")),
    )
    assert units(reading) == -6
    assert reading.correction is not None
    assert [o.number for o in reading.correction.originals] == ["FV/1", "FV/2"]


def test_a_misprint_in_the_name_of_one_row_is_the_same_product() -> None:
    reading = correction(
        fa.goods("10", "5.00", "50.00", StanPrzed="1", P_7="Przewod YDYp 3x1,5 450/750V  bialy"),
        fa.goods("7", "5.00", "35.00", P_7="Przewód YDYp 3x1,5 450/750V biały"),
        net="-15.00",
    )
    assert judged(reading) == ("A", False)
    assert units(reading) == -3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Wyłącznik nadprądowy jednobiegunowy B16", "Wyłącznik nadprądowy jednobiegunowy C16"),
        ("Przewód YDYp 3x1,5 450/750V biały", "Przewód YDYp 3x2,5 450/750V biały"),
    ],
)
def test_a_other_goods_on_the_same_row_number_go_to_a_person(old: str, new: str) -> None:
    reading = correction(
        fa.goods("10", "5.00", "50.00", StanPrzed="1", P_7=old),
        fa.goods("10", "5.00", "50.00", P_7=new),
        due="0",
    )
    assert judged(reading) == ("A", True)
    assert deltas(reading) == [("-10", "-50.00"), ("10", "50.00")]
    assert "correction-row-renamed" in codes(reading)


def test_a_renamed_row_with_one_index_is_the_same_product() -> None:
    reading = correction(
        fa.goods("10", "5.00", "50.00", StanPrzed="1", P_7="Kabel", Indeks="100-7"),
        fa.goods("9", "5.00", "45.00", P_7="Przewód instalacyjny", Indeks="100-7"),
        net="-5.00",
    )
    assert judged(reading) == ("A", False)
    assert units(reading) == -1


def test_a_another_unit_of_measure_goes_to_a_person() -> None:
    reading = correction(
        fa.goods("2", "250.00", "500.00", StanPrzed="1", P_8A="krąg"),
        fa.goods("150", "2.50", "375.00", P_8A="m"),
        net="-125.00",
    )
    assert judged(reading) == ("A", True)
    assert deltas(reading)[-1] == (None, "-125.00")


def test_a_rows_without_quantity_change_value_only() -> None:
    row = {"P_7": "Usługa", "P_12": "23", "NrWierszaFa": "1"}
    reading = correction(
        fa.row(**row, P_11="100.00", StanPrzed="1"), fa.row(**row, P_11="80.00"), net="-20.00"
    )
    assert judged(reading) == ("A", False)
    assert deltas(reading)[-1] == ("0", "-20.00")


def test_a_a_quantity_on_one_side_only_goes_to_a_person() -> None:
    row = {"P_7": "Puszka 60", "P_12": "23", "NrWierszaFa": "1"}
    reading = correction(
        fa.row(**row, P_8B="5", P_11="100.00", StanPrzed="1"),
        fa.row(**row, P_11="80.00"),
        net="-20.00",
    )
    assert judged(reading) == ("A", True)
    assert deltas(reading)[-1] == (None, "-20.00")


def test_a_gross_rows_change_the_value_net_of_tax() -> None:
    row = {"P_7": "Puszka 60", "P_8A": "szt.", "P_12": "23", "NrWierszaFa": "1", "P_9B": "12.30"}
    reading = correction(
        fa.row(**row, P_8B="10", P_11A="123.00", StanPrzed="1"),
        fa.row(**row, P_8B="7", P_11A="86.10"),
        net="-30.00",
    )
    assert judged(reading) == ("A", False)
    assert deltas(reading)[-1] == ("-3", "-30.00")


def test_b_a_price_difference_has_no_units() -> None:
    reading = correction(fa.goods("1", "-15.00", "-15.00"), net="-15.00")
    assert judged(reading) == ("B", False)
    assert deltas(reading) == [("0", "-15.00")]


def test_b_a_negative_value_beside_a_positive_quantity_is_a_price_difference() -> None:
    reading = correction(fa.goods("10", "1.50", "-4.00"), net="-4.00")
    assert judged(reading) == ("B", False)
    assert deltas(reading) == [("0", "-4.00")]


def test_b_a_price_row_that_cancels_its_line_goes_to_a_person() -> None:
    reading = correction(fa.goods("10", "5.00", "-50.00"), net="-50.00")
    assert judged(reading) == ("B", True)
    assert deltas(reading) == [(None, "-50.00")]


def test_c_a_quantity_difference_has_units() -> None:
    reading = correction(fa.goods("-3", "5.00", "-15.00"), net="-15.00")
    assert judged(reading) == ("C", False)
    assert deltas(reading) == [("-3", "-15.00")]


def test_c_gross_rows_work_alike() -> None:
    row = fa.row(P_7="Puszka 60", P_8B="-3", P_9B="12.30", P_11A="-36.90", P_12="23")
    reading = correction(row, net="-30.00")
    assert judged(reading) == ("C", False)
    assert deltas(reading) == [("-3", "-30.00")]


def test_b_and_c_may_stand_side_by_side() -> None:
    reading = correction(
        fa.goods("-3", "5.00", "-15.00"),
        fa.goods("1", "-2.00", "-2.00", P_7="Puszka 60"),
        fa.row(P_7="dotyczy dostawy z maja", P_8B="1"),
        net="-17.00",
    )
    assert judged(reading) == ("BC", False)
    assert deltas(reading) == [("-3", "-15.00"), ("0", "-2.00"), ("0", "0")]


@pytest.mark.parametrize(
    ("row", "doubt"),
    [
        (fa.row(P_7="Puszka", P_8B="-3"), "correction-value-missing"),
        (fa.goods("-3", "-5.00", "15.00"), "correction-signs-unclear"),
        (fa.goods("-3", "5.00", "15.00"), "correction-signs-unclear"),
        (fa.goods("-3", "0.00", "0.00"), "correction-signs-unclear"),
    ],
)
def test_rows_that_contradict_themselves_go_to_a_person(row: fa.Item, doubt: str) -> None:
    reading = correction(row)
    assert judged(reading)[1]
    assert reading.lines[0].unit_delta is None
    assert doubt in codes(reading)


def test_d_only_the_buyers_data_change() -> None:
    changed: fa.Item = ("Podmiot2K", [fa.firm("5260250274", "Instalacje Jan Pruba")])
    reading = correction(due="0", reason="błędny adres", more=(changed,))
    assert judged(reading) == ("D", False)
    assert reading.lines == ()
    assert "buyer-corrected" in codes(reading)
    before = [p for p in reading.third_parties if p.role == "buyer-before"]
    assert before[0].vat_id is not None
    assert before[0].vat_id.value == "5260250274"


def test_e_a_collective_discount_names_its_originals_and_no_units() -> None:
    originals = tuple(fa.original(f"FV/{n}/2026") for n in range(1, 8))
    reading = correction(
        net="-500.00",
        due="-615.00",
        reason="rabat potransakcyjny",
        originals=originals,
        more=(("OkresFaKorygowanej", "I kwartał 2026"),),
    )
    assert judged(reading) == ("E", False)
    assert reading.correction is not None
    assert len(reading.correction.originals) == 7


def test_e_a_difference_without_rows_on_one_original_goes_to_a_person() -> None:
    assert judged(correction(net="-500.00", due="-615.00")) == ("E", True)


def test_f_a_descriptive_row_of_a_discount_has_no_units() -> None:
    reading = correction(
        fa.row(P_7="Rabat za I kwartał", P_8A="szt.", P_8B="12"),
        net="-500.00",
        due="-615.00",
        reason="rabat",
        more=(("OkresFaKorygowanej", "I kwartał 2026"),),
    )
    assert judged(reading) == ("F", False)
    assert deltas(reading) == [("0", "0")]


@pytest.mark.parametrize(
    "rows",
    [
        (
            fa.goods("10", "5.00", "50.00", StanPrzed="1"),
            fa.goods("0", "5.00", "0.00"),
        ),
        (fa.goods("10", "5.00", "50.00", StanPrzed="1"),),
        (fa.goods("-10", "5.00", "-50.00"),),
    ],
)
def test_g_a_wrong_buyer_is_corrected_to_zero(rows: tuple[fa.Item, ...]) -> None:
    reading = correction(*rows, net="-50.00", reason="błędny NIP nabywcy")
    assert judged(reading) == ("G", False)
    assert units(reading) == -10


def test_a_return_of_everything_is_no_wrong_buyer() -> None:
    reading = correction(
        fa.goods("10", "5.00", "50.00", StanPrzed="1"), fa.goods("0", "5.00", "0.00"), net="-50.00"
    )
    assert judged(reading) == ("A", False)
    assert units(reading) == -10


def test_rows_that_do_not_explain_the_stated_difference_go_to_a_person() -> None:
    reading = correction(fa.goods("-3", "5.00", "-15.00"), net="-40.00")
    assert judged(reading) == ("C", True)
    assert "correction-sum-mismatch" in codes(reading)


def test_a_final_invoices_rows_decide_although_the_sums_differ() -> None:
    reading = correction(
        fa.goods("10", "5.00", "50.00", StanPrzed="1"),
        fa.goods("9", "5.00", "45.00"),
        net="-1.00",
        kind="KOR_ROZ",
    )
    assert judged(reading) == ("A", False)
    assert units(reading) == -1


def test_an_advances_correction_changes_no_units() -> None:
    rows = {"P_7Z": "Kocioł", "P_8BZ": "1", "P_9AZ": "5000", "P_11NettoZ": "5000", "P_12Z": "23"}
    order: fa.Item = (
        "Zamowienie",
        [fa.order_row(**rows, StanPrzedZ="1"), fa.order_row(**(rows | {"P_8BZ": "2"}))],
    )
    data = fa.invoice(kind="KOR_ZAL", due="0", sums=NO_SUMS, notes=[fa.original()], after=[order])
    reading = ksef.read_fa(data)
    assert deltas(reading) == [("0", "0"), ("0", "0")]
    assert "advance-correction" in codes(reading)


def test_originals_inside_and_outside_ksef_may_mix() -> None:
    number = "5265877635-20250826-0100001AF629-AF"
    reading = correction(
        fa.goods("-3", "5.00", "-15.00"),
        net="-15.00",
        originals=(fa.original("FV/1", number), fa.original("FV/2")),
    )
    assert reading.correction is not None
    assert [o.ksef_number for o in reading.correction.originals] == [number, None]
    assert "referenced-number-checksum" not in codes(reading)


def test_a_bad_checksum_of_a_referenced_number_is_only_a_warning() -> None:
    reading = correction(
        fa.goods("-3", "5.00", "-15.00"),
        net="-15.00",
        originals=(fa.original("FV/1", "5265877635-20250826-0100001AF629-AE"),),
    )
    assert judged(reading) == ("C", False)
    assert "referenced-number-checksum" in codes(reading)


@pytest.mark.parametrize(
    ("now", "net", "change"),
    [
        (("10", "4.50", "45.00"), "-5.00", ["0", "-5.00"]),
        (("7", "5.00", "35.00"), "-15.00", ["-3", "-15.00"]),
        (("12", "4.00", "48.00"), "-2.00", ["2", "-2.00"]),
    ],
)
def test_h_a_row_taken_back_and_put_down_anew_changes_what_is_between(
    now: tuple[str, str, str], net: str, change: list[str]
) -> None:
    reading = correction(
        fa.goods("-10", "5.00", "-50.00"),
        fa.goods(*now, NrWierszaFa="2"),
        fa.goods("-2", "3.00", "-6.00", P_7="Puszka 60", NrWierszaFa="3"),
        net=str(Decimal(net) - 6),
    )
    assert judged(reading) == ("CH", False)
    assert deltas(reading) == [("0", "0"), tuple(change), ("-2", "-6.00")]


@pytest.mark.parametrize(
    "name",
    ["Przewód YDYp 3x1,5 żo", "Kabel instalacyjny"],  # similar; as many
)
def test_h_of_goods_that_are_not_surely_the_same_is_for_a_person(name: str) -> None:
    reading = correction(
        fa.goods("-10", "5.00", "-50.00"),
        fa.goods("10", "4.50", "45.00", P_7=name, NrWierszaFa="2"),
        net="-5.00",
    )
    assert judged(reading)[1] is True
    assert "correction-row-renamed" in codes(reading)
    assert [line.unit_delta for line in reading.lines] == [None, None]


def test_h_in_another_unit_is_for_a_person() -> None:
    reading = correction(
        fa.goods("-10", "5.00", "-50.00"),
        fa.goods("1", "45.00", "45.00", P_8A="krąg", NrWierszaFa="2"),
        net="-5.00",
    )
    assert judged(reading) == ("H", True)
    assert "correction-unit-changed" in codes(reading)


def test_a_return_beside_other_goods_that_were_added_stays_a_return() -> None:
    reading = correction(
        fa.goods("-3", "5.00", "-15.00"),
        fa.goods("1", "80.00", "80.00", P_7="Gniazdo hermetyczne", NrWierszaFa="2"),
        net="65.00",
    )
    assert judged(reading) == ("C", False)
    assert deltas(reading) == [("-3", "-15.00"), ("1", "80.00")]


@pytest.mark.parametrize(
    "rows",
    [
        (("-10", "5.00", "-50.00"), ("7", "5.00", "35.00")),
        (("10", "5.00", "50.00"), ("-3", "5.00", "-15.00")),
    ],
)
@pytest.mark.parametrize("kind", ["KOR", "KOR_ROZ"])
def test_a_state_below_nought_is_for_a_person(
    rows: tuple[tuple[str, str, str], tuple[str, str, str]], kind: str
) -> None:
    reading = correction(
        fa.goods(*rows[0], StanPrzed="1"), fa.goods(*rows[1]), net="-15.00", kind=kind
    )
    assert judged(reading) == ("A", True)
    assert "correction-signs-unclear" in codes(reading)
    assert deltas(reading)[-1] == (None, None)


@pytest.mark.parametrize(
    ("reason", "encoding"),
    [
        ("Zwrot towaru od nabywcy", "A"),
        ("zwrot przez odbiorcę, NIP 1234563218", "A"),
        ("błędny NIP nabywcy", "G"),
        ("Nabywca wskazany niewłaściwie", "G"),
        ("zmiana NIP", "G"),
        ("pomyłka w danych odbiorcy", "G"),
    ],
)
def test_only_a_wrong_buyer_makes_a_correction_to_nought_one_of_the_buyer(
    reason: str, encoding: str
) -> None:
    rows = fa.goods("10", "5.00", "50.00", StanPrzed="1"), fa.goods("0", "5.00", "0.00")
    assert judged(correction(*rows, net="-50.00", reason=reason)) == (encoding, False)


def test_a_former_buyer_makes_a_correction_to_nought_one_of_the_buyer() -> None:
    rows = fa.goods("10", "5.00", "50.00", StanPrzed="1"), fa.goods("0", "5.00", "0.00")
    former: fa.Item = ("Podmiot2K", [fa.firm("5260250274")])
    assert judged(correction(*rows, net="-50.00", more=(former,))) == ("G", False)
    rows = rows[0], fa.goods("8", "5.00", "40.00")
    assert judged(correction(*rows, net="-10.00", more=(former,))) == ("A", False)


quantities = st.integers(0, 999)


@given(st.lists(st.tuples(quantities, quantities), min_size=1, max_size=8), st.randoms())
def test_the_sum_of_unit_changes_is_after_less_before_in_any_order(
    pairs: list[tuple[int, int]], random: object
) -> None:
    rows = []
    for index, (before, after) in enumerate(pairs):
        about = {"P_7": f"Towar {index}", "NrWierszaFa": str(index + 1)}
        rows.append(fa.goods(str(before), "2.00", f"{before * 2}.00", StanPrzed="1", **about))
        rows.append(fa.goods(str(after), "2.00", f"{after * 2}.00", **about))
    random.shuffle(rows)  # type: ignore[attr-defined]
    change = sum(after - before for before, after in pairs)
    reading = correction(*rows, net=f"{change * 2}.00")
    assert units(reading) == change
    assert sum(line.value_delta or 0 for line in reading.lines) == change * 2
    assert judged(reading)[1] is False
