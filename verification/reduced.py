"""What a decision refused, shortened or changed of a claim's lines, told on its receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, col, select

from claims.states import ReasonCode, Verdict
from claims.tables import Claim, ClaimLine
from core.money import to_amount
from programs.product_tables import Product
from verification import correcting, cuts
from verification.conversation_tables import FieldCorrection


class How(StrEnum):
    """What became of a line that was claimed."""

    REFUSED = "refused"  # the whole line, for `reason`
    SHORTENED = "shortened"  # fewer units than were read
    FOREIGN = "foreign"  # read as the programme's, called none of it
    PRODUCT = "product"  # counted as another product than was read
    VALUE = "value"  # counted with a smaller value than was read


@dataclass(frozen=True, slots=True)
class Reduced:
    """One thing that a decision took off or changed; quantities as the document counts.

    `was` and `got` are names of products or amounts in zł where `how` says so. `regained` is what
    an appeal counted after all.
    """

    position: int
    name: str
    unit: str
    how: How
    read: Decimal | None = None
    accepted: Decimal = Decimal(0)
    regained: Decimal = Decimal(0)
    reason: ReasonCode | None = None
    was: str = ""
    got: str = ""


def reduced_of(
    session: Session, claim: Claim, lines: Sequence[ClaimLine], *, overturned: bool = False
) -> tuple[Reduced, ...]:
    """In the order of the lines. What a correcting invoice took back later is none of it.

    `overturned`: an appeal brought lines of its own.
    """
    before = _before(session, claim.id)
    products = _products(session, lines, before)
    cut = {one.position: one for one in cuts.cuts_of(session, claim.id)}
    added = {
        (line.product_id, line.description): line.quantity or Decimal(0)
        for line in lines
        if overturned and line.match_reason == correcting.TYPED and line.quantity_accepted
    }
    found = []
    for line in lines:
        product = products.get(str(line.product_id))
        name = product.name if product else line.description
        if line.verdict is Verdict.REJECT and not line.rule_facts:
            foreign = line.reason is ReasonCode.NOT_IN_PROGRAM
            named = line.product_id or line.reason is ReasonCode.PRODUCT_UNCERTAIN
            if line.position not in cut if foreign else not named:
                continue  # It never was the programme's.
            how = How.FOREIGN if foreign else How.REFUSED
            found.append(
                Reduced(line.position, name, line.unit, how, line.quantity, reason=line.reason)
            )
        elif line.verdict is Verdict.APPROVE:
            found += _shortened(line, name, cut.get(line.position), added)
            found += _changed(line, name, before, products)
    return tuple(found)


def _shortened(
    line: ClaimLine,
    name: str,
    cut: cuts.Cut | None,
    added: dict[tuple[UUID | None, str], Decimal],
) -> list[Reduced]:
    if cut is None or line.quantity is None or line.quantity >= cut.read:
        return []
    regained = min(
        added.pop((line.product_id, line.description), Decimal(0)), cut.read - line.quantity
    )
    return [
        Reduced(
            line.position,
            name,
            line.unit,
            How.SHORTENED,
            cut.read,
            accepted=line.quantity,
            regained=regained,
        )
    ]


def _changed(
    line: ClaimLine,
    name: str,
    before: dict[tuple[int, str], str],
    products: dict[str, Product],
) -> list[Reduced]:
    found = []
    was = products.get(before.get((line.position, "product"), ""))
    if was is not None and was.id != line.product_id:
        found.append(Reduced(line.position, name, line.unit, How.PRODUCT, was=was.name, got=name))
    value = before.get((line.position, "value"), "")
    if value and line.line_net_grosze is not None:
        now = to_amount(line.line_net_grosze)
        if now < Decimal(value):
            found.append(
                Reduced(line.position, name, line.unit, How.VALUE, was=value, got=str(now))
            )
    return found


def _before(session: Session, claim_id: UUID) -> dict[tuple[int, str], str]:
    """What the reader said of each field that people changed: the first value of each."""
    rows = session.exec(
        select(FieldCorrection)
        .where(
            FieldCorrection.claim_id == claim_id,
            col(FieldCorrection.field).op("~")("^line-[0-9]+-(product|value)$"),
        )
        .order_by(col(FieldCorrection.at), col(FieldCorrection.id))
    )
    found: dict[tuple[int, str], str] = {}
    for row in rows:
        _, position, field = row.field.split("-")
        found.setdefault((int(position), field), row.before)
    return found


def _products(
    session: Session, lines: Sequence[ClaimLine], before: dict[tuple[int, str], str]
) -> dict[str, Product]:
    ids = {line.product_id for line in lines if line.product_id is not None}
    ids |= {UUID(text) for (_, field), text in before.items() if field == "product" and text}
    rows = session.exec(select(Product).where(col(Product.id).in_(ids)))
    return {str(row.id): row for row in rows}
