"""Reads a KSeF invoice, FA(3) or FA(2), of every type: exact lines, nothing recognised.

The reader is tolerant: every field may be missing, validity against the schema is a finding and
never a gate. Both forms share one reader, because every path of FA(2) exists in FA(3).
"""

from __future__ import annotations

import dataclasses
import hashlib
from datetime import date

from ocr import (
    corrections,
    ksef_findings,
    ksef_parties,
    ksef_rows,
    ksef_totals,
    row_checks,
    xml_source,
)
from ocr.reading import (
    Correction,
    CorrectionReference,
    DocumentKind,
    Line,
    Reading,
    Reference,
    Severity,
    Value,
)
from ocr.xml_source import Node, Source, date_in
from ocr.xml_values import Values

_KINDS = {"VAT": DocumentKind.INVOICE, "UPR": DocumentKind.INVOICE, "ROZ": DocumentKind.INVOICE}
_KINDS |= {"ZAL": DocumentKind.ADVANCE_INVOICE}
_MAX_REPEATED = 20  # findings of one kind; the rest is counted


def read_fa(data: bytes) -> Reading:
    """The reading of one KSeF invoice; `Unreadable` when the bytes are no acceptable XML."""
    return read(xml_source.parse(data), document_sha256=hashlib.sha256(data).hexdigest())


def read(source: Source, *, document_sha256: str) -> Reading:
    """As `read_fa`, for a file that is parsed already. The digest is of the raw bytes."""
    values = Values()
    root = Node(source.root.element, source.root.own_namespace)
    form = ksef_findings.file_form(source, values)
    if len(bodies := root.every("Fa")) > 1:
        values.note("several-invoices", invoices=len(bodies))
    invoice = root.first("Fa") or Node(root.element.makeelement("Fa", {}))
    kind = invoice.only("RodzajFaktury")
    rows = ksef_rows.lines(invoice, values)
    rates = ksef_totals.rate_totals(invoice, rows, values)
    correcting = kind.startswith("KOR")
    reading = Reading(
        kind=DocumentKind.CORRECTED_INVOICE if correcting else _KINDS.get(kind, DocumentKind.OTHER),
        route="ksef-xml",
        engine=form or "FA",
        seller=ksef_parties.party(root.first("Podmiot1"), values, label="seller"),
        buyer=ksef_parties.party(root.first("Podmiot2"), values, label="buyer"),
        third_parties=ksef_parties.third_parties(root, values),
        invoice_number=_number(invoice, values),
        invoice_type=kind,
        issue_date=values.date(invoice.only("P_1"), "P_1"),
        sale_date=_sale_date(invoice, rows, values),
        currency=values.text(invoice.only("KodWaluty").upper()),
        total_net=ksef_totals.summed(rate.net for rate in rates),
        total_vat=ksef_totals.vat_total(rates),
        total_gross=values.decimal(invoice.only("P_15"), "P_15"),
        amount_due=values.decimal(invoice.value("Rozliczenie/DoZaplaty"), "DoZaplaty"),
        rate_totals=rates,
        lines=rows,
        references=_references(invoice),
        document_sha256=document_sha256,
    )
    if not rates and reading.total_gross is not None and not reading.total_gross.value:
        # Only sums that differ from nought are printed: a correction of data has none.
        reading = dataclasses.replace(
            reading, total_net=reading.total_gross, total_vat=reading.total_gross
        )
    if correcting:
        reading = _corrected(reading, invoice, values)
    _observe(reading, root, invoice, values)
    return dataclasses.replace(reading, findings=values.limited(_MAX_REPEATED))


def _number(invoice: Node, values: Values) -> Value[str] | None:
    """`P_2`; none where it stands twice and differs."""
    found = {node.text: node for node in invoice.every("P_2") if node.text}
    if len(found) > 1:
        values.malformed("P_2", " | ".join(found))
        return None
    return values.text(next(iter(found), ""))


