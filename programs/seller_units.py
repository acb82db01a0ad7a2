"""What one printed unit of a seller's name holds, learned from what people said at the desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core.errors import NotFound
from programs import withdrawals
from programs.product_tables import AliasKind, Product, SellerUnit
from programs.unit_words import unit_key


class SellerUnitNotFound(NotFound):
    code = "seller-unit-not-found"


def learn(
    session: Session,
    *,
    program_id: UUID,
    seller_nip: str,
    name: tuple[str, str],
    printed: str,
    product: Product,
    units: Decimal,
    keep: bool = True,
    claim_id: UUID,
    confirmed_by: str,
    at: datetime,
) -> bool:
    """Remember an answer, or who said the same again; whether it contradicts an earlier one.

    `name` is as `programs.matching_units.name_key` says. Another answer withdraws the older; with
    `keep` false nothing takes its place, because the product itself says something else and is not
    overridden. An unprinted unit may as well be an unread one: nothing is learned of it.
    """
    key = unit_key(printed)
    if not key:
        return False
    same = (
        col(SellerUnit.program_id) == program_id,
        col(SellerUnit.seller_nip) == seller_nip,
        col(SellerUnit.kind) == name[0],
        col(SellerUnit.text) == name[1],
        col(SellerUnit.printed) == key,
        col(SellerUnit.withdrawn_at).is_(None),
    )
    agrees = sa.and_(
        col(SellerUnit.product_id) == product.id,
        col(SellerUnit.product_unit) == product.unit,
        col(SellerUnit.units) == units,
    )
    replaced = session.execute(
        sa.update(SellerUnit)
        .where(*same, sa.not_(agrees))
        .values(withdrawn_by=confirmed_by, withdrawn_at=at)
        .execution_options(synchronize_session="fetch")
    )
    contradicted = bool(replaced.rowcount)  # type: ignore[attr-defined]
    if not keep:
        return contradicted
    made = session.execute(
        insert(SellerUnit)
        .values(
            program_id=program_id,
            seller_nip=seller_nip,
            kind=AliasKind(name[0]),
            text=name[1],
            printed=key,
            shown=printed.strip(),
            product_id=product.id,
            product_unit=product.unit,
            units=units,
            claim_id=claim_id,
            confirmed_by=confirmed_by,
            confirmed_at=at,
        )
        .on_conflict_do_nothing()
        .returning(col(SellerUnit.id))
    ).scalar_one_or_none()
    if made is None:
        session.execute(
            sa.update(SellerUnit)
            .where(
                *same,
                agrees,
                col(SellerUnit.second_by).is_(None),
                col(SellerUnit.confirmed_by) != confirmed_by,
                col(SellerUnit.claim_id) != claim_id,
            )
            .values(second_by=confirmed_by, second_at=at, second_claim_id=claim_id)
            .execution_options(synchronize_session="fetch")
        )
    return contradicted


def trusted(session: Session, ids: Sequence[UUID]) -> frozenset[UUID]:
    """Which of them two people have said and nobody withdrew: the system may pay by these."""
    if not ids:
        return frozenset()
    found = session.exec(
        select(SellerUnit.id).where(
            col(SellerUnit.id).in_(ids),
            col(SellerUnit.second_by).is_not(None),
            col(SellerUnit.withdrawn_at).is_(None),
        )
    )
    return frozenset(found)


def list_units(session: Session, product: Product) -> list[SellerUnit]:
    """What sellers' units hold of a product: living answers first, then the withdrawn."""
    return list(
        session.exec(
            select(SellerUnit)
            .where(SellerUnit.product_id == product.id)
            .order_by(
                col(SellerUnit.withdrawn_at).is_not(None),
                col(SellerUnit.seller_nip),
                col(SellerUnit.text),
                col(SellerUnit.printed),
                col(SellerUnit.confirmed_at).desc(),
            )
        )
    )


def get(session: Session, *, program_id: UUID, product_id: UUID, unit_id: UUID) -> SellerUnit:
    """The programme's answer for this very product. Raises `SellerUnitNotFound`."""
    found = session.get(SellerUnit, unit_id)
    if found is None or found.program_id != program_id or found.product_id != product_id:
        raise SellerUnitNotFound
    return found


def withdraw(
    session: Session,
    *,
    program_id: UUID,
    product_id: UUID,
    unit_id: UUID,
    actor: str,
    at: datetime,
) -> SellerUnit:
    """The unit is asked again, also on claims that wait; what was paid is not undone.

    Withdrawing twice leaves the first withdrawal. Raises `SellerUnitNotFound`.
    """
    get(session, program_id=program_id, product_id=product_id, unit_id=unit_id)
    return withdrawals.withdraw(
        session,
        SellerUnit,
        unit_id,
        program_id=program_id,
        missing=SellerUnitNotFound,
        noun="seller_unit",
        actor=actor,
        at=at,
    )


def withdraw_of_claim(session: Session, *, claim_id: UUID, actor: str, at: datetime) -> None:
    """The decision on which it was said is undone, so nothing is remembered of it."""
    session.execute(
        sa.update(SellerUnit)
        .where(col(SellerUnit.second_claim_id) == claim_id, col(SellerUnit.withdrawn_at).is_(None))
        .values(second_by=None, second_at=None, second_claim_id=None)
        .execution_options(synchronize_session="fetch")
    )
    session.execute(
        sa.update(SellerUnit)
        .where(col(SellerUnit.claim_id) == claim_id, col(SellerUnit.withdrawn_at).is_(None))
        .values(withdrawn_by=actor, withdrawn_at=at)
        .execution_options(synchronize_session="fetch")
    )
