"""What the system may decide by itself, why, and how far its evidence carries. Pure."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from claims.states import Verdict
from verification.bound import looks_needed, upper_bound


class Route(StrEnum):
    """What proves a purchase. An uploaded XML alone proves nothing: anybody can write one."""

    REGISTRY = "registry"  # found in the KSeF register
    SALES_FEED = "sales_feed"  # found in the seller's own export
    SILENCE = "silence"  # nobody answered in time: trust earned by the participant alone
    READING = "reading"  # sums that hold, from a participant and a partner of earned trust


# What others than the participant say of the document: enough to refuse by.
_PROVEN = (Route.REGISTRY, Route.SALES_FEED)


class Topic(StrEnum):
    """The facts that a decision stands on, in the order in which they are told."""

    PROOF = "proof"
    PAPER = "paper"
    SELLER = "seller"
    BUYER = "buyer"
    DAY = "day"
    UNIQUE = "unique"
    PRODUCTS = "products"
    QUANTITIES = "quantities"
    LIMIT = "limit"
    INDEPENDENT = "independent"
    UNITS = "units"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: what it says for the claim, and a code for why; each has words on the page."""

    topic: Topic
    verdict: Verdict
    code: str


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A line that matched a product of the programme."""

    position: int
    product_sure: bool
    quantity_known: bool
    quantity_proven: bool  # by XML or by sums that hold
    structured: bool = False
    value_known: bool = True  # or no rate counts it


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that is known of a claim before anybody looks; days and parties as codes."""

    paper: str  # sale, advance, no_sale: what kind of paper it is
    seller: str  # our_branch, our_firm, branch_out, branch_unknown, other, unread
    buyer: str  # participant, other, unread
    day: str  # inside, before, after, too_late, future, unread
    looks_known: bool
    errors_found: bool
    lines: Sequence[SeenLine]
    registry: bool
    # Positions that the seller's export confirms; `None` when it says nothing of the claim.
    feed_lines: frozenset[int] | None
    participant_earned: bool
    partner_earned: bool
    linked: bool
    points: int
    # Positions that the XML confirms which KSeF itself gave.
    fetched_lines: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """The programme's thresholds, in points."""

    proof_points: int
    reading_points: int
    silence_points: int = 0

    def of(self, route: Route | None) -> int:
        """The most points of one claim on a route."""
        if route is Route.READING:
            return self.reading_points
        return self.silence_points if route is Route.SILENCE else self.proof_points


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the facts say. `route` is the proof that carries it, if any."""

    verdict: Verdict
    route: Route | None
    facts: tuple[Fact, ...]


def weigh(seen: Seen, limits: Limits) -> Opinion:
    """Approve when every fact is proven, reject what is proven and cannot pay, else abstain."""
    return _weigh(seen, limits, *_proof(seen))


def weigh_silence(seen: Seen, limits: Limits) -> Opinion:
    """The same facts when the partner let the promised time pass: the participant's trust stands
    in for the proof, never for a fact of the document."""
    if any(line.structured for line in seen.lines):
        return _weigh(seen, limits, None, Fact(Topic.PROOF, Verdict.ABSTAIN, "xml_alone"))
    if not seen.participant_earned:
        return _weigh(seen, limits, None, Fact(Topic.PROOF, Verdict.ABSTAIN, "participant_unknown"))
    return _weigh(seen, limits, Route.SILENCE, Fact(Topic.PROOF, Verdict.APPROVE, "silence"))


def _weigh(seen: Seen, limits: Limits, route: Route | None, proof: Fact) -> Opinion:
    most = limits.of(route)
    facts = (
        proof,
        # An advance is known to KSeF too: whoever proves the paper does not prove a delivery.
        _fact(Topic.PAPER, seen.paper == "sale", seen.paper),
        _seller(seen, route),
        _fact(Topic.BUYER, seen.buyer == "participant", seen.buyer),
        _day(seen, route),
        _fact(Topic.UNIQUE, not seen.looks_known, "looks_known" if seen.looks_known else "new"),
        _products(seen),
        _quantities(seen, route),
        _fact(Topic.LIMIT, seen.points <= most, "within" if seen.points <= most else "over"),
        _fact(Topic.INDEPENDENT, not seen.linked, "linked" if seen.linked else "no_link"),
    )
    verdicts = {fact.verdict for fact in facts}
    if Verdict.REJECT in verdicts and route in _PROVEN:
        return Opinion(Verdict.REJECT, route, facts)
    if verdicts == {Verdict.APPROVE}:
        return Opinion(Verdict.APPROVE, route, facts)
    return Opinion(Verdict.ABSTAIN, route, facts)


def _fact(topic: Topic, proven: bool, code: str) -> Fact:
    return Fact(topic, Verdict.APPROVE if proven else Verdict.ABSTAIN, code)


def _proof(seen: Seen) -> tuple[Route | None, Fact]:
    if seen.registry:
        return Route.REGISTRY, Fact(Topic.PROOF, Verdict.APPROVE, "registry")
    if _holds_all(seen, seen.fetched_lines):
        return Route.REGISTRY, Fact(Topic.PROOF, Verdict.APPROVE, "registry_fetched")
    if _holds_all(seen, seen.feed_lines):
        return Route.SALES_FEED, Fact(Topic.PROOF, Verdict.APPROVE, "sales_feed")
    if any(line.structured for line in seen.lines):
        return None, Fact(Topic.PROOF, Verdict.ABSTAIN, "xml_alone")
    if not seen.participant_earned:
        return None, Fact(Topic.PROOF, Verdict.ABSTAIN, "participant_unknown")
    if not seen.partner_earned:
        return None, Fact(Topic.PROOF, Verdict.ABSTAIN, "partner_unknown")
    return Route.READING, Fact(Topic.PROOF, Verdict.APPROVE, "reading")


def _holds_all(seen: Seen, confirmed: Set[int] | None) -> bool:
    wanted = {line.position for line in seen.lines}
    return confirmed is not None and bool(wanted) and wanted <= confirmed


def _seller(seen: Seen, route: Route | None) -> Fact:
    if seen.seller == "branch_out" and route in _PROVEN:
        return Fact(Topic.SELLER, Verdict.REJECT, seen.seller)
    return _fact(Topic.SELLER, seen.seller in ("our_branch", "our_firm"), seen.seller)


def _day(seen: Seen, route: Route | None) -> Fact:
    if seen.day == "inside":
        return Fact(Topic.DAY, Verdict.APPROVE, seen.day)
    proven = route in _PROVEN
    outside = seen.day in ("before", "after", "too_late")
    return Fact(Topic.DAY, Verdict.REJECT if proven and outside else Verdict.ABSTAIN, seen.day)


def _products(seen: Seen) -> Fact:
    if not seen.lines:
        return Fact(Topic.PRODUCTS, Verdict.ABSTAIN, "none")
    sure = all(line.product_sure for line in seen.lines)
    return _fact(Topic.PRODUCTS, sure, "sure" if sure else "in_doubt")


def _quantities(seen: Seen, route: Route | None) -> Fact:
    # The seller's rows, or the register's own XML, say each quantity whatever a picture shows.
    said = route is Route.SALES_FEED or (
        route is Route.REGISTRY and _holds_all(seen, seen.fetched_lines)
    )
    if seen.errors_found and not said:
        return Fact(Topic.QUANTITIES, Verdict.ABSTAIN, "sums_fail")
    if not all(line.value_known for line in seen.lines):
        return Fact(Topic.QUANTITIES, Verdict.ABSTAIN, "value_unknown")
    held = all(line.quantity_known and (line.quantity_proven or said) for line in seen.lines)
    return _fact(Topic.QUANTITIES, held, "proven" if held else "in_doubt")


class Course(StrEnum):
    """What the evidence allows a route now."""

    WITHIN = "within"  # the bound lies well under the ceiling
    NARROWED = "narrowed"  # under it, but close: only smaller claims
    WATCHED = "watched"  # proven by others, our own evidence is thin: all are looked at again
    THIN = "thin"  # stopped: too few were looked at
    OVER = "over"  # stopped: too many of them were wrong
    BACKLOG = "backlog"  # stopped: people have not looked at those that were drawn
    OFF = "off"  # the programme does not want it


@dataclass(frozen=True, slots=True)
class Evidence:
    """What second looks found on one route. Draws, not claims: a larger claim has more of them."""

    looked_at: int = 0
    errors: int = 0
    waiting: int = 0  # claims that were drawn and that nobody has looked at yet


@dataclass(frozen=True, slots=True)
class Steering:
    """The programme's ceiling, and how many drawn claims may wait for their second look."""

    on: bool
    ceiling: Decimal
    sample_share: Decimal
    most_waiting: int


