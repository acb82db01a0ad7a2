"""One name that a seller has for a product: what it touched, and its withdrawal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from accounts.roles import Role
from analytics import aliases
from analytics.aliases import TouchedClaim
from programs import products
from programs.product_tables import Product
from programs.tables import Program
from web import pages
from web.access import PROGRAM_ANALYST, PROGRAM_MANAGER, Router
from web.deps import CurrentViewer, Now, UnitOfWork
from web.idempotent import idempotent
from web.program_people import CurrentProgram, ManagedProgram, holds
from web.routers.products import product_view
from web.viewer import Viewer
from web.views import products as views
from web.views.program_claims import OWN_CHIPS

router = Router(access=PROGRAM_ANALYST)
MOST_SHOWN = 200


@router.get("/products/{product_id}/aliases/{alias_id}")
def show_alias(
    request: Request,
    session: UnitOfWork,
    program: CurrentProgram,
    viewer: CurrentViewer,
    product_id: UUID,
    alias_id: UUID,
    now: Now,
) -> Response:
    """One name of a seller: who confirmed it, which claims it touched, and the way to withdraw."""
    _ = pages.say(request)
    product = products.get_product(session, program_id=program.id, product_id=product_id)
    alias = products.get_alias(session, program_id=program.id, alias_id=alias_id)
    [row] = views.alias_rows(session, [alias], say=_)
    found = aliases.touched(session, alias)
    context = {"alias": row, **said_context(program, viewer, product, found, now)}
    return pages.render(request, "program/alias.html", context)


def said_context(
    program: Program, viewer: Viewer, product: Product, found: Sequence[TouchedClaim], now: datetime
) -> dict[str, object]:
    """What the page of a name or of a unit shows beside it: the newest claims behind it."""
    return {
        "scope_label": program.name,
        "product": product_view(product),
        "touched": [(claim, OWN_CHIPS[claim.status]) for claim in found[:MOST_SHOWN]],
        "touched_count": len(found),
        "may_manage": holds(viewer, program, Role.PROGRAM_MANAGER),
        "now": now,
    }


@router.post("/products/{product_id}/aliases/{alias_id}/withdrawal", access=PROGRAM_MANAGER)
@idempotent
def withdraw_alias(
    request: Request,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    product_id: UUID,
    alias_id: UUID,
    now: Now,
) -> Response:
    _ = pages.say(request)
    products.withdraw_alias(
        session, program_id=program.id, alias_id=alias_id, actor=viewer.actor, at=now
    )
    return pages.redirect(
        request,
        f"/products/{product_id}/aliases/{alias_id}",
        flash=_("Nazwa wycofana. Nowe dokumenty nie będą po niej rozpoznawane."),
    )
