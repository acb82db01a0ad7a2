"""A statement proves itself: every change of the file is found, and named by its row."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from core.db import Database, make_engine
from core.engines import OWNER, EmbeddedPostgres
from points import addresses, anchors, export, ledger, paper, proofs, service, signed, statements
from points.__main__ import main
from points.ledger import Move
from points.signed import Fault
from points.tables import TransactionKind
from tests.conftest import NOON

PROGRAM, PERSON = UUID(int=1), UUID(int=81)
ACCOUNT = addresses.active(PERSON)
SEED = bytes(range(32))


def history(session: Session, rows: int = 5) -> bytes:
    """Awards of 10, 20, 30 … as an exported file."""
    for number in range(1, rows + 1):
        service.award(
            session,
            reference=f"claim:{UUID(int=number)}:line:1:award",
            program_id=PROGRAM,
            participant_id=PERSON,
            points=10 * number,
            expires_on=date(2027, 11, 20),
            at=NOON + timedelta(hours=number, microseconds=number),
        )
    return file_of(session)


def file_of(session: Session, most: int = 5_000) -> bytes:
    return export.make(
        session,
        account=ACCOUNT,
        program="Klub Elektryka",
        holder="Żółć i Syn",
        language="pl",
        seed=SEED,
        at=NOON,
        most=most,
    )


def changed(data: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    body = json.loads(data)
    change(body)
    return json.dumps(body).encode()


def test_a_fresh_statement_holds_with_the_key_of_its_issuer_and_no_other(session: Session) -> None:
    data = history(session)
    assert signed.check(data, key=signed.public_key(SEED)) == []
    [fault] = signed.check(data, key=signed.public_key(bytes(32)))
    assert fault == Fault(None, "signed with another key than the one expected")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("points", 31),
        ("balance", 61),
        ("reference", "claim:other"),
        ("kind", "refund"),
        ("counterparty", "issued:other"),
        ("posted_at", "2026-11-20T14:00:00.000004Z"),
        ("hash", "0" * 64),
    ],
)
def test_a_changed_row_is_named(session: Session, field: str, value: object) -> None:
    data = history(session)
    faults = signed.check(changed(data, lambda body: body["rows"][2].update({field: value})))
    assert faults[0].row == 3
    assert "row 3" in faults[0].text
    assert faults[-1].text.startswith("the signature does not fit")


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body["rows"].pop(1),
        lambda body: body["rows"].insert(0, body["rows"].pop(3)),
        lambda body: body["rows"].pop(),
        lambda body: body["rows"].clear(),
        lambda body: body.update(holder="somebody else"),
        lambda body: body.update(debt=5),
        lambda body: body["closing"].update(balance=10**6),
        lambda body: body["opening"].update(balance=7),
        lambda body: body.update(made_at="2025-01-01T00:00:00Z"),
    ],
)
def test_missing_moved_and_added_things_are_found(
    session: Session, change: Callable[[dict[str, Any]], None]
) -> None:
    assert signed.check(changed(history(session), change)) != []


def test_a_name_that_stands_twice_is_refused(session: Session) -> None:
    data = history(session)
    for_people = data.replace(b'"balance": ', b'"balance": 900000, "balance": ', 1)
    with pytest.raises(ValueError, match="balance: stands twice"):
        signed.check(for_people)


def test_a_chain_that_was_computed_again_is_not_signed_by_us(session: Session) -> None:
    """Whoever recomputes every hash still lacks the key."""
    data = history(session)
    body = signed.read(data)
    forged = signed.sign(
        signed.Statement.model_validate(
            body.model_dump(exclude={"key", "signature"}) | {"holder": "somebody else"}
        ),
        seed=bytes(32),
    )
    assert signed.check(forged) == []
    assert signed.check(forged, key=signed.public_key(SEED)) != []


def test_a_later_part_of_the_history_continues_the_chain(session: Session) -> None:
    history(session)
    part = file_of(session, most=2)
    content = signed.read(part)
    assert (content.opening.balance, [row.points for row in content.rows]) == (60, [40, 50])
    assert signed.check(part) == []


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, 10**6), value=st.integers(0, 255))
def test_no_changed_byte_goes_unseen(place: int, value: int) -> None:
    data = _sample()
    at = place % len(data)
    broken = data[:at] + bytes([value]) + data[at + 1 :]
    if broken == data:
        return
    try:
        same = json.loads(broken) == json.loads(data)
        assert same or signed.check(broken) != []
    except ValueError:
        pass  # No longer a statement at all, and said so.


_made: list[bytes] = []


def _sample() -> bytes:
    if not _made:
        opening = signed.End(balance=0, hash="00" * 32)
        _made.append(
            signed.sign(
                signed.statement(
                    program="P",
                    holder="H",
                    account="a",
                    language="pl",
                    made_at=NOON,
                    debt=0,
                    opening=opening,
                    rows=[],
                ),
                seed=SEED,
            )
        )
    return _made[0]


def test_the_paper_carries_the_file_and_is_checked_against_it(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = history(session, rows=60)
    pdf = paper.render(data, seed=SEED)
    assert paper.extract(pdf) == data
    assert paper.check(pdf) == []
    file = tmp_path / "wyciag.pdf"
    file.write_bytes(pdf)
    assert main(["verify-statement", str(file), "--key", signed.public_key(SEED)]) == 0
    assert "60 rows, balance 18300" in capsys.readouterr().out


def test_a_paper_that_anybody_changed_is_found(session: Session) -> None:
    data = history(session)
    pdf = paper.render(data, seed=SEED)
    # Drawn over, as a reader's notes and a forger's figures are: appended, the old bytes stay.
    assert [f.text for f in paper.check(pdf + b"\n1 0 obj <<>> endobj\n%%EOF\n")] == [
        "the PDF does not end in our seal: it was saved or changed by another program"
    ]
    seal = pdf[pdf.rindex(b"\n%zalicz-seal-1 ") :]
    forged = pdf.removesuffix(seal) + b"\n% 95 000\n%%EOF" + seal
    assert [f.text for f in paper.check(forged)] == [
        "the pages were changed: the seal does not fit them"
    ]
    # Other pages around the true file, sealed by somebody else.
    other = changed(data, lambda body: body["rows"][1].update(points=21))
    document = paper._pages(signed.read(other))
    document.embed_file(bytes=data, basename=paper.ATTACHED)
    pages = bytes(document.output())
    strange = signed.seal(pages, seed=bytes(32)).encode()
    assert len(paper.check(pages)) == 1
    assert len(paper.check(pages + b"\n%zalicz-seal-1 " + strange + b"\n")) == 1


def test_a_paper_is_checked_without_our_fonts_and_words(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    pdf = paper.render(history(session), seed=SEED)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("nothing is drawn to check a paper")

    monkeypatch.setattr(paper, "_pages", refuse)
    assert paper.check(pdf, key=signed.public_key(SEED)) == []


def test_the_command_names_the_changed_row_and_fails(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "wyciag.json"
    data = history(session)
    file.write_bytes(data)
    assert main(["verify-statement", str(file)]) == 0
    file.write_bytes(changed(data, lambda body: body["rows"][3].update(points=4000)))
    assert main(["verify-statement", str(file)]) == 1
    assert "row 4 was changed" in capsys.readouterr().out
    file.write_bytes(b"%PDF-1.4 nothing")
    assert main(["verify-statement", str(file)]) == 2
    file.write_bytes(b"{}")
    assert main(["verify-statement", str(file)]) == 2


def test_rows_come_newest_first_from_both_sides_page_by_page(session: Session) -> None:
    history(session)
    service.hold(session, participant_id=PERSON, redemption_id=UUID(int=3), points=45, at=NOON)
    rows = statements.list_rows(session, address=ACCOUNT, limit=3)
    assert [(row.points, row.balance) for row in rows] == [(-45, 105), (50, 150), (40, 100)]
    rest = statements.list_rows(session, address=ACCOUNT, before=rows[-1].posting_id)
    assert [row.points for row in rest] == [30, 20, 10]


def test_points_of_one_programme_cannot_move_to_another(session: Session) -> None:
    history(session)
    other = UUID(int=2)
    with pytest.raises(sa.exc.IntegrityError, match="another"), session.begin_nested():
        ledger.post(
            session,
            reference="wrong",
            kind=TransactionKind.CAPTURE,
            moves=[Move(ACCOUNT, addresses.spent(other), 5)],
            posted_at=NOON,
        )
    assert ledger.balance(session, ACCOUNT) == 150


EDITS = {
    "UPDATE posting SET points = points + 1 WHERE id = (SELECT min(id) + 1 FROM posting)",
    "UPDATE posting SET source_hash = destination_hash WHERE id = (SELECT min(id) FROM posting)",
    "UPDATE posting SET destination_balance = 7 WHERE id = (SELECT min(id) FROM posting)",
    "DELETE FROM posting WHERE id = (SELECT min(id) + 1 FROM posting)",
    "DELETE FROM posting WHERE id = (SELECT max(id) FROM posting)",
    "UPDATE ledger_transaction SET posted_at = posted_at - interval '1 second' "
    "WHERE id = (SELECT min(id) FROM ledger_transaction)",
    "UPDATE ledger_transaction SET reference = 'x' "
    "WHERE id = (SELECT min(id) FROM ledger_transaction)",
    "UPDATE ledger_account SET balance = balance + 1 WHERE address LIKE 'participant:%%'",
    "UPDATE ledger_account SET head = NULL WHERE address LIKE 'participant:%%'",
    "UPDATE point_lot SET remaining = remaining - 1, used = used + 1",
    "INSERT INTO ledger_transaction (reference, kind, posted_at) VALUES ('empty', 'award', now())",
}


@pytest.mark.parametrize("edit", sorted(EDITS))
def test_verify_finds_what_the_owner_of_the_database_changes(
    real_database: Database, postgres: EmbeddedPostgres, edit: str
) -> None:
    with real_database.unit_of_work() as session:
        history(session)
        assert proofs.faults(session) == []
    owner = make_engine(postgres.url(OWNER), limits="")
    with owner.begin() as connection:
        connection.exec_driver_sql("SET session_replication_role = replica")
        connection.exec_driver_sql(edit)
    owner.dispose()
    with real_database.unit_of_work() as session:
        assert proofs.faults(session) != []


# The newest award goes with its lot, and all that counts it is set back: nothing contradicts it.
UNDO_THE_LAST = """
DELETE FROM point_lot WHERE reference = (SELECT t.reference FROM ledger_transaction t
  WHERE t.id = (SELECT max(id) FROM ledger_transaction));
