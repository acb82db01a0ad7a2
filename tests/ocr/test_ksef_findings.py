"""What a KSeF invoice says about its parties, flags, sums and bytes."""

from datetime import date

import pytest

from ocr import ksef, ksef_parties
from ocr.reading import Reading, Severity
from tests.ocr import fa


def codes(reading: Reading) -> dict[str, Severity]:
    return {finding.code: finding.severity for finding in reading.findings}


def facts(reading: Reading, code: str) -> dict[str, str]:
    return dict(next(f for f in reading.findings if f.code == code).facts)


def test_roles_say_as_what_a_firm_bought() -> None:
    data = fa.invoice(
        fa.goods(),
        parties=[
            fa.third("4", "5260250274"),
            fa.third("11", "7010416384"),
            fa.third("6", "5265877635"),
            ("Podmiot3", [fa.firm("5252248481"), ("RolaInna", "1"), ("OpisRoli", "Operator")]),
            ("PodmiotUpowazniony", [fa.firm("5213017228"), ("RolaPU", "1")]),
        ],
    )
    reading = ksef.read_fa(data)
    assert [p.role for p in reading.third_parties] == ["4", "11", "6", "Operator", "authorised"]
    assert ksef_parties.buyer_roles(reading, "526-025-02-74") == ("additional-buyer",)
    assert ksef_parties.buyer_roles(reading, "7010416384") == ("employee",)
    assert ksef_parties.buyer_roles(reading, fa.BUYER) == ("buyer",)
    assert ksef_parties.buyer_roles(reading, "5265877635") == ()
    assert ksef_parties.buyer_roles(reading, "nonsense") == ()


@pytest.mark.parametrize(
    ("identity", "vat_id", "code"),
    [
        ([("BrakID", "1"), ("Nazwa", "Jan Próba")], None, "buyer-without-number"),
        ([("KodUE", "PL"), ("NrVatUE", "1234563218")], "1234563218", None),
        ([("KodUE", "DE"), ("NrVatUE", "136695976")], "DE136695976", None),
        ([("KodKraju", "US"), ("NrID", "77-1")], "US77-1", None),
        ([("NIP", " 1234563218 ")], "1234563218", None),
        ([("NIP", "1234567890")], "1234567890", "nip-checksum"),
        ([("NIP", fa.SELLER)], fa.SELLER, "seller-is-buyer"),
    ],
)
def test_every_kind_of_buyer_is_read(
    identity: list[fa.Item], vat_id: str | None, code: str | None
) -> None:
    reading = ksef.read_fa(fa.invoice(fa.goods(), buyer=("DaneIdentyfikacyjne", identity)))
    found = reading.buyer.vat_id
    assert (found.value if found else None) == vat_id
    assert set(codes(reading)) == ({code} if code else set())


def test_a_consumer_is_told_from_a_missing_number() -> None:
    consumer: fa.Item = ("DaneIdentyfikacyjne", [("BrakID", "1")])
    reading = ksef.read_fa(fa.invoice(fa.goods(), buyer=consumer))
    assert facts(reading, "buyer-without-number") == {"consumer": "True"}


@pytest.mark.parametrize(
    ("facts_given", "code"),
    [
        ({"notes": [("FP", "1")]}, "receipt-invoice"),
        ({"notes": [("TP", "1")]}, "related-parties"),
        ({"annotations": [("P_17", "1")]}, "self-billing"),
        ({"annotations": [("PMarzy", [("P_PMarzy", "1")])]}, "margin-scheme"),
        ({"sums": [("P_13_1", "60.00"), ("P_14_1", "13.80")], "due": "73.80"}, "rate-sum-mismatch"),
        ({"due": "99.00"}, "total-mismatch"),
        (
            {"sold": [("OkresFa", [("P_6_Od", "2026-05-01"), ("P_6_Do", "2026-05-31")])]},
            "sale-period",
        ),
        ({"currency": ""}, "currency-missing"),
        ({"due": "-61.50", "sums": []}, "total-negative"),
        ({"issued": "2019-05-05"}, "issued-before-ksef"),
        ({"issued": "2026-02-30"}, "value-malformed"),
    ],
)
def test_what_a_rule_should_know_is_found(facts_given: dict[str, object], code: str) -> None:
    reading = ksef.read_fa(fa.invoice(fa.goods(), **facts_given))  # type: ignore[arg-type]
    assert set(codes(reading)) == {code}


def test_an_unset_flag_is_no_flag() -> None:
    data = fa.invoice(fa.goods(), notes=[("FP", "2"), ("TP", "2")], annotations=[("P_17", "2")])
    assert codes(ksef.read_fa(data)) == {}


def test_a_foreign_currency_comes_with_its_rate() -> None:
    data = fa.invoice(fa.goods(KursWaluty="4.3210"), currency="EUR")
    reading = ksef.read_fa(data)
    assert facts(reading, "foreign-currency") == {"currency": "EUR", "rate": "4.3210"}
    assert [(r.kind, r.value, r.line) for r in reading.references] == [("rate", "4.3210", 1)]


@pytest.mark.parametrize(
    ("rate", "suffix", "shown"),
    [
        ("22", "1", "22"),
        ("7", "2", "7"),
        ("5", "3", "5"),
        ("0 KR", "6_1", "0 KR"),
        ("0", "6_2", "0 WDT"),
        ("zw", "7", "zw"),
        ("np I", "8", "np I"),
        ("np", "9", "np II"),
        ("oo", "10", "oo"),
    ],
)
def test_rows_are_compared_with_the_sum_of_their_rate(rate: str, suffix: str, shown: str) -> None:
    data = fa.invoice(fa.goods(P_12=rate), sums=[(f"P_13_{suffix}", "50.00")], due="50.00")
    reading = ksef.read_fa(data)
    assert [t.vat_rate for t in reading.rate_totals] == [shown]
    assert codes(reading) == {}
    wrong = data.replace(b">50.00</P_13", b">51.00</P_13").replace(b">50.00</P_15", b">51.00</P_15")
    assert set(codes(ksef.read_fa(wrong))) == {"rate-sum-mismatch"}


