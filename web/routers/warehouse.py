"""The rewards' warehouse: the day, the queues of orders, the stock."""

from __future__ import annotations

from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from core.clock import local_date
from rewards import queries
from rewards.states import RedemptionStatus
from rewards.tables import Redemption
from web import pages
from web.access import LOGISTICS, Router
from web.cursors import cursor_of, read_cursor
from web.deps import Now, UnitOfWork
from web.error_texts import N_
from web.views.warehouse import expiring, order_view, stock_views
from web.warehouse_people import CurrentProgram

router = Router(access=LOGISTICS)
PAGE = 50
R = RedemptionStatus

QUEUES: dict[str, tuple[str, tuple[RedemptionStatus, ...]]] = {
    "pick": (N_("Do spakowania"), (R.ALLOCATED, R.PARTIALLY_ALLOCATED)),
    "pack": (N_("W pakowaniu"), (R.IN_FULFILMENT,)),
    "sent": (N_("W drodze"), (R.SHIPPED, R.PARTIALLY_SHIPPED)),
    "done": (N_("Doręczone"), (R.DELIVERED, R.COMPLETED)),
    "cancelled": (N_("Anulowane"), (R.CANCELLED,)),
}


@router.get("/warehouse")
def day_board(request: Request, session: UnitOfWork, program: CurrentProgram, now: Now) -> Response:
    counts = queries.count_by_status(session, program.id)
    today = local_date(now)
    late = session.exec(
        select(Redemption)
        .where(
            Redemption.program_id == program.id,
            Redemption.promised_on < today,
            col(Redemption.status).not_in([R.DELIVERED, R.COMPLETED, R.CANCELLED]),
        )
        .order_by(col(Redemption.promised_on))
        .limit(10)
    ).all()
    context = {
        "scope_label": program.name,
        "tiles": [
            (name, _(label), sum(counts.get(status, 0) for status in statuses))
            for _ in (pages.say(request),)
            for name, (label, statuses) in QUEUES.items()
            if name in ("pick", "pack", "sent")
        ],
        "late": [order_view(session, order, today) for order in late],
        "low": [view for view in stock_views(session, program, today) if view.available <= 3],
        "expiring": expiring(session, program, today),
        "now": now,
    }
    return pages.render(request, "warehouse/day.html", context)


@router.get("/warehouse/stock")
def showstock_views(
    request: Request, session: UnitOfWork, program: CurrentProgram, now: Now
) -> Response:
    items = stock_views(session, program, local_date(now))
    context = {"scope_label": program.name, "items": items}
    return pages.render(request, "warehouse/stock.html", context)


@router.get("/warehouse/orders")
def list_orders(
    request: Request,
    session: UnitOfWork,
    program: CurrentProgram,
    now: Now,
    queue: str = "pick",
    after: str = "",
) -> Response:
    queue = queue if queue in QUEUES else "pick"
    found = queries.list_for_program(
        session,
        program_id=program.id,
        statuses=QUEUES[queue][1],
        after=read_cursor(after) if after else None,
        limit=PAGE + 1,
    )
    last = found[PAGE - 1] if len(found) > PAGE else None
    counts = queries.count_by_status(session, program.id)
    _ = pages.say(request)
    context = {
        "scope_label": program.name,
        "orders": [order_view(session, order, local_date(now)) for order in found[:PAGE]],
        "queue": queue,
        "queues": [
            (name, _(label), sum(counts.get(status, 0) for status in statuses))
            for name, (label, statuses) in QUEUES.items()
        ],
        "next_href": f"/warehouse/orders?queue={queue}&after={cursor_of(last.placed_at, last.id)}"
        if last
        else "",
        "first_href": f"/warehouse/orders?queue={queue}" if after else "",
        "now": now,
    }
    return pages.render(request, "warehouse/orders.html", context)
