"""`python -m benchmarks.rehearsal`: 10,000 past claims under new rules; writes rehearsal.md."""

from __future__ import annotations

import argparse
import platform
import resource
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import SecretStr
from sqlmodel import Session, SQLModel

from analytics import rehearsals
from claims.purchase_tables import Purchase, PurchaseKind
from claims.states import ClaimStatus, ReasonCode, Verdict
from claims.tables import Channel, Claim, ClaimLine
from core import queue
from core.blobs import open_blobs
from core.columns import new_id
from core.db import Database, make_engine
from core.engines import OWNER, EmbeddedPostgres
from core.runtime import App
from core.settings import Settings
from migrations.upgrade import upgrade
from programs import rule_drafts, segments
from programs import service as programs
from programs.policy import (
    Budget,
    Bundle,
    BundlePart,
    Campaign,
    Cap,
    Every,
    FirstPurchase,
    Ladder,
    Level,
    PerUnit,
    Rules,
    Selection,
    Target,
)
from programs.policy_segments import Conditions
from programs.product_tables import Product
from programs.rehearsal_tables import Rehearsal
from tests import make
from workers.jobs import HANDLERS
from workers.runtime import run_attempt

AT = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
FAMILIES = ("Nova", "Box", "MCB", "YDYp")
PRODUCTS, PARTICIPANTS, LINES = 400, 500, 6
OUT = Path(__file__).parent / "rehearsal.md"


def every_kind() -> Rules:
    """A draft that asks for everything that rules can ask for."""
    chosen = {family: Selection(families=(family,)) for family in FAMILIES}
    return Rules(
        base=(
            PerUnit(
                clause="Przewody", points=Decimal(10), units=Decimal(100), products=chosen["YDYp"]
            ),
            PerUnit(clause="Reszta", points=Decimal(8)),
        ),
        campaigns=tuple(
            Campaign(
                clause=f"Miesiąc {family}",
                starts_on=date(2027, month, 1),
                ends_on=date(2027, month, 28),
                factor=Decimal(2),
                products=chosen[family],
                segments=("wielkopolska",) if month == 3 else (),
            )
            for month, family in enumerate(FAMILIES, start=2)
        ),
        bonuses=(
            FirstPurchase(clause="Na start", points=Decimal(100)),
            Bundle(
                clause="Komplet",
                points=Decimal(50),
                parts=(BundlePart(products=chosen["Box"]), BundlePart(products=chosen["MCB"])),
            ),
            Target(clause="Tysiąc", points=Decimal(300), units=Decimal(1000), every=Every.QUARTER),
        ),
        ladder=Ladder(
            window_days=180,
            levels=(
                Level(name="Srebrny", at_least=Decimal(5_000)),
                Level(name="Złoty", at_least=Decimal(15_000)),
            ),
        ),
        tier_factors={"Srebrny": Decimal("1.1"), "Złoty": Decimal("1.25")},
        participant_caps=(Cap(points=20_000, every=Every.MONTH),),
        budget=Budget(points=30_000_000),
    )


