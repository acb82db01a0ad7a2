"""Drafts of rules: written by one person, published by another, from a day that is yet to come."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from core.clock import local_date
from core.errors import DomainError, Forbidden, Invalid, Kind, NotFound
from programs import queries, service
from programs.policy import PerUnit, Rules
from programs.rule_tables import RuleStatus, RuleVersion
from programs.service import NotADraft
from programs.tables import Program

LONGEST_NOTE = 300


class RuleVersionNotFound(NotFound):
    code = "rule-version-not-found"


class NotYourDraft(Forbidden):
    """Only its author changes a draft; anybody else writes one of their own."""

    code = "not-your-draft"


class DayTaken(DomainError):
    """Another version is in force from that very day."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "rules-day-taken"


class StartsTooEarly(Invalid):
    """Rules begin tomorrow at the earliest: a purchase is judged by what was known that day."""

    code = "rules-start-too-early"


class PricesNotShared(DomainError):
    """Points or levels by value would tell the manufacturer the partners' prices.

    The programme's setting `prices_visible` says whether they agreed.
    """

    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "prices-not-shared"


def list_versions(session: Session, program_id: UUID) -> list[RuleVersion]:
    """All versions of a programme, the newest number first."""
    return list(
        session.exec(
            select(RuleVersion)
            .where(RuleVersion.program_id == program_id)
            .order_by(col(RuleVersion.number).desc())
        )
    )


def get_version(session: Session, *, program_id: UUID, version_id: UUID) -> RuleVersion:
    """Raises `RuleVersionNotFound` for what is not the programme's."""
    version = session.get(RuleVersion, version_id)
    if version is None or version.program_id != program_id:
        raise RuleVersionNotFound
    return version


def find_version(session: Session, *, program_id: UUID, version_id: UUID) -> RuleVersion | None:
    """The programme's version, or `None` when the draft was thrown away."""
    try:
        return get_version(session, program_id=program_id, version_id=version_id)
    except RuleVersionNotFound:
        return None


def rules_of(version: RuleVersion) -> Rules:
    return Rules.model_validate(version.rules)


def find_in_force(session: Session, *, program_id: UUID, on: date) -> RuleVersion | None:
    """The version that judges purchases of that day, if any is published."""
    try:
        return queries.get_rules_in_force(session, program_id=program_id, on=on)[0]
    except queries.NoRulesInForce:
        return None


def find_before(session: Session, *, program_id: UUID, valid_from: date) -> Rules | None:
    """The published rules that rules of a first day follow, if there are any."""
    version = find_in_force(session, program_id=program_id, on=valid_from - timedelta(days=1))
    return rules_of(version) if version is not None else None


def start(session: Session, *, like: RuleVersion, author: str, at: datetime) -> RuleVersion:
    """A draft of one's own that begins as a copy, in force from the first of next month."""
    today = local_date(at)
    month = date(today.year + today.month // 12, today.month % 12 + 1, 1)
    return service.draft_rules(
        session,
        program_id=like.program_id,
        rules=rules_of(like),
        valid_from=month,
        author=author,
        at=at,
    )


def start_first(
    session: Session, *, program: Program, clause: str, author: str, at: datetime
) -> RuleVersion:
    """A draft that no version stands behind: one point for a unit of whatever the programme has.

    In force as soon as it may be: tomorrow, or when purchases begin.
    """
    return service.draft_rules(
        session,
        program_id=program.id,
        rules=Rules(base=(PerUnit(clause=clause, points=Decimal(1)),)),
        valid_from=max(program.starts_on, local_date(at) + timedelta(days=1)),
        author=author,
        at=at,
    )


def save(
    session: Session,
    version: RuleVersion,
    *,
    rules: Rules,
    valid_from: date,
    note: str,
    editor: str,
) -> None:
    """Change a draft. Raises `NotADraft`, `NotYourDraft`, `PricesNotShared`, `Invalid`."""
    _lock_own_draft(session, version, editor)
    if not rules.base:
        raise Invalid("rules without a rate pay nothing", field="base")
    _require_shared_prices(session, version.program_id, rules)
    rules = service.with_keys(
        session, program_id=version.program_id, rules=rules, valid_from=valid_from
    )
    version.rules = rules.model_dump(mode="json")
    version.valid_from, version.note = valid_from, note.strip()[:LONGEST_NOTE]
    session.add(version)
    session.flush()


def _require_shared_prices(session: Session, program_id: UUID, rules: Rules) -> None:
    settings = queries.settings_of(queries.get_program(session, program_id))
    if rules.measures_value and not settings.prices_visible:
        raise PricesNotShared


def discard(session: Session, version: RuleVersion, *, editor: str) -> None:
    """Throw a draft away. Raises `NotADraft`, `NotYourDraft`."""
    _lock_own_draft(session, version, editor)
    session.delete(version)
    session.flush()


def _lock_own_draft(session: Session, version: RuleVersion, editor: str) -> None:
    """Nobody publishes a draft while it is being changed."""
    session.refresh(version, with_for_update=True)
    require_own_draft(version, editor)


def require_own_draft(version: RuleVersion, editor: str) -> None:
    """Raises `NotADraft`, `NotYourDraft`."""
    if version.status is not RuleStatus.DRAFT:
        raise NotADraft
    if version.created_by != editor:
        raise NotYourDraft


def publish(session: Session, version: RuleVersion, *, publisher: str, at: datetime) -> RuleVersion:
    """Put a draft into force from its day.

    Raises `OwnRules`, `StartsTooEarly`, `DayTaken`, `PricesNotShared`.
    """
    session.refresh(version, with_for_update=True)
    if version.created_by == publisher:
        raise service.OwnRules
    _require_shared_prices(session, version.program_id, rules_of(version))
    if version.valid_from <= local_date(at):
        raise StartsTooEarly(field="valid_from", valid_from=version.valid_from.isoformat())
    same_day = session.exec(
        select(RuleVersion.number).where(
            RuleVersion.program_id == version.program_id,
            RuleVersion.status == RuleStatus.PUBLISHED,
            RuleVersion.valid_from == version.valid_from,
        )
    ).first()
    if same_day is not None:
        raise DayTaken(number=same_day)
    return service.publish_rules(session, version_id=version.id, publisher=publisher, at=at)
