"""Sales exports: read in any dialect, compared blindly, kept as hashes."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from claims import queries
from claims.correction_tables import Correction, CorrectionStatus
from claims.purchase_tables import PurchaseLine
from claims.states import ClaimStatus, Verdict
from claims.tables import Claim
from core.blobs import BlobMissing
from core.errors import IllegalTransition
from core.queue import Work
from core.runtime import App
from ocr.reading import Party, Proof, Value
from partners.tables import PartnerUser
from points import addresses, ledger, proofs
from tests import make
from tests.conftest import NOON
from verification import (
    bulk,
    correction_desk,
    decisions,
    reconciliation,
    reconciliation_later,
)
from verification import reconciliation_run as run
from verification.feed_columns import Field, header_at, recognise
from verification.feed_file import UnknownFeed, encoding_of, look, rows_of
from verification.feed_jpk import BrokenJpk
from verification.feed_keys import PURPOSE
from verification.feed_returns import named_as_correction
from verification.feed_tables import (
    FeedAnswer,
    FeedOutcome,
    FeedStatus,
    SalesCorrection,
    SalesFeed,
    SalesFeedFault,
    SalesKey,
)
from verification.feed_values import quantity
from verification.judging import LineVerdict
from verification.proof_tables import ClaimProof, ProofKind
from verification.tables import Cause, Review
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


def boards(nip: str, quantity_: str = "2", number: str = "FV/1184/11/2026") -> tuple[str, ...]:
    return sale(
        nip, number, gtin="", index="VX-B24", name="ROZDZ. BOX 24M P/T VX-B24", quantity=quantity_
    )


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


def answers(app: App) -> list[FeedAnswer]:
    with app.database.unit_of_work() as session:
        return list(session.exec(select(FeedAnswer)))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250", "iso-8859-2", "cp852"]
)
@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
def test_every_encoding_and_sign_gives_the_same_table(encoding: str, sign: str) -> None:
    row = ("FV/1/11/2026", "18.11.2026", "1234563218", "Żarówka ćma łóżko", "12")
    text = export(row, head=("Numer", "Data", "NIP", "Nazwa", "Ilość"), sign=sign)
    seen = look(text.encode(encoding))
    assert seen.layout.headings == ("Numer", "Data", "NIP", "Nazwa", "Ilość")
    assert seen.rows == (row,)
    assert list(rows_of(text.encode(encoding), seen.layout)) == [(2, row)]


def test_upper_case_polish_letters_alone_tell_two_code_pages_apart() -> None:
    for encoding in ("cp1250", "iso-8859-2"):
        assert encoding_of("ŹRÓDŁO ŚWIATŁA ĄĘ".encode(encoding)) == encoding


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", "12"), ("1 234,50", "1234.50"), ("1\u00a0234,5", "1234.5"), ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"), ("12 szt.", "12"), ("3,000-", "-3"), ("-2", "-2"), (",5", "0.5"),
    ],
)  # fmt: skip
def test_quantities_are_read_as_wholesalers_write_them(text: str, value: str) -> None:
    assert quantity(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "abc", "12,3,4", "1e5", "--2", "12/2026", "9" * 12])
def test_what_is_no_quantity_is_none(text: str) -> None:
    assert quantity(text) is None


def test_columns_are_found_by_content_when_nothing_is_named() -> None:
    rows = [
        ("1", "FV/7/2026", "5260250274", "5901234123457", "Gniazdo podwójne z uziemieniem", "3"),
        ("2", "FV/8/2026", "1234563218", "5901234123457", "Łącznik schodowy biały Nova", "10"),
    ]
    assert header_at(rows) is None
    assert recognise(["1", "2", "3", "4", "5", "6"], rows) == {
        Field.NUMBER: 1, Field.BUYER_NIP: 2, Field.GTIN: 3, Field.NAME: 4,
    }  # fmt: skip


def test_headings_below_a_title_are_found_and_prices_are_never_a_column() -> None:
    text = "Zestawienie sprzedaży\r\nOddział Poznań;;;\r\n" + export(sale("1234563218"))
    seen = look(text.encode("cp1250"))
    assert seen.layout.headings == HEAD
    assert seen.layout.first_row == 4
    found = recognise(seen.layout.headings, seen.rows)
    assert HEAD.index("Cena") not in found.values()
    assert found[Field.QUANTITY] == HEAD.index("Ilość")


def test_a_spreadsheet_is_read_with_its_numbers() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Numer faktury", "NIP", "EAN", "Ilość"])
    sheet.append(["FV/1/2026", 1234563218, 5901234123457, 2.5])
    out = io.BytesIO()
    book.save(out)
    seen = look(out.getvalue())
    assert seen.layout.kind == "xlsx"
    assert seen.rows == (("FV/1/2026", "1234563218", "5901234123457", "2.5"),)


def test_files_that_are_no_table_are_refused() -> None:
    for data in (
        b"\x89PNG\r\n\x1a\n\0\0\0",
        b"PK\x03\x04 broken",
        b"<html></html>",
        b"a;b\r\n1;2\r\n",
    ):
        with pytest.raises(UnknownFeed if data[:1] != b"<" else Exception, match=r"."):
            look(data)


JPK = """<?xml version="1.0" encoding="UTF-8"?>
<tns:JPK xmlns:tns="http://jpk.mf.gov.pl/wzor/2022/02/17/02171/">
<tns:Faktura><tns:P_1>2026-11-18</tns:P_1><tns:P_2A>{number}</tns:P_2A><tns:P_5B>{nip}</tns:P_5B></tns:Faktura>
<tns:FakturaWiersz typ="G"><tns:P_2B>{number}</tns:P_2B>
<tns:P_7>GNIAZDO NOVA P/T Z/U BIAŁE</tns:P_7>
<tns:P_8A>szt</tns:P_8A><tns:P_8B>60</tns:P_8B><tns:P_9A>777.77</tns:P_9A></tns:FakturaWiersz>
<tns:FakturaWiersz typ="G"><tns:P_2B>{number}</tns:P_2B><tns:P_7>ROZDZ. BOX 24M P/T VX-B24</tns:P_7>
<tns:P_8B>2</tns:P_8B></tns:FakturaWiersz>
</tns:JPK>"""


def test_a_jpk_file_proves_a_claim_without_any_mapping(app: App) -> None:
    of, claim = claim_of(app)
    text = JPK.format(number="FV/1184/11/2026", nip=of.participant.nip)
    feed = compared(app, of, text, "utf-8")
    assert (feed.status, feed.claims_proven, feed.rows_used) == (FeedStatus.DONE, 1, 2)
    assert [a.claim_id for a in answers(app)] == [claim.id]


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


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("KFS/12/11/2026", True),
        ("KFV 7/2026", True),
        ("FV/12/KOR/2026", True),
        ("Korekta 4/2026", True),
        ("FK/3/2026", None),
        ("FV/1184/11/2026", False),
        ("FS-KORAL/1/2026", False),
        ("11/2026", False),
    ],
)
def test_the_number_of_a_document_says_whether_it_corrects(number: str, says: bool | None) -> None:
    assert named_as_correction(number) is says


def test_the_column_with_the_corrected_number_is_never_taken_for_the_number() -> None:
    heads = ("Nr faktury korygowanej", "Numer faktury", "NIP", "Ilość", "Indeks", "Rodzaj dok.")
    found = recognise(heads, [("", "FV/1/2026", "1234563218", "2", "A1", "FV")])
    assert (found[Field.ORIGINAL], found[Field.NUMBER], found[Field.KIND]) == (0, 1, 5)


def test_a_jpk_of_another_firm_is_refused_and_nothing_is_kept(app: App) -> None:
    """Version 3 writes the tax number in the tax office's own name space, version 4 does not."""
    of, _ = claim_of(app)
    text = JPK.format(number="FV/1184/11/2026", nip=of.participant.nip)
    for sign, nip in (("etd", make.nip()), ("tns", make.nip()), ("etd", of.partner.nip)):
        who = (
            '<tns:Podmiot1 xmlns:etd="x"><tns:IdentyfikatorPodmiotu>'
            f"<{sign}:NIP>{nip}</{sign}:NIP></tns:IdentyfikatorPodmiotu></tns:Podmiot1>"
        )
        data = text.replace("<tns:Faktura>", who + "<tns:Faktura>", 1).encode()
        if nip != of.partner.nip:
            with pytest.raises(reconciliation.ForeignFeed):
                take(app, of, data)
            with app.database.unit_of_work() as session:
                assert session.exec(select(SalesFeed)).all() == []
        else:
            assert take(app, of, data).status is FeedStatus.WAITING


