"""The demo's register holds the e-invoices of a folder, and nothing else."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from random import Random

from demo.documents import ksef_xml
from demo.documents.scenario import invoice, send
from demo.ksef_register import load, token_of
from demo.ksef_stand_in import StandIn
from demo.papers import seller_of
from demo.world import party_of
from ocr import ksef_number


def test_every_e_invoice_of_the_folder_is_registered_once(tmp_path: Path) -> None:
    rng = Random(4)
    seller = seller_of("eltrans")
    made = send(
        rng, invoice(rng, lines=3, seller=seller, buyer=party_of(0), issued_on=date(2026, 11, 20))
    )
    xml = ksef_xml(made)
    (tmp_path / "one.xml").write_bytes(xml)
    (tmp_path / "two.xml").write_bytes(b"<other/>")
    (tmp_path / "note.txt").write_text("no invoice")
    register = StandIn({})
    assert load(register, tmp_path) == 1
    assert load(register, tmp_path) == 0
    [held] = register.invoices
    assert held.sha256 == hashlib.sha256(xml).digest()
    assert (held.number, held.seller_nip) == (made.number, seller.party.nip)
    assert held.buyer_nip == party_of(0).nip
    assert register.tokens == {token_of(seller.party.nip): seller.party.nip}
    assert ksef_number.parse(held.ksef_number) is not None
