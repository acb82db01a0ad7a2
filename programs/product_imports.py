"""Long lists of products: written by a worker in pieces, with the progress on a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from core.errors import NotFound
from core.queue import Job, later
from programs import product_bulk, product_import
from programs.product_import import Effect, Preview
from programs.product_tables import ImportStatus, ProductImport
from programs.products import ProductFacts

IMPORT = Job("programs.import_products", timeout_s=600, lease_s=120, max_starts=3)
# What is written while the page waits; more goes to a worker.
MOST_AT_ONCE = 500
_OVER = (ImportStatus.DONE, ImportStatus.FAILED)


class ImportNotFound(NotFound):
    code = "product-import-not-found"


def request(
    session: Session,
    *,
    program_id: UUID,
    file_sha256: str,
    file_name: str,
    total: int,
    actor: str,
    from_start: bool = False,
    at: datetime,
) -> ProductImport:
    """Ask a worker to write a stored file of products, of which `total` rows change something."""
    wanted = ProductImport(
        program_id=program_id,
        file_name=file_name[:120],
        file_sha256=file_sha256,
        columns=product_import.columns_of(session, program_id),
        total=total,
        from_start=from_start,
        requested_by=actor,
        requested_at=at,
    )
    session.add(wanted)
    session.flush()
    later(session, IMPORT, key=f"product-import-{wanted.id}", at=at, import_id=str(wanted.id))
    return wanted


def get(session: Session, *, program_id: UUID, import_id: UUID) -> ProductImport:
    """Raises `ImportNotFound` for what is not the programme's."""
    found = session.get(ProductImport, import_id)
    if found is None or found.program_id != program_id:
        raise ImportNotFound
    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """What an import that is not over reads: the file's hash, and the headings for our names."""

    program_id: UUID
    sha256: str
    columns: dict[str, str]


def find_asked(session: Session, import_id: UUID) -> Asked | None:
    """`None` when the import is over."""
    wanted = session.get(ProductImport, import_id)
    if wanted is None or wanted.status in _OVER:
        return None
    columns = {ours: str(heading) for ours, heading in wanted.columns.items()}
    return Asked(wanted.program_id, wanted.file_sha256, columns)


def begin(session: Session, *, import_id: UUID, found: Preview) -> list[ProductFacts]:
    """What is left to write of a file that was compared with the catalogue just now.

    Nothing when the import is over. A worker that starts anew finds what was written before to be
    the same already, and goes on with the rest.
    """
    wanted = session.get_one(ProductImport, import_id)
    if wanted.status in _OVER:
        return []
    facts = found.facts()
    if wanted.status is ImportStatus.WAITING:
        wanted.status, wanted.total = ImportStatus.RUNNING, len(facts)
        wanted.added, wanted.changed = found.count(Effect.ADDS), found.count(Effect.CHANGES)
        wanted.left_out = found.count(Effect.BAD)
    wanted.done = max(wanted.total - len(facts), 0)
    session.add(wanted)
    session.flush()
    return facts


def write(
    session: Session,
    *,
    import_id: UUID,
    facts: list[ProductFacts],
    at: datetime,
) -> None:
    """Write one piece and count it."""
    wanted = session.get_one(ProductImport, import_id)
    product_bulk.put_many(
        session,
        program_id=wanted.program_id,
        facts=facts,
        actor=wanted.requested_by,
        from_start=wanted.from_start,
        at=at,
    )
    wanted.done = min(wanted.done + len(facts), wanted.total)
    session.add(wanted)
    session.flush()


def finish(session: Session, *, import_id: UUID, at: datetime) -> None:
    wanted = session.get_one(ProductImport, import_id)
    wanted.status, wanted.done, wanted.finished_at = ImportStatus.DONE, wanted.total, at
    session.add(wanted)
    session.flush()


def give_up(session: Session, *, import_id: str, error: str, at: datetime) -> None:
    """The worker failed each time; the page says so, and the file can be sent again."""
    wanted = session.get_one(ProductImport, UUID(import_id))
    if wanted.status not in _OVER:
        wanted.status, wanted.finished_at = ImportStatus.FAILED, at
        session.add(wanted)
        session.flush()
    del error
