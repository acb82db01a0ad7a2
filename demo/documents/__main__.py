"""`python -m demo.documents`: writes a measured set of documents into a folder."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from demo.documents import corpus
from demo.documents.fonts import FontMissing


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m demo.documents", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the documents")
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--kinds", nargs="+", default=[], metavar="KIND", help=", ".join(corpus.KINDS)
    )
    options = parser.parse_args(arguments)
    started = time.monotonic()
    try:
        for item in corpus.plan(options.count, seed=options.seed, only=options.kinds):
            corpus.write(corpus.make(item), options.out)
    except (corpus.UnknownKind, FontMissing) as error:
        print(error, file=sys.stderr)
        return 2
    seconds = time.monotonic() - started
    print(f"{options.count} documents in {options.out}, {seconds:.1f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
