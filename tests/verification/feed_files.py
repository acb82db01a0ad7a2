"""Made-up sales exports, and what becomes of them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import select

from claims.tables import Claim
from core.queue import Work
from core.runtime import App
from tests import make
from tests.conftest import NOON
from verification import (
    reconciliation,
)
from verification.feed_tables import (
    FeedStatus,
    SalesFeed,
)
from workers.jobs import HANDLERS
from workers.runtime import run_attempt

HEAD = ("Nr dokumentu", "Data", "NIP nabywcy", "Kod EAN", "Indeks", "Nazwa towaru", "Ilość", "Cena")


def export(*rows: tuple[str, ...], head: tuple[str, ...] = HEAD, sign: str = ";") -> str:
    return "".join(sign.join(row) + "\r\n" for row in (head, *rows))


def sale(nip: str, number: str = "FV/1184/11/2026", **more: str) -> tuple[str, ...]:
    values = {
        "day": "18.11.2026",
        "gtin": "5901234123457",
        "index": "N210",
        "name": "GNIAZDO NOVA P/T Z/U BIAŁE",
        "quantity": "60,00",
        "price": "777,77",
    } | more
    return (number, values["day"], nip, *list(values.values())[1:])


def take(app: App, of: make.World, data: bytes, name: str = "sprzedaz.csv") -> SalesFeed:
    with app.database.unit_of_work() as session:
        return reconciliation.take_in(
            session,
            app.blobs,
            partner_id=of.partner.id,
            person_id=of.clerk.person_id,
            name=name,
            data=data,
            at=NOON,
        ).feed


def confirm(app: App, of: make.World, feed: SalesFeed) -> None:
    with app.database.unit_of_work() as session:
        proposed = reconciliation.propose(app.blobs, feed)
        reconciliation.confirm(
            session,
            feed_id=feed.id,
            partner_id=of.partner.id,
            person_id=of.clerk.person_id,
            mapping=proposed.mapping,
            at=NOON,
        )


def work(app: App, prefix: str) -> int:
    """Carry out the waiting work of a kind as a worker would."""
    with app.database.unit_of_work() as session:
        ids = session.exec(select(Work.id).where(Work.key.startswith(prefix))).all()  # type: ignore[attr-defined]
        session.execute(
            sa.update(Work).where(Work.id.in_(ids)).values(status="queued", attempt=1)  # type: ignore[union-attr]
        )
    for work_id in ids:
        assert work_id is not None
        run_attempt(app, HANDLERS, work_id=work_id, attempt=1)
    return len(ids)


def compared(app: App, of: make.World, text: str, encoding: str = "cp1250") -> SalesFeed:
    feed = take(app, of, text.encode(encoding))
    if feed.status is FeedStatus.MAPPING:
        confirm(app, of, feed)
    work(app, f"compare-sales-{feed.id}")
    with app.database.unit_of_work() as session:
        return session.get_one(SalesFeed, feed.id)


def claim_of(app: App, number: str = "FV/1184/11/2026") -> tuple[make.World, Claim]:
    with app.database.unit_of_work() as session:
        of = make.world(session)
        review = make.awaiting(session, of, number=number)
        return of, session.get_one(Claim, review.claim_id)


JPK = """<?xml version="1.0" encoding="UTF-8"?>
<tns:JPK xmlns:tns="http://jpk.mf.gov.pl/wzor/2022/02/17/02171/">
<tns:Faktura><tns:P_1>2026-11-18</tns:P_1><tns:P_2A>{number}</tns:P_2A><tns:P_5B>{nip}</tns:P_5B></tns:Faktura>
<tns:FakturaWiersz typ="G"><tns:P_2B>{number}</tns:P_2B>
<tns:P_7>GNIAZDO NOVA P/T Z/U BIAŁE</tns:P_7>
<tns:P_8A>szt</tns:P_8A><tns:P_8B>60</tns:P_8B><tns:P_9A>777.77</tns:P_9A></tns:FakturaWiersz>
<tns:FakturaWiersz typ="G"><tns:P_2B>{number}</tns:P_2B><tns:P_7>ROZDZ. BOX 24M P/T VX-B24</tns:P_7>
<tns:P_8B>2</tns:P_8B></tns:FakturaWiersz>
</tns:JPK>"""
