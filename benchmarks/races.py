"""The races of the money path in full size: minutes instead of the seconds of the tests.

    python -m benchmarks.races [--share 1.0]

Approvals 500 × 10, the last reward 50 × 100 people, seven rewards, 50 orders of 100 points, 100
decisions three ways; `--share 0.1` runs a tenth of the rounds. Ends with 1 when anything fails.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.db import Database, make_engine
from core.engines import OWNER, EmbeddedPostgres
from migrations.upgrade import upgrade
from tests.races import scenes

THREADS = 20


@contextmanager
def database() -> Iterator[Database]:
    """A fresh PostgreSQL with our tables."""
    with tempfile.TemporaryDirectory(prefix="zalicz-races-") as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder) / "data", durable=False)
        server.start()
        try:
            upgrade(server.url(OWNER), database_url=server.url())
            yield Database.of(make_engine(server.url(), pool_size=THREADS))
        finally:
            server.stop()


def say(name: str, holds: bool, what: object) -> bool:
    print(f"{'ok  ' if holds else 'FAIL'} {name}: {what}", flush=True)
    return holds


def run(share: float) -> bool:
    """All races; whether all hold."""

    def rounds(full: int) -> int:
        return max(1, round(full * share))

    claims = rounds(500)
    with database() as db:
        found, awards = scenes.approvals(db, claims=claims, times=10, threads=THREADS)
        good = found.won == claims and found.refused == 9 * claims and awards == 2 * claims
        fine = [say("A2 approvals", good and not (found.errors or found.faults), found)]
        for number in range(rounds(50)):
            one = scenes.last_rewards(db, units=1, people=100, threads=THREADS)
            fine.append(say(f"A4 last reward {number + 1}", one.won == 1 and not one.errors, one))
        seven = scenes.last_rewards(db, units=7, people=100, threads=THREADS)
        fine.append(say("A4 seven rewards", seven.won == 7 and not seven.errors, seven))
        spent, left = scenes.spending(db, points=100, price=30, orders=50, threads=THREADS)
        fine.append(say("A5 spending", spent.won == 3 and left == 10 and not spent.errors, spent))
        winners, decided = scenes.one_decision(db, rounds=rounds(100))
        fine.append(say("A9 one decision", set(winners) == {1} and not decided.errors, decided))
        fine.append(say("verify", not decided.faults, decided.faults))
    return all(fine)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.races", description=__doc__)
    parser.add_argument("--share", type=float, default=1.0)
    return 0 if run(parser.parse_args().share) else 1


if __name__ == "__main__":
    sys.exit(main())
