"""`python -m migrations.draft "subject"`: drafts a migration from the tables."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.util import CommandError

from core.engines import OWNER, EmbeddedPostgres
from migrations.upgrade import config, upgrade


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m migrations.draft", description=__doc__)
    parser.add_argument("subject", nargs="?", default="", help="what it is about, in a few words")
    parser.add_argument("--check", action="store_true", help="write nothing")
    chosen = parser.parse_args(arguments)
    if not chosen.check and not chosen.subject:
        parser.error("say what the migration is about")
    with tempfile.TemporaryDirectory(prefix="zalicz-draft-") as folder:
        # A throw-away server: what is compared is the history in this tree, not anybody's data.
        postgres = EmbeddedPostgres(Path(folder), durable=False)
        postgres.start()
        try:
            url = postgres.url(OWNER)
            upgrade(url)
            if chosen.check:
                return _check(url)
            command.revision(config(url), chosen.subject, autogenerate=True)
        finally:
            postgres.stop()
    return 0


def _check(url: str) -> int:
    try:
        command.check(config(url))
    except CommandError as error:
        sys.stderr.write(f"The tables and their history differ: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
