"""How much a request may send and how long it may take; counted while it is read."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any, TypedDict

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.types import Message, Receive

from core.errors import DomainError, Invalid, Kind


class BodyTooLarge(DomainError):
    """More bytes than this route takes."""

    kind = Kind.TOO_LARGE
    code = "body-too-large"


class BodyTooSlow(DomainError):
    """The body did not arrive in time."""

    kind = Kind.TIMEOUT
    code = "body-too-slow"


class FormLimits(TypedDict):
    max_files: int
    max_fields: int
    max_part_size: int


@dataclass(frozen=True, slots=True)
class BodyLimit:
    """What one request to a route may send: bytes in all and per file, counts, seconds."""

    total_bytes: int
    deadline_s: int
    file_bytes: int = 0
    max_files: int = 0
    max_fields: int = 500

    @property
    def form_limits(self) -> FormLimits:
        return FormLimits(
            max_files=self.max_files,
            max_fields=self.max_fields,
            max_part_size=min(self.total_bytes, 64 * 1024),
        )


KIB, MIB = 1024, 1024 * 1024
FORM = BodyLimit(total_bytes=64 * KIB, deadline_s=20)
JSON = BodyLimit(total_bytes=MIB, deadline_s=20)
# Ten pages from a building site: a slow uplink gets five minutes.
UPLOAD = BodyLimit(total_bytes=60 * MIB, deadline_s=300, file_bytes=25 * MIB, max_files=12)

# A pile of invoices, most of them PDF and XML.
PILE = BodyLimit(total_bytes=150 * MIB, deadline_s=600, file_bytes=25 * MIB, max_files=60)


def refuse_declared(request: Request, limit: BodyLimit) -> None:
    """Raise `BodyTooLarge` for a Content-Length beyond the limit, before a byte is read."""
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or len(declared) > 15:
        raise Invalid("Content-Length is no number")
    if int(declared) > limit.total_bytes:
        raise BodyTooLarge(limit_bytes=limit.total_bytes)


def counted(receive: Receive, limit: BodyLimit) -> Receive:
    """The same body, stopped when it grows past the limit or outlives its deadline."""
    received = 0
    end = time.monotonic() + limit.deadline_s
    complete = False

    async def count() -> Message:
        nonlocal received, complete
        if complete:
            # Only the end of the connection is still to come; it has no deadline.
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), max(0.0, end - time.monotonic()))
        except TimeoutError as error:
            raise BodyTooSlow(limit_s=limit.deadline_s) from error
        if message["type"] == "http.request":
            received += len(message.get("body", b""))
            complete = not message.get("more_body", False)
            if received > limit.total_bytes:
                raise BodyTooLarge(limit_bytes=limit.total_bytes)
        return message

    return count


def is_form(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind in ("application/x-www-form-urlencoded", "multipart/form-data")


async def read_form(request: Request, limit: BodyLimit) -> FormData:
    """The parsed form, kept on the request. Raises `BodyTooLarge` for a single file too large."""
    form = await request.form(**limit.form_limits)
    for _, value in form.multi_items():
        if isinstance(value, UploadFile) and (value.size or 0) > limit.file_bytes:
            await request.close()
            raise BodyTooLarge(limit_bytes=limit.file_bytes)
    return form


def texts(form: FormData) -> dict[str, Any]:
    """The text fields of a form, the last of each name: to show a refused form again."""
    return {name: value for name, value in form.multi_items() if isinstance(value, str)}
