"""Structured invoices: valid, of every type and encoding, and bound to their print-outs."""

import base64
import hashlib
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import pypdfium2
import pytest
import zxingcpp
from lxml import etree

from demo.documents import corrected, corrections, scenario
from demo.documents.invoices import render_invoice_pdf
from demo.documents.ksef.code import link_for
from demo.documents.ksef.invoice_xml import NAMESPACES, ksef_xml
from demo.documents.ksef.printout import PRINT_STYLES, ksef_print
from demo.documents.purchase import Encoding, InvoiceType, KsefRecord

D = Decimal


@pytest.fixture(scope="module")
def schema(shared):
    folder = shared / "ksef" / "xsd"
    if not folder.is_dir():
        pytest.skip("the schema is not beside the project")

    class Offline(etree.Resolver):
        def resolve(self, url, public_id, context):
            return self.resolve_filename(str(folder / Path(url).name), context)

    parser = etree.XMLParser()
    parser.resolvers.add(Offline())
    return etree.XMLSchema(etree.parse(str(folder / "schemat_FA(3)_v1-0E.xsd"), parser))


def all_sorts(seed):
    """One sent invoice of every type, decoration and encoding."""
    rng = Random(seed)
    yield scenario.send(
        rng, scenario.decorated(rng, scenario.invoice(rng, lines=rng.randint(1, 9)))
    )
    yield scenario.send(rng, scenario.simplified(rng))
    paid = scenario.send(rng, scenario.advance(rng))
    yield paid
    settled = scenario.send(rng, scenario.final(rng, paid))
    yield settled
    day = settled.issued_on
    yield scenario.send(
        rng,
        corrections.advance_correction(
            paid, number="KZ/1", issued_on=day, advance_gross=paid.total_gross - 1
        ),
    )
    yield scenario.send(
        rng,
        corrections.before_after(settled, number="KR/1", issued_on=day, quantities={1: D(0)}),
    )
    for encoding in Encoding:
        for purchase in corrected.correction(rng, encoding):
            yield purchase if purchase.ksef else scenario.send(rng, purchase)
    yield scenario.send(rng, corrected.chain(rng)[2])


def test_every_type_and_encoding_is_made():
    made = [p for seed in range(4) for p in all_sorts(seed)]
    assert {p.type for p in made} == set(InvoiceType)
    assert {p.correction.encoding for p in made if p.correction} == set(Encoding)


@pytest.mark.parametrize("seed", range(12))
def test_every_structured_invoice_validates(schema, seed):
    for purchase in all_sorts(seed):
        document = etree.fromstring(ksef_xml(purchase))
        assert schema.validate(document), schema.error_log.last_error


def elements(xml, name):
    return [e.text for e in etree.fromstring(xml).iter() if etree.QName(e).localname == name]


def test_prefix_line_ends_and_indentation_change_the_bytes_and_nothing_else():
    purchase = scenario.invoice(Random(2), lines=3)
    forms = [
        KsefRecord(prefix=prefix, newline=newline, indent=indent)
        for prefix in ("", "tns", "ns0")
        for newline in ("\n", "\r\n")
        for indent in ("", "  ", "\t")
    ]
    texts = [ksef_xml(replace(purchase, ksef=form)) for form in forms]
    facts = {
        tuple(
            (etree.QName(e).localname, (e.text or "").strip()) for e in etree.fromstring(x).iter()
        )
        for x in texts
    }
    assert len(facts) == 1
    assert any(b"\r\n" in text for text in texts)
    assert any(b"<tns:Faktura" in text for text in texts)


def test_the_older_form_has_its_namespace_and_no_newer_fields():
    purchase = scenario.invoice(Random(2), lines=2)
    old = ksef_xml(replace(purchase, ksef=KsefRecord(form=2)))
    assert etree.QName(etree.fromstring(old)).namespace == NAMESPACES[2]
    assert elements(old, "WariantFormularza") == ["2"]
    assert elements(old, "JST") == []
    assert elements(ksef_xml(purchase), "JST") == ["2"]


def test_gross_prices_are_written_as_gross():
    seller = next(w for w in scenario.WHOLESALERS if w.layout == "brutto")
    xml = ksef_xml(scenario.invoice(Random(4), seller=seller, lines=2))
    assert len(elements(xml, "P_9B")) == 2
    assert len(elements(xml, "P_11A")) == 2
    assert elements(xml, "P_9A") == []


def test_text_that_means_something_to_xml_is_escaped():
    purchase = scenario.invoice(Random(2), lines=1)
    line = replace(purchase.lines[0], name='A & B <C> "D"')
    assert elements(ksef_xml(replace(purchase, lines=(line,))), "P_7") == ['A & B <C> "D"']


def unit_deltas(purchase):
    return [corrections.unit_delta(purchase, line) for line in purchase.lines]


def original():
    base = scenario.invoice(Random(6), lines=2, seller=scenario.NET_SELLERS[0])
    line = replace(
        base.lines[0], quantity=D(10), unit_price=D(20), discount_percent=D(0), vat_rate="23"
    )
    return replace(base, lines=(line, base.lines[1]), vat_by_line=False)


DAY = date(2026, 6, 1)


def test_before_and_after_rows_take_back_what_was_returned():
    made = corrections.before_after(original(), number="K", issued_on=DAY, quantities={1: D(7)})
    assert unit_deltas(made) == [-10, 7]
    assert made.total_net == -60


def test_a_row_only_before_takes_back_all():
    made = corrections.before_after(original(), number="K", issued_on=DAY, quantities={1: D(0)})
    assert unit_deltas(made) == [-10]
    assert made.total_net == -200


