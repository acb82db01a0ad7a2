"""A picture of a product label that came in like a document pays by its code, within the limits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, col, select

from accounts.tables import RateMoments
from claims import queries
from claims.document_tables import Document, DocumentKind, Extraction
from claims.extraction import PageImage
from claims.states import ClaimStatus
from claims.tables import Channel, Claim
from core.queue import Work
from core.runtime import App
from messages.tables import Notice
from ocr import code_kinds
from ocr.reading import Code, Reading, Value
from ocr.reading import DocumentKind as ReadKind
from points import addresses, ledger, proofs
from programs import codes
from programs.code_tables import ProductCode
from programs.code_use import GUESSES
from programs.policy import Cap, Every, PerUnit, Rules
from tests import make
from tests.conftest import NOON
from tests.verification.test_code_claims import active, colleague
from tests.verification.test_code_claims import claim as claim_code
from verification import intake, label_claims
from verification.label_claims import Labels
from web.views import left_codes
from workers import labels as work
from workers.runtime import Task

KEY = b"k" * 32
PAGE = PageImage("a" * 64, "image/jpeg", 800, 600)


def picture(*texts: str, kind: str = code_kinds.PRODUCT_CODE) -> Reading:
    return Reading(
        kind=ReadKind.RECEIPT,
        route="photo",
        engine="test",
        codes=tuple(Code(text=text, format="QRCode", kind=kind) for text in texts),
    )


def link(code: str) -> str:
    return f"https://zalicz.example/k/{code}"


def sent(session: Session, of: make.World) -> Claim:
    claim = make.submitted(session, of)
    intake.begin_reading(session, claim_id=claim.id, at=NOON)
    return claim


def complete(session: Session, claim: Claim, labels: Labels | None, **changes: object) -> set[str]:
    assert labels is not None
    facts = {"permitted": labels.codes, "pages": [PAGE], "key": KEY, "at": NOON, **changes}
    return label_claims.complete(session, claim_id=claim.id, labels=labels, **facts)


def test_a_picture_of_a_label_is_told_from_a_document() -> None:
    code = codes.new_code()
    assert label_claims.labels_of(picture(link(code), code, link(codes.grouped(code)))) == Labels(
        (code,)
    )
    document = Reading(
        kind=ReadKind.INVOICE, route="photo", engine="test", invoice_number=Value("FV/1/26"),
        codes=picture(link(code)).codes,
    )  # fmt: skip
    assert label_claims.labels_of(document) is None
    assert label_claims.labels_of(picture("0" * 12 + "1")) is None  # no code of ours, nothing else
    assert label_claims.labels_of(picture()) is None
    assert label_claims.labels_of(picture("5901234123457", kind=code_kinds.GTIN)) == Labels(())


def test_each_code_of_a_picture_is_paid_and_the_code_is_stored_nowhere(session: Session) -> None:
    of = make.world(session)
    _, made = active(session, of)
    claim = sent(session, of)
    right = complete(session, claim, label_claims.labels_of(picture(*map(link, made))))
    assert right == set(made)
    assert (claim.status, claim.channel, claim.points) == (ClaimStatus.APPROVED, Channel.CODE, 15)
    assert ledger.balance(session, addresses.active(of.participant.id)) == 30
    assert {c.status for c in session.exec(select(Claim))} == {ClaimStatus.APPROVED}
    assert set(session.exec(select(ProductCode.claim_id))) == set(session.exec(select(Claim.id)))
    document = session.exec(select(Document).where(Document.claim_id == claim.id)).one()
    assert document.kind is DocumentKind.CODE_PHOTO
    assert len(queries.list_pages(session, claim.id)) == 1
    assert session.exec(select(Extraction)).all() == []
    assert proofs.faults(session) == []


def test_codes_beyond_the_most_of_one_picture_are_named_and_not_tried(session: Session) -> None:
    of = make.world(session)
    _, made = active(session, of, size=label_claims.MOST + 2)
    claim = sent(session, of)
    labels = label_claims.labels_of(picture(*map(link, made)))
    assert labels is not None
    assert (labels.codes, labels.over) == (tuple(made[:24]), tuple(made[24:]))
    complete(session, claim, labels)
    assert (claim.status, claim.points) == (ClaimStatus.APPROVED, 15)
    used = session.exec(select(ProductCode).where(col(ProductCode.used_at).is_not(None))).all()
    assert len(used) == 24
    found = left_codes.of_events(queries.list_events(session, claim.id), str)
    assert found is not None
    shown = [codes.masked(codes.grouped(code)) for code in made[24:]]
    assert [(one.shown, one.reason) for one in found.codes] == [
        (text, label_claims.LabelReason.OVER_SHEET) for text in shown
    ]
    assert "24" in found.to_do[0]
    told = session.exec(select(Notice).where(Notice.kind == "codes-left")).one()
    assert (told.person_id, told.context["codes"]) == (of.participant.person_id, 2)


def test_of_several_codes_each_without_points_is_named_with_its_reason(session: Session) -> None:
    of = make.world(session)
    mine, fresh, unread = active(session, of, size=3)[1]
    claim_code(session, of, mine)
    strange = codes.new_code()
    claim = sent(session, of)
    complete(
        session, claim, Labels((strange, mine, fresh, unread)), permitted=(strange, mine, fresh)
    )
    assert (claim.status, claim.points) == (ClaimStatus.APPROVED, 15)
    found = left_codes.of_events(queries.list_events(session, claim.id), str)
    assert found is not None
    assert [(one.shown[:4], one.reason) for one in found.codes] == [
        (strange[:4], "code-refused"),
        (mine[:4], "code-already-yours"),
        (unread[:4], "too-many-codes"),
    ]
    assert all(code not in str(found) for code in (strange, mine, unread))


def test_a_single_code_without_points_is_the_claims_own_reason(session: Session) -> None:
    of = make.world(session)
    claim = sent(session, of)
    complete(session, claim, Labels((codes.new_code(),)))
    assert claim.unreadable_reason == "code-refused"
    assert left_codes.of_events(queries.list_events(session, claim.id), str) is None


def test_labels_of_one_month_read_in_the_next_stay_under_its_cap(session: Session) -> None:
    rules = Rules(
        base=(PerUnit(clause="N", points=Decimal(15)),),
        participant_caps=(Cap(points=20, every=Every.MONTH),),
    )
    of = make.world(session, rules=rules)
    first, *others = active(session, of, size=3)[1]
    late = datetime(2026, 11, 30, 22, 59, tzinfo=UTC)  # A minute before midnight in Poland.
    for codes_seen in ((first,), others):
        claim = make.submitted(session, of, at=late)
        intake.begin_reading(session, claim_id=claim.id, at=late)
        complete(session, claim, Labels(tuple(codes_seen)), at=late + timedelta(minutes=2))
    paid = session.exec(select(Claim.points, Claim.submitted_at)).all()
    assert sorted(map(tuple, paid)) == [(0, late), (5, late), (15, late)]


def test_whatever_is_wrong_with_a_code_the_claim_says_the_same(session: Session) -> None:
    of, other = make.world(session), make.world(session)
    taken, foreign = active(session, of)[1][0], active(session, other)[1][0]
    claim_code(session, of, taken, by=colleague(session, of))
    said = set()
    for code in (codes.new_code(), taken, foreign):
        claim = sent(session, of)
        assert complete(session, claim, Labels((code,))) == set()
        said.add((claim.status, claim.unreadable_reason, claim.points, claim.channel))
        assert queries.list_lines(session, claim.id) == []
    assert said == {(ClaimStatus.NEEDS_INFORMATION, "code-refused", 0, Channel.PAGE)}
    assert ledger.balance(session, addresses.active(of.participant.id)) == 0


def test_an_own_code_again_and_a_bare_article_number_are_told_apart(session: Session) -> None:
    of = make.world(session)
    code = active(session, of)[1][0]
    claim_code(session, of, code)
    again, bare = sent(session, of), sent(session, of)
    assert complete(session, again, Labels((code,))) == {code}  # no wrong guess
    assert complete(session, bare, Labels(())) == set()
    assert (again.unreadable_reason, bare.unreadable_reason) == ("code-already-yours", "only-gtin")
    assert ledger.balance(session, addresses.active(of.participant.id)) == 15


def test_a_code_over_the_limit_is_not_even_looked_up(session: Session) -> None:
    of = make.world(session)
    code = active(session, of)[1][0]
    claim = sent(session, of)
    assert complete(session, claim, Labels((code,)), permitted=()) == set()
    assert claim.unreadable_reason == "too-many-codes"
    assert session.exec(select(ProductCode).where(ProductCode.used_at != None)).all() == []  # noqa: E711


def test_a_withdrawn_claim_uses_no_code(session: Session) -> None:
    of = make.world(session)
    code = active(session, of)[1][0]
    claim = sent(session, of)
    make.claims.cancel(
        session, claim_id=claim.id, participant_id=of.participant.id, actor="person:test", at=NOON
    )
    assert complete(session, claim, Labels((code,))) == set()
    assert claim.status is ClaimStatus.CANCELLED


@pytest.mark.parametrize("network", ["", "4:c00002"])
def test_twenty_wrong_codes_by_picture_use_up_the_hour(app: App, network: str) -> None:
    """The same count as for typed codes: the twenty-first is not looked up, though it is good."""
    with app.database.unit_of_work() as session:
        of = make.world(session)
        good = codes.new_code()
        batch, _ = active(session, of)
        key = app.settings.derive_key(codes.PURPOSE)
        session.add(ProductCode(code_hmac=codes.digest(good, key=key), batch_id=batch.id))
    wrong = tuple(codes.new_code() for _ in range(GUESSES.per_account))
    reasons = []
    for found in (wrong, (good,)):
        with app.database.unit_of_work() as session:
            claim = sent(session, of)
            row = session.exec(select(Work).order_by(Work.id.desc())).first()
            assert row is not None
            row.status, row.attempt = "running", 1
            session.add(row)
        task = Task(app, row.id, 1, NOON)
        work.settle(
            app, task, claim_id=claim.id, labels=Labels(found), pages=[PAGE], network=network
        )
        with app.database.unit_of_work() as session:
            reasons.append(session.get_one(Claim, claim.id).unreadable_reason)
            used = session.exec(select(ProductCode.used_at)).all()
            assert used == [None] * 3
    assert reasons == ["code-refused", "too-many-codes"]
    with app.database.unit_of_work() as session:
        counted = session.exec(select(RateMoments.moments)).all()
        assert max(map(len, counted)) == GUESSES.per_account
