"""The wholesaler's team as its page shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from core.clock import local_date
from partners import team
from partners.queries import list_branches
from partners.tables import PartnerRole
from web.error_texts import N_

ROLES = {PartnerRole.CLERK: N_("pracownik oddziału"), PartnerRole.MANAGER: N_("kierownik")}


@dataclass(frozen=True, slots=True)
class Member:
    id: UUID
    name: str
    email: str
    role: str
    branch: str
    away_until: date | None
    me: bool


@dataclass(frozen=True, slots=True)
class Offer:
    id: UUID
    name: str
    email: str
    role: str
    branch: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Away:
    id: UUID
    name: str
    deputy: str
    first_on: date
    last_on: date


def page(
    session: Session, *, partner_id: UUID, me: UUID, now: datetime, gettext: Callable[[str], str]
) -> dict[str, object]:
    """Members, offers, absences and what the forms choose from."""
    today = local_date(now)
    branches = {branch.id: branch for branch in list_branches(session, partner_id)}
    staff = team.list_staff(session, partner_id)
    names = {user.id: person.name for user, person in staff}
    absences = team.list_absences(session, partner_id=partner_id, on=today)
    away = {a.partner_user_id: a.last_on for a in absences if a.first_on <= today}
    everywhere = gettext("wszystkie oddziały")

    def place(branch_id: UUID | None) -> str:
        return branches[branch_id].name if branch_id in branches else everywhere

    return {
        "members": [
            Member(
                user.id, person.name, person.email or "", gettext(ROLES[user.role]),
                place(user.branch_id), away.get(user.id), person.id == me,
            )
            for user, person in staff
        ],
        "offers": [
            Offer(o.id, o.name, o.email, gettext(ROLES[o.role]), place(o.branch_id), o.expires_at)
            for o in team.list_invitations(session, partner_id=partner_id, at=now)
        ],
        "absences": [
            Away(
                a.id, names.get(a.partner_user_id, "–"),
                names.get(a.deputy_id, "") if a.deputy_id else "", a.first_on, a.last_on,
            )
            for a in absences
        ],
        "branches": [
            (str(b.id), b.name, f"{b.street}, {b.postcode} {b.city}") for b in branches.values()
        ],
        "branch_options": [("", "–"), *((str(b.id), b.name) for b in branches.values())],
        "no_deputy": [("", "–")],
        "roles": [(role.value, gettext(words)) for role, words in ROLES.items()],
        "people": [(str(user.id), person.name) for user, person in staff],
    }  # fmt: skip
