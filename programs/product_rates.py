"""Products of a file for which no living rules would have points: said before they are written."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from programs.policy import Rules
from programs.product_import import Effect, ImportRow
from programs.queries import NoRulesInForce, get_rules_in_force
from programs.rule_tables import RuleStatus, RuleVersion


def living_rules(session: Session, *, program_id: UUID, today: date) -> list[Rules]:
    """The rules in force from tomorrow on, when a change begins to count, and those planned."""
    tomorrow, found = today + timedelta(days=1), []
    with suppress(NoRulesInForce):
        found.append(get_rules_in_force(session, program_id=program_id, on=tomorrow)[1])
    planned = session.exec(
        select(RuleVersion.rules).where(
            RuleVersion.program_id == program_id,
            RuleVersion.status == RuleStatus.PUBLISHED,
            col(RuleVersion.valid_from) > tomorrow,
        )
    )
    return found + [Rules.model_validate(rules) for rules in planned]


def unpaid(
    session: Session, rows: Iterable[ImportRow], *, program_id: UUID, today: date
) -> list[ImportRow]:
    """New products and those that change their family that some living rules have no rate for."""
    rules = living_rules(session, program_id=program_id, today=today)
    return [
        row
        for row in rows
        if row.facts is not None
        and (row.effect is Effect.ADDS or any(change.field == "family" for change in row.changes))
        and any(not one.pays(sku=row.facts.sku, family=row.facts.family) for one in rules)
    ]
