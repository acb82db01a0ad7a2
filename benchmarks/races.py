"""The races of the money path in full size: minutes instead of the seconds of the tests.

    python -m benchmarks.races [--share 1.0] [--pictures 50] [--kept FOLDER] [--only A7] [--write]

Approvals 500 × 10, the last reward 50 × 100 people, seven rewards, 50 orders of 100 points, 100
decisions three ways, one code 50 × 100 people, guessing by 100 accounts, 50 invoices in 20 guises
(`--pictures` of them photographed three ways and read, which takes most of the time: what was read
stays in the folder `--kept`, so that a run that was stopped goes on where it was);
`--share 0.1` runs a tenth of the rounds. `--write` keeps the answers in `benchmarks/races.md`.
Ends with 1 when anything fails.
"""

from __future__ import annotations

import argparse
import logging
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from pydantic import SecretStr

from core import clock
from core.blobs import open_blobs
from core.db import Database, make_engine
from core.engines import OWNER, EmbeddedPostgres
from core.runtime import App
from core.settings import Settings
from migrations.upgrade import upgrade
from tests.races import code_scenes, paper_scenes, scenes

THREADS = 20
REPORT = Path(__file__).with_suffix(".md")


@contextmanager
def opened() -> Iterator[App]:
    """A fresh PostgreSQL with our tables, and the application on it."""
    with tempfile.TemporaryDirectory(prefix="zalicz-races-") as folder:
        Path(folder).chmod(0o755)
        data_dir = Path(folder) / "data"
        server = EmbeddedPostgres(data_dir, durable=False)
        server.start()
        try:
            upgrade(server.url(OWNER), database_url=server.url())
            settings = Settings(
                data_dir=data_dir,
                database_url=server.url(),
                migration_database_url=server.url(OWNER),
                secret_key=SecretStr("a secret of the races, thirty-two characters long"),
                public_url="http://testserver",
            )
            engine = make_engine(server.url(), pool_size=THREADS)
            yield App(settings, engine, Database.of(engine), open_blobs(settings))
            engine.dispose()
        finally:
            server.stop()


@dataclass(slots=True)
class Report:
    """What held, line by line."""

    rows: list[tuple[str, str, bool, float]] = field(default_factory=list)

    def say(self, name: str, what: str, holds: bool, seconds: float) -> None:
        self.rows.append((name, what, holds, seconds))
        print(f"{'ok  ' if holds else 'FAIL'} {name}: {what} ({seconds:.0f} s)", flush=True)

    @property
    def holds(self) -> bool:
        return all(holds for _, _, holds, _ in self.rows)

    def text(self, share: float, pictures: int) -> str:
        lines = [
            "# Races",
            "",
            f"`python -m benchmarks.races`, {clock.local_date(clock.now())}, "
            f"{os.cpu_count()} cores, Python {platform.python_version()}, embedded PostgreSQL; "
            f"share {share:g}, {pictures} invoices photographed.",
            "",
            "| promise | what happened | holds | s |",
            "| --- | --- | --- | ---: |",
        ]
        lines += [
            f"| {name} | {what} | {'yes' if holds else '**no**'} | {seconds:.0f} |"
            for name, what, holds, seconds in self.rows
        ]
        return "\n".join([*lines, ""])


def run(
    share: float, *, pictures: int, only: frozenset[str] = frozenset(), kept: Path | None = None
) -> Report:
    """All races, or those that are named; what each came to."""

    def rounds(full: int) -> int:
        return max(1, round(full * share))

    report = Report()
    acts: dict[str, Callable[[App], tuple[str, bool]]] = {
        "A2": lambda app: _approvals(app, rounds(500)),
        "A4": lambda app: _rewards(app, rounds(50)),
        "A5": _spending,
        "A6": lambda app: _one_code(app, rounds(50), people=rounds(100) if share < 1 else 100),
        "A7": lambda app: _papers(app, rounds(50), pictures, kept),
        "A9": lambda app: _decisions(app, rounds(100)),
        "A19": lambda app: _guessing(app, rounds(100)),
    }
    with opened() as app:
        for name, act in acts.items():
            if only and name not in only:
                continue
            began = time.monotonic()
            what, holds = act(app)
            report.say(name, what, holds, time.monotonic() - began)
    return report


def _approvals(app: App, claims: int) -> tuple[str, bool]:
    found, awards = scenes.approvals(app.database, claims=claims, times=10, threads=THREADS)
    good = found.won == claims and found.refused == 9 * claims and awards == 2 * claims
    what = f"{claims} claims approved 10 times each: {found.won} took effect, {awards} awards"
    return _clean(what, good, found)


