"""A statement as a file that proves itself: the account's chain of hashes under our signature.

Pure: `check` needs nothing but the file. Format `zalicz-statement-1`: JSON in UTF-8; the Ed25519
signature (RFC 8032) covers everything else in it as JSON with sorted keys and no spaces.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from points import chain

_SEALED = b"zalicz-paper-1\n"
_Hash = Field(pattern=r"^[0-9a-f]{64}$")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Row(_Part):
    """One operation; `row` counts from 1, `hash` is the chain after it."""

    row: int
    posted_at: AwareDatetime
    kind: str
    reference: str
    counterparty: str
    points: int
    balance: int
    hash: str = _Hash


class End(_Part):
    """The account before the first row, or after the last: its balance and its chain."""

    balance: int
    hash: str = _Hash


class Statement(_Part):
    format: Literal["zalicz-statement-1"] = "zalicz-statement-1"
    program: str
    holder: str
    account: str
    language: str
    made_at: AwareDatetime
    debt: int
    opening: End
    rows: list[Row]
    closing: End


class Signed(Statement):
    key: str = _Hash
    signature: str = Field(pattern=r"^[0-9a-f]{128}$")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing in a file that does not hold; `row` names the row, None the file as a whole."""

    row: int | None
    text: str


def public_key(seed: bytes) -> str:
    """The public half of the 32-byte secret that signs, in hex: what a checker compares with."""
    key = Ed25519PrivateKey.from_private_bytes(seed).public_key()
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def sign(statement: Statement, *, seed: bytes) -> bytes:
    """The file: the statement with the key and the signature, as JSON that people can read."""
    body = {**statement.model_dump(mode="json"), "key": public_key(seed)}
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(_canonical(body))
    return json.dumps({**body, "signature": signature.hex()}, ensure_ascii=False, indent=1).encode()


def seal(content: bytes, *, seed: bytes) -> str:
    """The signature (hex) over the bytes of a paper, which is never one over a statement."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(_SEALED + content).hex()


def seal_holds(content: bytes, signature: str, *, key: str) -> bool:
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(bytes.fromhex(signature), _SEALED + content)
    except (InvalidSignature, ValueError):
        return False
    return True


def _canonical(body: dict[str, Any]) -> bytes:
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def read(data: bytes) -> Signed:
    """Raises `ValueError` with the reason when the file is no statement of ours."""
    # Of two values under one name a machine takes one and a person reads the other.
    json.loads(data, object_pairs_hook=_each_once)
    try:
        return Signed.model_validate_json(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"not a statement: {where or 'file'}: {first['msg']}") from error


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(name for name, count in Counter(n for n, _ in pairs).items() if count > 1)
        raise ValueError(f"not a statement: {twice}: stands twice in one place")
    return found


def check(data: bytes, *, key: str | None = None) -> list[Fault]:
    """Everything that does not hold in an exported file; with `key`, also who signed it.

    Raises `ValueError` when the file is no statement.
    """
    signed = read(data)
    faults = [*_rows(signed), *_ends(signed)]
    if key is not None and signed.key != key:
        faults.append(Fault(None, "signed with another key than the one expected"))
    body = json.loads(data)
    signature = body.pop("signature")
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(signed.key)).verify(
            bytes.fromhex(signature), _canonical(body)
        )
    except (InvalidSignature, ValueError):
        if not faults:
            faults.append(Fault(None, "the signature does not fit: the head or a name was changed"))
        else:
            faults.append(Fault(None, "the signature does not fit"))
    return faults


def _rows(signed: Signed) -> list[Fault]:
    """Each row against the hash before it, so that one changed row names itself alone."""
    faults = []
    previous, balance = bytes.fromhex(signed.opening.hash), signed.opening.balance
    for place, row in enumerate(signed.rows, start=1):
        if row.row != place:
            faults.append(Fault(place, f"row {place} is missing or was moved"))
        expected = chain.extend(
            previous,
            chain.line(
                reference=row.reference,
                kind=row.kind,
                posted_at=row.posted_at,
                points=row.points,
                counterparty=row.counterparty,
                balance=row.balance,
            ),
        )
        if expected.hex() != row.hash:
            faults.append(Fault(row.row, f"row {row.row} was changed, or one before it is missing"))
        elif balance + row.points != row.balance:
            faults.append(Fault(row.row, f"row {row.row}: the balance does not add up"))
        previous, balance = bytes.fromhex(row.hash), row.balance
    return faults


def _ends(signed: Signed) -> list[Fault]:
    last: End | Row = signed.rows[-1] if signed.rows else signed.opening
    if (signed.closing.balance, signed.closing.hash) != (last.balance, last.hash):
        return [Fault(None, "the last rows are missing: the end of the chain is another")]
    return []


def statement(
    *,
    program: str,
    holder: str,
    account: str,
    language: str,
    made_at: datetime,
    debt: int,
    opening: End,
    rows: Sequence[Row],
) -> Statement:
    """A statement whose end is that of its last row."""
    last: End | Row = rows[-1] if rows else opening
    return Statement(
        program=program,
        holder=holder,
        account=account,
        language=language,
        made_at=made_at,
        debt=debt,
        opening=opening,
        rows=list(rows),
        closing=End(balance=last.balance, hash=last.hash),
    )
