"""A claim that is paid already is judged again, and exactly what its lines lose goes back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from claims import queries
from claims.granted import remember
from claims.states import ReasonCode, Verdict
from claims.tables import Claim, ClaimLine
from points import reversals
from programs import budgets
from verification.judging import award_reference
from verification.kept_points import Kept, keep


def with_target(session: Session, participants: Collection[UUID]) -> list[UUID]:
    """The claims on which a target is paid that other claims of theirs may have reached."""
    return list(
        session.exec(
            select(Claim.id)
            .join(ClaimLine, col(ClaimLine.claim_id) == col(Claim.id))
            .where(
                col(Claim.participant_id).in_(participants),
                col(ClaimLine.rule_facts).contains({"granted": [{"kind": "target"}]}),
            )
            .distinct()
            .order_by(col(Claim.id))
        )
    )


def lower(
    session: Session,
    claim: Claim,
    *,
    taken: Mapping[UUID, Decimal],
    take: Callable[[ClaimLine, int], None],
    keep_granted: bool = False,
) -> list[str]:
    """Put a locked claim's lines right; the names of the rules whose bonuses went.

    With `keep_granted` a later correction may give back what is taken (`claims.granted`).

    `taken` are the units that were just taken out of lines. `take` is called for every line that
    was ever paid, with the points that go back out of its award (zero or more).
    """
    kept = keep(session, claim, taken=taken)
    # A line that is gone may still hold, in its award, the bonus that went over to another.
    every = queries.list_lines(session, claim.id)
    lines = [line for line in every if line.rule_version_id or line.id in kept]
    costs = _costs(session, lines, kept)
    changing = [line for line in lines if line.id in kept]
    for line in changing:
        budgets.give_back(
            session,
            program_id=claim.program_id,
            rule_facts=line.rule_facts,
            points=line.points - kept[line.id].points,
        )
    for line in lines:
        take(line, costs[line.id])
    for line in changing:
        now = kept[line.id]
        if keep_granted and line.points != now.points:
            remember(line)
        line.points, line.explanation, line.rule_facts = now.points, now.steps, now.facts
        if not line.quantity_accepted:
            line.verdict, line.reason = Verdict.REJECT, ReasonCode.RETURNED_GOODS
        session.add(line)
    session.flush()
    return list(dict.fromkeys(clause for line in changing for clause in kept[line.id].lost))


def _costs(
    session: Session, lines: Sequence[ClaimLine], kept: Mapping[UUID, Kept]
) -> dict[UUID, int]:
    """How much of each line's award goes back, so that all of them together lose what they lost.

    A bonus that went over to another line stays in the award that it was paid with.
    """
    awards = {line.id: award_reference(session, line) for line in lines}
    there = reversals.list_left(session, awards.values())
    falls = {x.id: x.points - kept[x.id].points if x.id in kept else 0 for x in lines}
    left = sum(falls.values())
    costs: dict[UUID, int] = {}
    for wanted in (True, False):
        for line in lines:
            most = there.get(awards[line.id], 0) - costs.get(line.id, 0)
            if wanted:
                most = min(most, max(falls[line.id], 0))
            part = min(most, left)
            costs[line.id] = costs.get(line.id, 0) + part
            left -= part
    assert not left, "more points go back than were awarded"
    return costs
