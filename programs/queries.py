"""Reads of a programme; each aggregate has one scope function that fetches and checks at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core.clock import local_date
from core.errors import NotFound
from programs.catalogues import load_catalogue as load_catalogue
from programs.place_tables import ProgramPartnerPast
from programs.policy import Rules
from programs.product_tables import Product
from programs.rule_tables import RuleStatus, RuleVersion
from programs.settings import ProgramSettings
from programs.tables import Manufacturer, Participant, Program, ProgramPartner


class ProgramNotFound(NotFound):
    code = "program-not-found"


class ParticipantNotFound(NotFound):
    code = "participant-not-found"


class NoRulesInForce(NotFound):
    """The programme has no published rules for that day."""

    code = "no-rules-in-force"


def has_programs(session: Session) -> bool:
    """False in an installation that nobody has set up yet."""
    return session.exec(select(Program.id)).first() is not None


def get_program(session: Session, program_id: UUID) -> Program:
    program = session.get(Program, program_id)
    if program is None:
        raise ProgramNotFound
    return program


def has_slug(session: Session, names: Collection[str]) -> bool:
    """Whether one of these names, in small letters, is a programme's short name."""
    known = sa.func.lower(col(Program.slug)).in_(names)
    return bool(names) and session.exec(select(Program.id).where(known)).first() is not None


def settings_of(program: Program) -> ProgramSettings:
    return ProgramSettings.model_validate(program.settings)


def get_manufacturer(session: Session, program: Program) -> Manufacturer:
    return session.get_one(Manufacturer, program.manufacturer_id)


def find_participants_of(session: Session, person_id: UUID) -> list[Participant]:
    """A person's memberships, oldest first; those that were left are not among them."""
    return list(
        session.exec(
            select(Participant)
            .where(Participant.person_id == person_id, col(Participant.left_at).is_(None))
            .order_by(col(Participant.enrolled_at))
        )
    )


def get_participant(session: Session, participant_id: UUID) -> Participant:
    participant = session.get(Participant, participant_id)
    if participant is None:
        raise ParticipantNotFound
    return participant


def takes_part(session: Session, *, program_id: UUID, partner_id: UUID, on: date) -> bool:
    """Whether purchases of that day at the wholesaler count; of its branches it is asked apart."""
    row = session.get(ProgramPartner, (program_id, partner_id))
    if row is None:
        return False
    left_on = local_date(row.left_at) if row.left_at is not None else date.max
    if local_date(row.joined_at) <= on < left_on:
        return True
    past = select(ProgramPartnerPast.id).where(
        ProgramPartnerPast.program_id == program_id,
        ProgramPartnerPast.partner_id == partner_id,
        ProgramPartnerPast.joined_on <= on,
        ProgramPartnerPast.left_on > on,
    )
    return session.exec(past).first() is not None


def list_products(session: Session, program_id: UUID) -> list[Product]:
    return list(
        session.exec(
            select(Product)
            .where(Product.program_id == program_id)
            .order_by(col(Product.family), col(Product.name))
        )
    )


def get_rules_in_force(
    session: Session, *, program_id: UUID, on: date
) -> tuple[RuleVersion, Rules]:
    """The published version that judges purchases of that day. Raises `NoRulesInForce`."""
    version = session.exec(
        select(RuleVersion)
        .where(
            RuleVersion.program_id == program_id,
            RuleVersion.status == RuleStatus.PUBLISHED,
            RuleVersion.valid_from <= on,
        )
        .order_by(col(RuleVersion.valid_from).desc())
        .limit(1)
    ).first()
    if version is None:
        raise NoRulesInForce(on.isoformat())
    return version, Rules.model_validate(version.rules)
