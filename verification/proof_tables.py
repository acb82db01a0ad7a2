"""Proofs of a claim that came from elsewhere than its own file."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel

from core.columns import enum_field, json_field, key_field, moment, references


class ProofKind(StrEnum):
    """What stands behind a proof."""

    KSEF_REGISTRY = "ksef_registry"  # hash, number, parties and amount found in the register
    KSEF_FETCHED = "ksef_fetched"  # the XML that KSeF itself gave holds the lines: nothing uploaded
    SALES_FEED = "sales_feed"  # the seller's own export holds the lines
    SEEN_IN_REGISTER = "seen_in_register"  # a person opened the Ministry's page: the header only


class ClaimProof(SQLModel, table=True):
    """One proof of one claim. `evidence` is what was found; it never changes."""

    __tablename__ = "proof"
    __table_args__ = (sa.UniqueConstraint("claim_id", "kind"), {"info": {"append_only": True}})

    id: UUID = key_field()
    claim_id: UUID = references("claim.id")
    kind: ProofKind = enum_field(ProofKind)
    evidence: dict[str, Any] = json_field(default_factory=dict)
    actor: str
    at: datetime = moment()