WITH gone AS (
  DELETE FROM posting WHERE id = (SELECT max(id) FROM posting) RETURNING *
), left_over AS (
  UPDATE ledger_account a SET
    balance = a.balance + CASE WHEN a.address = g.source THEN g.points ELSE -g.points END,
    head = (SELECT CASE WHEN p.source = a.address THEN p.source_hash ELSE p.destination_hash END
      FROM posting p WHERE a.address IN (p.source, p.destination) AND p.id <> g.id
      ORDER BY p.id DESC LIMIT 1)
  FROM gone g WHERE a.address IN (g.source, g.destination)
)
DELETE FROM ledger_transaction t USING gone WHERE t.id = gone.transaction_id
"""


def test_an_award_that_is_removed_with_everything_around_it_is_missed_by_its_anchor(
    real_database: Database, postgres: EmbeddedPostgres
) -> None:
    with real_database.unit_of_work() as session:
        history(session)
        assert anchors.record(session, at=NOON + timedelta(days=1))
        assert not anchors.record(session, at=NOON + timedelta(days=2))
        assert anchors.faults(session) == []
    owner = make_engine(postgres.url(OWNER), limits="")
    with owner.begin() as connection:
        connection.exec_driver_sql("SET session_replication_role = replica")
        connection.exec_driver_sql(UNDO_THE_LAST)
    owner.dispose()
    with real_database.unit_of_work() as session:
        assert proofs.faults(session) == []
        [fault] = anchors.faults(session)
        assert "are not those that were anchored" in fault
