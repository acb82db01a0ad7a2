"""A code pays one unit of its product, once, to one participant, with the answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session, col, select

from claims import proofs as claim_proofs
from claims import queries
from claims.states import ClaimStatus
from claims.tables import Channel, Claim
from core.db import Database
from core.errors import DomainError, IllegalTransition, Invalid
from points import addresses, ledger, proofs
from programs import code_batches, code_use, codes, products
from programs import service as programs
from programs.code_rates import CodeBringsNothing, CodesNeedUnitRate
from programs.code_states import BatchStatus
from programs.code_tables import CodeBatch, ProductCode
from programs.codes import CodeMistyped
from programs.policy import PerUnit, PerValue, Rules, Selection
from programs.rule_tables import RuleStatus, RuleVersion
from programs.tables import Participant
from tests import make
from tests.conftest import NOON
from tests.make import World
from verification import code_claims, receipts
from verification.tables import Decision

KEY = b"k" * 32
ACTOR = "person:test"


def planned(session: Session, of: World, *, size: int = 2, units: int = 1) -> CodeBatch:
    return code_batches.plan(
        session,
        program_id=of.program.id,
        product_id=of.socket.id,
        size=size,
        units_per_code=units,
        actor=ACTOR,
        at=NOON,
    )


def issued(
    session: Session, of: World, *, size: int = 2, units: int = 1
) -> tuple[CodeBatch, list[str]]:
    batch = planned(session, of, size=size, units=units)
    made = code_batches.issue(
        session, program_id=of.program.id, batch_id=batch.id, key=KEY, actor=ACTOR, at=NOON
    )
    return batch, made


def active(
    session: Session, of: World, *, size: int = 2, units: int = 1
) -> tuple[CodeBatch, list[str]]:
    batch, made = issued(session, of, size=size, units=units)
    code_batches.activate(
        session, program_id=of.program.id, batch_id=batch.id, actor=ACTOR, at=NOON
    )
    return batch, made


def claim(session: Session, of: World, code: str, by: Participant | None = None) -> Claim:
    return code_claims.claim(
        session,
        program=of.program,
        participant=by or of.participant,
        code=code,
        key=KEY,
        actor=ACTOR,
        at=NOON,
    )


def colleague(session: Session, of: World) -> Participant:
    return programs.enrol(
        session,
        program=of.program,
        person_id=make.person(session).id,
        company_name="Instalacje",
        nip=make.nip(),
        voivodeship="30",
        at=NOON,
    )


def test_a_code_is_paid_at_once_with_its_rule_and_its_trace(session: Session) -> None:
    of = make.world(session)
    _, [code, _second] = active(session, of)
    made = claim(session, of, codes.grouped(code).lower())
    assert (made.status, made.channel, made.points) == (ClaimStatus.APPROVED, Channel.CODE, 15)
    assert ledger.balance(session, addresses.active(of.participant.id)) == 15
    [line] = queries.list_lines(session, made.id)
    assert (line.product_id, line.points, line.match_reason) == (of.socket.id, 15, "code")
    assert line.explanation[0]["clause"] == "Osprzęt Nova"
    decision = session.exec(select(Decision).where(Decision.claim_id == made.id)).one()
    assert (decision.automatic, decision.decided_by) == (True, None)
    assert receipts.receipt_of(session, made).points == 15
    assert proofs.faults(session) == []


def test_the_code_of_a_box_of_ten_pays_ten_units(session: Session) -> None:
    of = make.world(session)
    code = active(session, of, units=10)[1][0]
    made = claim(session, of, code)
    [line] = queries.list_lines(session, made.id)
    assert (line.quantity, line.quantity_accepted, made.points) == (10, 10, 150)
    assert receipts.receipt_of(session, made).lines[0].units == 10
    assert proofs.faults(session) == []


def counting_money(of: World) -> Rules:
    """Money for the programme's sockets, units for all else."""
    return Rules(
        base=(
            PerValue(clause="zł", points=Decimal(1), products=Selection(skus=(of.socket.sku,))),
            PerUnit(clause="szt", points=Decimal(2)),
        )
    )


