"""Attributed sales by one dimension, beside an earlier period or spread over months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from analytics import consent
from analytics.disclosure import Group, enough, hidden
from analytics.periods import Period
from analytics.selection import Selection, attributed, day_of
from claims.tables import Claim, ClaimLine
from partners.tables import Branch, Partner
from programs.product_tables import Product
from programs.tables import Participant

Key = UUID | str | date | None


class Dimension(StrEnum):
    PRODUCT = "product"
    FAMILY = "family"
    PARTNER = "partner"
    BRANCH = "branch"
    VOIVODESHIP = "voivodeship"
    MONTH = "month"
    PARTICIPANT = "participant"  # only those who agreed to be seen


@dataclass(frozen=True, slots=True)
class Amounts:
    units: Decimal = Decimal(0)
    points: int = 0
    claims: int = 0


@dataclass(frozen=True, slots=True)
class PivotRow:
    """A row: what it is about, its amounts, the earlier ones, and by month where asked for.

    A month that is `None` has too few firms to be shown; one that is missing has nothing.
    """

    key: Key
    label: str
    detail: str
    now: Amounts
    before: Amounts | None = None
    months: dict[date, Amounts | None] = field(default_factory=dict)
    together: bool = False  # several small groups, put together


@dataclass(frozen=True, slots=True)
class Pivot:
    """`total` covers all rows of all pages; it is `None` where it would name the nameless."""

    rows: tuple[PivotRow, ...]
    total: PivotRow | None
    more: bool


def month_of(chosen: Selection) -> Any:
    return sa.cast(sa.func.date_trunc(sa.literal_column("'month'"), day_of(chosen)), sa.Date)


def _key(dimension: Dimension, chosen: Selection) -> Any:
    return {
        Dimension.PRODUCT: col(Product.id),
        Dimension.FAMILY: col(Product.family),
        Dimension.PARTNER: col(Branch.partner_id),
        Dimension.BRANCH: col(Branch.id),
        Dimension.VOIVODESHIP: col(Branch.voivodeship),
        Dimension.MONTH: month_of(chosen),
        Dimension.PARTICIPANT: col(Claim.participant_id),
    }[dimension]


AMOUNTS = (
    sa.func.coalesce(sa.func.sum(col(ClaimLine.quantity_accepted)), 0),
    sa.func.coalesce(sa.func.sum(col(ClaimLine.points)), 0),
    sa.func.count(sa.distinct(col(Claim.id))),
)


FIRMS = sa.func.count(sa.distinct(col(Participant.nip)))


def _amounts(row: Sequence[Any]) -> Amounts:
    return Amounts(Decimal(row[0]), int(row[1]), int(row[2]))


def _grouped(chosen: Selection, period: Period, dimension: Dimension, *more: Any) -> Any:
    """Sums by the dimension's key. Participant is joined; of people only those who agreed."""
    query = attributed(chosen, period, *more).join(
        Participant, col(Participant.id) == col(Claim.participant_id)
    )
    if dimension is Dimension.PARTICIPANT:
        query = query.where(col(Participant.person_id).in_(consent.agreed(chosen.program_id)))
    return query


