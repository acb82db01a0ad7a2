"""Corrections that are settled at once: what one takes or gives back moves once."""

from __future__ import annotations

from functools import partial
from uuid import UUID

import pytest
from sqlmodel import Session, select

from claims import corrections as stored
from claims import proofs as claim_proofs
from claims.correction_tables import CorrectionProof
from claims.tables import Claim
from core.db import Database
from demo.documents import corrections as makers
from demo.documents.purchase import Purchase
from points import proofs
from tests import make
from tests.conftest import NOON
from tests.races.scenes import at_once, attempt
from tests.verification.corrected import (
    SOLD_ON,
    before_after,
    next_of,
    original,
    paid,
    read,
    send,
    spendable,
)
from verification import corrections


def kept(session: Session, of: make.World, sent: Purchase, proof: CorrectionProof) -> UUID:
    """Taken in, and not settled yet."""
    made = stored.register_found(
        session,
        program_id=of.program.id,
        claim_id=None,
        reading=read(sent),
        partner_id=of.partner.id,
        proof=proof,
        at=NOON,
    )
    assert made is not None
    return made.id


def settled(database: Database, ids: list[UUID]) -> None:
    jobs = [
        partial(attempt, database, partial(corrections.settle, correction_id=one, at=NOON))
        for one in ids
    ]
    answers = at_once(jobs, threads=8)
    assert answers == {"won": len(ids)}, answers


def total(session: Session, of: make.World) -> int:
    assert [*proofs.faults(session), *claim_proofs.faults(session)] == []
    points = sum(session.exec(select(Claim.points)).all())
    assert points == spendable(session, of)
    return points


@pytest.mark.parametrize("back", [True, False], ids=["given back", "two numbers"])
def test_corrections_settled_at_once_move_their_units_once(
    real_database: Database, back: bool
) -> None:
    with real_database.unit_of_work() as session:
        of = make.world(session)
        invoice = original(of)
        paid(session, of, invoice)
        if back:
            first = before_after(invoice, {1: "0"})
            send(session, of, first)
            again = next_of(invoice, first, "0", "60", "KOR/2/2026")
            ids = [kept(session, of, again, CorrectionProof.KSEF_FETCHED)] * 8
        else:
            ids = [
                kept(
                    session,
                    of,
                    makers.quantity_difference(
                        invoice,
                        number=number,
                        issued_on=SOLD_ON,
                        returned={1: invoice.lines[0].quantity / 3},
                    ),
                    proof,
                )
                for number, proof in (
                    ("FK/900", CorrectionProof.KSEF_FETCHED),
                    ("KFS 12", CorrectionProof.SALES_FEED),
                )
            ] * 4
    settled(real_database, ids)
    with real_database.unit_of_work() as session:
        assert total(session, of) == (1380 if back else 1080)
