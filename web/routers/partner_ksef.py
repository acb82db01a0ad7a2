"""The wholesaler's connection to KSeF, and what a reviewer saw on the Ministry's page."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Form
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from accounts.tables import Person
from core.errors import DomainError
from partners import ksef_connection
from partners.ksef_client_adapter import installed
from verification import ksef_sightings, ksef_sync, queue
from verification.ksef_tables import Sight
from web import pages
from web.access import CLERK, OPERATOR, PARTNER_MANAGER, PROGRAM_MANAGER, Router
from web.clerks import Counter, CurrentClerk, CurrentDesk
from web.deps import Now, Opened, UnitOfWork
from web.error_texts import N_
from web.idempotent import idempotent

router = Router(access=PARTNER_MANAGER)

ENVIRONMENTS = (
    ("production", N_("produkcyjne")),
    ("demo", N_("demonstracyjne (nie daje punktów)")),
)
PROBLEMS = {
    "busy": N_("KSeF prosi o przerwę. Wrócimy sami, gdy minie."),
    "unavailable": N_("KSeF nie odpowiada. Spróbujemy znowu za kwadrans."),
    "refused": N_("KSeF nie przyjął tokenu. Zakończ połączenie i połącz się nowym."),
}


def _context(
    request: Request, session: Session, counter: Counter, now: datetime
) -> dict[str, object]:
    _ = pages.say(request)
    row = ksef_connection.find(session, partner_id=counter.partner.id)
    return {
        "scope_label": counter.desk.scope_label,
        "nip": counter.partner.nip,
        "installed": installed(),
        "connected": row is not None,
        "status": row.status.value if row else "",
        "who": session.get_one(Person, row.connected_by).name if row else "",
        "since": row.connected_at if row else None,
        "synced_at": row.synced_at if row else None,
        "invoices": row.invoices if row else 0,
        "busy_until": row.busy_until if row and row.busy_until and row.busy_until > now else None,
        "problem": _(PROBLEMS[row.last_error]) if row and row.last_error in PROBLEMS else "",
        "environments": [(value, _(words)) for value, words in ENVIRONMENTS],
        "now": now,
    }


@router.get("/ksef")
def show_connection(
    request: Request, session: UnitOfWork, counter: CurrentClerk, now: Now
) -> Response:
    """Whether the wholesaler is connected, since when, and how to end it."""
    return pages.render(request, "partner/ksef.html", _context(request, session, counter, now))


@router.post("/ksef/connection")
@idempotent
def connect(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    counter: CurrentClerk,
    now: Now,
    token: Annotated[str, Form(max_length=600)] = "",
    environment: Annotated[str, Form(max_length=20)] = "production",
) -> Response:
    """Keep the token sealed and begin to sync; it is never shown again."""
    _ = pages.say(request)
    try:
        made = ksef_connection.connect(
            session,
            partner_id=counter.partner.id,
            person_id=counter.clerk.person_id,
            environment=environment if environment in dict(ENVIRONMENTS) else "",
            token=token,
            key=app.settings.derive_key(ksef_connection.PURPOSE),
            at=now,
        )
    except DomainError as error:
        context = _context(request, session, counter, now)
        raise pages.refused(request, "partner/ksef.html", context, error) from error
    ksef_sync.ask_first(session, connection_id=made.id, at=now)
    flash = _("Połączono. Pierwsze faktury sprawdzamy od razu, następne co kwadrans.")
    return pages.redirect(request, "/ksef", flash=flash)


@router.post("/ksef/connection/revocation")
@idempotent
def revoke(request: Request, session: UnitOfWork, counter: CurrentClerk, now: Now) -> Response:
    """End the connection: the token and everything synced are forgotten at once."""
    _ = pages.say(request)
    ksef_connection.revoke(
        session, partner_id=counter.partner.id, person_id=counter.clerk.person_id, at=now
    )
    flash = _("Połączenie zakończone. Token i pobrane dane są skasowane.")
    return pages.redirect(request, "/ksef", flash=flash)


@router.post("/reviews/{review_id}/ksef-sighting", access=CLERK | PROGRAM_MANAGER | OPERATOR)
@idempotent
def record_sighting(
    request: Request,
    session: UnitOfWork,
    desk: CurrentDesk,
    now: Now,
    review_id: UUID,
    sight: Annotated[Sight, Form()],
    note: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Keep what this person saw on the Ministry's page."""
    _ = pages.say(request)
    review = queue.get_for_clerk(session, review_id=review_id, clerk=desk.decider)
    ksef_sightings.record(
        session, review=review, clerk=desk.decider, sight=sight, note=note, at=now
    )
    return pages.redirect(
        request, f"/reviews/{review_id}", flash=_("Zapisane, z datą i nazwiskiem.")
    )
