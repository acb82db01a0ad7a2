"""What people agreed to: which version of which text, when, where; and what holds now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Session, col, select

from accounts.roles import EVERYWHERE
from accounts.tables import Consent

# Kinds that this package knows; programmes add `terms` with their own scope and version.
MARKETING_EMAIL = "marketing_email"
MARKETING_SMS = "marketing_sms"
SHARE_WITH_MANUFACTURER = "share_with_manufacturer"
KSEF_ACCESS = "ksef_access"
# The employer lets this person collect points for the firm's purchases.
EMPLOYER = "employer"
TERMS = "terms"


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest word of a person about one text in one place."""

    kind: str
    scope: str
    version: str
    given: bool
    at: datetime


def record(
    session: Session,
    *,
    person_id: UUID,
    kind: str,
    version: str,
    given: bool,
    at: datetime,
    scope: str = EVERYWHERE,
    source: str = "",
) -> None:
    """Write down a yes or a no. Repeating what already holds adds nothing."""
    standing = find(session, person_id=person_id, kind=kind, scope=scope)
    if standing is not None and (standing.version, standing.given) == (version, given):
        return
    session.add(
        Consent(
            person_id=person_id,
            kind=kind,
            scope=scope,
            version=version,
            given=given,
            source=source,
            at=at,
        )
    )
    session.flush()


def find(
    session: Session, *, person_id: UUID, kind: str, scope: str = EVERYWHERE
) -> Standing | None:
    """The newest word about one text, or `None` when the person never said anything."""
    row = session.exec(
        select(Consent)
        .where(Consent.person_id == person_id, Consent.kind == kind, Consent.scope == scope)
        .order_by(col(Consent.at).desc(), col(Consent.id).desc())
        .limit(1)
    ).first()
    return None if row is None else Standing(row.kind, row.scope, row.version, row.given, row.at)


def holds(
    session: Session,
    *,
    person_id: UUID,
    kind: str,
    scope: str = EVERYWHERE,
    version: str | None = None,
) -> bool:
    """Whether the person agrees now (to that very version, if one is named)."""
    standing = find(session, person_id=person_id, kind=kind, scope=scope)
    return standing is not None and standing.given and version in (None, standing.version)


def list_standing(session: Session, *, person_id: UUID) -> Sequence[Standing]:
    """The newest word about every text, by kind and place."""
    newest_first = (
        select(Consent)
        .where(Consent.person_id == person_id)
        .order_by(
            col(Consent.kind), col(Consent.scope), col(Consent.at).desc(), col(Consent.id).desc()
        )
    )
    rows = session.exec(newest_first.ext(distinct_on(col(Consent.kind), col(Consent.scope))))
    return [Standing(row.kind, row.scope, row.version, row.given, row.at) for row in rows]
