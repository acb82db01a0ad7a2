"""Drawn invoices say what their truth says, and say it again byte for byte."""

import io
import re
from dataclasses import replace
from decimal import Decimal
from random import Random

import pypdfium2
import pytest

from demo.documents import corrected, scenario
from demo.documents.firms import WHOLESALERS
from demo.documents.invoices import LAYOUTS, LayoutMismatch, layouts_for, render_invoice_pdf
from demo.documents.purchase import Encoding, PurchaseLine
from demo.documents.truth import invoice_truth

PLAIN = [name for name in LAYOUTS if name != "korekta"]


def seller_of(layout):
    return next(w for w in WHOLESALERS if w.layout == layout)


def purchase_for(layout, seed=1, lines=6):
    rng = Random(seed)
    purchase = scenario.invoice(rng, seller=seller_of(layout), lines=lines)
    return scenario.send(rng, purchase)


def text_of(pdf):
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    pages = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return "\n".join(pages)


def squeezed(text):
    return re.sub(r"[\s\ufffe\u00a0-]+", "", text)


def figures(value):
    """The ways in which a layout may print a number of the truth."""
    whole, _, cents = f"{Decimal(value):.2f}".partition(".")
    grouped = f"{int(whole):,}"
    return {
        f"{whole},{cents}",
        f"{whole}.{cents}",
        f"{grouped.replace(',', '')},{cents}",
        f"{grouped.replace(',', '.')},{cents}",
    }


def test_every_layout_belongs_to_a_wholesaler():
    assert {w.layout for w in WHOLESALERS} == set(PLAIN)
    assert len(PLAIN) >= 8


@pytest.mark.parametrize("layout", PLAIN)
@pytest.mark.parametrize("seed", [1, 2])
def test_all_that_the_truth_states_is_on_the_page(layout, seed):
    purchase = purchase_for(layout, seed)
    page = squeezed(text_of(render_invoice_pdf(purchase, layout=layout)))
    truth = invoice_truth(purchase, doc_id="d", file="d.pdf", capture="pdf-text", layout=layout)
    assert squeezed(truth["invoice_number"]) in page
    assert squeezed(truth["seller_name"]) in page
    assert truth["ksef_number"].replace("-", "") in page
    for party in (truth["seller_vat_id"], truth["buyer_vat_id"]):
        assert party in page
    for field in ("total_net", "total_vat", "total_gross"):
        if field in truth["scored"]:
            assert any(form in page for form in figures(truth[field])), field
    for line in truth["lines"]:
        assert all(word in page for word in line["description"].replace("-", "").split())
        for field in ("gtin", "article_no"):
            assert line[field] is None or squeezed(line[field]) in page
        for field in ("line_net", "line_gross"):
            assert line[field] is None or any(f in page for f in figures(line[field]))
        assert line["line_net"] is not None or line["line_gross"] is not None


@pytest.mark.parametrize("layout", PLAIN)
def test_forty_rows_take_more_than_one_page_and_none_is_lost(layout):
    purchase = purchase_for(layout, lines=40)
    pdf = render_invoice_pdf(purchase, layout=layout)
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    assert len(document) >= 2
    page = squeezed(text_of(pdf))
    for line in purchase.lines:
        assert all(word in page for word in line.name.replace("-", "").split())


@pytest.mark.parametrize("layout", PLAIN)
def test_the_same_purchase_is_the_same_bytes(layout):
    purchase = purchase_for(layout)
    first = render_invoice_pdf(purchase, layout=layout)
    assert first == render_invoice_pdf(purchase, layout=layout)
    changed = replace(purchase, number=purchase.number + "9")
    assert first != render_invoice_pdf(changed, layout=layout)


def test_original_and_copy_in_one_file_repeat_the_pages():
    purchase = purchase_for("ramka", lines=3)
    single = render_invoice_pdf(purchase, layout="ramka")
    double = render_invoice_pdf(purchase, layout="ramka", copies=("ORYGINAŁ", "KOPIA"))
    assert len(pypdfium2.PdfDocument(double)) == 2 * len(pypdfium2.PdfDocument(single))
    text = text_of(double)
    assert text.count("ORYGINAŁ") == 1
    assert text.count("KOPIA") == 1
    assert text.count(purchase.number) == 2 * text_of(single).count(purchase.number)


def test_a_net_layout_refuses_gross_prices_and_the_other_way_round():
    gross = purchase_for("brutto")
    assert layouts_for(gross) == ["brutto"]
    with pytest.raises(LayoutMismatch):
        render_invoice_pdf(gross, layout="ramka")
    with pytest.raises(LayoutMismatch):
        render_invoice_pdf(purchase_for("ramka"), layout="brutto")


def test_advance_invoices_are_left_to_the_printed_e_invoice():
    paid = scenario.advance(Random(3))
    assert layouts_for(paid) == []
    with pytest.raises(LayoutMismatch):
        render_invoice_pdf(paid)


def test_an_unknown_layout_is_a_key_error():
    with pytest.raises(KeyError):
        render_invoice_pdf(purchase_for("ramka"), layout="nie-ma")


@pytest.mark.parametrize("encoding", list(Encoding))
def test_corrections_show_the_original_and_the_difference(encoding):
    made = corrected.correction(Random(5), encoding)
    purchase = made[-2] if encoding is Encoding.WRONG_BUYER else made[-1]
    text = text_of(render_invoice_pdf(purchase, layout="korekta"))
    page = squeezed(text)
    for original in purchase.correction.originals:
        assert squeezed(original.number) in page
    assert any(form in page for form in figures(abs(purchase.total_gross)))
    before = any(line.before for line in purchase.lines)
    assert ("Przed korektą" in text) == before


def test_a_very_long_word_is_broken_and_stays_inside_its_column():
    purchase = purchase_for("ramka", lines=1)
    name = "X" * 90
    purchase = replace(
        purchase, lines=(PurchaseLine(name=name, quantity=Decimal(1), unit_price=Decimal(2)),)
    )
    pdf = pypdfium2.PdfDocument(render_invoice_pdf(purchase, layout="ramka"))
    runs = re.findall(r"X+", pdf[0].get_textpage().get_text_range())
    assert "".join(runs).count("X") == 90
    assert len(runs) > 1
