"""The job that writes a long list of products, piece by piece, so that the page can show it."""

from __future__ import annotations

from uuid import UUID

from core import clock
from core.runtime import App
from programs import product_import, product_imports
from programs.product_bulk import CHUNK
from programs.product_file import read_table
from workers.runtime import Task


def import_products(app: App, task: Task, *, import_id: str) -> None:
    """Write a stored file of products. Running it twice leaves what running it once leaves."""
    key = UUID(import_id)
    with app.database.unit_of_work() as session:
        asked = product_imports.find_asked(session, key)
    if asked is None:
        return
    # A long file takes its time: no transaction waits while it is read and compared.
    table = read_table(app.blobs.get(asked.sha256), asked.columns)
    with app.database.unit_of_work() as session:
        catalogue = product_import.catalogue_of(session, asked.program_id)
    found = product_import.compare(table, catalogue)
    with app.database.unit_of_work() as session:
        facts = product_imports.begin(session, import_id=key, found=found)
    for start in range(0, len(facts), CHUNK):
        with app.database.unit_of_work() as session:
            product_imports.write(
                session, import_id=key, facts=facts[start : start + CHUNK], at=clock.now()
            )
    with task.finishing() as session:
        product_imports.finish(session, import_id=key, at=clock.now())