def _sale_date(invoice: Node, rows: tuple[Line, ...], values: Values) -> Value[date] | None:
    """`P_6`, else the end of the period, else the day that all rows share."""
    for path in ("P_6", "OkresFa/P_6_Do"):
        if day := values.date(invoice.value(path), path):
            return day
    days = {row.sale_date.value: row.sale_date for row in rows if row.sale_date}
    return next(iter(days.values())) if len(days) == 1 else None


def _references(invoice: Node) -> tuple[Reference, ...]:
    """Delivery notes, orders, batches, advances, exchange rates and free notes."""
    found = [
        Reference(kind, node.text)
        for kind, path in (
            ("delivery_note", "WZ"),
            ("order", "WarunkiTransakcji/Zamowienia/NrZamowienia"),
            ("contract", "WarunkiTransakcji/Umowy/NrUmowy"),
            ("batch", "WarunkiTransakcji/NrPartiiTowaru"),
            ("advance_ksef", "FakturaZaliczkowa/NrKSeFFaZaliczkowej"),
            ("advance_invoice", "FakturaZaliczkowa/NrFaZaliczkowej"),
            ("rate", "KursWalutyZ"),
        )
        for node in invoice.every(path)
        if node.text
    ]
    for position, row in enumerate(invoice.every("FaWiersz"), start=1):
        if rate := row.value("KursWaluty"):
            found.append(Reference("rate", rate, line=position))
    for note in invoice.every("DodatkowyOpis"):
        number = note.value("NrWiersza")
        line = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else None
        found.append(Reference("note", note.value("Wartosc"), note.value("Klucz"), line))
    return tuple(found)


def _corrected(reading: Reading, invoice: Node, values: Values) -> Reading:
    originals = tuple(
        CorrectionReference(
            number=node.value("NrFaKorygowanej"),
            issue_date=date_in(node.value("DataWystFaKorygowanej")),
            ksef_number=node.value("NrKSeFFaKorygowanej") or None,
        )
        for node in invoice.every("DaneFaKorygowanej")
    )
    reason = " ".join(invoice.value("PrzyczynaKorekty").split())
    done = corrections.effect(
        reading.lines,
        corrections.Header(
            total_due=reading.total_gross.value if reading.total_gross else None,
            total_net=reading.total_net.value if reading.total_net else None,
            buyer_changed=invoice.first("Podmiot2K") is not None,
            for_a_period=bool(invoice.value("OkresFaKorygowanej")),
            originals=len(originals),
            reason=reason,
            advance=reading.invoice_type == "KOR_ZAL",
            rows_sum_up=reading.invoice_type == "KOR",
        ),
    )
    for doubt in done.doubts:
        values.note(doubt)
    for row, change in zip(reading.lines, done.changes, strict=True):
        if change.doubt:
            values.note(change.doubt, line=row.position)
    if not originals:
        values.note("correction-without-original")
    if right_number := invoice.value("NrFaKorygowany"):
        values.note("number-corrected", Severity.INFO, number=right_number)
    return dataclasses.replace(
        reading,
        lines=tuple(
            dataclasses.replace(row, unit_delta=change.units, value_delta=change.value)
            for row, change in zip(reading.lines, done.changes, strict=True)
        ),
        correction=Correction(done.encoding, originals, reason, done.needs_person),
    )


def _observe(reading: Reading, root: Node, invoice: Node, values: Values) -> None:
    ksef_findings.invoice_type(reading.invoice_type, reading, values)
    ksef_findings.parties(reading, root, values)
    ksef_findings.marks(invoice, values)
    ksef_findings.dates(reading, invoice, values)
    ksef_findings.currency(reading, invoice, values)
    ksef_findings.totals(reading, values)
    ksef_findings.referenced(root, values)
    # The rows of an order have no field for a discount: their product says nothing.
    if reading.correction is None and reading.kind is not DocumentKind.ADVANCE_INVOICE:
        row_checks.plausibility(reading.lines, values)
    ksef_totals.compare(reading, values)
