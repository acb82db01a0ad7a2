"""Corrections in sales exports take back the points of what was returned."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlmodel import select

from claims import queries
from claims.correction_tables import Correction, CorrectionStatus
from claims.purchase_tables import PurchaseLine
from claims.states import ClaimStatus, Verdict
from claims.tables import Claim
from core.runtime import App
from ocr.reading import Party, Proof, Value
from points import addresses, ledger, proofs
from tests import make
from tests.conftest import NOON
from tests.verification.feed_files import HEAD, JPK, claim_of, compared, export, sale
from verification import (
    correction_desk,
    decisions,
    reconciliation_later,
)
from verification.feed_columns import Field
from verification.feed_keys import PURPOSE
from verification.feed_tables import (
    FeedStatus,
    SalesCorrection,
    SalesFeedFault,
)
from verification.judging import LineVerdict
from verification.tables import Review

KOREKTA = (
    "<tns:Faktura><tns:P_1>2026-11-19</tns:P_1><tns:P_2A>{number}</tns:P_2A>"
    "<tns:P_5B>{nip}</tns:P_5B><tns:RodzajFaktury>KOREKTA</tns:RodzajFaktury>"
    "<tns:PrzyczynaKorekty>zwrot</tns:PrzyczynaKorekty>"
    "<tns:NrFaKorygowanej>{original}</tns:NrFaKorygowanej></tns:Faktura>{rows}</tns:JPK>"
)


def korekta(number: str, nip: str, *rows: tuple[str, str], original: str) -> str:
    """A correcting invoice of a JPK_FA with rows of sockets: quantity and net value."""
    lines = "".join(
        f"<tns:FakturaWiersz><tns:P_2B>{number}</tns:P_2B><tns:P_7>GNIAZDO NOVA P/T Z/U BIAŁE"
        f"</tns:P_7><tns:P_8A>szt</tns:P_8A><tns:P_8B>{quantity_}</tns:P_8B>"
        f"<tns:P_11>{net}</tns:P_11></tns:FakturaWiersz>"
        for quantity_, net in rows
    )
    return KOREKTA.format(number=number, nip=nip, original=original, rows=lines)


def open_units(app: App) -> list[Decimal]:
    with app.database.unit_of_work() as session:
        rows = session.exec(select(PurchaseLine).order_by(PurchaseLine.position)).all()
        return [row.quantity_returned for row in rows]


@pytest.mark.parametrize(
    ("rows", "status", "returned"),
    [
        # A difference; the old row with its sign turned; the old row with its value's sign turned.
        ([("-20", "-15555.40")], CorrectionStatus.APPLIED, [Decimal(20)]),
        ([("-60", "-46666"), ("40", "31110")], CorrectionStatus.APPLIED, [Decimal(20)]),
        ([("60", "-46666"), ("40", "31110")], CorrectionStatus.APPLIED, [Decimal(20)]),
        # A lower price is no return, and a row without a sign might be anything.
        ([("60", "-600")], CorrectionStatus.NEEDS_PERSON, []),
        ([("20", "15555")], CorrectionStatus.NEEDS_PERSON, []),
        ([("0", "-600")], CorrectionStatus.NEEDS_PERSON, []),
    ],
)
def test_a_correction_in_a_jpk_file_takes_back_what_its_signs_say(
    app: App, rows: list[tuple[str, str]], status: CorrectionStatus, returned: list[Decimal]
) -> None:
    of, claim = claim_of(app)
    nip = of.participant.nip
    text = JPK.format(number="FV/1184/11/2026", nip=nip)
    ours = korekta("KFV/1/2026", nip, *rows, original="FV/1184/11/2026")
    whole = text.replace("</tns:JPK>", ours)
    feed = compared(app, of, whole, "utf-8")
    assert (feed.status, feed.rows_bad) == (FeedStatus.DONE, 0)
    with app.database.unit_of_work() as session:
        kept = session.exec(select(Correction)).one()
        assert (kept.number, kept.status) == ("KFV/1/2026", status)
        assert (kept.claim_id, kept.partner_id) == (None, of.partner.id)
        assert not {"777", "15555", "46666"} & set(re.findall(r"\d+", str(kept.reading)))
        waiting = [one.id for one in correction_desk.list_open(session, decider=of.clerk)]
        assert waiting == ([kept.id] if status is CorrectionStatus.NEEDS_PERSON else [])
    assert open_units(app) == returned
    again = compared(app, of, whole + "<!-- sent once more -->", "utf-8")
    assert again.id != feed.id
    assert open_units(app) == returned
    del claim


RETURNS = ("Typ", *HEAD[:3], "Dokument korygowany", *HEAD[3:])


def returned_row(
    nip: str, count: str, *, number: str = "KFS/7/11/2026", original: str = "FV/1184/11/2026"
) -> tuple[str, ...]:
    sold = sale(nip, number, quantity=count)
    return ("KFS", *sold[:3], original, *sold[3:])


def sold_row(nip: str, number: str = "FV/1184/11/2026", count: str = "60") -> tuple[str, ...]:
    sold = sale(nip, number, quantity=count)
    return ("FS", *sold[:3], "ZK/31/2026", *sold[3:])  # the order it came of


def paid_of(app: App, of: make.World, claim: Claim) -> tuple[ClaimStatus, int]:
    with app.database.unit_of_work() as session:
        assert proofs.faults(session) == []
        points_ = ledger.balance(session, addresses.active(of.participant.id))
        return session.get_one(Claim, claim.id).status, points_


def approve(app: App, of: make.World, claim: Claim) -> None:
    with app.database.unit_of_work() as session:
        review = session.exec(select(Review).where(Review.claim_id == claim.id)).one()
        said = [
            LineVerdict(line.id, Verdict.APPROVE)
            for line in queries.list_lines(session, claim.id)
            if line.product_id is not None
        ]
        decisions.decide(session, review=review, clerk=of.clerk, verdicts=said, at=NOON)


def test_a_correction_in_a_table_takes_the_points_of_the_returned_units_back(app: App) -> None:
    """Sockets bring 15 points each: 20 of 60 came back, whichever way the export writes it."""
    of, claim = claim_of(app)
    approve(app, of, claim)
    before = paid_of(app, of, claim)[1]
    nip = of.participant.nip
    feed = compared(app, of, export(sold_row(nip), returned_row(nip, "-20"), head=RETURNS))
    assert (feed.status, feed.rows_bad) == (FeedStatus.DONE, 0)
    assert paid_of(app, of, claim) == (ClaimStatus.APPROVED, before - 20 * 15)
    old, new = returned_row(nip, "-60"), returned_row(nip, "40")
    compared(app, of, export(sold_row(nip), old, new, head=RETURNS))  # the same document again
    assert paid_of(app, of, claim)[1] == before - 20 * 15
    rest = returned_row(nip, "-40", number="FV/8/KOR/2026")
    compared(app, of, export(sold_row(nip), rest, head=RETURNS))
    assert paid_of(app, of, claim)[1] == before - 60 * 15


def test_a_correction_in_a_table_without_a_sign_or_a_reference_takes_nothing(app: App) -> None:
    of, claim = claim_of(app)
    approve(app, of, claim)
    before = paid_of(app, of, claim)
    nip = of.participant.nip
    unsigned = returned_row(nip, "20")
    nameless = returned_row(nip, "-20", number="KFS/8/11/2026", original="")
    feed = compared(app, of, export(sold_row(nip), unsigned, nameless, head=RETURNS))
    with app.database.unit_of_work() as session:
        kept = session.exec(select(Correction)).one()
        assert (kept.number, kept.status) == ("KFS/7/11/2026", CorrectionStatus.NEEDS_PERSON)
        fault = session.exec(select(SalesFeedFault)).one()
        assert (fault.feed_id, fault.row_number) == (feed.id, 4)
        assert (fault.field, fault.value) == (Field.ORIGINAL, "KFS/8/11/2026")
    assert paid_of(app, of, claim) == before


def test_a_correction_before_its_original_waits_sealed_and_opens_for_its_claim_alone(
    app: App,
) -> None:
    with app.database.unit_of_work() as session:
        of, other = make.world(session), make.world(session)
    nip = of.participant.nip
    text = export(sold_row(nip), returned_row(nip, "-20"), head=RETURNS)
    compared(app, of, text)
    compared(app, of, text + "\r\n")  # the same correction in another file
    with app.database.unit_of_work() as session:
        sealed = session.exec(select(SalesCorrection)).one()
        for said in (b"KFS", b"1184", b"GNIAZDO", nip.encode()):
            assert said not in sealed.sealed
        assert session.exec(select(Correction)).all() == []
        key = app.settings.derive_key(PURPOSE)
        # Another number, another buyer: nothing opens.
        foreign = Party(vat_id=Value(other.participant.nip, Proof.CHECKSUM))
        for reading in (
            make.reading(of, number="FV/1185/11/2026"),
            replace(make.reading(of), buyer=foreign),
        ):
            stranger = make.submitted(session, of)
            make.read(session, stranger, reading)
            reconciliation_later.answer_from_kept(session, claim_id=stranger.id, key=key, at=NOON)
        assert session.exec(select(Correction)).all() == []
        session.rollback()
    with app.database.unit_of_work() as session:
        review = make.awaiting(session, of, number="FV/1184/11/2026")
        reconciliation_later.answer_from_kept(session, claim_id=review.claim_id, key=key, at=NOON)
        claim = session.get_one(Claim, review.claim_id)
        kept = session.exec(select(Correction)).one()
        assert (kept.number, kept.status) == ("KFS/7/11/2026", CorrectionStatus.APPLIED)
    approve(app, of, claim)
    assert paid_of(app, of, claim)[1] == 40 * 15 + 480  # 40 sockets and the boards


def test_a_correction_that_names_no_buyer_waits_for_whoever_claims_its_original(app: App) -> None:
    """As one whose original is claimed already: the seller's number says which invoice it is."""
    with app.database.unit_of_work() as session:
        of = make.world(session)
    compared(app, of, export(sold_row(of.participant.nip), returned_row("", "-20"), head=RETURNS))
    key = app.settings.derive_key(PURPOSE)
    with app.database.unit_of_work() as session:
        assert session.exec(select(SalesCorrection)).one()
        for number in ("FV/1185/11/2026", "FV/1184/11/2026"):
            assert session.exec(select(Correction)).all() == []
            review = make.awaiting(session, of, number=number)
            reconciliation_later.answer_from_kept(
                session, claim_id=review.claim_id, key=key, at=NOON
            )
        kept = session.exec(select(Correction)).one()
        assert (kept.number, kept.status) == ("KFS/7/11/2026", CorrectionStatus.APPLIED)
    assert open_units(app) == [Decimal(20)]


