"""Random but repeatable purchases at a till: what a fiscal receipt states."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

from demo.documents.firms import BUYERS, CONSUMER, SHOPS
from demo.documents.goods import Good
from demo.documents.purchase import Party, Purchase, PurchaseLine, Till, cents
from demo.documents.receipts.styles import STYLES, SlipStyle
from demo.documents.trading import day, pick_goods

SHOP_STYLES = tuple(STYLES)


def till_name(good: Good) -> str:
    """An article as shops key it into a till: no brand, what tells it apart first."""
    text = good.short.replace("VOLTEX ", "").replace(" N+PE IP40", "")
    text = text.replace(". ", ".")
    if text.startswith("NOVA "):
        head, _, colour = text[5:].rpartition(" ")
        colour = colour.replace("CZ.MAT", "CZ")[:2]
        for needless in (" 16A", " 10AX", " 10A", " klapka"):
            head = head.replace(needless, "")
        return f"{head} NOVA {colour}"
    return text.replace(f" {good.brand.upper()}", "") if good.brand else text


def receipt(rng: Random, *, lines: int | None = None, shop: int | None = None) -> Purchase:
    """A fiscal receipt of one of the shops; `slip_style(purchase)` says how its till prints."""
    place = rng.randrange(len(SHOPS)) if shop is None else shop
    seller = SHOPS[place]
    style = slip_style(seller)
    issued_on = day(rng)
    rows = []
    for good in pick_goods(rng, lines or rng.choice((1, 2, 3, 3, 4, 5, 6, 8, 10, 14, 20))):
        price = cents(good.price * Decimal(rng.randint(105, 140)) / 100 * Decimal("1.23"))
        quantity = Decimal(rng.choice((1, 1, 2, 2, 3, 4, 5, 6, 10)))
        if good.unit == "m":
            quantity = Decimal(rng.choice((5, 10, 15, 25, 50)))
        off = Decimal(0)
        if rng.random() < 0.15:
            off = cents(quantity * price * rng.choice((5, 10, 20)) / 100)
        rows.append(
            PurchaseLine(
                name=good.short if style.name_length > 30 else till_name(good),
                index=f"{int(good.gtin[6:12]) * 7 % 900_000 + 100_000}",
                gtin=good.gtin,
                quantity=quantity,
                unit=good.unit,
                unit_price=price,
                vat_rate=good.vat_rate,
                gross_priced=True,
                discount_amount=off,
                sku=good.sku,
            )
        )
    cash = rng.random() < 0.5
    base = Purchase(
        seller=seller,
        buyer=CONSUMER,
        number="",
        issued_on=issued_on,
        lines=tuple(rows),
        paid=True,
        payment="gotówka" if cash else "karta",
    )
    return replace(base, till=_till(rng, base, place, cash))


def _till(rng: Random, purchase: Purchase, shop: int, cash: bool) -> Till:
    """The shop's own register: its unique number stays, its counters run."""
    letters = ("EAZ", "BDB", "CCH", "EBF", "WTE", "ECK", "EAL")[shop]
    digits = f"{2_101_234_567 + shop * 7_919}" if shop % 2 else f"{11_248_689 + shop * 131}"
    total = purchase.total_gross
    given = (total / 50).to_integral_value(rounding="ROUND_CEILING") * 50
    with_nip = rng.random() < 0.45
    return Till(
        register_id=letters + digits,
        print_number=f"{rng.randint(1_000, 999_999):06d}",
        receipt_number=f"{rng.randint(1, 900):05d}",
        till=str(rng.randint(1, 9)),
        cashier=f"{rng.randint(1, 30):02d}",
        time=f"{rng.randint(7, 20):02d}:{rng.randint(0, 59):02d}",
        system_number=str(rng.randint(10**11, 10**12)) if rng.random() < 0.6 else "",
        payment="GOTÓWKA" if cash else "KARTA",
        cash_given=given if cash else None,
        buyer_nip=rng.choice(BUYERS).nip if with_nip else "",
    )


def slip_style(seller: Party) -> SlipStyle:
    """Each shop has one kind of till."""
    return STYLES[SHOP_STYLES[SHOPS.index(seller) % len(SHOP_STYLES)]]
