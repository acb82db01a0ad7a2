"""Random corrections of random invoices, in any of the eight encodings."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from demo.documents import corrections, scenario
from demo.documents.firms import BUYERS
from demo.documents.purchase import Encoding, Purchase, cents


def correction_number(rng: Random, original: Purchase) -> str:
    return f"KOR/{rng.randint(1, 900)}/{original.issued_on:%m/%Y}"


def correction(rng: Random, encoding: Encoding) -> tuple[Purchase, ...]:
    """The original invoice or invoices, then what corrects them, in order of issue."""
    seller = rng.choice(scenario.NET_SELLERS)
    buyer = rng.choice(BUYERS)
    original = scenario.invoice(rng, lines=rng.randint(2, 8), seller=seller, buyer=buyer)
    original = replace(original, vat_by_line=False, marks=())
    # One original in five was issued outside KSeF.
    if rng.random() < 0.8:
        original = scenario.send(rng, original)
    number = correction_number(rng, original)
    issued_on = original.issued_on + timedelta(days=rng.randint(3, 40))
    position = rng.randint(1, len(original.lines))
    line = original.lines[position - 1]
    quantity = line.quantity or Decimal(1)
    less = max(Decimal(0), quantity - Decimal(rng.randint(1, 3)))
    match encoding:
        case Encoding.BEFORE_AFTER:
            change = rng.choice((less, Decimal(0), quantity * 2))
            made = corrections.before_after(
                original, number=number, issued_on=issued_on, quantities={position: change}
            )
        case Encoding.PRICE_DIFFERENCE:
            amount = cents((line.net or Decimal(0)) * Decimal("0.1")) or Decimal("0.01")
            made = corrections.price_difference(
                original, number=number, issued_on=issued_on, reductions={position: amount}
            )
        case Encoding.QUANTITY_DIFFERENCE:
            back = quantity - less or Decimal(1)
            made = corrections.quantity_difference(
                original, number=number, issued_on=issued_on, returned={position: back}
            )
        case Encoding.BUYER_DATA:
            moved = replace(buyer, street="ul. Nowa 1")
            made = corrections.buyer_data(original, number=number, issued_on=issued_on, buyer=moved)
        case Encoding.COLLECTIVE | Encoding.COLLECTIVE_WITH_ROW:
            return _collective(rng, encoding, original)
        case Encoding.WRONG_BUYER:
            return (
                original,
                *corrections.wrong_buyer(
                    original,
                    number=number,
                    new_number=f"{original.number}/N",
                    issued_on=issued_on,
                    right_buyer=rng.choice([b for b in BUYERS if b != buyer]),
                ),
            )
        case Encoding.STORNO:
            price = cents((line.unit_price or Decimal(1)) * Decimal("0.9")) or Decimal("0.01")
            made = corrections.storno(
                original,
                number=number,
                issued_on=issued_on,
                prices={position: price},
                quantities={position: rng.choice((quantity, quantity, less or quantity))},
            )
    return original, made


def _collective(rng: Random, encoding: Encoding, first: Purchase) -> tuple[Purchase, ...]:
    seller = next(w for w in scenario.NET_SELLERS if w.party == first.seller)
    originals = [first]
    for _ in range(rng.randint(1, 4)):
        more = scenario.invoice(
            rng, lines=3, seller=seller, buyer=first.buyer, issued_on=first.issued_on
        )
        originals.append(scenario.send(rng, replace(more, vat_by_line=False, marks=())))
    made = corrections.collective(
        originals,
        number=correction_number(rng, first),
        issued_on=first.issued_on + timedelta(days=35),
        period=f"{first.issued_on:%Y.%m}",
        percent=Decimal(rng.choice((2, 3, 5))),
        with_row=encoding is Encoding.COLLECTIVE_WITH_ROW,
    )
    return (*originals, made)


def chain(rng: Random) -> tuple[Purchase, Purchase, Purchase]:
    """An invoice, its correction, and a correction of what that left."""
    original, first = correction(rng, Encoding.BEFORE_AFTER)[:2]
    first = scenario.send(rng, first)
    position = next(line.number for line in first.lines if line.number)
    after = next((x.quantity for x in first.lines if not x.before), None) or Decimal(0)
    lines = list(original.lines)
    lines[position - 1] = replace(lines[position - 1], quantity=after)
    other = position % len(lines) + 1
    state = replace(original, lines=tuple(lines))
    second = corrections.before_after(
        state,
        number=correction_number(rng, original) + "/2",
        issued_on=first.issued_on + timedelta(days=9),
        quantities={other: Decimal(0)},
    )
    assert second.correction is not None
    both = (corrections.reference(original), corrections.reference(first))
    return original, first, replace(second, correction=replace(second.correction, originals=both))


def of_final(rng: Random) -> Purchase:
    """KOR_ROZ or KOR_ZAL: the correction of an invoice that belongs to an advance."""
    paid = scenario.send(rng, scenario.advance(rng))
    if rng.random() < 0.5:
        return corrections.advance_correction(
            paid,
            number=correction_number(rng, paid),
            issued_on=paid.issued_on + timedelta(days=6),
            advance_gross=cents(paid.total_gross / 2),
        )
    settled = scenario.send(rng, scenario.final(rng, paid))
    return corrections.before_after(
        settled,
        number=correction_number(rng, settled),
        issued_on=settled.issued_on + timedelta(days=6),
        quantities={1: Decimal(0)},
    )
