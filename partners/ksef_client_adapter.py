"""The register over the `ksef-client` package, an optional extra: imported only when it is used."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from core.errors import DomainError, Kind
from core.money import to_grosze
from partners.ksef import (
    PAGE_SIZE,
    AccessRefused,
    Metadata,
    Page,
    RegisterBusy,
    RegisterUnavailable,
)

ADDRESSES = {
    "production": "https://api.ksef.mf.gov.pl",
    "demo": "https://api-demo.ksef.mf.gov.pl",
    "test": "https://api-test.ksef.mf.gov.pl",
}
BUSY_S = 900  # when KSeF does not say for how long
_REFUSED = (400, 401, 403, 450)


class KsefExtraMissing(DomainError):
    """The installation lacks the optional package."""

    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    code = "ksef-extra-missing"


def installed() -> bool:
    try:
        import ksef_client  # noqa: F401, PLC0415
    except ImportError:
        return False
    return True


class ClientRegister:
    """One context over HTTP. Certificates are always verified; redirects are not followed."""

    def __init__(self, address: str) -> None:
        try:
            from ksef_client import KsefClient, KsefClientOptions  # noqa: PLC0415
        except ImportError as error:
            raise KsefExtraMissing from error
        self._client = KsefClient(KsefClientOptions(base_url=address, timeout_seconds=20))
        self._token = ""

    def authenticate(self, *, nip: str, token: str) -> None:
        from ksef_client.services.workflows import AuthCoordinator  # noqa: PLC0415

        with _translated(signing_in=True):
            key = self._client.security.get_public_key_certificate("KsefTokenEncryption")
            signed_in = AuthCoordinator(self._client.auth).authenticate_with_ksef_token(
                token=token,
                public_certificate=key.certificate,
                public_key_id=key.public_key_id,
                context_identifier_type="Nip",
                context_identifier_value=nip,
                poll_interval_seconds=0.5,
                max_attempts=20,
            )
            self._token = signed_in.tokens.access_token.token

    def query_metadata(self, *, since: datetime, until: datetime, offset: int) -> Page:
        with _translated():
            found = self._client.invoices.query_invoice_metadata_by_date_range(
                subject_type="Subject1",
                date_type="PermanentStorage",
                date_from=since.isoformat(),
                date_to=until.isoformat(),
                access_token=self._token,
                page_offset=offset,
                page_size=PAGE_SIZE,
                sort_order="Asc",
            )
            return Page(
                invoices=tuple(_metadata(one) for one in found.invoices),
                has_more=found.has_more,
                truncated=found.is_truncated,
                complete_until=_moment(found.permanent_storage_hwm_date),
            )

    def get_invoice(self, ksef_number: str) -> bytes:
        with _translated():
            found = self._client.invoices.get_invoice_bytes(ksef_number, access_token=self._token)
            return bytes(found.content)

    def close(self) -> None:
        self._client.close()


def open_register(environment: str, *, address: str = "") -> ClientRegister:
    """The register of an environment; `address` stands in for it in demos and tests."""
    return ClientRegister(address or ADDRESSES[environment])


@contextmanager
def _translated(*, signing_in: bool = False) -> Iterator[None]:
    """The package's and the network's errors as ours; no text of theirs goes further."""
    import httpx  # noqa: PLC0415
    from ksef_client.exceptions import KsefHttpError, KsefRateLimitError  # noqa: PLC0415

    try:
        yield
    except KsefRateLimitError as error:
        raise RegisterBusy(_wait_s(error)) from error
    except KsefHttpError as error:
        if error.status_code in (401, 403) or (signing_in and error.status_code in _REFUSED):
            raise AccessRefused(str(error.status_code)) from error
        if error.retry_after:
            raise RegisterBusy(_wait_s(error)) from error
        raise RegisterUnavailable(f"HTTP {error.status_code}") from error
    except httpx.HTTPError as error:
        raise RegisterUnavailable(type(error).__name__) from error
    except RuntimeError as error:
        # The package says so when the sign-in ends without a token.
        if signing_in:
            raise AccessRefused("sign-in failed") from error
        raise
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise RegisterUnavailable(f"answer not understood: {type(error).__name__}") from error


def _wait_s(error: Any) -> int:
    """What `Retry-After` really says: the package cuts it at five minutes, KSeF punishes haste."""
    raw = str(error.retry_after_raw or "")
    seconds = int(raw) if raw.isdecimal() and len(raw) < 8 else error.retry_after or BUSY_S
    return int(min(max(seconds, 1), 86_400))


def _metadata(one: Any) -> Metadata:
    identifier = one.buyer.identifier
    kind = str(getattr(identifier.type, "value", identifier.type))
    polish = one.currency == "PLN"
    corrected = getattr(one, "hash_of_corrected_invoice", None)
    return Metadata(
        ksef_number=str(one.ksef_number),
        invoice_number=one.invoice_number,
        invoice_hash=base64.b64decode(str(one.invoice_hash), validate=True),
        seller_nip=one.seller.nip,
        buyer_nip=str(identifier.value or "") if kind == "Nip" else "",
        issued_on=date.fromisoformat(one.issue_date[:10]),
        kind=str(getattr(one.invoice_type, "value", one.invoice_type)),
        gross_grosze=to_grosze(Decimal(str(one.gross_amount))) if polish else None,
        stored_at=_required(_moment(one.permanent_storage_date)),
        corrects=base64.b64decode(str(corrected), validate=True) if corrected else None,
    )


def _moment(text: str | None) -> datetime | None:
    """KSeF writes seven digits of a second; Python takes six."""
    if not text:
        return None
    head, dot, rest = text.partition(".")
    digits = len(rest) - len(rest.lstrip("0123456789"))
    return datetime.fromisoformat(f"{head}{dot}{rest[: min(digits, 6)]}{rest[digits:]}")


def _required(value: datetime | None) -> datetime:
    if value is None:
        raise ValueError("a time is missing")
    return value
