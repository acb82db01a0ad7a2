"""All tables of the product, gathered for migrations."""

from __future__ import annotations

import importlib
from pathlib import Path

from sqlmodel import SQLModel

from core import audit, idempotency, queue
from core.settings import ROOT

_CORE = (audit, idempotency, queue)


def _import_tables() -> None:
    for path in sorted(Path(ROOT).glob("*/*tables.py")):
        importlib.import_module(f"{path.parent.name}.{path.stem}")


_import_tables()
METADATA = SQLModel.metadata
