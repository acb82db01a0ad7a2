"""A database of the first release lives on: its rows stay, its books hold, its claims work."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from alembic import command
from sqlmodel import Session, select

from claims.document_tables import Document
from claims.keys import HeldReason
from claims.purchase_tables import PurchaseKey, PurchaseLine
from claims.states import ClaimStatus
from claims.tables import Claim, ClaimLine
from core.blobs import open_blobs
from core.columns import new_id
from core.db import Database, make_engine
from core.engines import OWNER, EmbeddedPostgres
from core.runtime import App
from core.settings import Settings
from migrations.upgrade import config, upgrade
from ocr.reading import DocumentKind, Party, Proof, Reading, Value
from points import addresses, ledger, reversals
from programs import queries as program_queries
from tests import make
from verification import intake, receipts
from workers import verify

AT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
PDF = b"%PDF-1.7 an invoice of March"
NIP = make.nip(7)


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    folder = tmp_path_factory.mktemp("older")
    for parent in (folder, *folder.parents):
        if parent == Path("/tmp"):
            break
        parent.chmod(0o755)
    postgres = EmbeddedPostgres(folder, durable=False)
    postgres.start()
    yield postgres
    postgres.stop()


@dataclass(slots=True)
class Old:
    """Rows of the first tables, written as the first release wrote them."""

    connection: sa.Connection
    ids: dict[str, UUID] = field(default_factory=dict)

    def add(self, table: str, **values: Any) -> UUID:
        made = values.setdefault("id", new_id())
        self.put(table, **values)
        self.ids[table] = made
        return made

    def put(self, table: str, **values: Any) -> None:
        plain = {k: json.dumps(v) if isinstance(v, dict | list) else v for k, v in values.items()}
        names = ", ".join(f'"{name}"' for name in plain)
        marks = ", ".join(f":{name}" for name in plain)
        statement = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608 - test's own
        self.connection.execute(sa.text(statement), plain)


def first_release(connection: sa.Connection, sha256: str) -> dict[str, UUID]:
    """One programme with one paid claim of 900 points, 400 of them spent."""
    old = Old(connection)
    people = [
        old.add("person", name=name, email=email, language="pl", theme="system", created_at=AT)
        for name, email in (("Marek Wrona", "m@example.pl"), ("Anna Nowak", "a@example.pl"))
    ]
    maker = old.add("manufacturer", name="Voltex S.A.", nip=make.nip(3), created_at=AT)
    program = old.add(
        "program", manufacturer_id=maker, name="Klub", slug="klub", settings={},
        starts_on=date(2026, 1, 1), ends_on=date(2027, 12, 31), claim_until=date(2028, 1, 31),
        redeem_until=date(2028, 6, 30), created_at=AT,
    )  # fmt: skip
    partner = old.add("partner", name="Elmet", short_name="Elmet", nip=NIP, created_at=AT)
    branch = old.add(
        "branch", partner_id=partner, name="Poznań", street="ul. Polna 1", postcode="60-650",
        city="Poznań", voivodeship="30", phone="", created_at=AT,
    )  # fmt: skip
    old.put("program_partner", program_id=program, partner_id=partner, joined_at=AT)
    participant = old.add(
        "participant", program_id=program, person_id=people[0], company_name="Wrona",
        nip=make.nip(5), relation="owner", voivodeship="30", enrolled_at=AT,
    )  # fmt: skip
    product = old.add(
        "product", program_id=program, sku="VX-N210", name="Gniazdo Nova", family="Nova",
        unit="szt", created_at=AT,
    )  # fmt: skip
    rules = {"base": [{"kind": "per_unit", "clause": "Nova", "points": "15", "units": "1"}]}
    version = old.add(
        "rule_version", program_id=program, number=1, status="published", note="",
        valid_from=date(2026, 1, 1), rules=rules, created_by="person:a", created_at=AT,
        published_by="person:b", published_at=AT,
    )  # fmt: skip
    purchase = old.add(
        "purchase", program_id=program, kind="invoice", seller_nip=NIP, number="FV/1/03/2026",
        number_norm="FV/1/03/2026", number_skeleton="FV/1/3/2026", currency="PLN", trust=0,
        issue_date=date(2026, 3, 9), total_gross_grosze=73_800, file_sha256=sha256, created_at=AT,
    )  # fmt: skip
    line = old.add(
        "purchase_line", purchase_id=purchase, position=1, product_id=product,
        quantity_sold=60, quantity_accepted=60,
    )  # fmt: skip
    claim = old.add(
        "claim", number="Z/2026/000001", program_id=program, participant_id=participant,
        purchase_id=purchase, branch_id=branch, channel="page", status="approved", points=900,
        submitted_at=AT, decided_at=AT, estimate_points=900, note="",
    )  # fmt: skip
    document = old.add(
        "document", claim_id=claim, program_id=program, kind="invoice", created_at=AT
    )
    old.add(
        "document_file", document_id=document, position=1, sha256=sha256, name="f.pdf",
        media_type="application/pdf", file_bytes=len(PDF),
    )  # fmt: skip
    old.add(
        "claim_line", claim_id=claim, purchase_line_id=line, position=1, description="GNIAZDO",
        unit="szt", quantity=60, proof="arithmetic", product_id=product, match_score=1,
        match_reason="gtin", candidates=[], units_per_quantity=1, verdict="approve",
        reason="counted", quantity_accepted=60, points=900, rule_version_id=version,
        explanation=[{"stage": "base", "clause": "Nova", "per_unit": "15", "points": "900"}],
    )  # fmt: skip
    review = old.add(
        "review", claim_id=claim, program_id=program, partner_id=partner, branch_id=branch,
        status="done", cause="proof", due_at=AT, draft={}, created_at=AT, done_at=AT,
    )  # fmt: skip
    old.add(
        "decision", claim_id=claim, review_id=review, outcome="approved", automatic=False,
        decided_by=people[1], submitted_by=people[0], decided_at=AT, points=900, note="",
        lines=[{
            "position": 1, "product_id": str(product), "verdict": "approve", "reason": "counted",
            "quantity_accepted": "60", "points": 900,
        }],
    )  # fmt: skip
    old.add(
        "claim_event", claim_id=claim, status="approved", actor=f"person:{people[1]}", at=AT,
        note="", facts={},
    )  # fmt: skip
    reward = new_id()
    award = f"claim:{claim}:line:1:award"
    active, held = addresses.active(participant), addresses.held(reward)
    for address, overdraft in ((addresses.issued(program), True), (active, False), (held, False)):
        old.put("ledger_account", address=address, overdraft=overdraft)
    for reference, kind, source, target, points in (
        (award, "award", addresses.issued(program), active, 900),
        (f"older:{reward}:hold", "hold", active, held, 400),
    ):
        made = connection.execute(
            sa.text(
                "INSERT INTO ledger_transaction (reference, kind, posted_at)"
                " VALUES (:reference, :kind, :at) RETURNING id"
            ),
            {"reference": reference, "kind": kind, "at": AT},
        ).scalar_one()
        old.put("posting", transaction_id=made, source=source, destination=target, points=points)
    lot = old.add(
        "point_lot", account=active, reference=award, points=900, remaining=500,
        expires_on=date(2027, 3, 10), created_at=AT,
    )  # fmt: skip
    old.add("lot_use", lot_id=lot, reference=f"older:{reward}:hold", points=400, returned=0)
    return old.ids


def test_a_seeded_database_of_the_first_release_lives_on(
    server: EmbeddedPostgres, tmp_path: Path
) -> None:
    owner = server.url(OWNER)
    upgrade(owner, revision="0001")
    settings = Settings(data_dir=tmp_path, database_url=server.url())
    blobs = open_blobs(settings)
    engine = make_engine(owner)
    with engine.begin() as connection:
        ids = first_release(connection, blobs.put(PDF))
    engine.dispose()

    upgrade(owner, database_url=server.url())
    # Down to the first tables and up again: each step is undone as well as done.
    command.downgrade(config(owner), "0001")
    upgrade(owner, database_url=server.url())

    engine = make_engine(server.url())
    app = App(settings, engine, Database.of(engine), blobs)
    assert verify.faults(app) == []
    with app.database.unit_of_work() as session:
        _still_there(session, ids)
        _still_works(session, ids)
    assert verify.faults(app) == []
    engine.dispose()


def _still_there(session: Session, ids: dict[str, UUID]) -> None:
    claim = session.get_one(Claim, ids["claim"])
    assert (claim.status, claim.points) == (ClaimStatus.APPROVED, 900)
    line = session.get_one(PurchaseLine, ids["purchase_line"])
    assert (line.quantity_accepted, line.quantity_returned) == (60, 0)
    assert ledger.balance(session, addresses.active(ids["participant"])) == 500
    sha256 = hashlib.sha256(PDF).hexdigest()
    assert set(session.exec(select(PurchaseKey.key))) == {
        f"number:{NIP}:invoice:FV/1/03/2026",
        f"file:{sha256}",
    }
    told = receipts.receipt_of(session, claim)
    assert [(x.points, x.rule_number) for x in told.lines] == [(900, 1)]


def _still_works(session: Session, ids: dict[str, UUID]) -> None:
    """The old invoice is known, and points of an old award can be taken back."""
    program = program_queries.get_program(session, ids["program"])
    claim = Claim(
        number="Z/2026/000002",
        program_id=program.id,
        participant_id=ids["participant"],
        status=ClaimStatus.SUBMITTED,
        submitted_at=AT,
    )
    session.add(claim)
    session.flush()
    _document(session, claim)
    seen = Reading(
        kind=DocumentKind.INVOICE,
        route="pdf-text",
        engine="test",
        seller=Party(vat_id=Value(NIP, Proof.CHECKSUM)),
        invoice_number=Value("fv/1/03/2026"),
        issue_date=Value(date(2026, 3, 9)),
    )
    intake.begin_reading(session, claim_id=claim.id, at=AT)
    intake.complete_reading(session, claim_id=claim.id, reading=seen, pages=[], at=AT)
    assert (claim.held_reason, claim.held_by_claim_id) == (HeldReason.SAME_NUMBER, ids["claim"])
    back = reversals.reverse(
        session,
        of=f"claim:{ids['claim']}:line:1:award",
        reference="older:line:1",
        points=600,
        at=AT,
    )
    for row in (
        session.get_one(Claim, ids["claim"]),
        session.get_one(ClaimLine, ids["claim_line"]),
    ):
        row.points -= 600
        session.add(row)
    assert (back.from_active, back.to_debt) == (500, 100)


def _document(session: Session, claim: Claim) -> None:
    session.add(Document(claim_id=claim.id, program_id=claim.program_id, created_at=AT))
    session.flush()
