"""The job that writes a long list of products, piece by piece, so that the page can show it."""

from __future__ import annotations

from uuid import UUID

from core import clock
from core.runtime import App
from programs import product_imports
from programs.product_bulk import CHUNK
from workers.runtime import Task


def import_products(app: App, task: Task, *, import_id: str) -> None:
    """Write a stored file of products. Running it twice leaves what running it once leaves."""
    key = UUID(import_id)
    with app.database.unit_of_work() as session:
        sha256 = product_imports.find_file(session, key)
    if sha256 is None:
        return
    data = app.blobs.get(sha256)
    with app.database.unit_of_work() as session:
        begun = product_imports.begin(session, import_id=key, data=data)
    if begun is None:
        return
    _, facts = begun
    for start in range(0, len(facts), CHUNK):
        with app.database.unit_of_work() as session:
            product_imports.write(
                session, import_id=key, facts=facts[start : start + CHUNK], at=clock.now()
            )
    with task.finishing() as session:
        product_imports.finish(session, import_id=key, at=clock.now())