def furnish(session: Session, count: int) -> UUID:
    """A programme with credited claims of eleven months; the rows as decisions leave them."""
    of, rng = make.world(session), Random(1)
    segments.create(
        session,
        program_id=of.program.id,
        name="Wielkopolska",
        conditions=Conditions(voivodeships=("30",)),
        author="person:author",
        at=AT,
    )
    products = [
        Product(
            program_id=of.program.id,
            sku=f"P-{number:04d}",
            name=f"Produkt {number}",
            family=FAMILIES[number % len(FAMILIES)],
            unit="m" if number % len(FAMILIES) == 3 else "szt",
            created_at=AT,
        )
        for number in range(PRODUCTS)
    ]
    session.add_all(products)
    people = [
        programs.enrol(
            session,
            program=of.program,
            person_id=make.person(session).id,
            company_name=f"Firma {number}",
            nip=make.nip(50_000 + number),
            voivodeship=rng.choice(("30", "14", "24")),
            at=AT,
        ).id
        for number in range(PARTICIPANTS)
    ]
    session.flush()
    rows: dict[type[SQLModel], list[dict[str, Any]]] = {Purchase: [], Claim: [], ClaimLine: []}
    for number in range(count):
        day = date(2026, 1, 2) + timedelta(days=number * 320 // count)
        at = datetime(day.year, day.month, day.day, 10, number % 60, tzinfo=UTC)
        purchase, claim = new_id(), new_id()
        rows[Purchase].append(
            {
                "id": purchase,
                "program_id": of.program.id,
                "kind": PurchaseKind.INVOICE,
                "issue_date": day,
                "created_at": at,
            }
        )
        lines = [_line(rng, claim, position, products) for position in range(1, LINES + 1)]
        rows[Claim].append(
            {
                "id": claim,
                "number": f"Z-{number:06d}",
                "program_id": of.program.id,
                "participant_id": rng.choice(people),
                "purchase_id": purchase,
                "branch_id": of.branch.id,
                "channel": Channel.PAGE,
                "status": ClaimStatus.APPROVED,
                "submitted_at": at,
                "decided_at": at + timedelta(days=1),
                "points": sum(line["points"] for line in lines),
            }
        )
        rows[ClaimLine] += lines
    for table, values in rows.items():
        session.execute(sa.insert(table), values)
    draft = rule_drafts.start(session, like=of.rules, author="person:author", at=AT)
    rule_drafts.save(
        session,
        draft,
        rules=every_kind(),
        valid_from=date(2026, 12, 1),
        note="",
        editor="person:author",
    )
    return rehearsals.request(session, draft, actor="person:author", at=AT).id


def _line(rng: Random, claim: UUID, position: int, products: list[Product]) -> dict[str, Any]:
    units = Decimal(rng.randint(1, 120))
    return {
        "id": new_id(),
        "claim_id": claim,
        "position": position,
        "quantity": units,
        "product_id": rng.choice(products).id,
        "verdict": Verdict.APPROVE,
        "reason": ReasonCode.COUNTED,
        "quantity_accepted": units,
        "points": int(units) * 8,
        "explanation": [],
        "candidates": [],
    }


def measure(app: App, count: int) -> tuple[float, Rehearsal]:
    """Seconds from the bell to the stored result, by the worker's own way."""
    with app.database.unit_of_work() as session:
        rehearsal_id = furnish(session, count)
    with app.database.unit_of_work() as session:
        [ring] = queue.take_due(session, at=AT + timedelta(days=900), queue="default", room=1)
    started = time.perf_counter()
    run_attempt(app, HANDLERS, work_id=ring.work_id, attempt=ring.attempt)
    seconds = time.perf_counter() - started
    with app.database.unit_of_work() as session:
        found = session.get_one(Rehearsal, rehearsal_id)
        assert found.result is not None, "the rehearsal did not finish"
        return seconds, found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rehearsal", description=__doc__)
    parser.add_argument("--claims", type=int, default=10_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zalicz-rehearsal-") as folder:
        Path(folder).chmod(0o755)
        postgres = EmbeddedPostgres(Path(folder))
        postgres.start()
        try:
            upgrade(postgres.url(OWNER), database_url=postgres.url())
            settings = Settings(
                data_dir=Path(folder),
                database_url=postgres.url(),
                secret_key=SecretStr("a secret of the measurement, long enough for settings"),
            )
            engine = make_engine(settings.database_url)
            app = App(settings, engine, Database.of(engine), open_blobs(settings))
            seconds, found = measure(app, chosen.claims)
            engine.dispose()
        finally:
            postgres.stop()
    OUT.write_text(_report(seconds, found), encoding="utf-8")
    sys.stdout.write(OUT.read_text(encoding="utf-8"))


def _report(seconds: float, found: Rehearsal) -> str:
    made = found.result or {}
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    heads = ("claims", "lines", "seconds", "claims/s", "peak MB", "points really", "points now",
             "gaining", "losing", "budget ends")  # fmt: skip
    row = (made["claims"], made["lines"], f"{seconds:.1f}", f"{made['claims'] / seconds:.0f}",
           peak_mb, made["points"], made["points_then"], made["gaining"], made["losing"],
           made["budget_ends_on"])  # fmt: skip
    text = f"""
# All past claims under new rules

`python -m benchmarks.rehearsal`, Python {platform.python_version()}. Credited claims of
{PARTICIPANTS} participants, replayed by one worker under a draft that has every kind of rule:
rates, promotions, a segment, first purchase, set, target, levels, a cap per participant and a
budget. Time from the bell to the stored result; the progress is told every {rehearsals.STEP}
claims. Budget: 10,000 claims in 60 s.

| {" | ".join(heads)} |
|{" --- |" * len(heads)}
| {" | ".join(map(str, row))} |
"""
    return text.lstrip()


if __name__ == "__main__":
    main()
