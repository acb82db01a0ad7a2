"""Product codes and rates: a code knows no amount, so its product needs a rate per unit."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core.errors import DomainError, Kind
from programs.code_states import BatchStatus
from programs.code_tables import CodeBatch, ProductCode
from programs.policy import PerUnit, PerValue, Rules
from programs.product_history import DayFacts
from programs.product_tables import Product
from programs.rule_tables import RuleStatus, RuleVersion
from programs.tables import Program

_NAMED = 3  # products in an error; the others are counted


class CodesNeedUnitRate(DomainError):
    """Rules count money for `products`, of which there are codes: those would bring nothing."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "codes-need-unit-rate"


class CodeBringsNothing(DomainError):
    """The code is good, but the rules have no rate per unit for `product`; it stays unused."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "code-brings-nothing"


def rate_of(rules: Rules, product: Product | DayFacts) -> PerUnit | PerValue | None:
    """The rate that counts for a product: the first that covers it."""
    return next(
        (r for r in rules.base if r.products.covers(sku=product.sku, family=product.family)), None
    )


def lock_program(session: Session, program_id: UUID) -> None:
    """Rules and batches of codes of a programme come one after the other."""
    session.execute(
        sa.select(col(Program.id))
        .where(col(Program.id) == program_id)
        .with_for_update(key_share=True)
    )


def require_unit_rate(session: Session, *, program_id: UUID, product: Product, on: date) -> None:
    """No published rules of that day or a later one count money for the product.

    The programme is locked until the transaction ends. Raises `CodesNeedUnitRate`.
    """
    lock_program(session, program_id)
    versions = session.exec(
        select(RuleVersion)
        .where(RuleVersion.program_id == program_id, RuleVersion.status == RuleStatus.PUBLISHED)
        .order_by(col(RuleVersion.valid_from))
    ).all()
    begun = max((v.valid_from for v in versions if v.valid_from <= on), default=on)
    for version in versions:
        rules = Rules.model_validate(version.rules)
        if version.valid_from >= begun and isinstance(rate_of(rules, product), PerValue):
            raise CodesNeedUnitRate(products=product.name, number=version.number)


def require_codes_counted(session: Session, *, program_id: UUID, rules: Rules) -> None:
    """No product with codes that somebody may still type would be counted by money.

    The programme is locked until the transaction ends. Raises `CodesNeedUnitRate`.
    """
    lock_program(session, program_id)
    unused = sa.exists().where(
        col(ProductCode.batch_id) == col(CodeBatch.id),
        col(ProductCode.claim_id).is_(None),
        col(ProductCode.voided_at).is_(None),
    )
    coded = session.exec(
        select(Product)
        .where(
            col(Product.id).in_(
                sa.select(col(CodeBatch.product_id)).where(
                    col(CodeBatch.program_id) == program_id,
                    col(CodeBatch.status).in_((BatchStatus.ISSUED, BatchStatus.ACTIVE)),
                    unused,
                )
            )
        )
        .order_by(col(Product.name))
    )
    names = [p.name for p in coded if isinstance(rate_of(rules, p), PerValue)]
    if names:
        more = f" (+{len(names) - _NAMED})" if len(names) > _NAMED else ""
        raise CodesNeedUnitRate(products=", ".join(names[:_NAMED]) + more)
