"""Random but repeatable invoices: who buys what from which wholesaler, and how it is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from demo.documents.firms import BUYERS, CONSUMER, WHOLESALERS, Wholesaler
from demo.documents.goods import GOODS, TRADE, VOLTEX, Good
from demo.documents.identifiers import make_ksef_number
from demo.documents.purchase import (
    Advance,
    InvoiceType,
    KsefRecord,
    Party,
    Purchase,
    PurchaseLine,
    ThirdParty,
    cents,
)

FIRST_DAY = date(2026, 4, 2)  # from April 2026 every wholesaler invoices through KSeF
DAYS = 210
VOLTEX_SHARE = 0.55
ISSUERS = ("Beata Nowak", "Marek Lis", "Katarzyna Zych", "Paweł Ostrowski", "Iwona Maj", "")
SHORT_UNITS = {"szt.": ("szt.", "szt", "SZT", "szt."), "op.": ("op.", "opk."), "m": ("m", "mb")}


def day(rng: Random) -> date:
    return FIRST_DAY + timedelta(days=rng.randrange(DAYS))


def pick_goods(rng: Random, count: int) -> list[Good]:
    """Different articles, more than half of them by Voltex, as an electrician buys."""
    chosen: list[Good] = []
    while len(chosen) < count:
        good = rng.choice(VOLTEX if rng.random() < VOLTEX_SHARE else TRADE)
        if good not in chosen or len(chosen) >= len(GOODS) // 2:
            chosen.append(good)
    return chosen


def invoice_number(rng: Random, seller: Wholesaler, issued_on: date) -> str:
    n = rng.randint(1, 8999)
    return seller.number_form.format(
        n=n,
        n4=f"{n:04d}",
        n5=f"{n:05d}",
        n7=f"{n:07d}",
        mm=f"{issued_on:%m}",
        yyyy=f"{issued_on:%Y}",
        yy=f"{issued_on:%y}",
        branch=seller.branch,
    )


def quantity_of(rng: Random, good: Good) -> Decimal:
    """Whole packs mostly; metres and kilograms sometimes broken."""
    if good.unit in ("m", "kg") and rng.random() < 0.25:
        return Decimal(rng.randint(3, 480)) / 2
    return Decimal(good.pack * rng.choice((1, 1, 2, 2, 3, 4, 5, 10)))


def line_of(rng: Random, good: Good, seller: Wholesaler, *, gross: bool) -> PurchaseLine:
    """One article as this seller sells it today."""
    price = cents(good.price * Decimal(rng.randint(88, 118)) / 100)
    if gross:
        price = cents(price * Decimal("1.23"))
    discount = rng.choice((0, 0, 0, 0, 5, 10, 15, 22, 30, 42))
    units = SHORT_UNITS.get(good.unit, (good.unit,))
    return PurchaseLine(
        name=seller.name_of(good),
        index=seller.index_of(good),
        gtin=good.gtin if seller.shows_gtin else "",
        quantity=quantity_of(rng, good),
        unit=units[int(seller.party.nip[-1]) % len(units)],
        unit_price=price,
        vat_rate=good.vat_rate,
        gross_priced=gross,
        discount_percent=Decimal(discount),
        sku=good.sku,
    )


def invoice(
    rng: Random,
    *,
    lines: int | None = None,
    seller: Wholesaler | None = None,
    buyer: Party | None = None,
    issued_on: date | None = None,
) -> Purchase:
    """An ordinary wholesaler's invoice, not yet sent to KSeF."""
    seller = seller or rng.choice(WHOLESALERS)
    gross = seller.layout == "brutto"
    issued_on = issued_on or day(rng)
    count = lines or rng.choice((1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 20, 28, 40))
    paid = rng.random() < 0.3
    payment = rng.choice(("gotówka", "karta")) if paid else "przelew"
    discounts = rng.random() < 0.45
    rows = [line_of(rng, good, seller, gross=gross) for good in pick_goods(rng, count)]
    if not discounts:
        rows = [replace(row, discount_percent=Decimal(0)) for row in rows]
    return Purchase(
        seller=seller.party,
        buyer=buyer or rng.choice(BUYERS),
        number=invoice_number(rng, seller, issued_on),
        issued_on=issued_on,
        sold_on=issued_on - timedelta(days=rng.choice((0, 0, 0, 1, 2))),
        due_on=None if paid else issued_on + timedelta(days=rng.choice((7, 14, 21, 30))),
        payment=payment,
        paid=paid,
        place=seller.party.city if rng.random() < 0.7 else "",
        issuer=rng.choice(ISSUERS),
        lines=tuple(rows),
        vat_by_line=rng.random() < 0.25,
        order_number=f"ZK {rng.randint(1, 4000)}/{issued_on:%Y}" if rng.random() < 0.4 else "",
        delivery_notes=(f"WZ {rng.randint(1, 9000)}/{issued_on:%m}",) if rng.random() < 0.4 else (),
        split_payment=rng.random() < 0.1,
        marks=rng.choice(((), (), (), ("ORYGINAŁ",), ("DUPLIKAT",))),
    )


