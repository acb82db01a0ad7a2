"""The job that reads a claim's document: look, read outside any transaction, look again, write."""

from __future__ import annotations

import io
from uuid import UUID

import numpy as np
from PIL import Image

from claims import layout_memory
from claims.extraction import PageImage
from claims.pictures import likeness
from core import clock
from core.runtime import App
from ocr import sandbox
from ocr.reading import Hints, SourceFile, Unreadable
from verification import intake, ksef_lookup, ksef_sync, label_claims, reconciliation_later
from verification.feed_keys import PURPOSE
from workers import labels
from workers.runtime import Task


def read_claim(app: App, task: Task, *, claim_id: str, network: str = "") -> None:
    """Read a claim's document. Running it twice leaves what running it once leaves."""
    with app.database.unit_of_work() as session:
        hashes = intake.begin_reading(session, claim_id=UUID(claim_id), at=clock.now())
        layouts = layout_memory.load(session) if hashes is not None else ()
    if hashes is None:
        return
    files = [SourceFile(app.blobs.get(sha256)) for sha256 in hashes]
    hints = Hints(today=clock.local_date(clock.now()), layouts=layouts)
    try:
        # Seconds: no transaction is open.
        result = sandbox.read_limited(
            files, hints=hints, schema_folder=app.settings.ksef_schema_dir
        )
    except Unreadable as error:
        with task.finishing() as session:
            intake.fail_reading(session, claim_id=UUID(claim_id), error=error, at=clock.now())
        return
    pages = [_store(app, image) for image in result.page_images]
    found = label_claims.labels_of(result.reading)
    if found is not None:
        labels.settle(
            app, task, claim_id=UUID(claim_id), labels=found, pages=pages, network=network
        )
        return
    with task.finishing() as session:
        intake.complete_reading(
            session,
            claim_id=UUID(claim_id),
            reading=result.reading,
            pages=pages,
            at=clock.now(),
        )
        reconciliation_later.answer_from_kept(
            session,
            claim_id=UUID(claim_id),
            key=app.settings.derive_key(PURPOSE),
            at=clock.now(),
        )
        ksef_lookup.look_up(
            session,
            claim_id=UUID(claim_id),
            key=app.settings.derive_key(ksef_sync.KEY_PURPOSE),
            at=clock.now(),
        )


def _store(app: App, image: bytes) -> PageImage:
    with Image.open(io.BytesIO(image), formats=("JPEG", "PNG")) as opened:
        media_type = "image/jpeg" if opened.format == "JPEG" else "image/png"
        width, height = opened.size
        seen = likeness(np.asarray(opened.convert("L")))
    return PageImage(app.blobs.put(image), media_type, width, height, seen)
