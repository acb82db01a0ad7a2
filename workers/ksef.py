"""Syncing wholesalers' KSeF metadata, and fetching the XML of invoices that a claim shows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from core import clock
from core.queue import Job, later
from core.runtime import App
from core.settings import Settings
from ocr import sandbox
from ocr.reading import Hints, Reading, SourceFile, Unreadable
from partners import ksef_connection
from partners.ksef import PAGES_A_TURN, AccessRefused, Register, RegisterBusy, RegisterUnavailable
from partners.ksef_client_adapter import KsefExtraMissing, open_register
from partners.ksef_tables import ConnectionStatus, KsefConnection
from verification import ksef_corrections, ksef_lookup, ksef_sync
from workers.runtime import Task


def ask_syncs(app: App, task: Task) -> None:
    """Ask for this quarter's sync of each connection."""
    del app
    with task.finishing() as session:
        ksef_sync.ask_all(session, at=task.at)


def sync(app: App, task: Task, *, connection_id: str) -> None:
    """Read some pages from where the last turn ended; each page is kept with its cursor."""
    del task  # What a page brings is written with its cursor: a page that comes twice adds nothing.
    identity = UUID(connection_id)
    with app.database.unit_of_work() as session:
        due = ksef_sync.find_due(session, connection_id=identity, at=clock.now())
    if due is None or not _reachable(app.settings, due.environment):
        return
    key = app.settings.derive_key(ksef_sync.KEY_PURPOSE)
    partner_id = due.partner_id
    try:
        register = _open(app, identity, due.environment)
        for _ in range(PAGES_A_TURN):
            page = register.query_metadata(since=due.since, until=due.until, offset=due.offset)
            with app.database.unit_of_work() as session:
                following = ksef_sync.store(session, due, page, key=key, at=clock.now())
            if following is None:
                break
            due = following
    except (RegisterBusy, AccessRefused, RegisterUnavailable) as error:
        _note(app, identity, error)
    with app.database.unit_of_work() as session:
        waiting = ksef_lookup.list_waiting(session, partner_id=partner_id)
    for claim_id in waiting:
        with app.database.unit_of_work() as session:
            ksef_lookup.look_up(session, claim_id=claim_id, key=key, at=clock.now())


def fetch(app: App, task: Task, *, claim_id: str, connection_id: str, ksef_number: str) -> None:
    """Fetch the XML of a print's invoice and compare its lines; a busy register is asked later."""
    arguments = {"claim_id": claim_id}
    data = _xml_of(app, task, ksef_lookup.FETCH, connection_id, ksef_number, arguments)
    reading = _reading_of(data) if data is not None else None
    if data is None or reading is None:
        return  # A person decides, as before.
    with task.finishing() as session:
        ksef_lookup.accept_fetched(
            session,
            claim_id=UUID(claim_id),
            sha256=hashlib.sha256(data).hexdigest(),
            reading=reading,
            at=clock.now(),
        )


def fetch_correction(
    app: App, task: Task, *, program_id: str, connection_id: str, ksef_number: str
) -> None:
    """Fetch a correction of an invoice that was claimed, and settle it."""
    arguments = {"program_id": program_id}
    data = _xml_of(app, task, ksef_corrections.FETCH, connection_id, ksef_number, arguments)
    reading = _reading_of(data) if data is not None else None
    if reading is None:
        return
    with task.finishing() as session:
        ksef_corrections.take_in(
            session,
            connection_id=UUID(connection_id),
            program_id=UUID(program_id),
            reading=reading,
            at=clock.now(),
        )


def _xml_of(
    app: App,
    task: Task,
    job: Job,
    connection_id: str,
    ksef_number: str,
    arguments: Mapping[str, str],
) -> bytes | None:
    """What KSeF gives for a number; a busy register is asked for the same later."""
    identity = UUID(connection_id)
    with app.database.unit_of_work() as session:
        row = session.get_one(KsefConnection, identity)
        environment, status = row.environment, row.status
    if status is not ConnectionStatus.ACTIVE or not _reachable(app.settings, environment):
        return None
    try:
        return _open(app, identity, environment).get_invoice(ksef_number)
    except RegisterBusy as error:
        _note(app, identity, error)
        until = clock.now() + timedelta(seconds=error.retry_after_s)
        with task.finishing() as session:
            [about] = arguments.values()
            later(
                session,
                job,
                key=f"{job.name}-{about}-{ksef_number}-{int(until.timestamp())}",
                at=clock.now(),
                not_before=until,
                connection_id=connection_id,
                ksef_number=ksef_number,
                **arguments,
            )
    except AccessRefused as error:
        _note(app, identity, error)
    return None


def _reading_of(data: bytes) -> Reading | None:
    hints = Hints(today=clock.local_date(clock.now()))
    try:
        return sandbox.read_limited([SourceFile(data, "ksef.xml")], hints=hints).reading
    except Unreadable:
        return None


def _reachable(settings: Settings, environment: str) -> bool:
    """The demo's own register is only there while somebody runs it."""
    return environment != ksef_connection.STAND_IN or bool(settings.ksef_url)


def _open(app: App, connection_id: UUID, environment: str) -> Register:
    with app.database.unit_of_work() as session:
        row = session.get_one(KsefConnection, connection_id)
        token = ksef_connection.unseal(app.settings.derive_key(ksef_connection.PURPOSE), row)
        nip = row.nip
    try:
        register = open_register(environment, address=app.settings.ksef_url)
    except KsefExtraMissing as error:
        raise RegisterUnavailable("the ksef extra is not installed") from error
    register.authenticate(nip=nip, token=token)
    return register


def _note(app: App, connection_id: UUID, error: Exception) -> None:
    with app.database.unit_of_work() as session:
        if isinstance(error, RegisterBusy):
            until = clock.now() + timedelta(seconds=error.retry_after_s)
            ksef_sync.note_busy(session, connection_id=connection_id, until=until)
        elif isinstance(error, AccessRefused):
            ksef_sync.note_refused(session, connection_id=connection_id)
        else:
            ksef_sync.note_unavailable(session, connection_id=connection_id)
