"""`python -m benchmarks.feeds`: 100,000 rows of sales against open claims; writes feeds.md."""

from __future__ import annotations

import argparse
import io
import platform
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import xlsxwriter
from pydantic import SecretStr
from sqlmodel import Session, col, select

from core import clock, queue
from core.blobs import open_blobs
from core.db import Database, make_engine
from core.engines import OWNER, EmbeddedPostgres
from core.runtime import App
from core.settings import Settings
from migrations.upgrade import upgrade
from tests import make
from verification import reconciliation
from verification.feed_tables import SalesFeed, SalesKey
from workers.jobs import HANDLERS
from workers.runtime import run_attempt

AT = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
HEAD = ("Nr dokumentu", "Data", "NIP nabywcy", "EAN", "Indeks", "Nazwa towaru", "Ilość", "Cena")
OUT = Path(__file__).parent / "feeds.md"


def sales(count: int, of: make.World, numbers: list[str]) -> list[tuple[str, ...]]:
    """Rows of an export: the claimed documents first, then everybody else's."""
    rng = Random(1)
    nip = of.participant.nip
    rows = []
    for number in numbers:
        rows.append(
            (
                number,
                "18.11.2026",
                nip,
                "5901234123457",
                "N210",
                "GNIAZDO NOVA P/T Z/U BIAŁE",
                "60",
                "9",
            )
        )
        rows.append(
            (number, "18.11.2026", nip, "", "VX-B24", "ROZDZ. BOX 24M P/T VX-B24", "2", "88")
        )
    buyers = [make.nip(10_000 + n) for n in range(3_000)]
    goods = [(f"I{n:05d}", f"Przewód próbny {n} mm czarny {n % 7}x{n % 5}") for n in range(8_000)]
    while len(rows) < count:
        number, buyer = f"FV/{len(rows)}/11/2026", rng.choice(buyers)
        for _ in range(rng.randint(1, 8)):
            index, name = rng.choice(goods)
            rows.append(
                (number, "19.11.2026", buyer, "", index, name, str(rng.randint(1, 400)), "12,34")
            )
    rng.shuffle(rows)
    return rows[:count]


def as_csv(rows: list[tuple[str, ...]]) -> bytes:
    return "\r\n".join(";".join(row) for row in [HEAD, *rows]).encode("cp1250")


def as_xlsx(rows: list[tuple[str, ...]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet()
    for at, row in enumerate([HEAD, *rows]):
        for column, text in enumerate(row):
            sheet.write(at, column, int(text) if column == 6 and at else text)
    book.close()
    return out.getvalue()


def as_jpk(rows: list[tuple[str, ...]]) -> bytes:
    heads = {row[0]: row[2] for row in rows}
    parts = ['<?xml version="1.0" encoding="UTF-8"?><JPK xmlns="http://jpk.mf.gov.pl/wzor/x/">']
    parts += [f"<Faktura><P_2A>{n}</P_2A><P_5B>{nip}</P_5B></Faktura>" for n, nip in heads.items()]
    parts += [
        f"<FakturaWiersz><P_2B>{row[0]}</P_2B><P_7>{row[5]}</P_7><P_8B>{row[6]}</P_8B></FakturaWiersz>"
        for row in rows
    ]
    return "".join([*parts, "</JPK>"]).encode()


def measure(
    app: App, of: make.World, name: str, data: bytes
) -> tuple[float, float, float, SalesFeed]:
    """Seconds until all is compared (by the clock, of this process), until all is judged."""
    started, cpu = time.perf_counter(), time.process_time()
    with app.database.unit_of_work() as session:
        feed = reconciliation.take_in(
            session, app.blobs, partner_id=of.partner.id, person_id=of.clerk.person_id, name=name,
            data=data, at=AT,
        ).feed  # fmt: skip
        if not feed.mapping:
            found = reconciliation.propose(app.blobs, feed)
            reconciliation.confirm(
                session, feed_id=feed.id, partner_id=of.partner.id, person_id=of.clerk.person_id,
                mapping=found.mapping, at=AT,
            )  # fmt: skip
    work(app, only="compare-sales-")
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    work(app)
    judged = time.perf_counter() - started
    with app.database.unit_of_work() as session:
        return seconds, cpu, judged, session.get_one(SalesFeed, feed.id)


def work(app: App, *, only: str = "") -> None:
    """Carry out what waits, as a worker and the relay would."""
    while True:
        with app.database.unit_of_work() as session:
            if (
                only
                and not session.exec(
                    select(queue.Work.id).where(
                        col(queue.Work.key).startswith(only), queue.Work.status == "waiting"
                    )
                ).all()
            ):
                return
            calls = [
                call for call in queue.take_due(session, at=clock.now(), queue="default", room=200)
            ]
        if not calls:
            return
        for call in calls:
            run_attempt(app, HANDLERS, work_id=call.work_id, attempt=call.attempt)


def prepare(session: Session, claims: int) -> tuple[make.World, list[str]]:
    of = make.world(session)
    numbers = [f"FV/Z{n}/11/2026" for n in range(claims)]
    for at, number in enumerate(numbers):
        # Other totals: equal ones would be held as likely duplicates.
        seen = make.reading(of, number=number, total=f"{1000 + at}.00")
        make.read(session, make.submitted(session, of), seen)
    return of, numbers


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.feeds", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--claims", type=int, default=90)
    chosen = parser.parse_args()
    lines = []
    slow = 0
    with tempfile.TemporaryDirectory(prefix="zalicz-feeds-") as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder), durable=True)
        server.start()
        try:
            upgrade(server.url(OWNER), database_url=server.url())
            settings = Settings(
                data_dir=Path(folder),
                database_url=server.url(),
                secret_key=SecretStr("a secret of the benchmark, thirty-two characters"),
            )
            engine = make_engine(settings.database_url)
            app = App(settings, engine, Database.of(engine), open_blobs(settings))
            for kind, write in (("CSV, cp1250", as_csv), ("XLSX", as_xlsx), ("JPK_FA", as_jpk)):
                with app.database.unit_of_work() as session:
                    of, numbers = prepare(session, chosen.claims)
                data = write(sales(chosen.rows, of, numbers))
                seconds, cpu, judged, feed = measure(app, of, kind, data)
                with app.database.unit_of_work() as session:
                    keys = len(
                        session.exec(
                            select(SalesKey.key).where(SalesKey.partner_id == of.partner.id)
                        ).all()
                    )
                slow += seconds > 60
                lines.append(
                    f"| {kind} | {len(data) / 1e6:.1f} | {feed.rows_total} | {seconds:.1f} | "
                    f"{cpu:.1f} | "
                    f"{judged:.1f} | {feed.claims_proven} | {keys} |"
                )
                print(lines[-1])
            engine.dispose()
        finally:
            server.stop()
    OUT.write_text(
        "# Sales exports against open claims\n\n"
        f"`python -m benchmarks.feeds`, Python {platform.python_version()}, "
        f"{chosen.claims} open claims of the wholesaler. Seconds from the arrived file until\n"
        "all is compared and every other sale is kept as a hash; then until all is judged.\n"
        "One worker, durable database, two cores that others used too (see CPU).\n"
        "Budget: 100,000 rows in at most 60 s.\n\n"
        "| file | MB | rows | compared, s | CPU, s | judged, s | proven | hashes kept |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- |\n" + "\n".join(lines) + "\n"
    )
    return 1 if slow else 0


if __name__ == "__main__":
    raise SystemExit(main())
