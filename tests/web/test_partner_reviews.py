"""A clerk takes, opens and finishes reviews through the pages; what is foreign looks absent."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from sqlmodel import Session, select

from claims.states import ClaimStatus
from claims.tables import ClaimLine
from core.runtime import App
from partners.tables import Branch, PartnerRole, PartnerUser
from points import proofs
from tests.conftest import NOON
from tests.web.conftest import SignIn
from tests.web.partner_world import (
    Counter,
    act,
    balance,
    colleague,
    decisions_of,
    doubtful,
    fields,
    open_counter,
    reload,
    rival,
    status,
    waiting,
)
from verification.tables import Review, ReviewStatus


@pytest.fixture
def counter(app: App, sign_in: SignIn) -> Counter:
    return open_counter(app, sign_in)


def test_the_queue_shows_what_waits_and_keeps_its_filters(app: App, counter: Counter) -> None:
    waiting(app, counter.of)
    doubtful(app, counter.of)
    everything = counter.clerk.get("/queue").text
    assert "FV/1/11/2026" in everything
    assert "FV/7/11/2026" in everything
    doubts = counter.clerk.get("/queue?cause=doubt").text
    assert "FV/7/11/2026" in doubts
    assert "FV/1/11/2026" not in doubts
    assert 'href="/reviews/' in doubts
    assert "?cause=doubt" in doubts
    found = counter.clerk.get("/queue", params={"q": " fv/7/11 ", "due": ""}).text
    assert "FV/7/11/2026" in found
    assert "FV/1/11/2026" not in found
    assert "?q=fv%2F7%2F11" in found
    for hostile in ("%", "_", "'); --", "x" * 500, "\x00", "\u200b\n"):
        answer = counter.clerk.get("/queue", params={"q": hostile})
        assert answer.status_code == 200
        # What is no text is no search; what nobody's claim says finds nothing.
        assert ("FV/7/11/2026" in answer.text) is (not hostile.isprintable())
    started = counter.clerk.form("/queue/next", {"q": "FV/7"})
    assert started.headers["location"].endswith("?q=FV%2F7")  # type: ignore[attr-defined]


def test_an_empty_queue_says_so_with_today_s_count(app: App, counter: Counter) -> None:
    assert "Wszystko sprawdzone" in counter.clerk.get("/queue").text
    act(counter.clerk, waiting(app, counter.of), "decision")
    page = counter.clerk.get("/queue").text
    assert "dziś sprawdzone: 1" in page


def test_starting_takes_the_review_and_opens_it(app: App, counter: Counter) -> None:
    review = waiting(app, counter.of)
    answer = counter.clerk.form("/queue/next")
    assert answer.status_code == 303  # type: ignore[attr-defined]
    assert answer.headers["location"] == f"/reviews/{review.id}"  # type: ignore[attr-defined]
    assert reload(app, review).taken_by == counter.of.clerk.person_id


def test_approving_on_the_form_pays_and_offers_undo(
    app: App, session: Session, counter: Counter
) -> None:
    review = waiting(app, counter.of)
    answer = act(counter.clerk, review, "decision")
    assert answer.status_code == 303  # type: ignore[attr-defined]
    assert balance(session, counter.of) == 1380
    assert status(session, review) is ClaimStatus.APPROVED
    target = answer.headers["location"]  # type: ignore[attr-defined]
    assert target.startswith("/queue?done=")


def test_the_page_says_for_how_many_points_before_anything_is_paid(
    app: App, session: Session, counter: Counter
) -> None:
    review = waiting(app, counter.of)
    page = counter.clerk.get(f"/reviews/{review.id}").text
    assert re.search(r"data-total>1\s?380<", page.replace("\xa0", " "))
    assert balance(session, counter.of) == 0


def test_sending_a_decision_twice_pays_once(app: App, session: Session, counter: Counter) -> None:
    review = waiting(app, counter.of)
    sent = fields(counter.clerk.get(f"/reviews/{review.id}").text)
    path = f"/reviews/{review.id}/decision"
    first = counter.clerk.post(path, data=sent, follow_redirects=False)
    second = counter.clerk.post(path, data=sent, follow_redirects=False)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    assert balance(session, counter.of) == 1380
    assert len(decisions_of(session)) == 1


def test_deciding_again_with_a_new_form_is_refused(
    app: App, session: Session, counter: Counter
) -> None:
    review = waiting(app, counter.of)
    sent = fields(counter.clerk.get(f"/reviews/{review.id}").text)
    path = f"/reviews/{review.id}/decision"
    counter.clerk.post(path, data=sent, follow_redirects=False)
    again = counter.clerk.post(
        path, data={**sent, "idempotency_key": "another-key"}, follow_redirects=False
    )
    assert again.status_code == 409
    assert balance(session, counter.of) == 1380


@pytest.mark.parametrize("what", ["decision", "rejection"])
def test_a_page_drawn_before_the_claim_changed_decides_nothing(
    app: App, session: Session, counter: Counter, what: str
) -> None:
    review = waiting(app, counter.of)
    before = fields(counter.clerk.get(f"/reviews/{review.id}").text) | {"reason": "unreadable"}
    with app.database.unit_of_work() as other:
        line = other.exec(select(ClaimLine).where(ClaimLine.position == 1)).one()
        line.description += " (poprawiony odczyt)"
        other.add(line)
    path = f"/reviews/{review.id}/{what}"
    answer = counter.clerk.post(path, data=before, follow_redirects=False)
    assert answer.headers["location"] == f"/reviews/{review.id}"
    assert decisions_of(session) == []
    assert balance(session, counter.of) == 0
    page = counter.clerk.get(f"/reviews/{review.id}").text
    assert "Zgłoszenie zmieniło się, gdy było otwarte." in page
    after = fields(page) | {"reason": "unreadable"}
    counter.clerk.post(path, data=after, follow_redirects=False)
    assert len(decisions_of(session)) == 1


def _mark(page: str) -> str:
    found = re.search(r'data-mark="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_next_page_drawn_ahead_is_confirmed_while_it_still_holds(
    app: App, session: Session, counter: Counter
) -> None:
    first, second = waiting(app, counter.of), doubtful(app, counter.of)
    ahead = counter.clerk.get(f"/reviews/{second.id}", headers={"x-ahead": "1"}).text
    assert reload(app, second).taken_by is None
    sent = fields(counter.clerk.get(f"/reviews/{first.id}").text)
    answer = counter.clerk.post(
        f"/reviews/{first.id}/decision",
        data=sent,
        headers={"x-ahead": _mark(ahead)},
        follow_redirects=False,
    )
    assert answer.status_code == 200
    assert "data-confirmed" in answer.text
    assert "/undo" in answer.text
    assert balance(session, counter.of) == 1380
    assert reload(app, second).taken_by == counter.of.clerk.person_id


def test_a_next_page_that_no_longer_holds_is_drawn_anew(
    app: App, session: Session, counter: Counter
) -> None:
    first, second = waiting(app, counter.of), doubtful(app, counter.of)
    ahead = _mark(counter.clerk.get(f"/reviews/{second.id}", headers={"x-ahead": "1"}).text)
    with app.database.unit_of_work() as other:
        review = other.get_one(Review, second.id)
        review.draft = {"quantity-1": "5"}
        other.add(review)
    sent = fields(counter.clerk.get(f"/reviews/{first.id}").text)
    answer = counter.clerk.post(
        f"/reviews/{first.id}/decision",
        data=sent,
        headers={"x-ahead": ahead},
        follow_redirects=False,
    )
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"/reviews/{second.id}?done=")
    assert balance(session, counter.of) == 1380


@pytest.mark.parametrize("what", ["decision", "rejection", "postponement", "escalation", "lease"])
def test_another_wholesaler_s_review_looks_absent(
    app: App, session: Session, counter: Counter, sign_in: SignIn, what: str
) -> None:
    review = waiting(app, counter.of)
    outsider = colleague(app, sign_in, counter.of, partner=rival(session))
    absent = outsider.get(f"/reviews/{UUID(int=9)}")
    foreign = outsider.get(f"/reviews/{review.id}")
    assert foreign.status_code == absent.status_code == 404
    answer = outsider.form(f"/reviews/{review.id}/{what}", {"reason": "duplicate"})
    assert answer.status_code == 404  # type: ignore[attr-defined]
    assert status(session, review) is ClaimStatus.AWAITING_PARTNER
    assert reload(app, review).taken_by is None
    assert balance(session, counter.of) == 0


def test_pictures_of_another_wholesaler_look_absent(
    app: App, session: Session, counter: Counter, sign_in: SignIn
) -> None:
    review = doubtful(app, counter.of)
    assert counter.clerk.get(f"/reviews/{review.id}/pages/1").status_code == 200
    assert counter.clerk.get(f"/reviews/{review.id}/pages/2").status_code == 404
    outsider = colleague(app, sign_in, counter.of, partner=rival(session))
    for path in ("pages/1", "words", "earlier/1"):
        assert outsider.get(f"/reviews/{review.id}/{path}").status_code == 404


def test_what_a_colleague_has_taken_cannot_be_decided(
    app: App, session: Session, counter: Counter, sign_in: SignIn
) -> None:
    review = waiting(app, counter.of)
    other = colleague(app, sign_in, counter.of, name="Olga Zięba")
    taken = other.form(f"/reviews/{review.id}/lease")
    assert taken.status_code == 200  # type: ignore[attr-defined]
    page = counter.clerk.get(f"/reviews/{review.id}").text
    assert "Olga Zięba sprawdza to zgłoszenie" in page
    answer = act(counter.clerk, review, "decision")
    assert answer.status_code == 409  # type: ignore[attr-defined]
    assert balance(session, counter.of) == 0


def test_a_manager_sees_every_branch_and_a_clerk_only_theirs(
    app: App, session: Session, counter: Counter, sign_in: SignIn
) -> None:
    review = waiting(app, counter.of)
    elsewhere = rival(session)
    manager = colleague(app, sign_in, counter.of, role=PartnerRole.MANAGER, name="Jan Wolny")
    assert manager.get(f"/reviews/{review.id}").status_code == 200
    foreign = colleague(app, sign_in, counter.of, role=PartnerRole.MANAGER, partner=elsewhere)
    assert foreign.get(f"/reviews/{review.id}").status_code == 404


def test_a_refused_form_still_offers_the_other_branches(
    app: App, session: Session, counter: Counter, sign_in: SignIn
) -> None:
    with app.database.unit_of_work() as own:
        own.add(
            Branch(
                partner_id=counter.of.partner.id,
                name="Gniezno",
                street="ul. Witkowska 12",
                postcode="62-200",
                city="Gniezno",
                voivodeship="30",
                created_at=NOON,
            )
        )
    review = doubtful(app, counter.of)
    manager = colleague(app, sign_in, counter.of, role=PartnerRole.MANAGER, name="Jan Wolny")
    answer = act(manager, review, "decision", **{"pick-1": "typed", "quantity-1": "dużo"})
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "Gniezno" in answer.text  # type: ignore[attr-defined]
    assert balance(session, counter.of) == 0


def test_nobody_decides_for_their_own_firm(app: App, session: Session, counter: Counter) -> None:
    review = waiting(app, counter.of)
    user = session.exec(
        select(PartnerUser).where(PartnerUser.person_id == counter.of.clerk.person_id)
    ).one()
    user.nip = counter.of.participant.nip
    session.add(user)
    session.flush()
    answer = act(counter.clerk, review, "decision")
    assert answer.status_code == 403  # type: ignore[attr-defined]
    assert decisions_of(session) == []
    assert balance(session, counter.of) == 0


def test_a_decision_is_undone_and_the_review_opens_again(
    app: App, session: Session, counter: Counter
) -> None:
    review = waiting(app, counter.of)
    act(counter.clerk, review, "decision")
    [decision] = decisions_of(session)
    answer = counter.clerk.form(f"/decisions/{decision.id}/undo")
    assert answer.status_code == 303  # type: ignore[attr-defined]
    assert balance(session, counter.of) == 0
    assert status(session, review) is ClaimStatus.AWAITING_PARTNER
    reopened = session.exec(select(Review).where(Review.status == ReviewStatus.OPEN)).one()
    assert answer.headers["location"] == f"/reviews/{reopened.id}"  # type: ignore[attr-defined]
    assert reopened.due_at == review.due_at
    assert proofs.faults(session) == []


def test_a_stranger_s_decision_cannot_be_undone(
    app: App, session: Session, counter: Counter, sign_in: SignIn
) -> None:
    act(counter.clerk, waiting(app, counter.of), "decision")
    [decision] = decisions_of(session)
    outsider = colleague(app, sign_in, counter.of, partner=rival(session))
    answer = outsider.form(f"/decisions/{decision.id}/undo")
    assert answer.status_code == 404  # type: ignore[attr-defined]
    assert balance(session, counter.of) == 1380


def test_a_late_reversal_wants_a_reason_and_shows_the_form_again(
    app: App, session: Session, counter: Counter
) -> None:
    act(counter.clerk, waiting(app, counter.of), "decision")
    [decision] = decisions_of(session)
    bare = counter.clerk.form(f"/history/{decision.id}/reversal", {"note": " "})
    assert bare.status_code == 422  # type: ignore[attr-defined]
    assert balance(session, counter.of) == 1380
    counter.clerk.form(f"/history/{decision.id}/reversal", {"note": "zła faktura"})
    assert balance(session, counter.of) == 0
