"""The register of e-invoices (KSeF) as we use it: sign in, list metadata, get one invoice.

Limits of the API per context and address (July 2026): metadata 8/s, 16/min, 20/h; invoice by
number 8/s, 16/min, 64/h; pages of 10 to 250; a range of at most three months.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

PAGE_SIZE = 250
PAGES_A_TURN = 4  # of a quarter of an hour: 16 of the 20 that an hour allows
FETCHES_A_TURN = 12  # 48 of 64
LONGEST_RANGE_DAYS = 89


class RegisterBusy(Exception):
    """KSeF asks to come back later; `retry_after_s` is its own wish."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"busy for {retry_after_s} s")
        self.retry_after_s = retry_after_s


class AccessRefused(Exception):
    """The token does not open this firm's invoices, or no longer."""


class RegisterUnavailable(Exception):
    """No answer, or none that can be understood; later it may be better."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What KSeF says of one invoice. `invoice_hash` is the SHA-256 of the XML as it was sent."""

    ksef_number: str
    invoice_number: str
    invoice_hash: bytes
    seller_nip: str
    buyer_nip: str  # empty for consumers and foreign buyers
    issued_on: date
    kind: str
    gross_grosze: int | None
    stored_at: datetime
    corrects: bytes | None = None  # the hash of the invoice that this one corrects


@dataclass(frozen=True, slots=True)
class Page:
    """Invoices in the order of their storage. `complete_until`: nothing earlier will be added."""

    invoices: tuple[Metadata, ...]
    has_more: bool
    truncated: bool
    complete_until: datetime | None


class Register(Protocol):
    """One signed-in context. Each method may raise `RegisterBusy`, `AccessRefused`,
    `RegisterUnavailable`."""

    def authenticate(self, *, nip: str, token: str) -> None:
        """Sign in for a firm with its token."""

    def query_metadata(self, *, since: datetime, until: datetime, offset: int) -> Page:
        """The firm's sales stored in the register in a time of at most three months."""

    def get_invoice(self, ksef_number: str) -> bytes:
        """The XML as it was sent."""


# Makes the register of an environment; the adapter's by default.
OpenRegister = Callable[[str], Register]