def drafted(session: Session, of: World, days: int = 1) -> RuleVersion:
    return programs.draft_rules(
        session,
        program_id=of.program.id,
        rules=counting_money(of),
        valid_from=NOON.date() + timedelta(days=days),
        author=ACTOR,
        at=NOON,
    )


def test_rules_that_count_money_are_not_published_over_codes_that_wait(session: Session) -> None:
    of = make.world(session)
    _, [code, other] = active(session, of)
    draft = drafted(session, of)
    facts = {"version_id": draft.id, "publisher": "person:second", "at": NOON}
    with pytest.raises(CodesNeedUnitRate) as refused:
        programs.publish_rules(session, **facts)  # type: ignore[arg-type]
    assert refused.value.facts == {"products": of.socket.name}
    assert draft.status is RuleStatus.DRAFT
    published = "UPDATE rule_version SET status = 'published', published_by = 'x' WHERE id = :id"
    with pytest.raises(IntegrityError, match="needs a rate per unit"), session.begin_nested():
        session.execute(sa.text(published), {"id": draft.id})
    # No code is left that somebody could type.
    claim(session, of, code)
    void_one(session, of, other)
    programs.publish_rules(session, **facts)  # type: ignore[arg-type]
    session.refresh(draft)
    assert draft.published_by == "person:second"


def test_no_batch_is_made_or_goes_on_for_a_product_whose_rates_count_money(
    session: Session,
) -> None:
    of = make.world(session)
    waiting = planned(session, of)
    draft = drafted(session, of, days=90)
    programs.publish_rules(session, version_id=draft.id, publisher="person:second", at=NOON)
    with pytest.raises(CodesNeedUnitRate) as refused:
        planned(session, of)
    assert refused.value.facts == {"products": of.socket.name, "number": draft.number}
    with pytest.raises(CodesNeedUnitRate):
        code_batches.issue(
            session, program_id=of.program.id, batch_id=waiting.id, key=KEY, actor=ACTOR, at=NOON
        )
    assert session.exec(select(ProductCode)).all() == []
    issued_anyway = "UPDATE code_batch SET status = 'issued', issued_at = now() WHERE id = :id"
    with pytest.raises(IntegrityError, match="counts money"), session.begin_nested():
        session.execute(sa.text(issued_anyway), {"id": waiting.id})
    # For another product, which is counted by units, codes are made.
    counted = programs.add_product(
        session,
        program_id=of.program.id,
        sku="L-1",
        name="Licznik",
        family="Liczniki",
        unit="szt",
        at=NOON,
    )
    other = code_batches.plan(
        session, program_id=of.program.id, product_id=counted.id, size=1, actor=ACTOR, at=NOON
    )
    assert other.status is BatchStatus.PLANNED


def test_a_code_that_would_bring_nothing_stays_unused_and_says_so(session: Session) -> None:
    of = make.world(session)
    _, [code, _second] = active(session, of)
    # The product goes over to a family that no rate names.
    of.socket.family, of.socket.sku = "Bez stawki", "BS-1"
    session.add(of.socket)
    session.flush()
    with pytest.raises(CodeBringsNothing) as refused, session.begin_nested():
        claim(session, of, code)
    assert refused.value.facts["product"] == of.socket.name
    assert session.exec(select(Claim)).all() == []
    of.socket.family = "Nova"
    session.add(of.socket)
    session.flush()
    # What it becomes tomorrow takes nothing from who sends its code today.
    renamed = products.ProductFacts(of.socket.sku, of.socket.name, "Bez stawki")
    products.edit(session, of.socket, facts=renamed, actor=ACTOR, at=NOON)
    assert claim(session, of, code).points == 15


@pytest.mark.parametrize("units", [0, 10_001])
def test_a_code_stands_for_some_units_and_not_for_too_many(session: Session, units: int) -> None:
    of = make.world(session)
    with pytest.raises(Invalid):
        planned(session, of, units=units)
    assert session.exec(select(CodeBatch)).all() == []


def test_a_code_that_paid_somebody_else_is_named(session: Session) -> None:
    of = make.world(session)
    made = claim(session, of, active(session, of)[1][0])
    assert claim_proofs.faults(session) == []
    other = {"other": colleague(session, of).id}
    session.execute(sa.text("UPDATE claim SET participant_id = :other"), other)
    named = "its points are on another account", "its code was used for something else"
    assert claim_proofs.faults(session) == [f"claim {made.number}: {text}" for text in named]


