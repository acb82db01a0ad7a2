"""The background processes: each beats, works until a signal, and ends with its parent."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence

from rq.serializers import JSONSerializer
from sqlalchemy.exc import SQLAlchemyError

from core import clock, queue
from core.logs import logger
from core.runtime import App
from workers import relay, runtime, schedule
from workers.runtime import Handler
from workers.schedule import Turn

BEAT_S = 5


def beating(app: App, *, part: str) -> None:
    """Say every few seconds that this process lives, and end when its supervisor is gone."""
    parent = os.getppid()
    supervised = os.environ.get("ZALICZ_SUPERVISOR") == str(parent)
    # With the host: two containers may have the same process id.
    name = f"{part}@{socket.gethostname()}-{os.getpid()}"
    app.settings.data_dir.mkdir(parents=True, exist_ok=True)
    mark = app.settings.data_dir / f"alive-{part}"

    def beat() -> None:
        while True:
            try:
                with app.database.unit_of_work() as session:
                    queue.beat(session, name=name, part=part, pid=os.getpid(), at=clock.now())
                mark.touch()  # A container's health check looks at its age: that costs nothing.
            except (SQLAlchemyError, OSError) as error:
                logger().warning("no beat", error=type(error).__name__)
            if supervised and os.getppid() != parent:
                os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(BEAT_S)

    threading.Thread(target=beat, name="beat", daemon=True).start()


def stop_event() -> threading.Event:
    """An event that SIGTERM and SIGINT set."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def work(
    app: App,
    handlers: Mapping[str, Handler],
    *,
    name: str,
    warm_up: Callable[[], None] | None = None,
) -> None:
    """Work off one queue until a signal; finishes the running job first.

    `warm_up` runs before the first job, while the process already counts as alive.
    """
    connection = runtime.connect_redis(app.settings.redis_url)
    runtime.install(app, handlers)
    beating(app, part=f"worker-{name}")
    worker = runtime.OneQueueWorker(
        [runtime.rq_queue(connection, name)],
        name=f"{name}-{os.getpid()}-{time.time_ns()}",
        connection=connection,
        job_class=runtime.SafeJob,
        serializer=JSONSerializer,
        maintenance_interval=60,
        worker_ttl=60,
        log_job_description=False,
    )
    if warm_up is not None:
        warm_up()
    worker.work(logging_level="WARNING")


def relay_forever(app: App, handlers: Mapping[str, Handler]) -> None:
    stop = stop_event()
    beating(app, part="relay")
    relay.run(app, runtime.connect_redis(app.settings.redis_url), handlers, stop)


def schedule_forever(app: App, turns: Sequence[Turn]) -> None:
    stop = stop_event()
    beating(app, part="cron")
    schedule.run(app, turns, stop)
