"""The life of a claim as a table."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from core.errors import IllegalTransition


class ClaimStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    READING = "reading"
    MATCHING = "matching"
    NEEDS_INFORMATION = "needs_information"
    AWAITING_PARTNER = "awaiting_partner"
    APPROVED = "approved"
    PARTIALLY_APPROVED = "partially_approved"
    REJECTED = "rejected"
    APPEALED = "appealed"
    UPHELD = "upheld"
    OVERTURNED = "overturned"
    REVERSED = "reversed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


S = ClaimStatus
_DECIDED = frozenset({S.APPROVED, S.PARTIALLY_APPROVED, S.REJECTED})

TRANSITIONS: Mapping[ClaimStatus, frozenset[ClaimStatus]] = MappingProxyType(
    {
        S.DRAFT: frozenset({S.SUBMITTED, S.CANCELLED, S.EXPIRED}),
        S.SUBMITTED: frozenset({S.READING, S.CANCELLED}),
        S.READING: frozenset({S.MATCHING, S.AWAITING_PARTNER, S.NEEDS_INFORMATION, S.CANCELLED}),
        S.MATCHING: _DECIDED | {S.AWAITING_PARTNER, S.NEEDS_INFORMATION, S.CANCELLED},
        S.NEEDS_INFORMATION: frozenset(
            {S.READING, S.MATCHING, S.AWAITING_PARTNER, S.CANCELLED, S.EXPIRED}
        ),
        S.AWAITING_PARTNER: _DECIDED | {S.NEEDS_INFORMATION, S.CANCELLED},
        # A decision is undone within seconds or later with a reason; a correction reverses it.
        S.APPROVED: frozenset({S.REVERSED, S.APPEALED, S.AWAITING_PARTNER}),
        S.PARTIALLY_APPROVED: frozenset({S.REVERSED, S.APPEALED, S.AWAITING_PARTNER}),
        S.REJECTED: frozenset({S.APPEALED, S.AWAITING_PARTNER}),
        S.APPEALED: frozenset({S.UPHELD, S.OVERTURNED}),
        S.UPHELD: frozenset(),
        S.OVERTURNED: frozenset({S.REVERSED}),
        # A later correction sells again what came back: it is what it was before.
        S.REVERSED: frozenset({S.APPROVED, S.PARTIALLY_APPROVED, S.OVERTURNED}),
        S.CANCELLED: frozenset(),
        S.EXPIRED: frozenset(),
    }
)

OPEN = frozenset(
    {S.DRAFT, S.SUBMITTED, S.READING, S.MATCHING, S.NEEDS_INFORMATION, S.AWAITING_PARTNER}
)
DECIDED = frozenset({*_DECIDED, S.APPEALED, S.UPHELD, S.OVERTURNED, S.REVERSED})
# What no longer counts against a second claim of the same document, unless lines of it are paid
# (`claims.living`).
RELEASED = frozenset({S.REJECTED, S.UPHELD, S.CANCELLED, S.EXPIRED})


def check(current: ClaimStatus, target: ClaimStatus) -> None:
    """Raise `IllegalTransition` unless the table has the step."""
    if target not in TRANSITIONS[current]:
        raise IllegalTransition(
            f"A claim that is {current} cannot become {target}.", current=current, target=target
        )


class Verdict(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    ABSTAIN = "abstain"


class ReasonCode(StrEnum):
    """Why a line or a claim is not paid, or waits. Each has words for the participant."""

    COUNTED = "counted"
    DUPLICATE = "duplicate"
    UNREADABLE = "unreadable"
    NOT_OUR_DOCUMENT = "not_our_document"
    OTHER_BUYER = "other_buyer"
    OUTSIDE_PERIOD = "outside_period"
    NOT_IN_PROGRAM = "not_in_program"
    RETURNED_GOODS = "returned_goods"
    SUSPECTED_FORGERY = "suspected_forgery"
    OTHER = "other"
    PRODUCT_UNCERTAIN = "product_uncertain"
    QUANTITY_UNCERTAIN = "quantity_uncertain"
    ALREADY_CLAIMED = "already_claimed"
    CAP_REACHED = "cap_reached"
    BRANCH_NOT_IN_PROGRAM = "branch_not_in_program"
    VALUE_UNCERTAIN = "value_uncertain"  # its rate counts złoty, and nothing says how many
    ADVANCE = "advance"  # the final invoice shows what was delivered
    NO_SALE = "no_sale"  # pro forma, order, delivery note, a slip that is not fiscal
    PRODUCT_NOT_IN_DAYS = "product_not_in_days"  # it takes part on other days than the purchase's
    NO_RATE = "no_rate"  # the rules of the purchase's day have no points for the product


# Reasons that the participant can do something about.
FIXABLE = frozenset(
    {
        ReasonCode.UNREADABLE,
        ReasonCode.PRODUCT_UNCERTAIN,
        ReasonCode.QUANTITY_UNCERTAIN,
        ReasonCode.VALUE_UNCERTAIN,
        ReasonCode.ADVANCE,
        ReasonCode.NO_SALE,
    }
)


def outcome(verdicts: list[Verdict]) -> ClaimStatus:
    """What a claim becomes when every line is judged: all, some or none paid."""
    paid = sum(verdict is Verdict.APPROVE for verdict in verdicts)
    if paid == 0:
        return ClaimStatus.REJECTED
    return ClaimStatus.APPROVED if paid == len(verdicts) else ClaimStatus.PARTIALLY_APPROVED
