"""One invoice in twenty guises from two people, in turn and at once: promise A7 in any size."""

from __future__ import annotations

import hashlib
import pickle
import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from sqlmodel import Session, select

import ocr
from claims.extraction import PageImage
from claims.states import RELEASED
from claims.tables import Claim
from core.db import Database
from demo.documents import ksef_xml, photograph, render_invoice_pdf
from demo.documents.firms import WHOLESALERS
from demo.documents.ksef.printout import ksef_print
from demo.documents.purchase import Purchase
from ocr.reading import Hints, ReadResult, SourceFile, Value
from tests import make
from tests.claims.test_identity_storm import (
    drawn,
    exclusive,
    page_of,
    saved_again,
    second_participant,
    turned,
)
from tests.conftest import NOON
from tests.races.scenes import attempt
from verification import intake

GUISES = 20
TODAY = Hints(today=date(2026, 11, 20))


@dataclass(frozen=True, slots=True)
class Sent:
    """One guise: the bytes as they are sent, and what reading them gave."""

    sha256: str
    result: ReadResult


@dataclass(frozen=True, slots=True)
class Storm:
    """How many invoices left how many payable claims, and what became of the others."""

    payable: Counter[int]
    held: Counter[str]
    lost: int


def guises(purchase: Purchase, *, pictures: bool) -> list[Sent]:
    """Twenty ways to send one invoice, the files read for real.

    The print, again under another name, saved again; the XML, saved again, the print of KSeF; with
    `pictures` a photo, turned, saved smaller. The rest writes the number in other signs.
    """
    layout = next(w.layout for w in WHOLESALERS if w.party == purchase.seller)
    pdf, xml = render_invoice_pdf(purchase, layout=layout), ksef_xml(purchase)
    files = [pdf, pdf + b"\n% saved again\n", xml, xml.replace(b"\n", b"\r\n") + b"\r\n"]
    files.append(ksef_print(purchase))
    if pictures:
        photo = photograph(pdf, seed=3, strength=0.2)
        files += [photo, turned(photo), saved_again(photo)]
    sent = [_read(data) for data in files]
    sent.insert(1, sent[0])  # Only its name is another.
    number = purchase.number
    writings = [
        number.lower(), number.replace("/", " / "), number.replace("0", "O"),
        number.replace("1", "l"), "\u200b".join(number), f"{number}\u00a0", f"\t{number} ",
        "".join(chr(ord(s) + 0xFEE0) if "!" <= s <= "~" else s for s in number),
        number.replace("1", "I").lower(), f"\u2060{number}", number.replace("O", "0"),
        number.swapcase(), number.replace("/", "\u2215"), number.replace("0", "o"),
    ]  # fmt: skip
    first = sent[0].result
    for place, writing in enumerate(writings[: GUISES - len(sent)]):
        # Nothing but the number says that it is the same document.
        seen = replace(
            first.reading,
            invoice_number=Value(writing),
            total_gross=Value(Decimal(100 + place)),
            ksef_number=None,
            codes=(),
            trust_evidence=(),
            document_sha256="",
        )
        sent.append(Sent(f"{place:064x}", ReadResult(seen)))
    return sent


def _read(data: bytes) -> Sent:
    return Sent(hashlib.sha256(data).hexdigest(), ocr.read([SourceFile(data, "x")], hints=TODAY))


def prepared(seed: int, *, pictures: bool, kept: Path | None) -> list[Sent]:
    """The guises of one invoice; what reading gave stays in the folder `kept` for the next run.

    Three photos take a quarter of a minute. A folder belongs to the readers of one version.
    """
    if kept is None:
        return guises(drawn(seed), pictures=pictures)
    path = kept / f"{seed}-{'photographed' if pictures else 'drawn'}.pickle"
    if not path.exists():
        whole = path.with_suffix(".part")
        whole.write_bytes(pickle.dumps(guises(drawn(seed), pictures=pictures)))
        whole.rename(path)
    found: list[Sent] = pickle.loads(path.read_bytes())  # noqa: S301 - written above
    return found


def storm(
    database: Database,
    *,
    invoices: int,
    pictures: int,
    at_once: bool,
    seed: int = 4,
    kept: Path | None = None,
) -> Storm:
    """A7: each invoice in twenty guises; the first `pictures` of them photographed too."""
    payable: Counter[int] = Counter()
    held: Counter[str] = Counter()
    lost = 0
    for number in range(invoices):
        sent = prepared(seed + number, pictures=number < pictures, kept=kept)
        claims = _claimed(database, sent, at_once=at_once)
        open_claims = [c for c in claims if c.held_reason is None and c.status not in RELEASED]
        payable[len(open_claims)] += 1
        held.update(c.held_reason for c in claims if c.held_reason is not None)
        lost += len(sent) - len(claims)
    return Storm(payable, held, lost)


def _claimed(database: Database, sent: Sequence[Sent], *, at_once: bool) -> list[Claim]:
    with database.unit_of_work() as session:
        of = make.world(session)
        exclusive(session, of)
        people = [of.participant, second_participant(session, of)]
        ids = [
            make.submitted(
                session, of, participant=people[turn % 2], sha256=one.sha256,
                at=NOON + timedelta(seconds=turn),
            ).id
            for turn, one in enumerate(sent)
        ]  # fmt: skip
    together = threading.Barrier(len(sent) if at_once else 1)

    def work(turn: int) -> None:
        result = sent[turn].result
        pages = [page_of(image) for image in result.page_images]
        together.wait(timeout=60)
        _take_in(database, ids[turn], result, pages)

    with ThreadPoolExecutor(len(sent) if at_once else 1) as pool:
        list(pool.map(work, range(len(sent))))
    with database.unit_of_work() as session:
        return list(session.exec(select(Claim).where(Claim.program_id == of.program.id)))


def _take_in(
    database: Database, claim_id: UUID, result: ReadResult, pages: list[PageImage]
) -> None:
    def begin(session: Session) -> None:
        intake.begin_reading(session, claim_id=claim_id, at=NOON)

    def complete(session: Session) -> None:
        intake.complete_reading(
            session, claim_id=claim_id, reading=result.reading, pages=pages, at=NOON
        )

    for act in (begin, complete):
        # A job that waited too long for its turn is put back and done again.
        assert attempt(database, act) == "won"
