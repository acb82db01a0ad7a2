"""Founding a programme and changing its period, its settings and its wholesalers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from pydantic import ValidationError
from sqlmodel import Session, col, select

from accounts.contacts import parse
from core import audit
from core.clock import local_date, midnight
from core.errors import DomainError, Invalid, Kind
from partners import places
from partners import queries as partner_queries
from partners.places import BranchFacts
from partners.tables import Partner
from programs import segments
from programs.place_tables import ProgramPartnerPast
from programs.queries import settings_of
from programs.service import chain, require_nip
from programs.settings import ProgramSettings
from programs.tables import Manufacturer, Program, ProgramPartner

LONGEST_NAME = 80


class PeriodInvalid(Invalid):
    """The days of a programme follow each other: start, end, last claim, last reward."""

    code = "period-invalid"


class SettingOutOfBounds(Invalid):
    """A setting is no number, or outside `low` … `high`."""

    code = "setting-out-of-bounds"


class AlreadyInProgram(DomainError):
    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "already-in-program"


class PartBeginsOutside(Invalid):
    """A part begins neither before the programme or in the part before, nor after today."""

    code = "part-begins-outside"


@dataclass(frozen=True, slots=True)
class ProgramFacts:
    """What a programme says about itself; `claim_until` and `redeem_until` are last days."""

    name: str
    starts_on: date
    ends_on: date
    claim_until: date
    redeem_until: date

    def checked(self) -> ProgramFacts:
        """Itself. Raises `Invalid`, `PeriodInvalid`."""
        if not 2 <= len(self.name.strip()) <= LONGEST_NAME:
            raise Invalid("a programme has a name", field="name")
        days = ("starts_on", "ends_on", "claim_until", "redeem_until")
        for earlier, later in pairwise(days):
            if getattr(self, later) < getattr(self, earlier):
                raise PeriodInvalid("the days are not in order", field=later)
        return self


def found_program(
    session: Session,
    *,
    manufacturer: str,
    nip: str,
    facts: ProgramFacts,
    actor: str,
    at: datetime,
) -> Program:
    """A new programme; the manufacturer is the one with that tax number, known or new."""
    facts.checked()
    number = require_nip(nip)
    owner = session.exec(select(Manufacturer).where(Manufacturer.nip == number)).one_or_none()
    if owner is None:
        if not manufacturer.strip():
            raise Invalid("a manufacturer has a name", field="manufacturer")
        owner = Manufacturer(name=manufacturer.strip(), nip=number, created_at=at)
        session.add(owner)
        session.flush()
    program = Program(
        manufacturer_id=owner.id,
        slug=_free_slug(session, facts.name),
        settings={},
        created_at=at,
        **{**asdict(facts), "name": facts.name.strip()},
    )
    session.add(program)
    session.flush()
    _record(session, program, "program.found", actor, at, name=program.name)
    return program


def change_program(
    session: Session,
    *,
    program_id: UUID,
    facts: ProgramFacts,
    settings: dict[str, object],
    actor: str,
    at: datetime,
) -> Program:
    """Replace period and settings; what was decided stays as it is.

    Keys that `settings` does not name keep their values. Raises `Invalid` with the field,
    `PeriodInvalid`.
    """
    facts.checked()
    program = session.exec(
        select(Program)
        .where(Program.id == program_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    before = settings_of(program)
    for name in settings.keys() - ProgramSettings.model_fields:
        raise Invalid("no such setting", field=name)
    try:
        after = ProgramSettings.model_validate({**before.model_dump(mode="json"), **settings})
    except ValidationError as error:
        raise _out_of_bounds(str(error.errors()[0]["loc"][0])) from error
    named = after.eligible_segment
    if named and named not in {s.key for s in segments.list_segments(session, program.id)}:
        raise Invalid("no such segment", field="eligible_segment")
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    changed = {key: f"{old[key]} → {new[key]}" for key in new if old[key] != new[key]}
    for key, value in asdict(facts).items():
        value = value.strip() if isinstance(value, str) else value
        if getattr(program, key) != value:
            changed[key] = f"{getattr(program, key)} → {value}"
            setattr(program, key, value)
    program.settings = after.model_dump(mode="json", exclude_defaults=True)
    session.add(program)
    session.flush()
    if changed:
        _record(session, program, "program.change", actor, at, **changed)
    return program


def admit_partner(
    session: Session,
    *,
    program: Program,
    nip: str,
    name: str,
    short_name: str,
    since: date | None = None,
    actor: str,
    at: datetime,
) -> Partner:
    """Let a wholesaler take part; it is the one with that tax number, known or new.

    Purchases count from the day `since`, which may have passed; today, where none is named.
    Raises `Invalid`, `AlreadyInProgram`, `PartBeginsOutside`.
    """
    number = require_nip(nip)
    partner = partner_queries.find_by_nip(session, number)
    if partner is None:
        if not name.strip():
            raise Invalid("a wholesaler has a name", field="name")
        partner = Partner(
            name=name.strip(),
            short_name=short_name.strip() or name.strip(),
            nip=number,
            created_at=at,
        )
        session.add(partner)
        session.flush()
    place = _locked_part(session, program, partner.id)
    since = since or local_date(at)
    first, last = program.starts_on, local_date(at)
    if place is None:
        place = ProgramPartner(program_id=program.id, partner_id=partner.id, joined_at=at)
    else:
        first = max(first, _keep_stretch(session, place, at))
    if since != last and not first <= since < last:
        days = {"first": f"{first:%d.%m.%Y}", "last": f"{last:%d.%m.%Y}"}
        raise PartBeginsOutside("no such first day", field="since", **days)
    place.joined_at, place.left_at = at if since == last else midnight(since), None
    session.add(place)
    session.flush()
    _record(session, program, "partner.admit", actor, at, nip=number, since=since.isoformat())
    return partner


def _locked_part(session: Session, program: Program, partner_id: UUID) -> ProgramPartner | None:
    return session.exec(
        select(ProgramPartner)
        .where(ProgramPartner.program_id == program.id, ProgramPartner.partner_id == partner_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def _keep_stretch(session: Session, place: ProgramPartner, at: datetime) -> date:
    """Write down a part that ended before a new one begins, and tell its first day without.

    Raises `AlreadyInProgram` where it did not end.
    """
    if place.left_at is None:
        raise AlreadyInProgram
    left_on = local_date(place.left_at)
    session.add(
        ProgramPartnerPast(
            program_id=place.program_id,
            partner_id=place.partner_id,
            joined_on=local_date(place.joined_at),
            left_on=left_on,
            created_at=at,
        )
    )
    return left_on


def admit_with_branch(
    session: Session,
    *,
    program: Program,
    nip: str,
    name: str,
    short_name: str,
    branch: BranchFacts,
    prefix: str,
    manager: str,
    email: str,
    since: date | None = None,
    actor: str,
    at: datetime,
) -> Partner:
    """Let a wholesaler take part; without any branch yet it brings its first and its manager.

    Raises `Invalid` with the field (those of the branch after `prefix`), `ContactInvalid`,
    `AlreadyInProgram`, `PartBeginsOutside`.
    """
    partner = admit_partner(
        session, program=program, nip=nip, name=name, short_name=short_name, since=since,
        actor=actor, at=at,
    )  # fmt: skip
    if not partner_queries.list_branches(session, partner.id):
        places.add_branch(session, partner_id=partner.id, facts=branch, at=at, prefix=prefix)
        places.appoint_manager(
            session,
            partner=partner,
            contact=parse(email, field="email"),
            name=manager,
            by=actor,
            at=at,
        )
    return partner


def dismiss_partner(
    session: Session, *, program: Program, partner_id: UUID, actor: str, at: datetime
) -> None:
    """End a wholesaler's part. Its open reviews stay its own; purchases from today on do not count.

    Raises `PartnerNotFound` when it takes no part.
    """
    place = _locked_part(session, program, partner_id)
    if place is None or place.left_at is not None:
        raise partner_queries.PartnerNotFound
    place.left_at = at
    session.add(place)
    session.flush()
    _record(session, program, "partner.dismiss", actor, at, partner=str(partner_id))


def list_partners(session: Session, program_id: UUID) -> list[tuple[Partner, ProgramPartner]]:
    """Who takes part, or did; those who do first, by name."""
    rows = session.exec(
        select(Partner, ProgramPartner)
        .join(ProgramPartner, col(ProgramPartner.partner_id) == col(Partner.id))
        .where(ProgramPartner.program_id == program_id)
        .order_by(col(ProgramPartner.left_at).is_not(None), col(Partner.name))
    )
    return [(partner, place) for partner, place in rows]


def list_earlier(session: Session, place: ProgramPartner) -> Sequence[ProgramPartnerPast]:
    """The stretches of a wholesaler's part before the one that runs or ended last, in order."""
    return session.exec(
        select(ProgramPartnerPast)
        .where(
            ProgramPartnerPast.program_id == place.program_id,
            ProgramPartnerPast.partner_id == place.partner_id,
        )
        .order_by(col(ProgramPartnerPast.joined_on), col(ProgramPartnerPast.created_at))
    ).all()


def _out_of_bounds(field: str) -> SettingOutOfBounds:
    bounds = {"low": "…", "high": "…"}
    for limit in ProgramSettings.model_fields[field].metadata:
        for name, key in (("ge", "low"), ("le", "high")):
            if (bound := getattr(limit, name, None)) is not None:
                bounds[key] = str(bound)
    return SettingOutOfBounds("out of bounds", field=field, **bounds)


def _free_slug(session: Session, name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ł", "l"))
    stem = re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")[:48]
    stem = stem or "program"
    taken = set(
        session.exec(
            select(Program.slug).where(
                sa.or_(col(Program.slug) == stem, col(Program.slug).startswith(f"{stem}-"))
            )
        )
    )
    number = 1
    while (slug := stem if number == 1 else f"{stem}-{number}") in taken:
        number += 1
    return slug


def _record(
    session: Session, program: Program, action: str, actor: str, at: datetime, **facts: str
) -> None:
    audit.record(
        session,
        chain=chain(program.id),
        actor=actor,
        action=action,
        subject=f"program:{program.id}",
        at=at,
        **facts,
    )