def test_a_price_difference_changes_no_units():
    made = corrections.price_difference(
        original(), number="K", issued_on=DAY, reductions={1: D("15.50")}
    )
    line = made.lines[0]
    assert (line.quantity, line.unit_price) == (1, D("-15.50"))
    assert unit_deltas(made) == [0]
    assert made.total_net == D("-15.50")


def test_a_quantity_difference_is_negative_at_the_old_price():
    made = corrections.quantity_difference(
        original(), number="K", issued_on=DAY, returned={1: D(4)}
    )
    line = made.lines[0]
    assert (line.quantity, line.unit_price) == (-4, 20)
    assert unit_deltas(made) == [-4]
    assert made.total_net == -80


def test_buyer_data_alone_change_no_amount():
    source = original()
    buyer = replace(source.buyer, street="ul. Inna 2")
    made = corrections.buyer_data(source, number="K", issued_on=DAY, buyer=buyer)
    assert made.lines == ()
    assert made.total_gross == 0
    assert made.correction.former_buyer == source.buyer
    assert elements(ksef_xml(made), "P_15") == ["0"]


@pytest.mark.parametrize("with_row", [False, True])
def test_a_collective_discount_names_all_invoices_and_moves_no_unit(with_row):
    sources = [original(), replace(original(), number="INNA/2")]
    made = corrections.collective(
        sources,
        number="K",
        issued_on=DAY,
        period="2026.05",
        percent=D(2),
        with_row=with_row,
    )
    assert [o.number for o in made.correction.originals] == [s.number for s in sources]
    assert unit_deltas(made) == ([0] if with_row else [])
    turnover = sum(source.total_net for source in sources)
    assert made.total_net == -(turnover * 2 / 100).quantize(D("0.01"))


def test_a_wrong_buyer_is_reversed_and_invoiced_again():
    source = original()
    right = replace(source.buyer, name="Inny", nip=scenario.BUYERS[5].nip)
    made, fresh = corrections.wrong_buyer(
        source, number="K", new_number="N", issued_on=DAY, right_buyer=right
    )
    assert sum(unit_deltas(made)) == -sum(line.quantity for line in source.lines)
    assert made.total_gross == -source.total_gross
    assert (fresh.buyer, fresh.total_gross) == (right, source.total_gross)


def test_a_correction_outside_the_system_says_so():
    xml = ksef_xml(
        corrections.before_after(original(), number="K", issued_on=DAY, quantities={1: D(1)})
    )
    assert elements(xml, "NrKSeFN") == ["1"]
    assert elements(xml, "NrKSeFFaKorygowanej") == []


def codes_of(pdf):
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    found = [
        code.text
        for page in document
        for code in zxingcpp.read_barcodes(page.render(scale=2.5).to_pil())
    ]
    document.close()
    return found


@pytest.mark.parametrize("style", [*PRINT_STYLES, "faktura"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_printed_code_is_the_hash_of_the_xml(style, seed):
    rng = Random(seed)
    seller = scenario.NET_SELLERS[seed]
    purchase = scenario.send(rng, scenario.invoice(rng, lines=4, seller=seller))
    if style == "faktura":
        pdf = render_invoice_pdf(purchase, layout=seller.layout)
    else:
        pdf = ksef_print(purchase, style=style)
    digest = base64.urlsafe_b64encode(hashlib.sha256(ksef_xml(purchase)).digest()).decode()
    day = f"{purchase.issued_on:%d-%m-%Y}"
    link = f"https://qr.ksef.mf.gov.pl/invoice/{purchase.seller.nip}/{day}/{digest.rstrip('=')}"
    assert codes_of(pdf) == [link]
    assert link == link_for(purchase, ksef_xml(purchase))


@pytest.mark.parametrize("style", PRINT_STYLES)
def test_every_sort_of_invoice_can_be_printed(style):
    sorts = {(p.type, p.correction and p.correction.encoding): p for p in all_sorts(3)}
    assert len(sorts) == 14
    for purchase in sorts.values():
        pdf = pypdfium2.PdfDocument(ksef_print(purchase, style=style))
        text = "".join(page.get_textpage().get_text_range() for page in pdf)
        assert purchase.number in text.replace("\r\n", "")
        assert (purchase.ksef.number or "OFFLINE") in text


@pytest.mark.parametrize("style", PRINT_STYLES)
def test_the_same_invoice_prints_to_the_same_bytes(style):
    purchase = next(iter(all_sorts(3)))
    assert ksef_print(purchase, style=style) == ksef_print(purchase, style=style)


def test_codes_and_indexes_move_to_a_second_table_when_there_are_many_columns():
    rng = Random(8)
    seller = next(w for w in scenario.WHOLESALERS if w.shows_gtin)
    purchase = scenario.invoice(rng, lines=3, seller=seller)
    lines = tuple(
        replace(x, uu_id=f"u{n}", discount_percent=D(5)) for n, x in enumerate(purchase.lines)
    )
    pdf = ksef_print(replace(purchase, lines=lines, ksef=KsefRecord()))
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    head, _, rest = text.partition("Stawka podatku")
    assert "GTIN" not in head
    assert "GTIN" in rest
    assert all(line.gtin in text for line in lines)


def test_a_print_without_a_number_says_offline_and_carries_the_certificate_code():
    purchase = scenario.send(Random(1), scenario.invoice(Random(1), lines=1), offline=True)
    pdf = ksef_print(purchase)
    assert "OFFLINE" in pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    links = sorted(codes_of(pdf))
    assert [link.split("/")[3] for link in links] == ["certificate", "invoice"]
    assert links[0].split("/")[8] == links[1].rsplit("/", 1)[1]