def test_a_jpk_with_entities_is_refused() -> None:
    with pytest.raises(BrokenJpk):
        look(b'<!DOCTYPE JPK [<!ENTITY a "b">]><JPK>&a;</JPK>')


def test_an_export_that_holds_a_claim_records_its_proof(app: App) -> None:
    of, claim = claim_of(app)
    other = make.nip()
    feed = compared(
        app,
        of,
        export(
            sale(of.participant.nip), boards(of.participant.nip), sale(other, "FV/9/11/2026"),
            ("Razem", "", "", "", "", "", "122", ""),
        ),
    )  # fmt: skip
    assert (feed.status, feed.rows_total, feed.rows_bad, feed.rows_used) == (
        FeedStatus.DONE,
        4,
        0,
        2,
    )
    assert work(app, "prove-by-sales-") == 1
    with app.database.unit_of_work() as session:
        proof = session.exec(select(ClaimProof).where(ClaimProof.claim_id == claim.id)).one()
        assert proof.kind is ProofKind.SALES_FEED
        assert proof.evidence["lines"] == [1, 2]


def test_rows_of_one_product_add_up_before_they_are_compared(app: App) -> None:
    of, _ = claim_of(app)
    nip = of.participant.nip
    compared(app, of, export(sale(nip, quantity="50"), sale(nip, quantity="10"), boards(nip, "2")))
    assert [a.outcome for a in answers(app)] == [FeedOutcome.PROVEN]