def _rewards(app: App, rounds: int) -> tuple[str, bool]:
    ones = [
        scenes.last_rewards(app.database, units=1, people=100, threads=THREADS)
        for _ in range(rounds)
    ]
    seven = scenes.last_rewards(app.database, units=7, people=100, threads=THREADS)
    good = all(one.won == 1 and not one.errors for one in ones) and seven.won == 7
    won = sum(one.won for one in ones)
    what = f"{rounds} rounds of 100 people for the last one: {won} got it; for seven: {seven.won}"
    return _clean(what, good, seven)


def _spending(app: App) -> tuple[str, bool]:
    spent, left = scenes.spending(app.database, points=100, price=30, orders=50, threads=THREADS)
    what = f"100 points, 50 orders of 30 at once: {spent.won} placed, {left} points left"
    return _clean(what, spent.won == 3 and left == 10, spent)


def _decisions(app: App, rounds: int) -> tuple[str, bool]:
    winners, found = scenes.one_decision(app.database, rounds=rounds)
    what = f"{rounds} claims approved, rejected and withdrawn at once: one winner each"
    return _clean(what, set(winners) == {1}, found)


def _one_code(app: App, rounds: int, *, people: int) -> tuple[str, bool]:
    found = [
        code_scenes.one_code(app.database, people=people, threads=people) for _ in range(rounds)
    ]
    good = all(one.won == 1 and one.refused == people - 1 for one in found)
    won = sum(one.won for one in found)
    what = f"{rounds} codes, {people} people at once with each: {won} paid"
    return _clean(what, good and not any(one.errors for one in found), found[-1])


def _guessing(app: App, accounts: int) -> tuple[str, bool]:
    single = code_scenes.guessing(app, accounts=1, each=24)
    # Each scene has its own networks, so that one does not use up another's hour.
    many = code_scenes.guessing(app, accounts=accounts, each=8, networks=1, first_network=50)
    spread = code_scenes.guessing(
        app, accounts=accounts, each=4, networks=accounts, first_network=100
    )
    heard = code_scenes.answers_to_a_stranger(app)
    good = (
        (single.looked_up, single.stopped) == (20, 4)
        and many.looked_up == min(500, 8 * accounts)
        and (spread.looked_up, spread.stopped) == (4 * accounts, 0)
        and not (single.others or many.others or spread.others)
        and len(heard) == 1
    )
    what = (
        f"24 guesses of one account: {single.looked_up} looked up; {accounts} accounts of one "
        f"network, 8 each: {many.looked_up}; each of its own network, 4 each: {spread.looked_up}; "
        f"six kinds of bad code: {len(heard)} answer"
    )
    return what, good


def _papers(app: App, invoices: int, pictures: int, kept: Path | None = None) -> tuple[str, bool]:
    half = invoices // 2
    # Half of them, and half of the pictures, one after another; the rest at once.
    turns = paper_scenes.storm(
        app.database, invoices=half, pictures=pictures // 2, at_once=False, kept=kept
    )
    storm = paper_scenes.storm(
        app.database,
        invoices=invoices - half,
        pictures=pictures - pictures // 2,
        at_once=True,
        seed=200,
        kept=kept,
    )
    payable = turns.payable + storm.payable
    held = turns.held + storm.held
    lost = turns.lost + storm.lost
    reasons = ", ".join(f"{reason} {number}" for reason, number in sorted(held.items()))
    counts = ", ".join(f"{number} with {many} payable" for many, number in sorted(payable.items()))
    what = f"{payable.total()} invoices × {paper_scenes.GUISES} guises: {counts}; held: {reasons}"
    return what, set(payable) == {1} and lost == 0


def _clean(what: str, good: bool, found: scenes.Outcome) -> tuple[str, bool]:
    wrong = (*found.errors, *found.faults)
    return (f"{what}; {wrong[:3]}" if wrong else what), good and not wrong


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.races", description=__doc__)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--pictures", type=int, default=50)
    parser.add_argument("--kept", type=Path)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args(arguments)
    # Thousands of answered requests would bury what is said here.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    if asked.kept:
        asked.kept.mkdir(parents=True, exist_ok=True)
    only = frozenset(asked.only)
    report = run(asked.share, pictures=asked.pictures, only=only, kept=asked.kept)
    if asked.write:
        REPORT.write_text(report.text(asked.share, asked.pictures), encoding="utf-8")
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main())
