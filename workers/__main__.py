"""`python -m workers …`: every process of the product and the commands of its operator."""

from __future__ import annotations

import argparse
import os
import sys

from core import engines, logs, settings
from core.runtime import open_app
from core.settings import Settings, UnsafeSettings
from migrations.upgrade import upgrade
from workers import jobs, operators, processes, verify
from workers.supervisor import Supervisor


def _web(loaded: Settings) -> int:
    # The web layer lies beside this one: it is started by name, never imported.
    line = [sys.executable, "-m", "uvicorn", "web.app:create", "--factory", "--host", loaded.host]
    line += ["--port", str(loaded.port), "--workers", str(loaded.web_processes)]
    line += ["--no-server-header", "--no-access-log", "--timeout-graceful-shutdown", "10"]
    if loaded.trusted_proxies:
        line += ["--proxy-headers", "--forwarded-allow-ips", loaded.trusted_proxies]
    else:
        line += ["--no-proxy-headers"]
    os.execv(sys.executable, line)  # noqa: S606 - our own interpreter and module


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m workers", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="start everything on this machine")
    commands.add_parser("web", help="the web server")
    commands.add_parser("worker", help="work off one queue").add_argument(
        "queue", choices=("ocr", "default")
    )
    commands.add_parser("relay", help="move due work to Redis, take back what was lost")
    commands.add_parser("cron", help="ask for what happens by the clock")
    commands.add_parser("migrate", help="bring the tables to the newest version")
    commands.add_parser("verify", help="re-add ledger, lots and stock; check all chains and files")
    chosen = parser.parse_args(arguments)
    try:
        loaded = settings.load()
    except (UnsafeSettings, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    logs.configure(loaded.log_format, process=chosen.command)
    if chosen.command == "run":
        return Supervisor(loaded).run()
    if chosen.command == "web":
        return _web(loaded)
    if chosen.command in ("migrate", "verify", "operator"):
        with engines.running(loaded) as at:
            if chosen.command == "migrate":
                upgrade(at.migration_database_url, database_url=at.database_url)
                return 0
            urls = {"database_url": at.database_url, "redis_url": at.redis_url}
            opened = open_app(loaded.model_copy(update=urls))
            if chosen.command == "operator":
                return operators.invite(opened, email=chosen.email, name=chosen.name)
            return verify.run(opened)
    app = open_app(loaded)
    if chosen.command == "worker":
        processes.work(app, jobs.HANDLERS, name=chosen.queue)
    elif chosen.command == "relay":
        processes.relay_forever(app, jobs.HANDLERS)
    else:
        processes.schedule_forever(app, jobs.TURNS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
