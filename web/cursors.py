"""Where a list in order of time goes on: an opaque pair of moment and id."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from uuid import UUID

from core.errors import Invalid


def cursor_of(at: datetime, id: UUID) -> str:
    text = f"{at.isoformat()}|{id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[datetime, UUID]:
    """The pair behind a cursor. Raises `Invalid`."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        at, _, id = text.partition("|")
        return datetime.fromisoformat(at), UUID(id)
    except (ValueError, binascii.Error) as error:
        raise Invalid("no cursor of ours", field="cursor") from error
