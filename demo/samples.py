"""`make sample`: a fresh invoice as photo, PDF and XML for the demo's participant to upload."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from core.clock import local, local_date
from core.runtime import App
from demo import cast
from demo.documents import ksef_xml, photograph, render_invoice_pdf
from demo.documents.identifiers import make_nip
from demo.documents.purchase import Party
from demo.documents.scenario import invoice, send
from demo.papers import seller_of


def write(app: App, folder: str, *, now: datetime) -> list[Path]:
    """Three different purchases, so that each can be claimed; every call makes new ones."""
    del app
    fitter = cast.FITTERS[0]
    buyer = Party(
        name=fitter.company,
        nip=make_nip(400),
        street=fitter.street,
        postcode=fitter.postcode,
        city=fitter.city,
    )
    seller = seller_of(fitter.seller)
    rng = Random(int(now.timestamp()))
    stamp = f"{local(now):%Y%m%d-%H%M%S}"
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    made = []
    for kind in ("zdjecie.jpg", "faktura.pdf", "ksef.xml"):
        purchase = invoice(
            rng,
            lines=4,
            seller=seller,
            buyer=buyer,
            issued_on=local_date(now) - timedelta(days=1),
        )
        if kind.endswith("xml"):
            data = ksef_xml(send(rng, purchase))
        else:
            data = render_invoice_pdf(purchase, layout=seller.layout)
            if kind.endswith("jpg"):
                data = photograph(data, seed=rng.randrange(10**6), strength=0.3)
        path = target / f"{stamp}-{kind}"
        path.write_bytes(data)
        made.append(path)
    return made