def pivot(
    session: Session,
    chosen: Selection,
    dimension: Dimension,
    *,
    before: Period | None = None,
    by_month: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> Pivot:
    """Rows with most units first (months in their order); small regions stand together."""
    key = _key(dimension, chosen).label("key")
    order = [key] if dimension is Dimension.MONTH else [AMOUNTS[0].desc(), key.asc().nulls_last()]
    small = _small(session, chosen, dimension, key)
    query = _grouped(chosen, chosen.period, dimension, key, *AMOUNTS).group_by(key)
    if small:
        query = query.where(sa.func.coalesce(col(Branch.voivodeship), "").not_in(small))
    rows = session.execute(query.order_by(*order).offset(offset).limit(limit + 1)).all()
    more, rows = len(rows) > limit, rows[:limit]
    keys = [row[0] for row in rows]
    earlier = _by_key(session, chosen, dimension, before, keys) if before else None
    months = _months(session, chosen, dimension, keys) if by_month else {}
    labels = _labels(session, dimension, keys)
    made = [
        PivotRow(
            key=row[0],
            label=labels.get(row[0], ("", ""))[0],
            detail=labels.get(row[0], ("", ""))[1],
            now=_amounts(row[1:]),
            before=None if earlier is None else earlier.get(row[0], Amounts()),
            months=months.get(row[0], {}),
        )
        for row in rows
    ]
    if small and not more:
        made.append(_together(session, chosen, small, before, by_month))
    total = None
    if dimension is not Dimension.PARTICIPANT:
        total = _total(session, chosen, before, by_month)
    return Pivot(tuple(made), total, more)


def _small(session: Session, chosen: Selection, dimension: Dimension, key: Any) -> list[str]:
    """The regions that are not shown one by one; the unknown region is an empty text."""
    if dimension is not Dimension.VOIVODESHIP:
        return []
    rows = session.execute(
        _grouped(chosen, chosen.period, dimension, key, AMOUNTS[0], FIRMS).group_by(key)
    )
    return sorted(hidden(Group(row[0] or "", int(row[2]), float(row[1])) for row in rows))


def _by_key(
    session: Session, chosen: Selection, dimension: Dimension, period: Period, keys: list[Key]
) -> dict[Key, Amounts] | None:
    """Earlier amounts; `None` when a region had too few firms then to be shown."""
    if dimension is Dimension.MONTH:
        return None
    key = _key(dimension, chosen)
    rows = session.execute(
        _grouped(chosen, period, dimension, key, *AMOUNTS, FIRMS).where(key.in_(keys)).group_by(key)
    ).all()
    if dimension is Dimension.VOIVODESHIP and not all(enough(row[4]) for row in rows):
        return None
    return {row[0]: _amounts(row[1:4]) for row in rows}


def _months(
    session: Session, chosen: Selection, dimension: Dimension, keys: list[Key]
) -> dict[Key, dict[date, Amounts | None]]:
    key, month = _key(dimension, chosen).label("key"), month_of(chosen).label("month")
    found: dict[Key, dict[date, tuple[Amounts, int]]] = {}
    rows = session.execute(
        _grouped(chosen, chosen.period, dimension, key, month, *AMOUNTS, FIRMS)
        .where(_key(dimension, chosen).in_(keys))
        .group_by(key, month)
    )
    for row in rows:
        found.setdefault(row[0], {})[row[1]] = (_amounts(row[2:5]), int(row[5]))
    made: dict[Key, dict[date, Amounts | None]] = {}
    for of, cells in found.items():
        few: frozenset[date] = frozenset()
        if dimension is Dimension.VOIVODESHIP:
            few = hidden(
                Group(month, firms, float(amounts.units))
                for month, (amounts, firms) in cells.items()
            )
        made[of] = {month: None if month in few else cells[month][0] for month in cells}
    return made


def _sum(
    session: Session,
    chosen: Selection,
    before: Period | None,
    by_month: bool,
    *conditions: Any,
) -> tuple[Amounts, Amounts | None, dict[date, Amounts | None]]:
    def over(period: Period) -> Amounts:
        return _amounts(
            session.execute(attributed(chosen, period, *AMOUNTS).where(*conditions)).one()
        )

    months: dict[date, Amounts | None] = {}
    if by_month:
        month = month_of(chosen).label("month")
        rows = session.execute(
            attributed(chosen, chosen.period, month, *AMOUNTS).where(*conditions).group_by(month)
        )
        months = {row[0]: _amounts(row[1:]) for row in rows}
    return over(chosen.period), over(before) if before else None, months


def _total(session: Session, chosen: Selection, before: Period | None, by_month: bool) -> PivotRow:
    return PivotRow(None, "", "", *_sum(session, chosen, before, by_month))


def _together(
    session: Session, chosen: Selection, small: list[str], before: Period | None, by_month: bool
) -> PivotRow:
    condition = sa.func.coalesce(col(Branch.voivodeship), "").in_(small)
    sums = _sum(session, chosen, before, by_month, condition)
    return PivotRow(None, "", "", *sums, together=True)


def _labels(session: Session, dimension: Dimension, keys: list[Key]) -> dict[Key, tuple[str, str]]:
    """Name and detail by key; keys that speak for themselves are worded by who shows them."""
    columns: dict[Dimension, tuple[Any, Any, Any]] = {
        Dimension.PRODUCT: (col(Product.id), col(Product.name), col(Product.sku)),
        Dimension.PARTNER: (col(Partner.id), col(Partner.short_name), sa.literal("")),
        Dimension.BRANCH: (
            col(Branch.id),
            sa.func.concat(col(Partner.short_name), ", ", col(Branch.name)),
            col(Branch.city),
        ),
        Dimension.PARTICIPANT: (
            col(Participant.id),
            col(Participant.company_name),
            col(Participant.voivodeship),
        ),
    }
    if dimension not in columns:
        return {key: (str(key or ""), "") for key in keys}
    id_column, name, detail = columns[dimension]
    query = sa.select(id_column, name, detail).where(id_column.in_([key for key in keys if key]))
    if dimension is Dimension.BRANCH:
        query = query.join(Partner, col(Partner.id) == col(Branch.partner_id))
    return {row[0]: (row[1], row[2]) for row in session.execute(query)}
