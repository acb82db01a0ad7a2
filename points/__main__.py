"""`python -m points verify-statement FILE`: checks an exported statement, off-line."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from points import paper, signed


def main(arguments: list[str] | None = None) -> int:
    """0: everything holds; 1: something was changed, named line by line; 2: no statement."""
    parser = argparse.ArgumentParser(prog="python -m points", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    verify = commands.add_parser("verify-statement", help="check an exported statement (JSON, PDF)")
    verify.add_argument("file", type=Path)
    verify.add_argument("--key", help="the issuer's public key (hex), as its page shows it")
    chosen = parser.parse_args(arguments)
    try:
        data = chosen.file.read_bytes()
        is_pdf = data.startswith(b"%PDF")
        faults = (paper if is_pdf else signed).check(data, key=chosen.key)
        found = signed.read(paper.extract(data) if is_pdf else data)
    except (OSError, ValueError) as error:
        print(f"CANNOT CHECK {error}", file=sys.stderr)
        return 2
    for fault in faults:
        print(f"FAULT {fault.text}")
    if faults:
        return 1
    print(
        f"{found.program}, {found.holder}: {len(found.rows)} rows, balance {found.closing.balance}"
    )
    print(f"Key {found.key}")
    if chosen.key is None:
        print("All holds. Compare the key with the one that the issuer's page shows.")
    else:
        print("All holds, and the key is the one given.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
