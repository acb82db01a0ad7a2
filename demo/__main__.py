"""`python -m demo …`: seed the demo, show its sign-ins, make fresh samples to upload."""

from __future__ import annotations

import argparse
import sys

from accounts.demo import list_demo_signins
from core import clock, engines, logs, settings
from core.runtime import open_app
from demo import samples
from demo.seed import seed


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("seed", help="fill an empty database").add_argument(
        "--if-empty", action="store_true", help="say nothing when it is not empty"
    )
    commands.add_parser("signins", help="show who anybody may become")
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
                if not seed(app, now=clock.now()) and not chosen.if_empty:
                    print("The database is not empty; nothing was changed.")
            elif chosen.command == "signins":
                with app.database.unit_of_work() as session:
                    personas = list_demo_signins(session)
                for persona in personas:
                    address = f"{loaded.base_url}/demo/{persona.persona}"
                    print(f"  {persona.title:<16} {persona.description:<42} {address}")
                print()
            else:
                for path in samples.write(app, chosen.out, now=clock.now()):
                    print(path)
        finally:
            app.engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
