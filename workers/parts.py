"""What each process of the product runs, by the words of its command line."""

from __future__ import annotations

import uvicorn

from core import logs
from core.runtime import open_app
from core.settings import Settings
from ocr import sandbox
from workers import jobs, processes


def run(words: tuple[str, ...], loaded: Settings) -> None:
    """Be `web`, `worker QUEUE`, `relay` or `cron` until a signal. `DATABASE_URL` is set by now."""
    logs.configure(loaded.log_format, process=words[0])
    if words[0] == "web":
        _serve(loaded)
        return
    app = open_app(loaded)
    if words[0] == "worker":
        # The first document must not wait for the models.
        warm_up = sandbox.warm_up if words[1] == "ocr" else None
        processes.work(app, jobs.HANDLERS, name=words[1], warm_up=warm_up)
    elif words[0] == "relay":
        processes.relay_forever(app, jobs.HANDLERS)
    else:
        processes.schedule_forever(app, jobs.TURNS)


def _serve(loaded: Settings) -> None:
    # The web layer lies beside this one: it is started by name, never imported.
    uvicorn.run(
        "web.app:create",
        factory=True,
        host=loaded.host,
        port=loaded.port,
        workers=loaded.web_processes,
        server_header=False,
        access_log=False,
        timeout_graceful_shutdown=10,
        proxy_headers=bool(loaded.trusted_proxies),
        forwarded_allow_ips=loaded.trusted_proxies or None,
    )
