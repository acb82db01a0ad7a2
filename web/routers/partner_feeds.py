"""Sales exports of a wholesaler: drop a file, say once which column is what, see what it proved."""

from __future__ import annotations

import csv
import io
from typing import Annotated
from uuid import UUID

from fastapi import File, Form, UploadFile
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import Response

from analytics.sheets import harmless
from core.errors import DomainError, Invalid
from core.runtime import App
from verification import feed_sealed, reconciliation
from verification.feed_columns import Field
from verification.feed_tables import FeedStatus, SalesFeed, SalesFeedFault
from web import pages
from web.access import CLERK, Router
from web.bodies import MIB, BodyLimit
from web.clerks import Counter, CurrentClerk
from web.deps import Now, Opened, UnitOfWork
from web.idempotent import idempotent
from web.views import feeds as views

router = Router(access=CLERK)
FILE = BodyLimit(total_bytes=61 * MIB, deadline_s=300, file_bytes=60 * MIB, max_files=1)
SHOWN_FAULTS = 50


def _start(request: Request, session: Session, counter: Counter) -> dict[str, object]:
    feeds = reconciliation.list_feeds(session, partner_id=counter.partner.id)
    return {
        "scope_label": counter.desk.scope_label,
        "feeds": views.rows(session, feeds, gettext=pages.say(request)),
    }


@router.get("/sales-files")
def list_files(request: Request, session: UnitOfWork, counter: CurrentClerk, now: Now) -> Response:
    """The wholesaler's files and the place to drop another one."""
    context = {**_start(request, session, counter), "now": now}
    return pages.render(request, "partner/feeds.html", context)


@router.post("/sales-files", body=FILE)
@idempotent
def send_file(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    counter: CurrentClerk,
    now: Now,
    file: Annotated[UploadFile, File()],
) -> Response:
    """Take a file in; a known shape goes to work at once, the same file is the feed it was."""
    _ = pages.say(request)
    try:
        taken = reconciliation.take_in(
            session,
            app.blobs,
            partner_id=counter.partner.id,
            person_id=counter.clerk.person_id,
            name=file.filename or "",
            data=file.file.read(),
            at=now,
        )
    except DomainError as error:
        context = {**_start(request, session, counter), "now": now}
        raise pages.refused(request, "partner/feeds.html", context, error) from error
    again = "" if taken.new else _("Ten plik już tu był. Nic się nie zmieniło.")
    return pages.redirect(request, f"/sales-files/{taken.feed.id}", flash=again, kind="info")


@router.get("/sales-files/{feed_id}")
def show_file(
    request: Request, app: Opened, session: UnitOfWork, counter: CurrentClerk, feed_id: UUID
) -> Response:
    """The columns to confirm, the progress, or what the file proved."""
    feed = reconciliation.get_feed(session, feed_id=feed_id, partner_id=counter.partner.id)
    if feed.status is FeedStatus.MAPPING:
        context = _columns(request, app, counter, feed)
        return pages.render(request, "partner/feed_columns.html", context)
    context = _result(request, session, counter, feed)
    if pages.is_fragment(request):
        return pages.render(request, "partner/_feed_progress.html", context)
    return pages.render(request, "partner/feed.html", context)


def _columns(
    request: Request,
    app: App,
    counter: Counter,
    feed: SalesFeed,
    chosen: dict[Field, int] | None = None,
) -> dict[str, object]:
    proposal = reconciliation.propose(app.blobs, feed)
    return {
        "scope_label": counter.desk.scope_label,
        "feed": views.FeedHead(feed.id, feed.name),
        "columns": views.columns(proposal, chosen, gettext=pages.say(request)),
        "sample": views.sample(proposal, chosen, gettext=pages.say(request)),
    }


