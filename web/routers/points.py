"""The participant's points: balance, what expires when, every operation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from claims import queries as claim_queries
from claims.tables import Claim
from core.errors import Invalid
from points import addresses, ledger, statements
from points import service as points
from points.tables import TransactionKind
from rewards.tables import Redemption
from web import pages
from web.access import PARTICIPANT, Router
from web.deps import Now, UnitOfWork
from web.error_texts import N_
from web.members import CurrentMember
from web.views.claims import by_id

router = Router(access=PARTICIPANT)
PAGE = 30

KINDS: Mapping[TransactionKind, str] = {
    TransactionKind.AWARD: N_("Punkty za zakup"),
    TransactionKind.HOLD: N_("Zamówienie nagrody"),
    TransactionKind.CAPTURE: N_("Wydana nagroda"),
    TransactionKind.RELEASE: N_("Zwrot z anulowanego zamówienia"),
    TransactionKind.EXPIRY: N_("Wygaśnięcie"),
    TransactionKind.CORRECTION: N_("Korekta decyzji"),
    TransactionKind.REFUND: N_("Zwrot punktów"),
    TransactionKind.ADJUSTMENT: N_("Wyrównanie"),
    TransactionKind.PARTNER_REWARD: N_("Premia hurtowni"),
    TransactionKind.REVERSAL: N_("Korekta faktury"),
    TransactionKind.SET_OFF: N_("Spłata punktów do oddania"),
}


@dataclass(frozen=True, slots=True)
class EntryView:
    at: datetime
    label: str
    source: str
    href: str
    points: int
    balance: int


def entries(session: Session, rows: list[statements.StatementRow]) -> list[EntryView]:
    """Statement rows with the claim or order they came from."""
    claims = by_id(session, Claim, _ids(rows, "claim"))
    orders = by_id(session, Redemption, _ids(rows, "redemption"))
    numbers = {f"claim:{c.id}": (c.number, f"/claims/{c.id}") for c in claims.values()}
    numbers |= {f"redemption:{r.id}": (r.number, f"/orders/{r.id}") for r in orders.values()}
    made = []
    for row in rows:
        key = ":".join(row.reference.split(":")[:2])
        source, href = numbers.get(key, ("", ""))
        made.append(EntryView(row.at, KINDS[row.kind], source, href, row.points, row.balance))
    return made


def _ids(rows: list[statements.StatementRow], noun: str) -> list[UUID]:
    found = (row.reference.split(":") for row in rows)
    return [UUID(parts[1]) for parts in found if parts[0] == noun]


@router.get("/points")
def show_points(
    request: Request, session: UnitOfWork, member: CurrentMember, now: Now, before: str = ""
) -> Response:
    if before and not before.isdecimal():
        raise Invalid("no such place in the list", field="before")
    participant_id = member.participant.id
    address = addresses.active(participant_id)
    rows = statements.list_rows(
        session, address=address, before=int(before) if before else None, limit=PAGE + 1
    )
    context = {
        "scope_label": member.scope_label,
        "balance": ledger.balance(session, address),
        "pending": claim_queries.pending_points(session, participant_id=participant_id),
        "expiry": points.next_expiry(session, participant_id=participant_id),
        "entries": entries(session, rows[:PAGE]),
        "next_href": f"/points?before={rows[PAGE - 1].posting_id}" if len(rows) > PAGE else "",
        "first_href": "/points" if before else "",
        "now": now,
    }
    return pages.render(request, "participant/points.html", context)
