"""A register of e-invoices of our own, in the shapes of the KSeF API 2.7: for demos and tests.

It knows sign-in by token, metadata by storage date and invoices by number, counts calls like the
real one and answers 429 with `Retry-After` beyond. Nothing in it is registered anywhere.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlparse


@dataclass(frozen=True, slots=True)
class Registered:
    """One invoice of the stand-in; amounts in grosze."""

    ksef_number: str
    number: str
    xml: bytes
    seller_nip: str
    buyer_nip: str
    issued_on: date
    stored_at: datetime
    gross_grosze: int
    kind: str = "Vat"
    corrects: bytes | None = None  # the hash of the invoice that it corrects

    @property
    def sha256(self) -> bytes:
        return hashlib.sha256(self.xml).digest()


@dataclass(slots=True)
class StandIn:
    """What the register holds, which tokens open which firm, and how often one may ask."""

    tokens: dict[str, str]  # token → NIP
    invoices: list[Registered] = field(default_factory=list)
    metadata_an_hour: int = 20
    invoices_an_hour: int = 64
    most_of_a_question: int = 10_000
    clock: Callable[[], float] = time.monotonic
    questions: list[dict[str, Any]] = field(default_factory=list)
    _calls: dict[str, deque[float]] = field(default_factory=dict)
    _access: dict[str, str] = field(default_factory=dict)
    _pending: dict[str, str] = field(default_factory=dict)
    _key: Any = None
    _certificate: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def too_often(self, kind: str) -> int:
        """Seconds to wait, or 0: a rolling hour as the real one counts it."""
        most = self.metadata_an_hour if kind == "metadata" else self.invoices_an_hour
        with self._lock:
            calls, now = self._calls.setdefault(kind, deque()), self.clock()
            while calls and calls[0] <= now - 3600:
                calls.popleft()
            if len(calls) >= most:
                return int(calls[0] + 3600 - now) + 1
            calls.append(now)
            return 0

    def certificate(self) -> str:
        """The certificate that tokens are encrypted for, DER in Base64."""
        with self._lock:
            if self._key is None:
                self._make_key()
            return self._certificate

    def _make_key(self) -> None:
        from cryptography import x509  # noqa: PLC0415 - of the optional extra
        from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
        from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415
        from cryptography.x509.oid import NameOID  # noqa: PLC0415

        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Zalicz stand-in")])
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self._key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
            .sign(self._key, hashes.SHA256())
        )
        der = made.public_bytes(serialization.Encoding.DER)
        self._certificate = base64.b64encode(der).decode()

    def sign_in(self, encrypted: str, nip: str) -> str | None:
        """An operation token when the encrypted KSeF token opens this firm."""
        from cryptography.hazmat.primitives import hashes  # noqa: PLC0415
        from cryptography.hazmat.primitives.asymmetric import padding  # noqa: PLC0415

        oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
        try:
            text = self._key.decrypt(base64.b64decode(encrypted), oaep).decode()
        except ValueError:
            return None
        if self.tokens.get(text.rpartition("|")[0]) != nip:
            return None
        operation = secrets.token_urlsafe(24)
        self._pending[operation] = nip
        return operation

    def redeem(self, operation: str) -> str | None:
        nip = self._pending.pop(operation, None)
        if nip is None:
            return None
        access = secrets.token_urlsafe(24)
        self._access[access] = nip
        return access

    def nip_of(self, bearer: str) -> str | None:
        return self._access.get(bearer)

    def knows(self, operation: str) -> bool:
        return operation in self._pending

    def query(self, nip: str, asked: dict[str, Any], offset: int, size: int) -> dict[str, Any]:
        """A page of a firm's sales (`Subject1`) by storage date, ascending."""
        self.questions.append({**asked, "pageOffset": offset, "pageSize": size})
        span = asked["dateRange"]
        since, until = (datetime.fromisoformat(span[name]) for name in ("from", "to"))
        found = sorted(
            (i for i in self.invoices if i.seller_nip == nip and since <= i.stored_at <= until),
            key=lambda i: (i.stored_at, i.ksef_number),
        )
        page = found[: self.most_of_a_question][offset * size : (offset + 1) * size]
        shown = min(len(found), self.most_of_a_question)
        more = shown > (offset + 1) * size
        return {
            "hasMore": more,
            "isTruncated": not more and len(found) > self.most_of_a_question,
            "permanentStorageHwmDate": until.isoformat(),
            "invoices": [_shape(one) for one in page],
        }


def _shape(one: Registered) -> dict[str, Any]:
    moment = one.stored_at.isoformat()
    gross = one.gross_grosze / 100
    return {
        "ksefNumber": one.ksef_number, "invoiceNumber": one.number,
        "issueDate": one.issued_on.isoformat(), "invoicingDate": moment,
        "acquisitionDate": moment, "permanentStorageDate": moment,
        "seller": {"nip": one.seller_nip, "name": "Sprzedawca"},
        "buyer": {"identifier": {"type": "Nip", "value": one.buyer_nip}, "name": "Nabywca"},
        "netAmount": gross, "grossAmount": gross, "vatAmount": 0.0, "currency": "PLN",
        "invoicingMode": "Online", "invoiceType": one.kind,
        "formCode": {"systemCode": "FA (3)", "schemaVersion": "1-0E", "value": "FA"},
        "isSelfInvoicing": False, "hasAttachment": False,
        "invoiceHash": base64.b64encode(one.sha256).decode(),
        **(
            {"hashOfCorrectedInvoice": base64.b64encode(one.corrects).decode()}
            if one.corrects
            else {}
        ),
    }  # fmt: skip