@pytest.mark.parametrize(
    ("rows", "difference"),
    [
        (lambda nip: (sale(nip, quantity="12"), boards(nip)), "quantity"),
        (lambda nip: (sale(nip),), "not_sold"),
        (lambda _: (sale(make.nip()), boards(make.nip())), "other_buyer"),
    ],
)
def test_a_difference_proves_nothing_and_says_what_differs(app: App, rows, difference: str) -> None:  # type: ignore[no-untyped-def]
    of, _ = claim_of(app)
    feed = compared(app, of, export(*rows(of.participant.nip)))
    assert (feed.claims_proven, feed.claims_different) == (0, 1)
    [answer] = answers(app)
    assert answer.outcome is FeedOutcome.DIFFERENT
    assert difference in [line["difference"] for line in answer.lines]
    assert work(app, "prove-by-sales-") == 0
    with app.database.unit_of_work() as session:
        assert session.exec(select(ClaimProof)).all() == []
        # The queue names it as a reason of its own; nobody approves it in a bundle.
        review = session.exec(select(Review)).one()
        assert review.cause is Cause.DIFFERENCE
        assert bulk.list_sure(session, clerk=of.clerk, at=NOON) == []
    assert "777" not in str(answer.lines)


def test_a_newer_export_takes_a_difference_back_and_leaves_other_reasons(app: App) -> None:
    of, claim = claim_of(app)
    nip = of.participant.nip
    compared(app, of, export(sale(nip, quantity="12"), boards(nip)))
    with app.database.unit_of_work() as session:
        assert session.exec(select(Review)).one().cause is Cause.DIFFERENCE
    compared(app, of, export(sale(nip), boards(nip)))
    with app.database.unit_of_work() as session:
        review = session.exec(select(Review)).one()
        assert review.cause is Cause.PROOF
        review.cause = Cause.HELD
        session.add(review)
    compared(app, of, export(sale(nip, quantity="3"), boards(nip)))
    with app.database.unit_of_work() as session:
        assert session.exec(select(Review)).one().cause is Cause.HELD
    del claim


