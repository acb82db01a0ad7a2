"""Figures of this process and of the work behind it, for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlmodel import Session, col

from core.queue import ProcessBeat, Work, WorkStatus

REQUESTS = CollectorRegistry()
_SECONDS = Histogram(
    "zalicz_request_seconds",
    "Time to answer a request.",
    ("method", "route", "status"),
    registry=REQUESTS,
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OPEN = (WorkStatus.WAITING, WorkStatus.QUEUED, WorkStatus.RUNNING)


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request; labels come from our routes, never from what was sent."""
    kind = method if method in _METHODS else "other"
    _SECONDS.labels(kind, route, f"{status // 100}xx").observe(seconds)


class _Work(Collector):
    """Queues and processes as the database sees them at the moment of the question."""

    def __init__(self, session: Session, at: datetime) -> None:
        self._session, self._at = session, at

    def collect(self) -> Iterator[GaugeMetricFamily]:
        depth = GaugeMetricFamily("zalicz_work_rows", "Work rows.", labels=("queue", "status"))
        counted = self._session.execute(
            sa.select(col(Work.queue), col(Work.status), sa.func.count())
            .where(col(Work.status) != WorkStatus.DONE)
            .group_by(col(Work.queue), col(Work.status))
        )
        for queue, status, number in counted:
            depth.add_metric((queue, status.value), number)
        yield depth

        oldest = GaugeMetricFamily(
            "zalicz_oldest_work_age_seconds",
            "Age of the oldest due work that is not finished.",
            labels=("queue",),
        )
        due = self._session.execute(
            sa.select(col(Work.queue), sa.func.min(col(Work.not_before)))
            .where(col(Work.status).in_(OPEN), col(Work.not_before) <= self._at)
            .group_by(col(Work.queue))
        )
        for queue, since in due:
            oldest.add_metric((queue,), (self._at - since).total_seconds())
        yield oldest

        beats = GaugeMetricFamily(
            "zalicz_process_beat_age_seconds", "Time since a part was seen.", labels=("part",)
        )
        seen = self._session.execute(
            sa.select(col(ProcessBeat.part), sa.func.max(col(ProcessBeat.at))).group_by(
                col(ProcessBeat.part)
            )
        )
        for part, at in seen:
            beats.add_metric((part,), (self._at - at).total_seconds())
        yield beats


def exposition(session: Session, *, at: datetime) -> bytes:
    """All figures in Prometheus' text format."""
    work = CollectorRegistry(auto_describe=False)
    work.register(_Work(session, at))
    return generate_latest(REQUESTS) + generate_latest(work)