def _result(
    request: Request, session: Session, counter: Counter, feed: SalesFeed
) -> dict[str, object]:
    _ = pages.say(request)
    faults = session.exec(
        select(SalesFeedFault)
        .where(SalesFeedFault.feed_id == feed.id)
        .order_by(col(SalesFeedFault.row_number))
        .limit(SHOWN_FAULTS)
    ).all()
    return {
        "scope_label": counter.desk.scope_label,
        "feed": feed,
        "state": views.state(feed, _),
        "fault_words": views.FAULTS,
        "expected": views.expected_rows(feed),
        "faults": [views.fault(one, _) for one in faults],
        "corrections": feed_sealed.count(session, feed_id=feed.id),
        "answers": views.answers(session, feed, clerk=counter.clerk, gettext=_),
    }


@router.post("/sales-files/{feed_id}/columns")
@idempotent
def confirm_columns(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    counter: CurrentClerk,
    now: Now,
    feed_id: UUID,
    number: Annotated[int, Form(ge=-1, le=500)] = -1,
    buyer_nip: Annotated[int, Form(ge=-1, le=500)] = -1,
    quantity: Annotated[int, Form(ge=-1, le=500)] = -1,
    gtin: Annotated[int, Form(ge=-1, le=500)] = -1,
    index: Annotated[int, Form(ge=-1, le=500)] = -1,
    name: Annotated[int, Form(ge=-1, le=500)] = -1,
    original: Annotated[int, Form(ge=-1, le=500)] = -1,
) -> Response:
    """Say which column is what; it is remembered for files of this shape."""
    given = {
        Field.NUMBER: number, Field.BUYER_NIP: buyer_nip, Field.QUANTITY: quantity,
        Field.GTIN: gtin, Field.INDEX: index, Field.NAME: name, Field.ORIGINAL: original,
    }  # fmt: skip
    mapping = {field: at for field, at in given.items() if at >= 0}
    feed = reconciliation.get_feed(session, feed_id=feed_id, partner_id=counter.partner.id)
    if feed.status is FeedStatus.MAPPING:
        seen = reconciliation.propose(app.blobs, feed).mapping
        mapping = reconciliation.complete_mapping(mapping, seen)
    try:
        reconciliation.confirm(
            session,
            feed_id=feed_id,
            partner_id=counter.partner.id,
            person_id=counter.clerk.person_id,
            mapping=mapping,
            at=now,
        )
    except Invalid as error:
        context = _columns(request, app, counter, feed, mapping)
        raise pages.refused(request, "partner/feed_columns.html", context, error) from error
    return pages.redirect(request, f"/sales-files/{feed_id}")


@router.get("/sales-files/{feed_id}/faults.csv")
def download_faults(
    request: Request, session: UnitOfWork, counter: CurrentClerk, feed_id: UUID
) -> Response:
    """The rows that could not be used, with their numbers in the file."""
    _ = pages.say(request)
    feed = reconciliation.get_feed(session, feed_id=feed_id, partner_id=counter.partner.id)
    out = io.StringIO()
    sheet = csv.writer(out, delimiter=";", lineterminator="\r\n")
    sheet.writerow([_("Wiersz"), _("Co jest nie tak"), _("Wpisano")])
    for one in session.exec(
        select(SalesFeedFault)
        .where(SalesFeedFault.feed_id == feed.id)
        .order_by(col(SalesFeedFault.row_number))
    ):
        words = views.fault(one, _)
        sheet.writerow([words.number, words.words, harmless(words.value)])
    return Response(
        out.getvalue().encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="wiersze-{feed.id}.csv"'},
    )


@router.post("/sales-files/{feed_id}/forgotten-columns")
@idempotent
def forget_columns(
    request: Request, session: UnitOfWork, counter: CurrentClerk, feed_id: UUID
) -> Response:
    """Ask for the columns again when the next file of this shape comes."""
    _ = pages.say(request)
    feed = reconciliation.get_feed(session, feed_id=feed_id, partner_id=counter.partner.id)
    reconciliation.forget_mapping(session, partner_id=counter.partner.id, shape=feed.signature)
    flash = _("Przy następnym takim pliku zapytamy o kolumny.")
    return pages.redirect(request, f"/sales-files/{feed_id}", flash=flash)
