"""What a KSeF invoice says that a person or a rule should know before it pays."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ocr import identifiers, ksef_number
from ocr.reading import Reading, Severity
from ocr.xml_source import Node, Source
from ocr.xml_values import Values

_PLAIN_BYTES = 1_000_000  # without an attachment
_FORMS = {
    "http://crd.gov.pl/wzor/2025/06/25/13775/": "FA (3)",
    "http://crd.gov.pl/wzor/2023/06/29/12648/": "FA (2)",
}


def file_form(source: Source, values: Values) -> str:
    """The form's name (`FA (3)`); notes what KSeF would not accept about the bytes."""
    root = source.root
    form = _FORMS.get(root.own_namespace, "")
    if not form:
        values.note("form-unknown", namespace=root.own_namespace[:120])
    if source.byte_order_mark:
        values.note("file-byte-order-mark")
    if source.encoding != "UTF-8":
        values.note("file-encoding", encoding=source.encoding)
    if source.instructions:
        values.note("file-processing-instruction")
    if source.file_bytes > _PLAIN_BYTES and root.first("Zalacznik") is None:
        values.note("file-too-large", file_bytes=source.file_bytes)
    return form


def marks(invoice: Node, values: Values) -> None:
    """Flags of the header: `FP` invoice to a receipt, `TP` related parties, `P_17` self-billing."""
    if invoice.value("FP") == "1":
        # The same purchase also exists as a receipt: the classic double claim.
        values.note("receipt-invoice")
    if invoice.value("TP") == "1":
        values.note("related-parties")
    if invoice.value("Adnotacje/P_17") == "1":
        values.note("self-billing")
    if invoice.value("Adnotacje/PMarzy/P_PMarzy") == "1":
        values.note("margin-scheme", Severity.INFO)


def invoice_type(kind: str, reading: Reading, values: Values) -> None:
    """What the type means for a claim."""
    if kind == "ZAL":
        values.note("waiting-for-final-invoice", Severity.INFO)
    elif kind == "KOR_ZAL":
        values.note("advance-correction", Severity.INFO)
    elif kind == "ROZ":
        values.note("final-invoice", Severity.INFO)
    elif kind == "UPR":
        values.note("simplified-invoice")
    elif kind not in ("VAT", "KOR", "KOR_ROZ"):
        values.note("invoice-type-unknown", Severity.ERROR, value=kind[:20])
    if not reading.lines and not kind.startswith("KOR"):
        values.note("no-lines")


def parties(reading: Reading, root: Node, values: Values) -> None:
    """Seller and buyer in one person, a buyer without a number, a corrected buyer."""
    seller, buyer = reading.seller.vat_id, reading.buyer.vat_id
    if seller is None:
        values.note("seller-without-number", Severity.ERROR)
    elif buyer and seller.value == buyer.value:
        values.note("seller-is-buyer", value=seller.value)
    if buyer is None:
        consumer = root.value("Podmiot2/DaneIdentyfikacyjne/BrakID") == "1"
        values.note("buyer-without-number", Severity.INFO, consumer=consumer)
    before = root.value("Fa/Podmiot2K/DaneIdentyfikacyjne/NIP")
    if root.first("Fa/Podmiot2K") is not None:
        values.note("buyer-corrected", before=before, after=buyer.value if buyer else "")


def dates(reading: Reading, invoice: Node, values: Values) -> None:
    """A sale over a period has no one day on which a rule could judge it."""
    start, end = invoice.value("OkresFa/P_6_Od"), invoice.value("OkresFa/P_6_Do")
    if start or end:
        values.note("sale-period", Severity.INFO, start=start, end=end)
    days = {row.sale_date.value for row in reading.lines if row.sale_date}
    if len(days) > 1:
        values.note("sale-dates-differ", Severity.INFO, first=min(days), last=max(days))
    if reading.issue_date and reading.issue_date.value < date(2022, 1, 1):
        values.note("issued-before-ksef", value=reading.issue_date.value)


def referenced(root: Node, values: Values) -> None:
    """Numbers of others inside the document: a bad checksum is never more than a warning."""
    for path in (
        "Fa/DaneFaKorygowanej/NrKSeFFaKorygowanej",
        "Fa/FakturaZaliczkowa/NrKSeFFaZaliczkowej",
    ):
        for node in root.every(path):
            verdict = ksef_number.verdict(node.text)
            if verdict is ksef_number.Verdict.BAD_CHECKSUM:
                values.note("referenced-number-checksum", value=node.text)
            elif verdict is ksef_number.Verdict.BAD_FORMAT:
                values.note("referenced-number-format", value=node.text[:40])
    for node in root.every("Stopka/Rejestry/REGON"):
        if not identifiers.regon_valid(node.text):
            values.note("regon-checksum", Severity.INFO, value=node.text[:20])


def currency(reading: Reading, invoice: Node, values: Values) -> None:
    """Another currency than PLN, with the rate where the document gives one."""
    if reading.currency is None:
        values.note("currency-missing")
    elif reading.currency.value != "PLN":
        rates = {node.text for node in invoice.every("FaWiersz/KursWaluty") if node.text}
        rate = invoice.value("KursWalutyZ") or (rates.pop() if len(rates) == 1 else "")
        values.note("foreign-currency", Severity.INFO, currency=reading.currency.value, rate=rate)


def totals(reading: Reading, values: Values) -> None:
    """Number and amounts without which nothing can be proven."""
    if reading.invoice_number is None:
        values.note("number-missing", Severity.ERROR)
    if reading.total_gross is None:
        values.note("total-missing", Severity.ERROR)
    elif reading.total_gross.value < Decimal(0) and not reading.invoice_type.startswith("KOR"):
        values.note("total-negative", value=reading.total_gross.value)
