"""The wholesaler's places of sale: added, corrected, closed with somebody who takes over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from core.errors import DomainError
from partners import places
from partners.places import BranchFacts
from partners.queries import list_branches, list_closed_branches
from partners.tables import Branch
from verification import closing
from web import pages
from web.access import PARTNER_MANAGER, Router
from web.charts import VOIVODESHIPS
from web.clerks import Counter, CurrentClerk
from web.deps import Now, UnitOfWork
from web.idempotent import idempotent
from web.review_form import Fields

router = Router(access=PARTNER_MANAGER, prefix="/branches")
FIELDS = ("name", "street", "postcode", "city", "voivodeship", "phone")


def facts_of(fields: Mapping[str, str]) -> BranchFacts:
    return BranchFacts(**{name: fields.get(name, "")[:200] for name in FIELDS})


def typed_of(branch: Branch | None) -> dict[str, str]:
    return {name: getattr(branch, name) if branch else "" for name in FIELDS}


def _list(session: Session, counter: Counter, typed: Mapping[str, str]) -> dict[str, Any]:
    return {
        "scope_label": counter.desk.scope_label,
        "branches": [
            {
                "id": branch.id,
                "name": branch.name,
                "address": address_of(branch),
                "region": VOIVODESHIPS[branch.voivodeship].name,
                "phone": branch.phone,
                "waiting": closing.count_waiting(session, branch.id),
            }
            for branch in list_branches(session, counter.partner.id)
        ],
        "closed": closed_branches(session, counter.partner.id),
        "typed": typed_of(None) | dict(typed),
        "voivodeships": _voivodeships(),
    }


def closed_branches(session: Session, partner_id: UUID) -> list[dict[str, Any]]:
    """What is told of the branches that a wholesaler closed, the last one first."""
    return [
        {
            "name": branch.name,
            "address": address_of(branch),
            "closed_at": branch.closed_at,
            "successor": places.standing(session, branch.id).name,
        }
        for branch in list_closed_branches(session, partner_id)
    ]


def address_of(branch: Branch) -> str:
    return f"{branch.street}, {branch.postcode} {branch.city}"


def _voivodeships() -> list[tuple[str, str]]:
    return sorted(((v.code, v.name) for v in VOIVODESHIPS.values()), key=lambda item: item[1])


def _one(
    session: Session, counter: Counter, branch: Branch, typed: Mapping[str, str]
) -> dict[str, Any]:
    others = [b for b in list_branches(session, counter.partner.id) if b.id != branch.id]
    return {
        "scope_label": counter.desk.scope_label,
        "branch": {"id": branch.id, "name": branch.name},
        "typed": typed_of(branch) | dict(typed),
        "voivodeships": _voivodeships(),
        "others": [(str(other.id), other.name) for other in others],
        "waiting": closing.count_waiting(session, branch.id),
    }


@router.get("")
def show_branches(request: Request, session: UnitOfWork, counter: CurrentClerk) -> Response:
    return pages.render(request, "partner/branches.html", _list(session, counter, {}))


@router.post("")
@idempotent
def add(
    request: Request, session: UnitOfWork, counter: CurrentClerk, now: Now, fields: Fields
) -> Response:
    """A new place of sale: documents with its address go to its queue from now on."""
    _ = pages.say(request)
    try:
        places.add_branch(session, partner_id=counter.partner.id, facts=facts_of(fields), at=now)
    except DomainError as error:
        context = _list(session, counter, fields)
        raise pages.refused(request, "partner/branches.html", context, error) from error
    return pages.redirect(request, "/branches", flash=_("Oddział dodany."))


@router.get("/{branch_id}")
def show_branch(
    request: Request, session: UnitOfWork, counter: CurrentClerk, branch_id: UUID
) -> Response:
    branch = places.get_branch(session, partner_id=counter.partner.id, branch_id=branch_id)
    return pages.render(request, "partner/branch.html", _one(session, counter, branch, {}))


@router.post("/{branch_id}")
@idempotent
def change(
    request: Request, session: UnitOfWork, counter: CurrentClerk, branch_id: UUID, fields: Fields
) -> Response:
    """Correct its name or address."""
    _ = pages.say(request)
    branch = places.get_branch(session, partner_id=counter.partner.id, branch_id=branch_id)
    try:
        places.change_branch(
            session, partner_id=counter.partner.id, branch_id=branch_id, facts=facts_of(fields)
        )
    except DomainError as error:
        context = _one(session, counter, branch, fields)
        raise pages.refused(request, "partner/branch.html", context, error) from error
    return pages.redirect(request, "/branches", flash=_("Zmiany zapisane."))


@router.post("/{branch_id}/closure")
@idempotent
def close(
    request: Request,
    session: UnitOfWork,
    counter: CurrentClerk,
    now: Now,
    branch_id: UUID,
    fields: Fields,
) -> Response:
    """Close it; its people and what waits go to another branch."""
    _ = pages.say(request)
    branch = places.get_branch(session, partner_id=counter.partner.id, branch_id=branch_id)
    own = {str(b.id): b.id for b in list_branches(session, counter.partner.id)}
    try:
        closing.close_branch(
            session,
            partner_id=counter.partner.id,
            branch_id=branch_id,
            successor_id=own.get(fields.get("successor", "")),
            by=counter.clerk.person_id,
            at=now,
        )
    except DomainError as error:
        context = _one(session, counter, branch, {})
        raise pages.refused(request, "partner/branch.html", context, error) from error
    return pages.redirect(request, "/branches", flash=_("Oddział zamknięty."))