def void_one(session: Session, of: World, code: str, reason: str = "zgubiona") -> CodeBatch:
    return code_batches.void_code(
        session, program_id=of.program.id, code=code, key=KEY, reason=reason, actor=ACTOR, at=NOON
    )


def test_one_code_is_withdrawn_and_its_batch_goes_on(session: Session) -> None:
    of, other = make.world(session), make.world(session)
    batch, [lost, good] = active(session, of)
    for world, reason in ((of, " "), (other, "obcy")):
        with pytest.raises(Invalid), session.begin_nested():
            void_one(session, world, lost, reason)
    void_one(session, of, codes.grouped(lost))
    with pytest.raises(code_use.CodeRefused):
        claim(session, of, lost)
    assert claim(session, of, good).points == 15
    for gone in (lost, good):
        with pytest.raises(code_batches.CodeSpent), session.begin_nested():
            void_one(session, of, gone)
    listed = code_batches.get_listed(session, program_id=of.program.id, batch_id=batch.id)
    assert (listed.used, listed.voided) == (1, 1)


def test_the_database_lets_nobody_use_a_withdrawn_code(session: Session) -> None:
    of = make.world(session)
    lost = active(session, of)[1][0]
    void_one(session, of, lost)
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(
            sa.update(ProductCode)
            .where(col(ProductCode.voided_at).is_not(None))
            .values(claim_id=uuid4(), used_by=of.participant.id, used_at=NOON)
        )
    assert session.exec(select(sa.func.count(col(ProductCode.used_at)))).one() == 0


def test_only_the_hmac_of_a_code_is_stored(session: Session) -> None:
    of = make.world(session)
    _, made = issued(session, of)
    stored = set(session.exec(select(ProductCode.code_hmac)))
    assert stored == {codes.digest(code, key=KEY) for code in made}


def test_codes_are_handed_out_once(session: Session) -> None:
    of = make.world(session)
    batch, made = issued(session, of)
    with pytest.raises(code_batches.AlreadyIssued):
        code_batches.issue(
            session, program_id=of.program.id, batch_id=batch.id, key=KEY, actor=ACTOR, at=NOON
        )
    count = session.exec(select(sa.func.count()).select_from(ProductCode)).one()
    assert count == len(made) == 2


def test_strangers_learn_nothing_from_a_refusal(session: Session) -> None:
    """Unknown, not yet active, withdrawn, foreign and used by another: one and the same answer."""
    of, other = make.world(session), make.world(session)
    early = issued(session, of)[1][0]
    batch, [voided, _] = active(session, of)
    code_batches.void(
        session, program_id=of.program.id, batch_id=batch.id, reason="skradziona", actor=ACTOR,
        at=NOON,
    )  # fmt: skip
    foreign = active(session, other)[1][0]
    taken = active(session, of)[1][0]
    claim(session, of, taken, by=colleague(session, of))
    before = session.exec(select(sa.func.count()).select_from(Claim)).one()
    answers = set()
    for code in (codes.new_code(), early, voided, foreign, taken):
        with pytest.raises(DomainError) as refused:
            claim(session, of, code)
        answers.add(
            (type(refused.value), str(refused.value), tuple(sorted(refused.value.facts.items())))
        )
    assert [kind for kind, _, _ in answers] == [code_use.CodeRefused]
    assert session.exec(select(sa.func.count()).select_from(Claim)).one() == before
    assert ledger.balance(session, addresses.active(of.participant.id)) == 0


def test_an_own_used_code_tells_which_claim_it_was(session: Session) -> None:
    of = make.world(session)
    code = active(session, of)[1][0]
    made = claim(session, of, code)
    with pytest.raises(code_use.CodeAlreadyYours) as refused:
        claim(session, of, code)
    assert refused.value.facts["claim_id"] == str(made.id)
    assert ledger.balance(session, addresses.active(of.participant.id)) == 15


