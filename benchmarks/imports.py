"""Measures a list of 20,000 products: `python -m benchmarks.imports [--write]`.

Looked at, written by the worker's pieces, and sent again, on an own PostgreSQL.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
import xlsxwriter

from core.db import Database, make_engine
from core.engines import OWNER, EmbeddedPostgres
from demo.documents.identifiers import make_gtin
from migrations.upgrade import upgrade
from programs import product_bulk, product_import
from programs.product_import import Effect
from programs.product_tables import Product, ProductGtin
from programs.tables import Manufacturer, Program

ROWS = 20_000
NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)
HEAD = ("kod", "nazwa", "rodzina", "jednostka", "gtin", "gtin kartonu", "sztuk w kartonie")


def rows() -> list[tuple[str, ...]]:
    return [
        (
            f"VX-{n:05d}",
            f"Wyłącznik nadprądowy Voltex seria {n % 90} B{n % 63 + 1} {n % 4 + 1}P",
            f"Rodzina {n % 40}",
            "szt",
            make_gtin(100_000 + n),
            make_gtin(300_000 + n),
            "12",
        )
        for n in range(ROWS)
    ]


def as_csv(table: Sequence[Sequence[str]]) -> bytes:
    return "\n".join(";".join(row) for row in (HEAD, *table)).encode()


def as_xlsx(table: Sequence[Sequence[str]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    for number, row in enumerate((HEAD, *table)):
        sheet.write_row(number, 0, row)
    book.close()
    return out.getvalue()


def timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.imports", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write benchmarks/imports.md")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder))
        server.start()
        try:
            upgrade(server.url(OWNER), database_url=server.url())
            text = measure(Database.of(make_engine(server.url())))
        finally:
            server.stop()
    sys.stdout.write(text)
    if asked.write:
        Path(__file__).with_suffix(".md").write_text(text, encoding="utf-8")
    return 0


def measure(database: Database) -> str:
    with database.unit_of_work() as session:
        maker = Manufacturer(name="Voltex S.A.", nip="5260250274", created_at=NOON)
        session.add(maker)
        session.flush()
        day = NOON.date()
        program = Program(
            manufacturer_id=maker.id,
            name="Klub",
            slug="klub",
            starts_on=day,
            ends_on=day,
            claim_until=day,
            redeem_until=day,
            created_at=NOON,
        )
        session.add(program)
    table = rows()
    told = []
    for name, data in (("CSV", as_csv(table)), ("XLSX", as_xlsx(table))):
        with database.unit_of_work() as session:
            started = time.perf_counter()
            product_import.preview(session, program_id=program.id, data=data)
            seconds = time.perf_counter() - started
        told.append((f"look at {len(table)} rows of {name}, {len(data) / 1e6:.1f} MB", seconds))
    data = as_csv(table)
    with database.unit_of_work() as session:
        facts = product_import.preview(session, program_id=program.id, data=data).facts()

    def write() -> None:
        for start in range(0, len(facts), product_bulk.CHUNK):
            with database.unit_of_work() as session:
                product_bulk.put_many(
                    session,
                    program_id=program.id,
                    facts=facts[start : start + product_bulk.CHUNK],
                    actor="bench",
                    at=NOON,
                )

    told.append((f"write {len(facts)} new products and {2 * len(facts)} GTINs", timed(write)))
    told.append(("write them all again, as updates", timed(write)))
    with database.unit_of_work() as session:
        again = product_import.preview(session, program_id=program.id, data=data)
        products = session.execute(sa.select(sa.func.count()).select_from(Product)).scalar_one()
        gtins = session.execute(sa.select(sa.func.count()).select_from(ProductGtin)).scalar_one()
    lines = ["# A list of 20,000 products", "", "| What | Seconds |", "| --- | --- |"]
    lines += [f"| {what} | {seconds:.1f} |" for what, seconds in told]
    lines += [
        "",
        f"Afterwards: {products} products, {gtins} GTINs; the same file changes "
        f"{len(again.facts())} and leaves {again.count(Effect.SAME)} as they are.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