def test_the_same_file_twice_changes_nothing(app: App) -> None:
    of, _ = claim_of(app)
    text = export(sale(of.participant.nip), boards(of.participant.nip))
    first = compared(app, of, text)
    with app.database.unit_of_work() as session:
        before = [
            len(session.exec(select(t)).all()) for t in (SalesKey, FeedAnswer, Work, SalesFeed)
        ]
    again = take(app, of, text.encode("cp1250"))
    assert again.id == first.id
    with app.database.unit_of_work() as session:
        after = [
            len(session.exec(select(t)).all()) for t in (SalesKey, FeedAnswer, Work, SalesFeed)
        ]
    assert after == before


def test_the_next_file_of_the_same_shape_needs_no_person(app: App) -> None:
    of, _ = claim_of(app)
    compared(app, of, export(sale(make.nip(), "FV/1/2026")))
    second = take(app, of, export(sale(make.nip(), "FV/2/2026")).encode("cp1250"))
    assert second.status is FeedStatus.WAITING
    other = take(app, of, export(("1", "2", "3"), head=("Numer", "NIP", "Ilość")).encode())
    assert other.status is FeedStatus.MAPPING


def test_bad_rows_are_named_with_their_numbers(app: App) -> None:
    of, _ = claim_of(app)
    nip = of.participant.nip
    compared(
        app,
        of,
        export(
            sale(nip), sale("1234567890"), boards(nip), sale(nip, quantity="dwa"),
            sale(nip, "", name="bez numeru"),
        ),
    )  # fmt: skip
    with app.database.unit_of_work() as session:
        faults = session.exec(select(SalesFeedFault).order_by(SalesFeedFault.row_number)).all()  # type: ignore[arg-type]
        assert [(f.row_number, f.field, f.value) for f in faults] == [
            (3, "buyer_nip", "1234567890"), (5, "quantity", "dwa"), (6, "number", ""),
        ]  # fmt: skip


def test_a_file_of_mostly_bad_rows_is_refused_whole(app: App) -> None:
    of, _ = claim_of(app)
    nip = of.participant.nip
    rows = [sale(nip), boards(nip), *[sale("1234567890")] * 3]
    feed = compared(app, of, export(*rows))
    assert (feed.status, feed.fault) == (FeedStatus.REFUSED, "mostly_bad")
    with app.database.unit_of_work() as session:
        assert session.exec(select(SalesKey)).all() == []
        assert session.exec(select(FeedAnswer)).all() == []


def test_the_file_is_gone_and_only_hashes_stay(app: App) -> None:
    of, _ = claim_of(app)
    stranger = make.nip()
    feed = compared(app, of, export(sale(stranger, "FV/SEKRET/2026", name="Kabel tajny 3x1,5")))
    with pytest.raises(BlobMissing):
        app.blobs.get(feed.sha256)
    with app.database.unit_of_work() as session:
        assert session.exec(select(SalesKey)).all()
        for table in session.connection().dialect.get_table_names(session.connection()):  # type: ignore[attr-defined]
            rows = session.execute(sa.text(f'SELECT t::text FROM "{table}" t')).scalars().all()  # noqa: S608
            for row in rows:
                assert stranger not in row, table
                assert "SEKRET" not in row, table
                assert "777" not in row or table not in ("sales_feed", "feed_answer", "sales_key")


