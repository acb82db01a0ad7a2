"""The two KSeF verification links (KOD I, KOD II): strict parsing and the verdict on a document.

Nothing here opens a link. A verdict of `valid` says that link and document belong together; it does
not say that the invoice is registered.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ocr import ksef_number

_HOSTS = {
    "qr.ksef.mf.gov.pl": "production",
    "qr-demo.ksef.mf.gov.pl": "demo",
    "qr-test.ksef.mf.gov.pl": "test",
}
_OLD_HOSTS = frozenset({"ksef.mf.gov.pl", "ksef-demo.mf.gov.pl", "ksef-test.mf.gov.pl"})
_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]*)://(?P<authority>[^/?#\s]*)(?P<rest>\S*)")
_INVOICE = re.compile(
    r"/invoice/(?P<nip>\d{10})/(?P<day>\d{2}-\d{2}-\d{4})/(?P<hash>[A-Za-z0-9_-]{43})/?", re.ASCII
)
_CERTIFICATE = re.compile(
    r"/certificate/(?P<kind>Nip|InternalId|NipVatUe|PeppolId)/(?P<context>[^/?#]+)/(?P<nip>\d{10})"
    r"/(?P<serial>[0-9A-Fa-f]{16})/(?P<hash>[A-Za-z0-9_-]{43})/(?P<signature>[A-Za-z0-9_-]+)/?",
    re.ASCII,
)


class Verdict(StrEnum):
    """What a code on a page is worth as a KOD I, best first."""

    VALID = "valid"
    WRONG_ENVIRONMENT = "wrong_environment"
    HASH_MISMATCH = "hash_mismatch"
    NIP_MISMATCH = "nip_mismatch"
    DATE_MISMATCH = "date_mismatch"
    MALFORMED = "malformed"
    NOT_KOD1 = "not_kod1"
    FOREIGN_HOST = "foreign_host"
    NONSTANDARD = "nonstandard"
    NOT_KSEF = "not_ksef"


@dataclass(frozen=True, slots=True)
class Kod1:
    """A well-formed KOD I: the seller, the issue date `P_1` and the hash of the invoice's bytes."""

    environment: str  # production, demo, test
    seller_nip: str
    issued_on: date
    sha256: bytes

    @property
    def sha256_hex(self) -> str:
        return self.sha256.hex()


@dataclass(frozen=True, slots=True)
class Kod2:
    """A well-formed KOD II: a certificate holder signed this hash; the signature is not checked."""

    environment: str
    context_kind: str
    context_id: str
    seller_nip: str
    certificate_serial: str
    sha256: bytes


def parse_kod1(text: str) -> Kod1 | None:
    """The parts of a well-formed KOD I of any environment, else None."""
    parts = _official(text)
    match = _INVOICE.fullmatch(parts[1]) if parts else None
    if parts is None or match is None:
        return None
    issued_on, digest = _day(match["day"]), decoded_hash(match["hash"])
    if issued_on is None or digest is None:
        return None
    return Kod1(parts[0], match["nip"], issued_on, digest)


def parse_kod2(text: str) -> Kod2 | None:
    """The parts of a well-formed KOD II of any environment, else None."""
    parts = _official(text)
    match = _CERTIFICATE.fullmatch(parts[1]) if parts else None
    digest = decoded_hash(match["hash"]) if match else None
    if parts is None or match is None or digest is None:
        return None
    return Kod2(
        environment=parts[0],
        context_kind=match["kind"],
        context_id=match["context"],
        seller_nip=match["nip"],
        certificate_serial=match["serial"].upper(),
        sha256=digest,
    )


def judge(
    text: str,
    *,
    seller_nip: str | None = None,
    issued_on: date | None = None,
    sha256: bytes | None = None,
    environment: str = "production",
) -> Verdict:
    """Judge a code against what is known of the document; an unknown (None) is not compared.

    `sha256` is the digest of the XML exactly as it was sent to KSeF. A link of another environment
    than ours never earns anything, whatever else it says.
    """
    link = parse_kod1(text)
    if link is None:
        return _why_not(text)
    if link.environment != environment:
        return Verdict.WRONG_ENVIRONMENT
    if seller_nip is not None and seller_nip != link.seller_nip:
        return Verdict.NIP_MISMATCH
    if issued_on is not None and issued_on != link.issued_on:
        return Verdict.DATE_MISMATCH
    if sha256 is not None and sha256 != link.sha256:
        return Verdict.HASH_MISMATCH
    return Verdict.VALID


def number_in_link(text: str) -> ksef_number.KsefNumber | None:
    """The KSeF number that a non-standard Ministry link carries; it gives no proof of anything."""
    if judge(text) is not Verdict.NONSTANDARD:
        return None
    found = ksef_number.find(text, misread=False)
    return found[0] if len(found) == 1 else None


def kod1_link(*, seller_nip: str, issued_on: date, document: bytes) -> str:
    """The production KOD I that belongs on the print of these raw bytes."""
    digest = encoded_hash(hashlib.sha256(document).digest())
    return f"https://qr.ksef.mf.gov.pl/invoice/{seller_nip}/{issued_on:%d-%m-%Y}/{digest}"


def decoded_hash(text: str) -> bytes | None:
    """The 32 bytes of a SHA-256 written as Base64 or Base64URL, padded or not; None if another.

    KOD I writes Base64URL without padding; UPO, metadata and API headers plain Base64 with `=`.
    """
    try:
        digest = base64.b64decode(text.rstrip("=").translate(_PLAIN) + "=", validate=True)
    except (binascii.Error, ValueError):
        return None
    # A changed last letter can decode to the same bytes: only the canonical writing counts.
    if len(digest) != 32 or encoded_hash(digest) != text.rstrip("=").translate(_URL_SAFE):
        return None
    return digest


def encoded_hash(digest: bytes) -> str:
    """Base64URL without padding, as printed in KOD I."""
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


_PLAIN = str.maketrans("-_", "+/")
_URL_SAFE = str.maketrans("+/", "-_")


def _official(text: str) -> tuple[str, str] | None:
    """Environment and path of a link to an official host: https, no user, no port."""
    url = _URL.fullmatch(text.strip())
    if url is None or url["scheme"].lower() != "https":
        return None
    environment = _HOSTS.get(url["authority"].lower())
    return (environment, url["rest"]) if environment else None


def _why_not(text: str) -> Verdict:
    url = _URL.fullmatch(text.strip())
    if url is None:
        return Verdict.NOT_KSEF
    if parts := _official(text):
        return Verdict.NOT_KOD1 if parts[1].startswith("/certificate/") else Verdict.MALFORMED
    if url["authority"].lower() in _OLD_HOSTS:
        return Verdict.NONSTANDARD
    if "ksef" in url["authority"].lower() or _INVOICE.fullmatch(url["rest"]):
        return Verdict.FOREIGN_HOST
    return Verdict.NOT_KSEF


def _day(text: str) -> date | None:
    try:
        return date(int(text[6:]), int(text[3:5]), int(text[:2]))
    except ValueError:
        return None
