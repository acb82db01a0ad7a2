"""Sales exports over the API: an ERP drops its file by itself and asks what it proved."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import File, UploadFile
from pydantic import BaseModel, ConfigDict
from starlette.requests import Request

from verification import reconciliation
from verification.feed_tables import FeedStatus, SalesFeed
from web.access import CLERK, ApiRouter
from web.clerks import CurrentClerk
from web.deps import Now, Opened, UnitOfWork
from web.idempotent import idempotent
from web.routers.partner_feeds import FILE

router = ApiRouter(area="sales", access=CLERK, prefix="/sales-files")


class SalesFileState(BaseModel):
    """A file and what it proved. `mapping` waits for a person to name the columns once."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    name: str
    status: FeedStatus
    fault: str
    rows_total: int
    rows_done: int
    rows_bad: int
    claims_proven: int
    claims_different: int
    created_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, feed: SalesFeed) -> SalesFileState:
        return cls.model_validate(feed, from_attributes=True)


@router.post("", status_code=202, body=FILE)
@idempotent
def send_file(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    counter: CurrentClerk,
    now: Now,
    file: Annotated[UploadFile, File()],
) -> SalesFileState:
    """Take a file in; the same file again is the one it was."""
    del request
    taken = reconciliation.take_in(
        session,
        app.blobs,
        partner_id=counter.partner.id,
        person_id=counter.clerk.person_id,
        name=file.filename or "",
        data=file.file.read(),
        at=now,
    )
    return SalesFileState.of(taken.feed)


@router.get("/{feed_id}")
def get_file(session: UnitOfWork, counter: CurrentClerk, feed_id: UUID) -> SalesFileState:
    """How far a file has come and what it proved."""
    return SalesFileState.of(
        reconciliation.get_feed(session, feed_id=feed_id, partner_id=counter.partner.id)
    )
