"""Rule versions and levels for programs: the data that judges, and the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import Session

from analytics import groups
from analytics.disclosure import Group, hidden
from core.clock import local_date
from programs import rule_drafts, rule_review
from programs.policy import Rules
from programs.rule_review import FindingKind
from programs.rule_tables import RuleStatus, RuleVersion
from web.access import PROGRAM_ANALYST, ApiRouter
from web.deps import CurrentViewer, Now, UnitOfWork
from web.program_people import CurrentProgram, OverseenProgram
from web.routers.rules import READERS, known_names, named_products
from web.views import rules as words

router = ApiRouter(area="rules", access=READERS, prefix="/rules")


class VersionOut(BaseModel):
    """One version; it judges purchases from `valid_from` until the next published one's day."""

    id: UUID
    number: int
    status: RuleStatus
    valid_from: date
    in_force: bool
    note: str
    published_at: datetime | None


class FindingOut(BaseModel):
    """Something to look at before publication; `clause` names the rule."""

    kind: FindingKind
    clause: str
    products: int


class VersionDetail(VersionOut):
    """`rules` is the version's data, `sentences` the same in the caller's language, by kind."""

    rules: dict[str, Any]
    sentences: dict[str, list[str]]
    findings: list[FindingOut]


class LevelOut(BaseModel):
    """A level of today's rules; `firms` is null where fewer than five hold it."""

    name: str
    at_least: str
    factor: str
    firms: int | None


def _out(version: RuleVersion, in_force: RuleVersion | None) -> dict[str, Any]:
    return {
        "id": version.id,
        "number": version.number,
        "status": version.status,
        "valid_from": version.valid_from,
        "in_force": in_force is not None and in_force.id == version.id,
        "note": version.note,
        "published_at": version.published_at,
    }


@router.get("/versions")
def list_versions(session: UnitOfWork, program: OverseenProgram, now: Now) -> list[VersionOut]:
    """All versions and drafts of the programme, the newest first."""
    in_force = rule_drafts.find_in_force(session, program_id=program.id, on=local_date(now))
    found = rule_drafts.list_versions(session, program.id)
    return [VersionOut(**_out(version, in_force)) for version in found]


@router.get("/versions/{version_id}")
def get_version(
    session: UnitOfWork,
    program: OverseenProgram,
    viewer: CurrentViewer,
    version_id: UUID,
    now: Now,
) -> VersionDetail:
    """One version with its rules as data and as sentences, and what its author should know."""
    version = rule_drafts.get_version(session, program_id=program.id, version_id=version_id)
    return detail(session, version, now=now, language=viewer.language)


def detail(
    session: Session, version: RuleVersion, *, now: datetime, language: str
) -> VersionDetail:
    in_force = rule_drafts.find_in_force(session, program_id=version.program_id, on=local_date(now))
    rules = rule_drafts.rules_of(version)
    names = known_names(session, version.program_id)
    found = rule_review.findings(
        rules,
        named_products(session, version.program_id),
        valid_from=version.valid_from,
        segments=names.segments,
        before=rule_drafts.find_before(
            session, program_id=version.program_id, valid_from=version.valid_from
        ),
    )
    return VersionDetail(
        **_out(version, in_force),
        rules=rules.model_dump(mode="json"),
        sentences=words.in_words(rules, names, language=language),
        findings=[
            FindingOut(kind=one.kind, clause=one.clause, products=one.number) for one in found
        ],
    )


@router.get("/levels", access=PROGRAM_ANALYST)
def list_levels(session: UnitOfWork, program: CurrentProgram, now: Now) -> list[LevelOut]:
    """The levels of the rules in force and how many firms hold each."""
    today = local_date(now)
    version = rule_drafts.find_in_force(session, program_id=program.id, on=today)
    rules = rule_drafts.rules_of(version) if version is not None else None
    if rules is None or rules.ladder is None:
        return []
    return levels_out(rules, groups.sizes(session, program.id, today=today)[1])


def levels_out(rules: Rules, sizes: Sequence[groups.Group]) -> list[LevelOut]:
    """Levels part all firms: neither a small one is told, nor the one that would give it away."""
    firms = {group.key: group.firms for group in sizes}
    kept = hidden(Group(key, size, size) for key, size in firms.items())
    return [
        LevelOut(
            name=level.name,
            at_least=f"{level.at_least.normalize():f}",
            factor=f"{rules.tier_factors.get(level.name, Decimal(1)).normalize():f}",
            firms=None if level.name in kept else firms.get(level.name, 0),
        )
        for level in (rules.ladder.levels if rules.ladder is not None else ())
    ]
