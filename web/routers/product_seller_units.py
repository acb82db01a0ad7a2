"""What one printed unit of a seller's name holds: what was counted by it, and its withdrawal."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from analytics import aliases
from programs import products, seller_units
from web import pages
from web.access import PROGRAM_ANALYST, PROGRAM_MANAGER, Router
from web.deps import CurrentViewer, Now, UnitOfWork
from web.idempotent import idempotent
from web.program_people import CurrentProgram, ManagedProgram
from web.routers.product_names import said_context
from web.views import products as views

router = Router(access=PROGRAM_ANALYST)


@router.get("/products/{product_id}/seller-units/{seller_unit_id}")
def show_seller_unit(
    request: Request,
    session: UnitOfWork,
    program: CurrentProgram,
    viewer: CurrentViewer,
    product_id: UUID,
    seller_unit_id: UUID,
    now: Now,
) -> Response:
    """Who said it, whether a second person did, what was counted by it, and the way to withdraw."""
    _ = pages.say(request)
    product = products.get_product(session, program_id=program.id, product_id=product_id)
    unit = seller_units.get(
        session, program_id=program.id, product_id=product_id, unit_id=seller_unit_id
    )
    [row] = views.seller_unit_rows(session, [unit], say=_)
    found = aliases.touched_by_unit(session, unit)
    context = {"unit": row, **said_context(program, viewer, product, found, now)}
    return pages.render(request, "program/seller_unit.html", context)


@router.post(
    "/products/{product_id}/seller-units/{seller_unit_id}/withdrawal", access=PROGRAM_MANAGER
)
@idempotent
def withdraw_seller_unit(
    request: Request,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    product_id: UUID,
    seller_unit_id: UUID,
    now: Now,
) -> Response:
    _ = pages.say(request)
    seller_units.withdraw(
        session,
        program_id=program.id,
        product_id=product_id,
        unit_id=seller_unit_id,
        actor=viewer.actor,
        at=now,
    )
    return pages.redirect(
        request,
        f"/products/{product_id}/seller-units/{seller_unit_id}",
        flash=_("Przelicznik wycofany. Przy następnym dokumencie zapytamy o niego znowu."),
    )
