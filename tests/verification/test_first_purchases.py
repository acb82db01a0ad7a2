"""A first purchase is paid once, whatever is undone, refused and decided in whatever order."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from claims import proofs as claim_proofs
from claims import queries
from claims.states import ReasonCode
from claims.tables import Claim
from points import proofs
from programs.policy import FirstPurchase, PerUnit, Rules
from tests import make
from tests.conftest import NOON
from tests.verification.corrected import approve, original, read, spendable
from verification import decisions, undoing
from verification.tables import Decision, Review, ReviewStatus

RULES = Rules(
    base=(PerUnit(clause="sztuka", points=Decimal(1)),),
    bonuses=(FirstPurchase(clause="start", points=Decimal(100)),),
)


def test_one_living_claim_has_the_first_purchase_after_any_order_of_decisions(
    session: Session,
) -> None:
    of = make.world(session, rules=RULES)
    claims = []
    for number in ("FV/1", "FV/2", "FV/3"):
        claim = make.submitted(session, of)
        make.read(session, claim, read(original(of, number)))
        claims.append(claim)

    def toggle(claim: Claim, *, pay: bool) -> None:
        standing = session.exec(
            select(Decision).where(Decision.claim_id == claim.id, col(Decision.undone_at).is_(None))
        ).one_or_none()
        if standing is not None:
            undoing.undo(session, decision_id=standing.id, clerk=of.clerk, note="?", at=NOON)
            return
        review = session.exec(
            select(Review).where(Review.claim_id == claim.id, Review.status != ReviewStatus.DONE)
        ).one()
        if pay:
            approve(session, of, review)
            return
        decisions.reject(
            session, review=review, clerk=of.clerk, reason=ReasonCode.OTHER_BUYER, at=NOON
        )

    steps = st.lists(st.tuples(st.integers(0, 2), st.booleans()), min_size=3, max_size=9)

    @settings(
        max_examples=12, deadline=None, database=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(chain=steps)
    def once(chain: list[tuple[int, bool]]) -> None:
        with session.begin_nested() as example:
            for number, pay in chain:
                toggle(claims[number], pay=pay)
                living = [claim for claim in claims if claim.points]
                bonuses = [
                    bonus["clause"]
                    for claim in claims
                    for line in queries.list_lines(session, claim.id)
                    for bonus in line.rule_facts.get("granted", ())
                ]
                assert len(bonuses) <= 1
                points = sum(claim.points for claim in claims)
                assert points == spendable(session, of) == 62 * len(living) + 100 * len(bonuses)
            for claim in claims:  # Whatever was undone: the next decision that pays brings it.
                if not bonuses and not claim.points:
                    if any(x.verdict for x in queries.list_lines(session, claim.id)):
                        toggle(claim, pay=True)
                    toggle(claim, pay=True)
                    assert claim.points == 162
                    break
            assert [*proofs.faults(session), *claim_proofs.faults(session)] == []
            example.rollback()
        session.expire_all()

    once()
