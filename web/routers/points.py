"""The participant's points: balance, what expires when, every operation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from claims import queries as claim_queries
from claims.tables import Claim
from core.errors import Invalid
from core.runtime import App
from points import addresses, export, ledger, paper, signed, statements
from points import service as points
from points.labels import KINDS
from rewards.tables import Redemption
from verification import correction_desk
from web import pages
from web.access import PARTICIPANT, PUBLIC, Router
from web.deps import CurrentViewer, Now, Opened, UnitOfWork
from web.members import CurrentMember, Member
from web.views.claims import by_id

router = Router(access=PARTICIPANT)
PAGE = 30


@dataclass(frozen=True, slots=True)
class EntryView:
    at: datetime
    label: str
    source: str
    href: str
    points: int
    balance: int


def entries(session: Session, rows: list[statements.StatementRow]) -> list[EntryView]:
    """Statement rows with the claim, the order or the correction they came from."""
    claims = by_id(session, Claim, _ids(rows, "claim"))
    orders = by_id(session, Redemption, _ids(rows, "redemption"))
    numbers = {f"claim:{c.id}": (c.number, f"/claims/{c.id}") for c in claims.values()}
    numbers |= {f"redemption:{r.id}": (r.number, f"/orders/{r.id}") for r in orders.values()}
    numbers |= {
        # A correction's page is the wholesaler's; the participant's claim tells what it took.
        f"correction:{line.correction_id}:line:{line.number}": (
            correction.number, f"/claims/{line.claim_id}",
        )
        for correction, line in correction_desk.lines_of(session, _ids(rows, "correction"))
        if line.claim_id is not None
    }  # fmt: skip
    made = []
    for row in rows:
        key = ":".join(row.reference.split(":")[:2])
        line = ":".join(row.reference.split(":")[:4])  # Also of what it set off.
        source, href = numbers.get(key) or numbers.get(line, ("", ""))
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
        "debt": points.debt(session, participant_id=participant_id),
        "chain_end": rows[0].hash.hex() if rows and not before else "",
        "now": now,
    }
    return pages.render(request, "participant/points.html", context)


def signing_seed(app: App) -> bytes:
    """The secret that signs statements of this installation."""
    return app.settings.derive_key("statement")


def statement_of(
    app: App,
    session: Session,
    member: Member,
    *,
    language: str,
    at: datetime,
    most: int = export.MOST_ROWS,
) -> bytes:
    """The participant's signed statement, as the file and the paper carry it."""
    return export.make(
        session,
        account=addresses.active(member.participant.id),
        program=member.program.name,
        holder=member.participant.company_name,
        language=language,
        seed=signing_seed(app),
        at=at,
        most=most,
    )


def _download(data: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type=media_type, headers=headers)


@router.get("/points/statement.json")
def statement_file(
    app: Opened, session: UnitOfWork, viewer: CurrentViewer, member: CurrentMember, now: Now
) -> Response:
    """The whole history as a file that proves itself (docs/how-to.md)."""
    data = statement_of(app, session, member, language=viewer.language, at=now)
    return _download(data, "application/json", "wyciag.json")


@router.get("/points/statement.pdf")
def statement_paper(
    app: Opened, session: UnitOfWork, viewer: CurrentViewer, member: CurrentMember, now: Now
) -> Response:
    """The newest operations on paper, with the file that says the same inside."""
    data = statement_of(
        app, session, member, language=viewer.language, at=now, most=export.MOST_PRINTED
    )
    return _download(paper.render(data, seed=signing_seed(app)), "application/pdf", "wyciag.pdf")


@router.get("/statement-key", access=PUBLIC)
def statement_key(app: Opened) -> Response:
    """The public key that statements are checked with, for everybody."""
    return Response(signed.public_key(signing_seed(app)) + "\n", media_type="text/plain")
