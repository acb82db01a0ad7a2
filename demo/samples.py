"""`make sample`: invoices for the demo's participant to upload, a sales export for its seller."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from core.clock import local, local_date
from core.runtime import App
from demo import cast
from demo.documents import ksef_xml, photograph, render_invoice_pdf
from demo.documents.goods import VOLTEX
from demo.documents.purchase import Purchase
from demo.documents.scenario import invoice, send
from demo.papers import seller_of
from demo.wholesale import sales_export
from demo.world import party_of
from partners.queries import find_by_nip

POINTS = {"Nova": 12, "Box": 120, "MCB": 10}
FAMILY = {good.sku: good.family for good in VOLTEX}


def worth(purchase: Purchase) -> int:
    """Roughly what the demo's rules pay: a sample should be enough for a small reward."""
    return sum(
        POINTS.get(FAMILY.get(line.sku, ""), 0) * int(line.quantity or 0) for line in purchase.lines
    )


def write(app: App, folder: str, *, now: datetime) -> list[Path]:
    """Three different purchases, so that each can be claimed; every call makes new ones."""
    buyer = party_of(0)
    seller = seller_of(cast.FITTERS[0].seller)
    rng = Random(int(now.timestamp()))
    stamp = f"{local(now):%Y%m%d-%H%M%S}"
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    made = []
    for kind in ("zdjecie.jpg", "faktura.pdf", "ksef.xml"):
        while True:
            purchase = invoice(
                rng,
                lines=4,
                seller=seller,
                buyer=buyer,
                issued_on=local_date(now) - timedelta(days=1),
            )
            # Enough for a reward, and little enough that one clerk may decide it.
            if 900 <= worth(purchase) <= 1_250:
                break
        if kind.endswith("xml"):
            data = ksef_xml(send(rng, purchase))
        else:
            data = render_invoice_pdf(purchase, layout=seller.layout)
            if kind.endswith("jpg"):
                data = photograph(data, seed=rng.randrange(10**6), strength=0.3)
        path = target / f"{stamp}-{kind}"
        path.write_bytes(data)
        made.append(path)
    export = target / f"{stamp}-sprzedaz.csv"
    with app.database.unit_of_work() as session:
        partner = find_by_nip(session, seller.party.nip)
        assert partner is not None, "the demo was seeded"
        export.write_bytes(sales_export(session, partner=partner, now=local(now)))
    return [*made, export]
