"""`python -m demo.ksef_register FOLDER`: a stand-in for KSeF that holds the e-invoices of a folder.

Every XML of the folder counts as registered, also one that is put there later. Start the product
with `KSEF_URL` naming the printed address, and connect the seller's manager on the page `/ksef`
with the printed token.
"""

from __future__ import annotations

import argparse
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from core.money import to_grosze
from demo.ksef_stand_in import Registered, StandIn, serve
from ocr import ksef
from ocr.ksef_number import crc8
from ocr.reading import Unreadable

EVERY_S = 5


def token_of(nip: str) -> str:
    """What opens a seller's invoices in the stand-in."""
    return f"zalicz-stand-in-{nip}"


def load(register: StandIn, folder: Path) -> int:
    """Register what is in the folder and was not yet; how many. Files that are no e-invoice stay
    out, as the real register refuses them."""
    known = {invoice.sha256 for invoice in register.invoices}
    added = 0
    for path in sorted(folder.glob("*.xml")):
        made = registered(path.read_bytes(), datetime.fromtimestamp(path.stat().st_mtime, UTC))
        if made is None or made.sha256 in known:
            continue
        register.tokens[token_of(made.seller_nip)] = made.seller_nip
        register.invoices.append(made)
        added += 1
    return added


def registered(xml: bytes, stored_at: datetime) -> Registered | None:
    """An e-invoice as the register would hold it; `None` for anything else."""
    try:
        reading = ksef.read_fa(xml)
    except Unreadable:
        return None
    seller, buyer = reading.seller.vat_id, reading.buyer.vat_id
    if seller is None or reading.invoice_number is None or reading.issue_date is None:
        return None
    issued_on = reading.issue_date.value
    serial = (reading.document_sha256 or "")[:12].upper()
    number = f"{seller.value}-{issued_on:%Y%m%d}-{serial}"
    return Registered(
        ksef_number=f"{number}-{crc8(number):02X}",
        number=reading.invoice_number.value,
        xml=xml,
        seller_nip=seller.value,
        buyer_nip=buyer.value if buyer else "",
        issued_on=issued_on,
        stored_at=stored_at,
        gross_grosze=to_grosze(reading.total_gross.value) if reading.total_gross else 0,
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m demo.ksef_register", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the XML files lie, e.g. samples")
    parser.add_argument("--port", type=int, default=8199)
    chosen = parser.parse_args()
    register = StandIn({}, metadata_an_hour=1_000, invoices_an_hour=1_000)
    load(register, chosen.folder)
    server, address = serve(register, port=chosen.port)
    sys.stdout.write(f"KSEF_URL={address}\n")
    told: set[str] = set()
    try:
        while True:
            for token, nip in sorted(register.tokens.items()):
                if token not in told:
                    told.add(token)
                    sys.stdout.write(f"NIP {nip}: token {token}\n")
            sys.stdout.flush()
            threading.Event().wait(EVERY_S)
            load(register, chosen.folder)
    except KeyboardInterrupt:
        server.shutdown()
        return 0


if __name__ == "__main__":
    sys.exit(main())
