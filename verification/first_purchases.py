"""A first purchase whose decision is undone is still to be given: to whichever decision comes next.

The bonus is paid once, to the first line that is credited while no living line has it. What an
undone decision had of it is remembered on another living line of the participant, where it stands
as a bonus that is still due; without any other, the next purchase is the first one anyway.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from claims import queries
from claims.tables import Claim, ClaimLine


def clauses_of(lines: Sequence[ClaimLine]) -> list[str]:
    """The first purchases (their identities) that these lines have, or remember as still due."""
    found = [
        *(
            str(bonus.get("key") or bonus["clause"])
            for line in lines
            for bonus in line.rule_facts.get("granted", ())
            if bonus["kind"] == "first_purchase" and line.quantity_accepted
        ),
        *(str(clause) for line in lines for clause in line.rule_facts.get("displaced", ())),
    ]
    return list(dict.fromkeys(found))


def find_bearer(session: Session, claim: Claim) -> UUID | None:
    """The other claim of the participant that remembers what an undone one had; None: no need."""
    if not clauses_of(queries.list_lines(session, claim.id)):
        return None
    line = _bearing(session, claim)
    return line.claim_id if line is not None else None


def remember(session: Session, claim: Claim, clauses: Collection[str]) -> None:
    """Keep the bonuses of an undone claim due. The participant is locked, and the bearer."""
    line = _bearing(session, claim) if clauses else None
    if line is None:
        return
    line.rule_facts = _with(line.rule_facts, clauses)
    if line.granted:
        line.granted = {**line.granted, "facts": _with(line.granted["facts"], clauses)}
    session.add(line)
    session.flush()


def _with(facts: Mapping[str, Any], clauses: Collection[str]) -> dict[str, Any]:
    if not facts:
        return dict(facts)
    return {**facts, "displaced": list(dict.fromkeys([*facts.get("displaced", ()), *clauses]))}


def _bearing(session: Session, claim: Claim) -> ClaimLine | None:
    """The participant's oldest living line of another claim that was judged with its facts."""
    return session.exec(
        select(ClaimLine)
        .join(Claim, col(Claim.id) == col(ClaimLine.claim_id))
        .where(
            Claim.participant_id == claim.participant_id,
            Claim.id != claim.id,
            col(ClaimLine.quantity_accepted) > 0,
            col(ClaimLine.rule_facts) != {},
        )
        .order_by(col(Claim.decided_at), col(Claim.id), col(ClaimLine.position))
        .limit(1)
        .execution_options(populate_existing=True)
    ).first()
