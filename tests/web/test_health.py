"""Illness is visible: each sick part is named, and nothing is green that is not."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlmodel import Session

from core import queue
from core.blobs import StorageUnavailable
from core.db import Database, make_engine
from core.engines import EmbeddedRedis
from core.queue import Job
from core.runtime import App
from tests.conftest import NOON
from tests.web.conftest import Browser
from web import health, metrics
from web.app import build


@pytest.fixture
def living(app: App, redis_server: EmbeddedRedis) -> App:
    """An application whose Redis answers and whose processes beat."""
    settings = app.settings.model_copy(update={"redis_url": redis_server.url})
    with app.database.unit_of_work() as session:
        beat_all(session, NOON)
    return App(settings, app.engine, app.database, app.blobs)


def beat_all(session: Session, at: datetime) -> None:
    for part in health.PARTS:
        queue.beat(session, name=f"{part}-1", part=part, pid=1, at=at)


def test_when_all_answer_nothing_is_sick(living: App) -> None:
    assert health.sick_parts(living, at=NOON + timedelta(seconds=10)) == {}


def test_right_after_a_start_nothing_is_green(app: App, redis_server: EmbeddedRedis) -> None:
    settings = app.settings.model_copy(update={"redis_url": redis_server.url})
    started = App(settings, app.engine, app.database, app.blobs)
    assert set(health.sick_parts(started, at=NOON)) == set(health.PARTS)


@pytest.mark.parametrize("part", health.PARTS)
def test_a_silent_process_is_named_within_half_a_minute(living: App, part: str) -> None:
    later = NOON + timedelta(seconds=20)
    with living.database.unit_of_work() as session:
        beat_all(session, later)
        queue.beat(session, name=f"{part}-1", part=part, pid=1, at=NOON)
    assert health.sick_parts(living, at=later) == {part: "silent for 20 s"}


def test_one_of_two_workers_suffices(living: App) -> None:
    with living.database.unit_of_work() as session:
        old = NOON - timedelta(hours=1)
        queue.beat(session, name="worker-ocr-2", part="worker-ocr", pid=2, at=old)
    assert health.sick_parts(living, at=NOON) == {}


@pytest.mark.parametrize("url", ["", "redis://127.0.0.1:1", "unix:///nowhere/redis.sock"])
def test_a_missing_redis_is_named(living: App, url: str) -> None:
    settings = living.settings.model_copy(update={"redis_url": url})
    without = App(settings, living.engine, living.database, living.blobs)
    assert health.sick_parts(without, at=NOON) == {"redis": "bell-silent"}


class NoStorage:
    def check(self) -> None:
        raise StorageUnavailable("secret address of the store")


def test_a_missing_store_is_named(living: App) -> None:
    without = App(living.settings, living.engine, living.database, NoStorage())  # type: ignore[arg-type]
    assert health.sick_parts(without, at=NOON) == {"storage": "storage-unavailable"}


def test_a_missing_database_is_named_and_the_web_still_answers(living: App) -> None:
    engine = make_engine("postgresql://nobody@127.0.0.1:1/nothing")
    without = App(living.settings, engine, Database.of(engine), living.blobs)
    assert health.sick_parts(without, at=NOON) == {"database": "OperationalError"}
    browser = Browser(build(without), base_url="http://testserver")
    assert browser.get("/health/live").status_code == 200
    answer = browser.get("/health/ready")
    assert answer.status_code == 503
    assert "database" in answer.json()["sick"]
    assert "nobody" not in answer.text
    assert browser.get("/help").status_code == 200
    page = browser.get("/")
    assert page.status_code == 503
    assert "Przerwa techniczna" in page.text or "Technical break" in page.text
    engine.dispose()


def test_ready_names_the_parts(web: FastAPI, browser: Browser) -> None:
    answer = browser.get("/health/ready")
    assert answer.status_code == 503
    assert set(answer.json()["sick"]) >= set(health.PARTS)


def test_figures_tell_the_age_of_the_oldest_work(session: Session) -> None:
    queue.later(session, Job("test.read", queue="ocr"), key="a", at=NOON)
    queue.later(
        session,
        Job("test.read", queue="ocr"),
        key="b",
        at=NOON,
        not_before=NOON + timedelta(hours=1),
    )
    beat_all(session, NOON)
    told = metrics.exposition(session, at=NOON + timedelta(seconds=90)).decode()
    assert 'zalicz_oldest_work_age_seconds{queue="ocr"} 90.0' in told
    assert 'zalicz_work_rows{queue="ocr",status="waiting"} 2.0' in told
    assert 'zalicz_process_beat_age_seconds{part="relay"} 90.0' in told


def test_finished_work_is_no_backlog(session: Session) -> None:
    queue.later(session, Job("test.read", queue="ocr"), key="a", at=NOON)
    session.execute(sa.text("UPDATE work SET status = 'done'"))
    told = metrics.exposition(session, at=NOON + timedelta(seconds=90)).decode()
    assert "zalicz_oldest_work_age_seconds{" not in told
    assert "zalicz_work_rows{" not in told


def test_requests_are_counted_by_route_not_by_address(browser: Browser) -> None:
    browser.get("/sign-in/code/00000000-0000-7000-8000-00000000abcd", follow_redirects=False)
    browser.get("/some/secret/path")
    told = metrics.generate_latest(metrics.REQUESTS).decode()
    assert 'route="/sign-in/code/{code_id}"' in told
    assert 'route="unmatched"' in told
    assert "secret" not in told
    assert "abcd" not in told
