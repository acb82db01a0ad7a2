"""Rewrites the first migration from the tables, for as long as nothing is deployed anywhere.

`python -m migrations.baseline`. Functions and triggers stand in `migrations/baseline/*.sql`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command

from core.engines import OWNER, EmbeddedPostgres
from core.settings import ROOT
from migrations.upgrade import config

VERSIONS = ROOT / "migrations" / "versions"
NAME = "2026-11-22-0300_baseline.py"
END = "    # ### end Alembic commands ###\n"


def main() -> int:
    for path in VERSIONS.glob("*.py"):
        path.unlink()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder), durable=False)
        server.start()
        try:
            made = command.revision(
                config(server.url(OWNER)), message="baseline", autogenerate=True, rev_id="0001"
            )
        finally:
            server.stop()
    path = Path(made.path)  # type: ignore[union-attr]
    text = path.read_text()
    text = text.replace("sqlmodel.sql.sqltypes.AutoString(", "sa.String(")
    head, tail = text.split(END, 1)
    run = (
        "    for path in sorted(BASELINE.glob('*.sql')):\n"
        "        sql = path.read_text().replace('%', '%%')\n"
        "        op.get_bind().exec_driver_sql(sql)\n"
    )
    head = head.replace(
        "revision = ", "BASELINE = Path(__file__).parent.parent / 'baseline'\n\nrevision = ", 1
    )
    head = head.replace(
        "import sqlalchemy as sa",
        "from pathlib import Path\n\nimport sqlalchemy as sa",
        1,
    )
    path.unlink()
    # Plain strings: the library's own type would tie history to its version.
    (VERSIONS / NAME).write_text(head + END + run + tail)
    subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--fix", "-q", str(VERSIONS)], check=False
    )
    subprocess.run([sys.executable, "-m", "ruff", "format", "-q", str(VERSIONS)], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
