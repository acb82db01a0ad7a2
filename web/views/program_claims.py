"""The programme's claims as the manufacturer may see them: own products, no prices, few names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from analytics.claim_list import ListedClaim
from analytics.own_lines import OwnLine
from analytics.selection import PAID
from claims.states import ClaimStatus, Verdict
from claims.tables import Channel, ClaimEvent
from core.formats import Formats
from web.error_texts import N_
from web.texts.units import unit_word
from web.views.claim_chips import CORRECTION
from web.views.claims import STATUS_CHIPS
from web.views.figures import cause
from web.views.rule_steps import steps_in_words

Say = Callable[[str], str]
# The chips speak to the participant; these few would sound wrong to anybody else.
OWN_CHIPS: Mapping[ClaimStatus, tuple[str, str, str]] = {
    **STATUS_CHIPS,
    ClaimStatus.SUBMITTED: (N_("Czeka na czytanie"), "info", "clock"),
    ClaimStatus.NEEDS_INFORMATION: (N_("Czeka na uczestnika"), "warn", "help-circle"),
    ClaimStatus.CANCELLED: (N_("Wycofane przez uczestnika"), "plain", "x"),
}
CHANNELS: Mapping[Channel, str] = {
    Channel.PAGE: N_("strona"),
    Channel.API: N_("system firmy"),
    Channel.EMAIL: N_("e-mail"),
    Channel.CODE: N_("kod z opakowania"),
    Channel.COUNTER: N_("lada hurtowni"),
    Channel.SALES_FEED: N_("sprzedaż hurtowni"),
}


@dataclass(frozen=True, slots=True)
class ClaimRow:
    claim_id: UUID
    number: str
    submitted_at: datetime
    decided_at: datetime | None
    place: str
    firm: str
    label: str
    colour: str
    icon: str
    units: Decimal
    points: int


@dataclass(frozen=True, slots=True)
class LineRow:
    name: str
    sku: str
    verdict: str  # of ui.receipt_line
    label: str
    points: int
    why: str


def rows(
    claims: Sequence[ListedClaim],
    firms: Mapping[UUID, str],
    *,
    corrections: Set[UUID] = frozenset(),
    narrowed: bool = False,
) -> list[ClaimRow]:
    """Claims for a table; the firm stays empty where its owner did not agree to be shown.

    Where only some products are shown (`narrowed`), the chip is of these: a claim that was paid
    for others, with nothing of these, was not credited here.
    """
    made = []
    for claim in claims:
        label, colour, icon = OWN_CHIPS[claim.status]
        if claim.claim_id in corrections:
            label, colour, icon = CORRECTION
        elif narrowed and claim.status in PAID and not claim.units:
            label, colour, icon = OWN_CHIPS[ClaimStatus.REJECTED]
        made.append(
            ClaimRow(
                claim_id=claim.claim_id,
                number=claim.number,
                submitted_at=claim.submitted_at,
                decided_at=claim.decided_at,
                place=", ".join(part for part in (claim.partner, claim.branch) if part),
                firm=firms.get(claim.participant_id, ""),
                label=label,
                colour=colour,
                icon=icon,
                units=claim.units,
                points=claim.points,
            )
        )
    return made


def steps(found: Sequence[ClaimEvent], *, say: Say) -> list[tuple[str, datetime]]:
    """What happened when; states that are told in the same words stand once."""
    made: list[tuple[str, datetime]] = []
    for event in found:
        text = say(OWN_CHIPS[event.status][0])
        if not made or made[-1][0] != text:
            made.append((text, event.at))
    return made


def lines(found: Sequence[OwnLine], *, say: Say, language: str) -> list[LineRow]:
    """Lines with the sum in words: so many units, by which rule, with what steps."""
    formats = Formats(language)
    made = []
    for line in found:
        count = formats.quantity(line.accepted or line.units or Decimal(0))
        units = f"{count}\u00a0{unit_word(line.unit, say)}"
        if line.verdict is Verdict.APPROVE:
            verdict, label, why = "paid", "", units
            if how := steps_in_words(line.steps, formats=formats, say=say):
                why = f"{why} · {how}"
            if line.rule_number is not None:
                by = say(N_("zasady, wersja %(number)s")) % {"number": line.rule_number}
                why = f"{why} · {by}"
        elif line.verdict is None:
            verdict, label, why = "waiting", say(N_("czeka na decyzję")), units
        else:
            verdict, label = "rejected", say(N_("niezaliczone"))
            why = units
            if line.reason is not None:
                why = f"{why} · {cause(line.reason, say)}"
        made.append(LineRow(line.name, line.sku, verdict, label, line.points, why))
    return made
