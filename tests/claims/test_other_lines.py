"""What is not the programme's is kept, masked or dropped, as the programme says."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from sqlmodel import Session, select

from claims import queries
from claims.document_tables import Extraction
from ocr.reading import Box, Word
from tests import make
from verification.tables import Cause

OTHER = "Przewód YDYp 3x2,5"


def taken_in(session: Session, of: make.World, how: str) -> UUID:
    of.program.settings = {**of.program.settings, "other_lines": how}
    session.add(of.program)
    seen = make.reading(of)
    lines = tuple(
        replace(line, box=Box(1, 0.1, 0.1 * n, 0.9, 0.1 * n + 0.05))
        for n, line in enumerate(seen.lines, 1)
    )
    words = tuple(
        Word(text, Box(1, 0.2, y, 0.4, y + 0.02), 1.0, "test")
        for text, y in (("GNIAZDO", 0.11), ("YDYp", 0.31), ("Razem", 0.6))
    )
    claim = make.submitted(session, of)
    review = make.read(session, claim, replace(seen, lines=lines, words=words))
    assert review.cause is Cause.PROOF
    assert claim.estimate_points == 1380
    return claim.id


@pytest.mark.parametrize("how", ["mask", "drop"])
def test_other_brands_leave_neither_text_nor_price(session: Session, how: str) -> None:
    of = make.world(session)
    claim_id = taken_in(session, of, how)
    lines = queries.list_lines(session, claim_id)
    assert [line.position for line in lines] == ([1, 2, 3] if how == "mask" else [1, 2])
    if how == "mask":
        other = lines[2]
        assert (other.description, other.quantity, other.unit_price, other.line_net_grosze) == (
            "…",
            None,
            None,
            None,
        )
    stored = str(session.exec(select(Extraction.reading)).one())
    assert "YDYp" not in stored
    assert "GNIAZDO" in stored
    assert "Razem" in stored


def test_by_default_everything_that_was_read_is_kept(session: Session) -> None:
    of = make.world(session)
    claim_id = taken_in(session, of, "keep")
    assert queries.list_lines(session, claim_id)[2].description == OTHER
    assert "YDYp" in str(session.exec(select(Extraction.reading)).one())
