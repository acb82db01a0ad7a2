"""Lists in pieces: an opaque cursor instead of page numbers, so that nothing is skipped."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel

from core.errors import Invalid
from web.cursors import cursor_of, read_cursor

T = TypeVar("T")
R = TypeVar("R")
LARGEST = 200

Limit = Annotated[int, Query(ge=1, le=LARGEST, description="Most entries in one answer.")]
Cursor = Annotated[
    str, Query(max_length=100, description="`next_cursor` of the answer before, or nothing.")
]


class Page(BaseModel, Generic[T]):
    """A piece of a list; `next_cursor` asks for the piece after it, `null` ends the list."""

    items: list[T]
    next_cursor: str | None


def after(cursor: str) -> UUID | None:
    """The id behind a cursor, `None` for the first piece. Raises `Invalid`."""
    if not cursor:
        return None
    try:
        return UUID(bytes=base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error) as error:
        raise Invalid("no cursor of ours", field="cursor") from error


def page(
    rows: Sequence[R], *, limit: int, id_of: Callable[[R], UUID], item: Callable[[R], T]
) -> Page[T]:
    """A piece from up to `limit + 1` rows: ask the database for one more than is shown."""
    shown = rows[:limit]
    more = len(rows) > limit
    cursor = base64.urlsafe_b64encode(id_of(shown[-1]).bytes).decode().rstrip("=") if more else None
    return Page(items=[item(row) for row in shown], next_cursor=cursor)


def since(cursor: str) -> tuple[datetime, UUID] | None:
    """Moment and id behind a cursor of a list in order of time. Raises `Invalid`."""
    if not cursor:
        return None
    at, id = read_cursor(cursor)
    if at.tzinfo is None:
        raise Invalid("no cursor of ours", field="cursor")
    return at, id


def timed_page(
    rows: Sequence[R],
    items: Sequence[T],
    *,
    limit: int,
    place_of: Callable[[R], tuple[datetime, UUID]],
) -> Page[T]:
    """A piece of a list in order of time: up to `limit + 1` rows, `items` of the first `limit`."""
    more = len(rows) > limit
    return Page(
        items=list(items), next_cursor=cursor_of(*place_of(rows[limit - 1])) if more else None
    )
