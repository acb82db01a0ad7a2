"""`python -m demo …`: seed the demo, make fresh samples to upload."""

from __future__ import annotations

import argparse
import sys

from core import clock, engines, logs, settings
from core.runtime import open_app
from demo import samples
from demo.seed import seed


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    seeding = commands.add_parser("seed", help="fill an empty database")
    seeding.add_argument("--if-empty", action="store_true", help="quiet when it is not empty")
    seeding.add_argument("--days", type=int, help="how long the history is")
    sample = commands.add_parser("sample", help="write a photo, a PDF and an XML to upload")
    sample.add_argument("--out", default="samples", help="folder for the files")
    chosen = parser.parse_args(arguments)
    loaded = settings.load()
    logs.configure(loaded.log_format, process="demo")
    with engines.running(loaded) as at:
        urls = {"database_url": at.database_url, "redis_url": at.redis_url}
        app = open_app(loaded.model_copy(update=urls))
        try:
            if chosen.command == "seed":
                days = chosen.days or loaded.demo_days
                if not seed(app, now=clock.now(), days=days) and not chosen.if_empty:
                    print("The database is not empty; nothing was changed.")
            else:
                for path in samples.write(app, chosen.out, now=clock.now()):
                    print(path)
        finally:
            app.engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