def send(rng: Random, purchase: Purchase, *, form: int = 3, offline: bool = False) -> Purchase:
    """The purchase with its KSeF number and one issuer's way of writing XML."""
    lines = purchase.lines
    if rng.random() < 0.4:
        mark = rng.randrange(16**8)
        lines = tuple(
            replace(line, uu_id=f"{mark:08x}{(line.number or n):04d}")
            for n, line in enumerate(lines, 1)
        )
    number = "" if offline else make_ksef_number(
        purchase.seller.nip, purchase.issued_on, purchase.number
    )  # fmt: skip
    record = KsefRecord(
        number=number,
        form=form,
        prefix=rng.choice(("", "", "", "tns", "ns0")),
        newline=rng.choice(("\n", "\n", "\r\n")),
        indent=rng.choice(("  ", "\t", "    ", "")),
        decimals=rng.choice(("short", "short", "fixed")),
        system=rng.choice(("Program Faktura", "Magazyn 5", "e-Hurt", "Sprzedaż i Magazyn")),
    )
    return replace(purchase, lines=lines, ksef=record)


def decorated(rng: Random, purchase: Purchase) -> Purchase:
    """One of the facts that make structured invoices differ: roles, marks, currencies, rows."""
    choice = rng.randrange(10)
    if choice == 0:
        third = ThirdParty(party=rng.choice(BUYERS), role=4)
        return replace(purchase, third_parties=(third,))
    if choice == 1:
        worker = Party(name="Monter Jan Zawada", nip="")
        return replace(purchase, third_parties=(ThirdParty(party=worker, role=11),))
    if choice == 2:
        operator = Party(name="Zalicz Operator Programów Sp. z o.o.", nip=BUYERS[0].nip)
        third = ThirdParty(party=operator, role_text="Operator programu lojalnościowego")
        return replace(purchase, third_parties=(third,))
    if choice == 3:
        return replace(purchase, to_receipt=True, paid=True, due_on=None, payment="karta")
    if choice == 4:
        return replace(purchase, related=True)
    if choice == 5:
        return replace(purchase, self_billed=True)
    if choice == 6:
        return replace(purchase, buyer=CONSUMER)
    if choice == 7:
        rate = Decimal(rng.randint(41_800, 43_900)) / 10_000
        return replace(purchase, currency="EUR", rate_to_pln=rate)
    if choice == 8:
        row = PurchaseLine(name="Transport własny odbiorcy", quantity=None, vat_rate=None, unit="")
        return replace(purchase, lines=(*purchase.lines, row))
    card = f"{rng.randrange(10**8):08d}"
    return replace(purchase, notes=(("Numer karty programu", card),))


def simplified(rng: Random) -> Purchase:
    """UPR up to 450 PLN: names only, the value in the sums."""
    base = invoice(rng, lines=1)
    net = cents(Decimal(rng.randint(4_000, 36_000)) / 100)
    row = replace(
        base.lines[0],
        quantity=None,
        unit_price=None,
        discount_percent=Decimal(0),
        gross_priced=False,
        stated_value=net,
    )
    return replace(base, type=InvoiceType.SIMPLIFIED, lines=(row,), paid=True, due_on=None)


def advance(rng: Random) -> Purchase:
    """ZAL: part of an order paid before delivery."""
    base = invoice(rng, lines=rng.randint(1, 6), seller=rng.choice(NET_SELLERS))
    share = Decimal(rng.choice((20, 30, 50)))
    paid = cents(base.total_gross * share / 100)
    return replace(
        base,
        type=InvoiceType.ADVANCE,
        advance_gross=paid,
        paid=True,
        due_on=None,
        marks=(),
        delivery_notes=(),
        vat_by_line=False,
    )


def final(rng: Random, before: Purchase) -> Purchase:
    """ROZ: the goods of an advance invoice delivered, the advance taken off."""
    issued_on = before.issued_on + timedelta(days=rng.randint(5, 30))
    seller = next(w for w in WHOLESALERS if w.party == before.seller)
    number = before.ksef.number if before.ksef else ""
    return replace(
        before,
        type=InvoiceType.FINAL,
        number=invoice_number(rng, seller, issued_on),
        issued_on=issued_on,
        sold_on=issued_on,
        due_on=issued_on + timedelta(days=14),
        paid=False,
        payment="przelew",
        advance_gross=None,
        advances=(Advance(number=before.number, gross=before.total_gross, ksef_number=number),),
        ksef=None,
    )


NET_SELLERS = tuple(w for w in WHOLESALERS if w.layout != "brutto")