@dataclass(frozen=True, slots=True)
class Permit:
    """What a route may decide now: up to so many points, with that chance of a second look."""

    course: Course
    bound: float
    needed: int
    limit_points: int
    sample_share: Decimal


def permit(route: Route, evidence: Evidence, limits: Limits, steering: Steering) -> Permit:
    """Turn the evidence of one route into what it may do until there is more."""
    ceiling = float(steering.ceiling)
    most = limits.of(route)
    bound = upper_bound(evidence.errors, evidence.looked_at)
    needed = looks_needed(ceiling, errors=evidence.errors)
    course, share = _course(route, evidence, steering, bound, ceiling)
    if course in (Course.WITHIN, Course.WATCHED):
        limit = most
    elif course is Course.NARROWED:
        limit = int(most * (ceiling - bound) / (ceiling / 2))
    else:
        limit = 0
    return Permit(course, bound, needed, limit, share)


def _course(
    route: Route, evidence: Evidence, steering: Steering, bound: float, ceiling: float
) -> tuple[Course, Decimal]:
    if route is Route.SILENCE:
        # Never sampled: every one is looked at, and it stops as soon as errors pass the ceiling.
        steering = replace(steering, sample_share=Decimal(1))
    if not steering.on:
        return Course.OFF, steering.sample_share
    if evidence.waiting >= steering.most_waiting:
        return Course.BACKLOG, Decimal(1)
    if bound <= ceiling:
        # Proof from a register does not weaken with our sample; a reading's does.
        near = route is Route.READING and bound > ceiling / 2
        return (Course.NARROWED if near else Course.WITHIN), steering.sample_share
    if evidence.errors and evidence.looked_at >= looks_needed(ceiling):
        return Course.OVER, Decimal(1)
    if route is Route.READING:
        return Course.THIN, Decimal(1)
    return (Course.OVER if evidence.errors else Course.WATCHED), Decimal(1)


def draws_of(points: int, draw_points: int) -> int:
    """How often a claim takes part in the draw: once for each begun `draw_points`."""
    return max(1, -(-points // draw_points))
