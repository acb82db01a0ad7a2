"""A wholesaler's branches, and the first person who runs it with us."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from accounts.contacts import Contact
from accounts.roles import Grant, Role, scope_of
from core.errors import Invalid, NotFound
from messages.sign_in import invite_staff
from partners.queries import find_branch
from partners.tables import Branch, Partner, PartnerRole, PartnerUser

# TERYT codes of the sixteen voivodeships.
VOIVODESHIPS = frozenset(f"{number:02d}" for number in range(2, 33, 2))


class BranchExists(Invalid):
    """A wholesaler's branches have different names."""

    code = "branch-exists"


class BranchNotFound(NotFound):
    """No such branch of this wholesaler, or it is closed."""

    code = "branch-not-found"


@dataclass(frozen=True, slots=True)
class BranchFacts:
    """`postcode` is `NN-NNN`; `voivodeship` the two-digit TERYT code."""

    name: str
    street: str
    postcode: str
    city: str
    voivodeship: str
    phone: str = ""


def add_branch(
    session: Session, *, partner_id: UUID, facts: BranchFacts, at: datetime, prefix: str = ""
) -> Branch:
    """A new place of sale. Raises `Invalid` with the field (after `prefix`), `BranchExists`."""
    checked = _checked(facts, prefix)
    _refuse_taken(session, partner_id, checked.name, prefix)
    branch = Branch(partner_id=partner_id, **asdict(checked), created_at=at)
    session.add(branch)
    session.flush()
    return branch


def change_branch(
    session: Session, *, partner_id: UUID, branch_id: UUID, facts: BranchFacts
) -> Branch:
    """Correct what is known of a branch; documents find it by its new address.

    Raises `BranchNotFound`, `Invalid` with the field, `BranchExists`.
    """
    branch = get_branch(session, partner_id=partner_id, branch_id=branch_id)
    checked = _checked(facts, "")
    _refuse_taken(session, partner_id, checked.name, "", but=branch.id)
    for name, value in asdict(checked).items():
        setattr(branch, name, value)
    session.add(branch)
    session.flush()
    return branch


def get_branch(session: Session, *, partner_id: UUID, branch_id: UUID) -> Branch:
    """A wholesaler's own branch that is open. Raises `BranchNotFound`."""
    branch = find_branch(session, branch_id)
    if branch is None or branch.partner_id != partner_id:
        raise BranchNotFound
    return branch


def standing(session: Session, branch_id: UUID) -> Branch:
    """The branch itself, or the one that took its work over when it was closed."""
    branch = session.get_one(Branch, branch_id)
    while branch.succeeded_by is not None:
        branch = session.get_one(Branch, branch.succeeded_by)
    return branch


def _checked(facts: BranchFacts, prefix: str) -> BranchFacts:
    for field in ("name", "street", "city"):
        if not getattr(facts, field).strip():
            raise Invalid("this is needed", field=prefix + field)
    digits = "".join(c for c in facts.postcode if c.isdigit())
    if len(digits) != 5:
        raise Invalid("no postcode", field=prefix + "postcode")
    if facts.voivodeship not in VOIVODESHIPS:
        raise Invalid("no voivodeship", field=prefix + "voivodeship")
    return BranchFacts(
        name=facts.name.strip(),
        street=facts.street.strip(),
        postcode=f"{digits[:2]}-{digits[2:]}",
        city=facts.city.strip(),
        voivodeship=facts.voivodeship,
        phone=facts.phone.strip(),
    )


def _refuse_taken(
    session: Session, partner_id: UUID, name: str, prefix: str, *, but: UUID | None = None
) -> None:
    known = session.exec(
        select(Branch.id).where(Branch.partner_id == partner_id, Branch.name == name)
    ).first()
    if known not in (None, but):
        raise BranchExists("the name is taken", field=prefix + "name")


def appoint_manager(
    session: Session, *, partner: Partner, contact: Contact, name: str, by: str, at: datetime
) -> UUID:
    """Let a person run a wholesaler's side and send them the way in; their id.

    Raises `Invalid` without a name, `ContactInvalid`.
    """
    if not name.strip():
        raise Invalid("a person has a name", field="manager")
    person_id = invite_staff(
        session,
        contact=contact,
        name=name.strip(),
        grant=Grant(Role.PARTNER_MANAGER, scope_of("partner", partner.id)),
        by=by,
        at=at,
    )
    known = session.exec(
        select(PartnerUser).where(
            PartnerUser.person_id == person_id, PartnerUser.partner_id == partner.id
        )
    ).one_or_none()
    user = known or PartnerUser(
        person_id=person_id, partner_id=partner.id, role=PartnerRole.MANAGER, created_at=at
    )
    user.role, user.branch_id, user.left_at = PartnerRole.MANAGER, None, None
    session.add(user)
    session.flush()
    return person_id