def test_a_later_claim_is_answered_by_the_kept_hashes(app: App) -> None:
    with app.database.unit_of_work() as session:
        of = make.world(session)
    nip = of.participant.nip
    compared(app, of, export(sale(nip), boards(nip)))
    key = app.settings.derive_key("sales-feed")
    with app.database.unit_of_work() as session:
        review = make.awaiting(session, of)
        assert reconciliation_later.answer_from_kept(
            session, claim_id=review.claim_id, key=key, at=NOON
        )
    assert [a.outcome for a in answers(app)] == [FeedOutcome.PROVEN]


@pytest.mark.parametrize(
    "rows",
    [
        lambda nip: (sale(nip, quantity="59"), boards(nip)),
        lambda nip: (sale(nip),),
        lambda _: (sale(make.nip()), boards(make.nip())),
    ],
)
def test_a_later_claim_that_differs_stays_with_a_person(app: App, rows) -> None:  # type: ignore[no-untyped-def]
    with app.database.unit_of_work() as session:
        of = make.world(session)
    compared(app, of, export(*rows(of.participant.nip)))
    with app.database.unit_of_work() as session:
        review = make.awaiting(session, of)
        key = app.settings.derive_key("sales-feed")
        assert not reconciliation_later.answer_from_kept(
            session, claim_id=review.claim_id, key=key, at=NOON
        )
        right = app.settings.derive_key("another purpose")
        assert not reconciliation_later.answer_from_kept(
            session, claim_id=review.claim_id, key=right, at=NOON
        )
    assert answers(app) == []


def test_nobody_proves_a_purchase_of_their_own_firm(app: App) -> None:
    of, _ = claim_of(app)
    nip = of.participant.nip
    with app.database.unit_of_work() as session:
        sender = session.exec(
            select(PartnerUser).where(PartnerUser.person_id == of.clerk.person_id)
        ).one()
        sender.nip = nip
        session.add(sender)
    feed = compared(app, of, export(sale(nip), boards(nip)))
    assert (feed.status, feed.claims_proven) == (FeedStatus.DONE, 0)
    assert answers(app) == []


def test_another_wholesaler_cannot_see_or_confirm_a_feed(app: App) -> None:
    of, _ = claim_of(app)
    feed = take(app, of, export(sale(make.nip())).encode("cp1250"))
    with app.database.unit_of_work() as session, pytest.raises(reconciliation.FeedNotFound):
        reconciliation.get_feed(session, feed_id=feed.id, partner_id=make.world(session).partner.id)


def test_columns_are_confirmed_once(app: App, session: Session) -> None:
    of, _ = claim_of(app)
    feed = take(app, of, export(sale(make.nip())).encode("cp1250"))
    confirm(app, of, feed)
    with pytest.raises(IllegalTransition):
        confirm(app, of, feed)


def test_a_mapping_without_a_needed_column_changes_nothing(app: App) -> None:
    of, _ = claim_of(app)
    feed = take(app, of, export(sale(make.nip())).encode("cp1250"))
    with app.database.unit_of_work() as session, pytest.raises(reconciliation.ColumnMissing):
        reconciliation.confirm(
            session,
            feed_id=feed.id,
            partner_id=of.partner.id,
            person_id=of.clerk.person_id,
            mapping={Field.NUMBER: 0, Field.QUANTITY: 6, Field.NAME: 5},
            at=NOON,
        )
    with app.database.unit_of_work() as session:
        assert session.get_one(SalesFeed, feed.id).status is FeedStatus.MAPPING


def test_a_comparison_that_runs_twice_leaves_what_one_leaves(app: App) -> None:
    of, _ = claim_of(app)
    nip = of.participant.nip
    feed = compared(app, of, export(sale(nip), boards(nip)))
    with app.database.unit_of_work() as session:
        assert run.begin(session, feed_id=feed.id) is None
        assert run.complete(session, feed_id=feed.id, found=run.Read(), key=b"k", at=NOON) is None
        assert session.get_one(SalesFeed, feed.id).claims_proven == 1
