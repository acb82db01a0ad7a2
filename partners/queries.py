"""Reads of wholesalers and their people."""

from __future__ import annotations

import re
from uuid import UUID

from sqlmodel import Session, col, select

from core.errors import NotFound
from partners.tables import Branch, Partner, PartnerUser


class PartnerNotFound(NotFound):
    code = "partner-not-found"


def find_by_nip(session: Session, nip: str) -> Partner | None:
    return session.exec(select(Partner).where(Partner.nip == nip)).one_or_none()


def get_partner(session: Session, partner_id: UUID) -> Partner:
    partner = session.get(Partner, partner_id)
    if partner is None:
        raise PartnerNotFound
    return partner


def list_branches(session: Session, partner_id: UUID) -> list[Branch]:
    return list(
        session.exec(
            select(Branch)
            .where(Branch.partner_id == partner_id, col(Branch.closed_at).is_(None))
            .order_by(col(Branch.name))
        )
    )


def list_closed_branches(session: Session, partner_id: UUID) -> list[Branch]:
    """The last closed first; each has its day and who took its work over."""
    return list(
        session.exec(
            select(Branch)
            .where(Branch.partner_id == partner_id, col(Branch.closed_at).is_not(None))
            .order_by(col(Branch.closed_at).desc(), col(Branch.name))
        )
    )


def find_partner_user(session: Session, person_id: UUID) -> PartnerUser | None:
    """The person's place at a wholesaler, while they work there."""
    return session.exec(
        select(PartnerUser).where(
            PartnerUser.person_id == person_id, col(PartnerUser.left_at).is_(None)
        )
    ).first()


def find_branch_by_address(
    session: Session, *, partner_id: UUID, text: str, named: bool = False
) -> Branch | None:
    """The branch whose postcode, street or city stands in a text; the only one if there is one.

    A street is compared without its kind (`ul.`, `al.`) and tells two branches of a city apart.
    With `named` the only branch has to stand there too: a wholesaler may have more than we know.
    """
    branches = list_branches(session, partner_id)
    if len(branches) == 1 and not named:
        return branches[0]
    folded = _bare(text)
    for by in ("postcode", "street", "city"):
        found = [b for b in branches if _bare(getattr(b, by)) in folded]
        if len(found) == 1:
            return found[0]
    return None


def _bare(address: str) -> str:
    """An address for comparison: `ul. Obornicka 12` is `obornicka 12`, between blanks."""
    words = re.sub(r"[^\w/-]+", " ", address.casefold()).split()
    kept = [word for word in words if word not in ("ul", "al", "pl", "os", "aleja", "ulica")]
    return f" {' '.join(kept)} "


def find_branch(session: Session, branch_id: UUID) -> Branch | None:
    """A branch that is still open."""
    branch = session.get(Branch, branch_id)
    return branch if branch is not None and branch.closed_at is None else None