class _Handler(BaseHTTPRequestHandler):
    register: StandIn

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: what is asked stands in `questions`."""

    def _send(self, status: int, body: Any, **headers: str) -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        plain = isinstance(body, bytes)
        self.send_header("Content-Type", "application/xml" if plain else "application/json")
        self.send_header("Content-Length", str(len(raw)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(raw)

    def _fail(self, status: int, text: str, **headers: str) -> None:
        self._send(status, {"status": {"code": status, "description": text}}, **headers)

    def _bearer(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ")

    def _body(self) -> dict[str, Any]:
        size = int(self.headers.get("Content-Length") or 0)
        found = json.loads(self.rfile.read(size) or b"{}")
        return found if isinstance(found, dict) else {}

    def do_GET(self) -> None:
        path = urlparse(self.path).path.removeprefix("/v2")
        if path == "/security/public-key-certificates":
            now = datetime.now(UTC)
            self._send(200, [{
                "certificate": self.register.certificate(), "certificateId": "stand-in",
                "publicKeyId": "stand-in", "validFrom": (now - timedelta(days=1)).isoformat(),
                "validTo": (now + timedelta(days=30)).isoformat(),
                "usage": ["KsefTokenEncryption"],
            }])  # fmt: skip
        elif path.startswith("/auth/"):
            known = self.register.knows(self._bearer())
            self._send(200, {
                "startDate": datetime.now(UTC).isoformat(),
                "authenticationMethod": "Token",
                "authenticationMethodInfo": {
                    "category": "Token", "code": "token.ksef", "displayName": "Token KSeF",
                },
                "status": {"code": 200 if known else 450, "description": "stand-in"},
            })  # fmt: skip
        elif path.startswith("/invoices/ksef/"):
            self._invoice(path.rpartition("/")[2])
        else:
            self._fail(404, "no such path")

    def _invoice(self, number: str) -> None:
        nip = self.register.nip_of(self._bearer())
        if nip is None:
            self._fail(401, "no access")
            return
        if wait := self.register.too_often("invoice"):
            self._fail(429, "too many", Retry_After=str(wait))
            return
        found = next(
            (i for i in self.register.invoices if (i.ksef_number, i.seller_nip) == (number, nip)),
            None,
        )
        if found is None:
            self._fail(400, "no such invoice")
            return
        self._send(200, found.xml, x_ms_meta_hash=base64.b64encode(found.sha256).decode())

    def do_POST(self) -> None:
        url = urlparse(self.path)
        path, body = url.path.removeprefix("/v2"), self._body()
        now = datetime.now(UTC)
        later = (now + timedelta(minutes=15)).isoformat()
        if path == "/auth/challenge":
            milliseconds = int(now.timestamp() * 1000)
            self._send(200, {
                "challenge": "stand-in", "timestamp": now.isoformat(),
                "timestampMs": milliseconds, "clientIp": "127.0.0.1",
            })  # fmt: skip
        elif path == "/auth/ksef-token":
            nip = body["contextIdentifier"]["value"]
            operation = self.register.sign_in(body["encryptedToken"], nip)
            token = {"token": operation or secrets.token_urlsafe(8), "validUntil": later}
            self._send(202, {"referenceNumber": "stand-in", "authenticationToken": token})
        elif path == "/auth/token/redeem":
            access = self.register.redeem(self._bearer())
            if access is None:
                self._fail(401, "no such operation")
                return
            token = {"token": access, "validUntil": later}
            self._send(200, {"accessToken": token, "refreshToken": token})
        elif path == "/invoices/query/metadata":
            self._metadata(body, parse_qs(url.query))
        else:
            self._fail(404, "no such path")

    def _metadata(self, body: dict[str, Any], query: dict[str, list[str]]) -> None:
        nip = self.register.nip_of(self._bearer())
        if nip is None:
            self._fail(401, "no access")
            return
        if wait := self.register.too_often("metadata"):
            self._fail(429, "too many", Retry_After=str(wait))
            return
        offset, size = (
            int(query.get(n, [d])[0]) for n, d in (("pageOffset", "0"), ("pageSize", "10"))
        )
        self._send(200, self.register.query(nip, body, offset, size))


def serve(register: StandIn, *, port: int = 0) -> tuple[ThreadingHTTPServer, str]:
    """Start the stand-in in a thread of its own; the server and its address."""
    kind = type("Handler", (_Handler,), {"register": register})
    server = ThreadingHTTPServer(("127.0.0.1", port), kind)
    threading.Thread(target=server.serve_forever, name="ksef-stand-in", daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_address[1]}"