def test_a_mistyped_code_is_told_apart_without_a_look_up(session: Session) -> None:
    of = make.world(session)
    code = active(session, of)[1][0]
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    with pytest.raises(CodeMistyped):
        claim(session, of, wrong)


def test_a_product_outside_its_days_pays_nothing(session: Session) -> None:
    of = make.world(session)
    code = active(session, of)[1][0]
    of.socket.eligible_to = date(2026, 1, 31)
    session.add(of.socket)
    session.flush()
    with pytest.raises(code_use.CodeRefused):
        claim(session, of, code)


def test_a_used_code_stays_paid_when_its_batch_is_withdrawn(session: Session) -> None:
    of = make.world(session)
    batch, [first, second] = active(session, of)
    made = claim(session, of, first)
    code_batches.void(
        session, program_id=of.program.id, batch_id=batch.id, reason="błąd druku", actor=ACTOR,
        at=NOON,
    )  # fmt: skip
    with pytest.raises(code_use.CodeRefused):
        claim(session, of, second)
    assert session.get_one(Claim, made.id).status is ClaimStatus.APPROVED
    listed = code_batches.get_listed(session, program_id=of.program.id, batch_id=batch.id)
    assert listed.used == 1


def test_withdrawing_needs_a_reason_and_happens_once(session: Session) -> None:
    of = make.world(session)
    batch = planned(session, of)
    with pytest.raises(Invalid):
        code_batches.void(
            session, program_id=of.program.id, batch_id=batch.id, reason=" ", actor=ACTOR, at=NOON
        )
    for _ in range(1):
        code_batches.void(
            session, program_id=of.program.id, batch_id=batch.id, reason="x", actor=ACTOR, at=NOON
        )
    with pytest.raises(IllegalTransition):
        code_batches.void(
            session, program_id=of.program.id, batch_id=batch.id, reason="x", actor=ACTOR, at=NOON
        )
    with pytest.raises(code_batches.BatchNotFound):
        code_batches.lock(session, program_id=uuid4(), batch_id=batch.id)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE product_code SET claim_id = gen_random_uuid(), used_at = now() "
        "WHERE claim_id IS NOT NULL",
        "UPDATE product_code SET claim_id = NULL, used_by = NULL, used_at = NULL "
        "WHERE claim_id IS NOT NULL",
        "DELETE FROM product_code",
    ],
)
def test_the_database_lets_nobody_take_a_use_back(session: Session, statement: str) -> None:
    of = make.world(session)
    claim(session, of, active(session, of)[1][0])
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(sa.text(statement))
    assert session.exec(select(ProductCode).where(col(ProductCode.claim_id).is_not(None))).one()


AT_ONCE, ROUNDS = 10, 5


def race(database: Database) -> tuple[int, int]:
    """Many people with one code at the same moment: how many were paid, and the points issued."""
    with database.unit_of_work() as session:
        of = make.world(session)
        code = active(session, of, size=1)[1][0]
        people = [colleague(session, of) for _ in range(AT_ONCE)]
    gate = Barrier(AT_ONCE)

    def one(person: Participant) -> bool:
        try:
            with database.unit_of_work() as session:
                gate.wait(timeout=20)
                claim(session, of, code, by=person)
        except code_use.CodeRefused:
            return False
        return True

    with ThreadPoolExecutor(AT_ONCE) as pool:
        paid = sum(pool.map(one, people))
    with database.unit_of_work() as session:
        return paid, -ledger.balance(session, addresses.issued(of.program.id))


def test_a_code_works_once_however_many_people_have_it(real_database: Database) -> None:
    for _ in range(ROUNDS):
        assert race(real_database) == (1, 15)


def test_without_the_guarded_update_everybody_is_paid(
    real_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: people who look first and write later all believe that they won."""
    met = Barrier(AT_ONCE)

    def look_then_write(session: Session, *, digest: bytes, claim_id: UUID, **_: object) -> bool:
        used = session.exec(
            select(ProductCode.claim_id).where(ProductCode.code_hmac == digest)
        ).one()
        met.wait(timeout=20)
        return used is None

    monkeypatch.setattr(code_use, "take", look_then_write)
    assert race(real_database) == (AT_ONCE, 15 * AT_ONCE)
