"""`python -m workers …`: every process of the product and the commands of its operator."""

from __future__ import annotations

import argparse
import sys

from core import engines, logs, settings
from core.runtime import open_app
from core.settings import UnsafeSettings
from migrations.upgrade import upgrade
from workers import operators, parts, verify
from workers.supervisor import Supervisor


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
    queue = [chosen.queue] if chosen.command == "worker" else []
    parts.run((chosen.command, *queue), loaded)
    return 0


if __name__ == "__main__":
    sys.exit(main())
