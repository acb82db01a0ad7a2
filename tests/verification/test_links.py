"""Accounts that the operator notes link people; who is linked decides nothing."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from accounts.tables import Person
from core.audit import AuditEntry
from core.errors import Invalid, NotFound
from tests import make
from tests.conftest import NOON
from tests.verification.test_entries import approve
from verification import links
from verification.caution_tables import IdentityMark, MarkKind
from verification.self_dealing import SelfDealing
from verification.tables import Decision

ACCOUNT = "61 1090 1014 0000 0712 1981 2874"


def with_contacts(session: Session, of: make.World) -> Person:
    """The clerk and the claimant can be reached; the operator that comes back types."""
    for person_id, email in (
        (of.clerk.person_id, "anna@elmet.example"),
        (of.participant.person_id, "marek@wrona.example"),
    ):
        person = session.get_one(Person, person_id)
        person.email = email
        session.add(person)
    return make.person(session, name="Operator")


def note(session: Session, contact: str, operator: Person, account: str = ACCOUNT) -> None:
    links.add_account(session, contact=contact, account=account, by=operator.id, at=NOON)


def test_a_shared_account_keeps_the_clerk_from_deciding_until_it_is_taken_back(
    session: Session,
) -> None:
    of = make.world(session)
    operator = with_contacts(session, of)
    review = make.awaiting(session, of)
    note(session, "anna@elmet.example", operator, "PL61109010140000071219812874")
    assert links.list_links(session) == []
    note(session, "marek@wrona.example", operator)
    [link] = links.list_links(session)
    assert (link.kind, link.hint, link.clerk, link.before) == (
        MarkKind.BANK_ACCOUNT, "2874", "Anna Nowak", 0,
    )  # fmt: skip
    with pytest.raises(SelfDealing), session.begin_nested():
        approve(session, review, of.clerk)
    assert session.exec(select(Decision)).all() == []
    links.remove_account(
        session, person_id=of.clerk.person_id, hint="2874", by=operator.id, at=NOON
    )
    approve(session, review, of.clerk)
    actions = session.exec(
        select(AuditEntry.action).where(col(AuditEntry.action).like("identity.%"))
    ).all()
    assert sorted(actions) == ["identity.account", "identity.account", "identity.account_removed"]


def test_a_link_found_later_counts_the_decisions_made_before(session: Session) -> None:
    of = make.world(session)
    operator = with_contacts(session, of)
    approve(session, make.awaiting(session, of), of.clerk)
    note(session, "anna@elmet.example", operator)
    note(session, "marek@wrona.example", operator)
    assert [link.before for link in links.list_links(session)] == [1]


@pytest.mark.parametrize(
    ("contact", "account", "field"),
    [
        ("anna@elmet.example", "61 1090 1014 0000 0712 1981 2875", "account"),
        ("nobody@elmet.example", ACCOUNT, "contact"),
    ],
)
def test_a_wrong_account_or_person_links_nobody(
    session: Session, contact: str, account: str, field: str
) -> None:
    of = make.world(session)
    operator = with_contacts(session, of)
    with pytest.raises(Invalid) as refused:
        note(session, contact, operator, account)
    assert refused.value.field == field
    assert session.exec(select(IdentityMark).where(IdentityMark.hint != "")).all() == []


def test_nobody_notes_or_removes_an_account_of_their_own(session: Session) -> None:
    of = make.world(session)
    operator = with_contacts(session, of)
    operator.email = "operator@zalicz.example"
    session.add(operator)
    session.flush()
    with pytest.raises(Invalid):
        note(session, "operator@zalicz.example", operator)
    with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
        session.execute(
            sa.insert(IdentityMark).values(
                person_id=operator.id, kind=MarkKind.BANK_ACCOUNT, mark=bytes(32), hint="2874",
                noted_by=operator.id, noted_at=NOON,
            )
        )  # fmt: skip
    with pytest.raises(NotFound):
        links.remove_account(
            session, person_id=of.clerk.person_id, hint="2874", by=operator.id, at=NOON
        )