def test_a_sum_that_no_row_explains_and_a_tax_that_is_no_rate_s_are_found() -> None:
    sums = [("P_13_1", "50.00"), ("P_14_1", "11.50"), ("P_13_2", "500.00"), ("P_14_2", "40.00")]
    reading = ksef.read_fa(fa.invoice(fa.goods(), sums=sums, due="601.50"))
    assert facts(reading, "rate-sum-mismatch") == {"rate": "8", "lines": "0", "stated": "500.00"}
    sums = [("P_13_1", "50.00"), ("P_14_1", "49.00")]
    reading = ksef.read_fa(fa.invoice(fa.goods(), sums=sums, due="99.00"))
    assert facts(reading, "rate-tax-mismatch") == {"rate": "23"}


def test_rows_taxed_abroad_belong_to_their_own_sum() -> None:
    abroad = fa.row(P_7="Lampa", P_8B="1", P_9A="50.00", P_11="50.00", P_12="23")
    name, fields = abroad
    abroad = (name, [(k.replace("P_12", "P_12_XII"), v) for k, v in fields])
    sums = [("P_13_1", "50.00"), ("P_14_1", "11.50"), ("P_13_5", "50.00"), ("P_14_5", "11.50")]
    reading = ksef.read_fa(fa.invoice(fa.goods(), abroad, sums=sums, due="123.00"))
    assert codes(reading) == {}
    assert [row.vat_rate.value for row in reading.lines if row.vat_rate] == ["23", "23"]
    sums[2] = ("P_13_5", "40.00")
    wrong = ksef.read_fa(fa.invoice(fa.goods(), abroad, sums=sums, due="113.00"))
    assert set(codes(wrong)) == {"rate-sum-mismatch"}


@pytest.mark.parametrize(
    ("suffix", "vat"), [("7", "0"), ("10", "0"), ("6_2", "0"), ("11", None), ("1", None)]
)
def test_what_bears_no_tax_has_a_tax_of_nought(suffix: str, vat: str | None) -> None:
    data = fa.invoice(fa.goods(P_12="zw"), sums=[(f"P_13_{suffix}", "50.00")], due="50.00")
    total = ksef.read_fa(data).total_vat
    assert (None if total is None else str(total.value)) == vat


def test_sale_days_of_rows_stand_in_for_the_header_only_when_they_agree() -> None:
    one = ksef.read_fa(fa.invoice(fa.goods(P_6A="2026-05-01"), fa.goods(P_6A="2026-05-01")))
    assert one.sale_date is not None
    assert one.sale_date.value == date(2026, 5, 1)
    two = ksef.read_fa(fa.invoice(fa.goods(P_6A="2026-05-01"), fa.goods(P_6A="2026-05-02")))
    assert two.sale_date is None
    assert "sale-dates-differ" in codes(two)


def test_delivery_notes_orders_and_free_notes_are_kept() -> None:
    data = fa.invoice(
        fa.goods(),
        notes=[
            ("WZ", "WZ/7/2026"),
            ("DodatkowyOpis", [("NrWiersza", "1"), ("Klucz", "Karta"), ("Wartosc", "A-17")]),
        ],
        after=[("WarunkiTransakcji", [("Zamowienia", [("NrZamowienia", "ZAM/9")])])],
    )
    found = [(r.kind, r.value, r.label, r.line) for r in ksef.read_fa(data).references]
    assert found == [
        ("delivery_note", "WZ/7/2026", "", None),
        ("order", "ZAM/9", "", None),
        ("note", "A-17", "Karta", 1),
    ]


def test_a_wrong_gtin_is_kept_as_printed_and_noted() -> None:
    reading = ksef.read_fa(fa.invoice(fa.goods(GTIN="5901234123458")))
    assert reading.lines[0].gtin is not None
    assert reading.lines[0].gtin.value == "5901234123458"
    assert codes(reading) == {"gtin-checksum": Severity.INFO}


def test_what_ksef_would_not_accept_about_the_bytes_is_noted() -> None:
    plain = fa.invoice(fa.goods())
    assert set(codes(ksef.read_fa(b"\xef\xbb\xbf" + plain))) == {"file-byte-order-mark"}
    stamped = plain.replace(b"?>", b'?><?stamp "x"?>', 1)
    assert set(codes(ksef.read_fa(stamped))) == {"file-processing-instruction"}
    old = plain.decode().replace("UTF-8", "windows-1250").encode("windows-1250")
    reading = ksef.read_fa(old)
    assert set(codes(reading)) == {"file-encoding"}
    assert reading.lines == ksef.read_fa(plain).lines
    wide = plain.decode().replace("UTF-8", "UTF-16").encode("utf-16-le")
    assert set(codes(ksef.read_fa(wide))) == {"file-encoding"}
    assert "file-encoding" in codes(ksef.read_fa(b"\xff\xfe" + wide))
    long = fa.invoice(fa.goods(P_7="x" * 1_000_001))
    assert "file-too-large" in codes(ksef.read_fa(long))


def test_findings_of_one_kind_are_counted_past_twenty() -> None:
    reading = ksef.read_fa(fa.invoice(*[fa.row(P_7="x", P_11="1.00")] * 50))
    found = [f for f in reading.findings if f.code == "line-without-quantity"]
    assert len(found) == 20
    assert dict(found[-1].facts) == {"line": "20", "more": "30"}
