"""A purchase as a structured invoice, FA(3) or FA(2), element by element in schema order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time
from decimal import Decimal

from demo.documents.ksef.rows import decimal_text, invoice_rows, order
from demo.documents.ksef.xmltext import Element, Node, leaf, optional, write
from demo.documents.purchase import (
    Correction,
    InvoiceType,
    KsefRecord,
    Party,
    Purchase,
    RateSum,
    cents,
)

NAMESPACES = {
    3: "http://crd.gov.pl/wzor/2025/06/25/13775/",
    2: "http://crd.gov.pl/wzor/2023/06/29/12648/",
}
TYPES_NAMESPACE = "http://crd.gov.pl/xml/schematy/dziedzinowe/mf/2022/01/05/eD/DefinicjeTypy/"
# VAT rate → number of its P_13 and P_14 elements
RATE_FIELDS = {"23": "1", "22": "1", "8": "2", "7": "2", "5": "3", "4": "4", "3": "4"}
UNTAXED_FIELDS = {
    "0": "P_13_6_1", "0 KR": "P_13_6_1", "0 WDT": "P_13_6_2", "0 EX": "P_13_6_3",
    "zw": "P_13_7", "np I": "P_13_8", "np II": "P_13_9", "np": "P_13_8", "oo": "P_13_10",
}  # fmt: skip
UNTAXED_ORDER = tuple(dict.fromkeys(UNTAXED_FIELDS.values()))
PAYMENT_FORMS = {"gotówka": 1, "karta": 2, "bon": 3, "czek": 4, "kredyt": 5, "przelew": 6}


def ksef_xml(purchase: Purchase) -> bytes:
    """The invoice's XML as it would be sent. The same purchase gives the same bytes.

    Without a `KsefRecord` the usual form is written: FA(3), no prefix, LF.
    """
    record = purchase.ksef or KsefRecord()
    namespace = NAMESPACES[record.form]
    root = Element(
        "Faktura",
        [
            _header(purchase, record),
            _seller(purchase.seller),
            _buyer(purchase.buyer, record),
            *(_third(purchase, record)),
            Element("Fa", list(_invoice(purchase, record))),
            _footer(purchase.seller),
        ],
    )
    return write(
        root,
        namespaces=[("etd", TYPES_NAMESPACE), (record.prefix, namespace)],
        prefix=record.prefix,
        newline=record.newline,
        indent=record.indent,
    )


def _header(purchase: Purchase, record: KsefRecord) -> Element:
    made_at = datetime.combine(purchase.issued_on, time(8, 30), tzinfo=UTC)
    return Element(
        "Naglowek",
        [
            Element(
                "KodFormularza",
                "FA",
                (("kodSystemowy", f"FA ({record.form})"), ("wersjaSchemy", "1-0E")),
            ),
            leaf("WariantFormularza", record.form),
            leaf("DataWytworzeniaFa", f"{made_at:%Y-%m-%dT%H:%M:%SZ}"),
            leaf("SystemInfo", record.system),
        ],
    )


def _address(party: Party) -> Node:
    if not party.street and not party.city:
        return None
    return Element(
        "Adres",
        [
            leaf("KodKraju", party.eu_vat[:2] if party.eu_vat else "PL"),
            leaf("AdresL1", party.street or party.town),
            optional("AdresL2", party.town if party.street else ""),
        ],
    )


def _contact(party: Party) -> Node:
    if not party.email and not party.phone:
        return None
    return Element(
        "DaneKontaktowe", [optional("Email", party.email), optional("Telefon", party.phone)]
    )


def _identity(party: Party) -> Element:
    if party.nip:
        key: list[Node] = [leaf("NIP", party.nip)]
    elif party.eu_vat:
        key = [leaf("KodUE", party.eu_vat[:2]), leaf("NrVatUE", party.eu_vat[2:])]
    else:
        key = [leaf("BrakID", 1)]
    return Element("DaneIdentyfikacyjne", [*key, optional("Nazwa", party.name)])


def _seller(party: Party) -> Element:
    return Element("Podmiot1", [_identity(party), _address(party), _contact(party)])


def _buyer(party: Party, record: KsefRecord) -> Element:
    flags = [leaf("JST", 2), leaf("GV", 2)] if record.form == 3 else []
    return Element(
        "Podmiot2",
        [
            _identity(party),
            _address(party),
            _contact(party),
            optional("NrKlienta", party.customer_number),
            *flags,
        ],
    )


def _third(purchase: Purchase, record: KsefRecord) -> Iterable[Element]:
    for third in purchase.third_parties:
        role: list[Node] = [leaf("Rola", third.role)]
        if not third.role:
            role = [leaf("RolaInna", 1), leaf("OpisRoli", third.role_text)]
        address = _address(third.party)
        if address is None and record.form == 2:
            # FA(2) insists on an address of third parties.
            address = Element("Adres", [leaf("KodKraju", "PL"), leaf("AdresL1", "-")])
        yield Element("Podmiot3", [_identity(third.party), address, *role])


def _invoice(purchase: Purchase, record: KsefRecord) -> Iterable[Node]:
    yield leaf("KodWaluty", purchase.currency)
    yield leaf("P_1", purchase.issued_on)
    yield optional("P_1M", purchase.place)
    yield leaf("P_2", purchase.number)
    yield from (leaf("WZ", note) for note in purchase.delivery_notes)
    if not any(line.delivered_on for line in purchase.lines):
        yield optional("P_6", purchase.sold_on)
    yield from _sums(purchase)
    yield leaf("P_15", money_text(purchase.total_gross))
    if purchase.rate_to_pln is not None and purchase.type is InvoiceType.ADVANCE:
        yield leaf("KursWalutyZ", decimal_text(purchase.rate_to_pln))
    yield _annotations(purchase)
    yield leaf("RodzajFaktury", purchase.type.value)
    if purchase.correction is not None:
        yield from _correction(purchase.correction)
    if purchase.to_receipt:
        yield leaf("FP", 1)
    if purchase.related:
        yield leaf("TP", 1)
    for key, value in purchase.notes:
        yield Element("DodatkowyOpis", [leaf("Klucz", key), leaf("Wartosc", value)])
    for advance in purchase.advances:
        yield Element(
            "FakturaZaliczkowa",
            [leaf("NrKSeFFaZaliczkowej", advance.ksef_number)]
            if advance.ksef_number
            else [leaf("NrKSeFZN", 1), leaf("NrFaZaliczkowej", advance.number)],
        )
    ordered = purchase.type in (InvoiceType.ADVANCE, InvoiceType.ADVANCE_CORRECTION)
    if not ordered:
        yield from invoice_rows(purchase, record)
    yield _payment(purchase)
    if purchase.order_number:
        yield Element(
            "WarunkiTransakcji",
            [Element("Zamowienia", [leaf("NrZamowienia", purchase.order_number)])],
        )
    if ordered and purchase.lines:
        yield order(purchase, record)


def _sums(purchase: Purchase) -> Iterable[Node]:
    taxed: dict[str, list[RateSum]] = {}
    untaxed: dict[str, Decimal] = {}
    for row in purchase.rate_sums:
        if row.rate in RATE_FIELDS:
            taxed.setdefault(RATE_FIELDS[row.rate], []).append(row)
        else:
            field = UNTAXED_FIELDS[row.rate]
            untaxed[field] = untaxed.get(field, Decimal(0)) + row.net
    for field in sorted(taxed):
        vat = sum((r.vat for r in taxed[field]), Decimal(0))
        yield leaf(f"P_13_{field}", money_text(sum((r.net for r in taxed[field]), Decimal(0))))
        yield leaf(f"P_14_{field}", money_text(vat))
        if purchase.currency != "PLN" and purchase.rate_to_pln is not None:
            yield leaf(f"P_14_{field}W", money_text(cents(vat * purchase.rate_to_pln)))
    yield from (leaf(f, money_text(untaxed[f])) for f in UNTAXED_ORDER if f in untaxed)


def money_text(value: Decimal) -> str:
    """An amount as most issuers write it: `2051`, `0.95`, `1666.6`."""
    return decimal_text(cents(value))


def _annotations(purchase: Purchase) -> Element:
    reverse = any(line.vat_rate == "oo" for line in purchase.lines)
    exempt = any(line.vat_rate == "zw" for line in purchase.lines)
    return Element(
        "Adnotacje",
        [
            leaf("P_16", 2),
            leaf("P_17", 1 if purchase.self_billed else 2),
            leaf("P_18", 1 if reverse else 2),
            leaf("P_18A", 1 if purchase.split_payment else 2),
            Element(
                "Zwolnienie",
                [leaf("P_19", 1), leaf("P_19A", "art. 43 ust. 1")]
                if exempt
                else [leaf("P_19N", 1)],
            ),
            Element("NoweSrodkiTransportu", [leaf("P_22N", 1)]),
            leaf("P_23", 2),
            Element("PMarzy", [leaf("P_PMarzyN", 1)]),
        ],
    )


def _correction(correction: Correction) -> Iterable[Node]:
    yield optional("PrzyczynaKorekty", correction.reason)
    yield leaf("TypKorekty", correction.effect)
    for original in correction.originals:
        known = [leaf("NrKSeF", 1), leaf("NrKSeFFaKorygowanej", original.ksef_number)]
        yield Element(
            "DaneFaKorygowanej",
            [
                leaf("DataWystFaKorygowanej", original.issued_on),
                leaf("NrFaKorygowanej", original.number),
                *(known if original.ksef_number else [leaf("NrKSeFN", 1)]),
            ],
        )
    yield optional("OkresFaKorygowanej", correction.period)
    yield optional("NrFaKorygowany", correction.right_number)
    if correction.former_buyer is not None:
        former = correction.former_buyer
        yield Element("Podmiot2K", [_identity(former), _address(former)])
    if correction.total_before is not None:
        yield leaf("P_15ZK", money_text(correction.total_before))


def _payment(purchase: Purchase) -> Node:
    content: list[Node] = []
    if purchase.paid:
        content = [leaf("Zaplacono", 1), leaf("DataZaplaty", purchase.issued_on)]
    elif purchase.due_on is not None:
        content = [Element("TerminPlatnosci", [leaf("Termin", purchase.due_on)])]
    if purchase.payment in PAYMENT_FORMS:
        content.append(leaf("FormaPlatnosci", PAYMENT_FORMS[purchase.payment]))
    if purchase.payment == "przelew" and purchase.seller.account:
        content.append(
            Element(
                "RachunekBankowy",
                [
                    leaf("NrRB", purchase.seller.account),
                    optional("NazwaBanku", purchase.seller.bank),
                ],
            )
        )
    return Element("Platnosc", content) if content else None


def _footer(seller: Party) -> Node:
    if not (seller.krs or seller.regon or seller.bdo):
        return None
    return Element(
        "Stopka",
        [
            Element(
                "Rejestry",
                [
                    optional("KRS", seller.krs),
                    optional("REGON", seller.regon),
                    optional("BDO", seller.bdo),
                ],
            )
        ],
    )
