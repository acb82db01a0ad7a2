"""Till slips: rows of characters that add up, and their pictures."""

import io
import re
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
import zxingcpp
from PIL import Image

from demo.documents import scenario
from demo.documents.purchase import tax_within
from demo.documents.receipts import STYLES, NotAReceipt, render_receipt, slip_rows
from demo.documents.receipts.barcode import code128_modules
from demo.documents.receipts.slip import printed_name
from demo.documents.truth import receipt_truth

D = Decimal


def slip(style, seed=1, lines=7):
    return scenario.receipt(Random(seed), shop=list(STYLES).index(style), lines=lines)


def rows_of(style, purchase):
    return [row.text for row in slip_rows(purchase, STYLES[style])]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("seed", range(8))
def test_no_row_is_wider_than_the_paper(style, seed):
    purchase = slip(style, seed, lines=12)
    for row in slip_rows(purchase, STYLES[style]):
        if row.kind != "barcode":
            assert len(row.text) * row.scale <= STYLES[style].width, row.text


@pytest.mark.parametrize("style", STYLES)
def test_the_slip_states_its_truth(style):
    purchase = slip(style, 3)
    text = "\n".join(rows_of(style, purchase))
    truth = receipt_truth(purchase, doc_id="d", file="d.png", capture="screen", style=STYLES[style])
    point = STYLES[style].decimal
    assert truth["receipt_number"] in text
    assert truth["cash_register_id"] in text
    assert re.sub(r"\D", "", truth["seller_vat_id"]) in re.sub(r"\D", "", text)
    assert truth["total_gross"].replace(".", point) in text
    assert len(truth["lines"]) == len(purchase.lines)
    for line in truth["lines"]:
        assert line["description"] in text
        assert line["line_gross"].replace(".", point) in text
        assert (line["gtin"] or "") in text
        assert (line["article_no"] or "") in text
    for discount in truth["discounts"]:
        assert f"-{discount['amount'].replace('.', point)}" in text


@pytest.mark.parametrize("style", STYLES)
def test_tax_printed_per_letter_is_the_tax_inside_the_gross_sum(style):
    purchase = slip(style, 4)
    text = "\n".join(rows_of(style, purchase))
    point = STYLES[style].decimal
    for row in purchase.rate_sums:
        assert row.vat == tax_within(row.gross, row.rate)
        assert f"{row.vat:.2f}".replace(".", point) in text
    total = f"{purchase.total_vat:.2f}".replace(".", point)
    assert f"{STYLES[style].tax_sum_label}" in text
    assert total in text


def test_names_are_cut_where_the_till_cuts_them():
    style = STYLES["kasa"]
    line = replace(slip("kasa").lines[0], name="Rozdzielnica natynkowa 2x12")
    assert printed_name(line, style) == "ROZDZIELNICA NATYN"
    assert printed_name(line, STYLES["hurt-stary"]) == "ROZDZIELNICA NATYN"


def test_a_plain_till_has_no_polish_letters():
    rows = "\n".join(rows_of("hurt", slip("hurt")))
    named = rows.split("SUMA")[0]
    assert not set("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ") & set(named)


def test_a_slip_without_a_till_or_with_net_prices_is_refused():
    purchase = slip("kasa")
    with pytest.raises(NotAReceipt):
        render_receipt(replace(purchase, till=None))
    net = tuple(replace(line, gross_priced=False) for line in purchase.lines)
    with pytest.raises(NotAReceipt):
        render_receipt(replace(purchase, lines=net))


def test_a_slip_that_is_no_proof_says_so_and_has_no_fiscal_mark():
    purchase = slip("kasa")
    purchase = replace(purchase, till=replace(purchase.till, non_fiscal=True))
    rows = slip_rows(purchase, STYLES["kasa"])
    assert any("NIEFISKALNY" in row.text for row in rows)
    assert not any(row.kind == "logo" for row in rows)


@pytest.mark.parametrize("style", STYLES)
def test_the_same_purchase_is_the_same_picture(style):
    purchase = slip(style)
    png = render_receipt(purchase, style=style)
    assert png == render_receipt(purchase, style=style)
    picture = Image.open(io.BytesIO(png))
    assert picture.mode == "L"
    assert picture.height > picture.width / 2


def test_the_bars_under_the_system_number_can_be_scanned():
    purchase = slip("market")
    purchase = replace(purchase, till=replace(purchase.till, system_number="112080030221"))
    picture = Image.open(io.BytesIO(render_receipt(purchase, style="market")))
    assert "112080030221" in [code.text for code in zxingcpp.read_barcodes(picture)]


def test_a_bar_symbol_has_eleven_modules_a_character_and_thirteen_to_stop():
    assert len(code128_modules("ABC")) == 11 * 5 + 13
