"""A reader that is killed in the middle loses nothing and does nothing twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa
from redis import Redis
from sqlmodel import Session, select

from claims import queries
from claims.document_tables import Extraction
from claims.service import StoredFile
from claims.states import ClaimStatus
from claims.tables import Claim
from core.engines import EmbeddedRedis
from core.queue import Work, WorkStatus
from core.runtime import App
from core.settings import ROOT
from demo.documents import photograph, render_invoice_pdf
from demo.documents.scenario import invoice
from tests import make
from tests.conftest import NOON
from workers import jobs, relay

pytestmark = pytest.mark.slow


@pytest.fixture
def worker(
    real_app: App, redis_server: EmbeddedRedis
) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts real worker processes of the reading queue; kills what is left."""
    started: list[subprocess.Popen[bytes]] = []
    settings = real_app.settings
    environment = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": redis_server.url,
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "OMP_THREAD_LIMIT": "1",
    }

    def start() -> subprocess.Popen[bytes]:
        line = [sys.executable, "-m", "workers", "worker", "ocr"]
        process = subprocess.Popen(line, env=environment, cwd=ROOT, start_new_session=True)
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def until(what: str, true: Callable[[], bool], *, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"{what} did not happen"
        time.sleep(0.1)


def submitted(app: App, data: bytes) -> tuple[Claim, int]:
    """A claim with this photo; its work row has a short lease, so that the test need not wait."""
    with app.database.unit_of_work() as session:
        of = make.world(session)
        claim = make.claims.submit(
            session,
            program=of.program,
            participant=of.participant,
            files=[StoredFile(app.blobs.put(data), "IMG_1.jpg", "image/jpeg", len(data))],
            channel=make.Channel.PAGE,
            actor="person:test",
            at=NOON,
        )
        session.execute(sa.update(Work).values(lease_s=4, not_before=NOON))
        work_id = session.exec(select(Work.id)).one()
    assert work_id is not None
    return claim, work_id


def status_of(app: App, work_id: int) -> tuple[WorkStatus, int]:
    with app.database.unit_of_work() as session:
        work = session.get_one(Work, work_id)
        return work.status, work.starts


def claim_status(app: App, claim: Claim) -> ClaimStatus:
    with app.database.unit_of_work() as session:
        return session.get_one(Claim, claim.id).status


def photo() -> bytes:
    """Takes a reader some seconds: time enough to die in."""
    drawn = render_invoice_pdf(
        invoice(Random(7), lines=5, issued_on=date(2026, 11, 18)), layout="ramka"
    )
    return photograph(drawn, seed=3, strength=0.3)


def events(session: Session, claim: Claim) -> list[ClaimStatus]:
    return [event.status for event in queries.list_events(session, claim.id)]


def test_a_reader_killed_in_the_middle_is_replaced_and_the_claim_is_read_once(
    real_app: App,
    redis_client: Redis,
    worker: Callable[[], subprocess.Popen[bytes]],
    tmp_path: Path,
) -> None:
    claim, work_id = submitted(real_app, photo())
    first = worker()

    def relayed_until(wanted: Callable[[tuple[WorkStatus, int]], bool]) -> Callable[[], bool]:
        def look() -> bool:
            relay.relay_once(real_app, redis_client, jobs.HANDLERS)
            return wanted(status_of(real_app, work_id))

        return look

    until("the first start", relayed_until(lambda now: now == (WorkStatus.RUNNING, 1)))
    until("the reading", lambda: claim_status(real_app, claim) is ClaimStatus.READING)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait(10)
    worker()
    until("the second reading", relayed_until(lambda now: now[0] is WorkStatus.DONE))
    assert status_of(real_app, work_id) == (WorkStatus.DONE, 2)
    with real_app.database.unit_of_work() as session:
        seen = session.get_one(Claim, claim.id)
        assert seen.status is ClaimStatus.AWAITING_PARTNER
        assert events(session, claim) == [
            ClaimStatus.SUBMITTED,
            ClaimStatus.READING,
            ClaimStatus.MATCHING,
            ClaimStatus.AWAITING_PARTNER,
        ]
        assert len(session.exec(select(Extraction.id)).all()) == 1


def test_a_document_that_kills_every_reader_goes_to_a_person(
    real_app: App, redis_client: Redis
) -> None:
    claim, work_id = submitted(real_app, b"\xff\xd8\xff broken")
    with real_app.database.unit_of_work() as session:
        session.execute(
            sa.update(Work).values(
                status=WorkStatus.RUNNING, starts=3, attempt=3, lease_until=NOON, last_error="died"
            )
        )
    relay.relay_once(real_app, redis_client, jobs.HANDLERS)
    assert status_of(real_app, work_id)[0] is WorkStatus.GIVEN_UP
    with real_app.database.unit_of_work() as session:
        seen = session.get_one(Claim, claim.id)
        assert (seen.status, seen.unreadable_reason) == (ClaimStatus.AWAITING_PARTNER, "gave-up")


def test_a_wiped_redis_loses_nothing(
    real_app: App, redis_client: Redis, worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    drawn = render_invoice_pdf(invoice(Random(7), lines=2), layout="ramka")
    claim, work_id = submitted(real_app, drawn)
    relay.relay_once(real_app, redis_client, jobs.HANDLERS)
    redis_client.flushall()
    worker()

    def done() -> bool:
        relay.relay_once(real_app, redis_client, jobs.HANDLERS)
        return status_of(real_app, work_id)[0] is WorkStatus.DONE

    until("the reading after the wipe", done)
    with real_app.database.unit_of_work() as session:
        assert session.get_one(Claim, claim.id).status is ClaimStatus.AWAITING_PARTNER