def test_a_collective_correction_takes_from_each_of_its_invoices(app: App) -> None:
    """The second is claimed only later: its part waits sealed under the same number."""
    of, claim = claim_of(app)
    approve(app, of, claim)
    before = paid_of(app, of, claim)[1]
    nip, other = of.participant.nip, "FV/1185/11/2026"
    rows = (returned_row(nip, "-20"), returned_row(nip, "-10", original=other))
    compared(app, of, export(sold_row(nip), sold_row(nip, other), *rows, head=RETURNS))
    assert paid_of(app, of, claim)[1] == before - 20 * 15
    key = app.settings.derive_key(PURPOSE)
    with app.database.unit_of_work() as session:
        review = make.read(
            session,
            make.submitted(session, of),
            make.reading(of, number=other, total="999.00"),
        )
        for _ in range(2):
            reconciliation_later.answer_from_kept(
                session, claim_id=review.claim_id, key=key, at=NOON
            )
        kept = session.exec(select(Correction).order_by(Correction.part)).all()  # type: ignore[arg-type]
        assert [(x.number, x.status) for x in kept] == [
            ("KFS/7/11/2026", CorrectionStatus.APPLIED)
        ] * 2
        second = session.get_one(Claim, review.claim_id)
    approve(app, of, second)
    assert paid_of(app, of, second)[1] == before - 20 * 15 + before - 10 * 15
