"""The wholesaler's own pages: team, enrolment, results; and the pages behind their links."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, select

from accounts.grants import list_grants
from accounts.roles import Role, scope_of
from accounts.tables import Person
from claims.queries import list_lines
from claims.states import Verdict
from core import clock
from core.formats import Formats
from core.runtime import App
from messages.reveal import INVITATIONS
from partners import team
from partners.tables import Branch, PartnerRole, PartnerUser
from partners.team_tables import PartnerAbsence, PartnerInvitation
from points import addresses, ledger, proofs
from points.ledger import Move
from points.tables import TransactionKind
from programs import joining
from programs.tables import Participant, Program
from tests import make
from tests.conftest import NOON
from tests.web.conftest import Browser, SignIn
from tests.web.partner_world import Counter, colleague, open_counter, waiting
from verification import decisions, partner_rewards, undoing
from verification.judging import LineVerdict
from verification.partner_statement import of_month
from verification.tables import Decision, Review


@pytest.fixture
def counter(app: App, sign_in: SignIn) -> Counter:
    return open_counter(app, sign_in)


def manager(app: App, sign_in: SignIn, counter: Counter) -> Browser:
    return colleague(app, sign_in, counter.of, role=PartnerRole.MANAGER, name="Robert Zieliński")


def key(text: str) -> dict[str, object]:
    return {"idempotency_key": f"a-key-of-{text}"}


def test_a_manager_invites_and_the_address_accepts(
    app: App, sign_in: SignIn, counter: Counter, browser: Browser
) -> None:
    boss = manager(app, sign_in, counter)
    sent = {"name": "Ewa Nowa", "email": "ewa@elmet.example", "role": "clerk"}
    place = {"branch_id": str(counter.of.branch.id)}
    assert boss.form("/team/invitations", {**sent, **place, **key("invite")}).status_code == 303
    with app.database.unit_of_work() as session:
        offer = session.exec(select(PartnerInvitation)).one()
    token = team.token_of(app.settings.derive_key(INVITATIONS), offer.id)
    address = f"/invitations/{offer.id}/{token}"
    assert browser.get(f"/invitations/{offer.id}/wrong").status_code == 404
    assert "Ewa Nowa" in browser.get(address).text
    assert browser.form(address).status_code == 303
    assert browser.form(address).status_code == 404
    with app.database.unit_of_work() as session:
        person = session.exec(select(Person).where(Person.email == "ewa@elmet.example")).one()
        [held] = list_grants(session, person_id=person.id)
        assert (held.role, held.scope) == (Role.CLERK, scope_of("branch", counter.of.branch.id))
    assert "Ewa Nowa" in boss.get("/team").text


def test_a_clerk_sees_no_team_and_a_stranger_s_branch_is_refused(
    app: App, sign_in: SignIn, counter: Counter
) -> None:
    assert counter.clerk.get("/team").status_code == 404
    boss = manager(app, sign_in, counter)
    sent = {"name": "Ewa", "email": "ewa@x.example", "role": "clerk", "branch_id": str(UUID(int=5))}
    assert boss.form("/team/invitations", {**sent, **key("foreign")}).status_code == 422
    with app.database.unit_of_work() as session:
        assert session.exec(select(PartnerInvitation)).all() == []


def test_the_last_manager_stays_and_others_lose_their_access(
    app: App, sign_in: SignIn, counter: Counter
) -> None:
    boss = manager(app, sign_in, counter)
    with app.database.unit_of_work() as session:
        users = {u.role: u for u in session.exec(select(PartnerUser))}
        with pytest.raises(team.LastManager):
            team.dismiss(
                session, user_id=users[PartnerRole.MANAGER].id, by=counter.of.clerk.person_id,
                partner_id=counter.of.partner.id, at=NOON,
            )  # fmt: skip
    gone = boss.form(f"/team/{users[PartnerRole.CLERK].id}/dismissal", key("dismissal"))
    assert gone.status_code == 303
    assert counter.clerk.get("/queue", follow_redirects=False).status_code in (303, 403, 404)


def test_absence_names_the_deputy(app: App, sign_in: SignIn, counter: Counter) -> None:
    boss = manager(app, sign_in, counter)
    today = clock.local_date(clock.now())
    with app.database.unit_of_work() as session:
        users = {u.role: u for u in session.exec(select(PartnerUser))}
    sent = {
        "user_id": str(users[PartnerRole.CLERK].id), "first_on": today.isoformat(),
        "last_on": (today + timedelta(days=2)).isoformat(),
        "deputy_id": str(users[PartnerRole.MANAGER].id),
    }  # fmt: skip
    assert boss.form("/team/absences", {**sent, **key("absence")}).status_code == 303
    with app.database.unit_of_work() as session:
        deputy = team.find_deputy(session, person_id=counter.of.clerk.person_id, on=today)
        assert deputy == users[PartnerRole.MANAGER].person_id
    stranger = "00000000-0000-7000-8000-000000000000"
    wrongs = {
        "backwards": ("last_on", (today - timedelta(days=2)).isoformat()),
        "words": ("first_on", "jutro"),
        "year": ("first_on", "9999-12-31"),
        "nobody": ("user_id", "nikt"),
        "stranger": ("deputy_id", stranger),
        "oneself": ("deputy_id", sent["user_id"]),
    }
    for name, (field, value) in wrongs.items():
        answer = boss.form("/team/absences", {**sent, field: value, **key(name)})
        assert answer.status_code == 422, name
        assert f'href="#{field}"' in answer.text, name
        assert f'value="{value if field == "first_on" else sent["first_on"]}"' in answer.text
    with app.database.unit_of_work() as session:
        assert len(session.exec(select(PartnerAbsence)).all()) == 1


def test_a_stranger_joins_by_the_branch_s_code(
    app: App, sign_in: SignIn, counter: Counter, browser: Browser
) -> None:
    with app.database.unit_of_work() as session:
        link = joining.link_of(
            session, branch_id=counter.of.branch.id, program_id=counter.of.program.id, at=NOON
        )
        newcomer = make.person(session, name="")
    assert "Zaczynam" in browser.get(f"/join/{link.code}").text
    assert browser.get("/join/aaaaaaaaaaaaaaaa").status_code == 404
    fitter = sign_in(person=newcomer)
    nip = make.nip()
    sent = {"name": "Jan Nowy", "nip": nip, "company_name": "Jan Nowy", "voivodeship": "30"}
    refused = fitter.form(f"/join/{link.code}", {**sent, **key("no-terms")})
    assert refused.status_code == 422
    assert (
        fitter.form(f"/join/{link.code}", {**sent, "terms": "1", **key("join")}).status_code == 303
    )
    with app.database.unit_of_work() as session:
        joined = session.exec(select(Participant).where(Participant.nip == nip)).one()
        assert joined.enrolled_by_branch_id == counter.of.branch.id
    assert "Jan Nowy" in counter.clerk.get("/enrolled").text


def test_poster_leaflet_and_statement_are_files(app: App, counter: Counter) -> None:
    branch = counter.of.branch.id
    for path in (
        f"/enrolled/{branch}/poster.pdf", f"/enrolled/{branch}/poster.pdf?size=a6",
        "/results/statement.pdf",
    ):  # fmt: skip
        assert counter.clerk.get(path).content.startswith(b"%PDF")
    assert counter.clerk.get(f"/enrolled/{UUID(int=9)}/poster.pdf").status_code == 404
    assert "Saldo końcowe" in counter.clerk.get("/results/statement.csv").text
    assert "Wyniki" in counter.clerk.get("/results").text
    assert counter.clerk.get("/results?month=2026-99").status_code == 422


def _decided(session: Session, of: make.World) -> Decision:
    return _approve(session, of, make.awaiting(session, of), NOON)


def _approve(session: Session, of: make.World, review: Review, at: datetime) -> Decision:
    verdicts = [
        LineVerdict(line.id, Verdict.APPROVE)
        for line in list_lines(session, review.claim_id)
        if line.product_id is not None
    ]
    return decisions.decide(session, review=review, clerk=of.clerk, verdicts=verdicts, at=at)


def test_a_branch_earns_once_for_work_that_stands_and_the_month_ties(app: App) -> None:
    with app.database.unit_of_work() as session:
        of = make.world(session)
        session.get_one(Program, of.program.id).settings = {
            "branch_points_per_decision": 5, "branch_points_per_enrolment": 40,
        }  # fmt: skip
        session.get_one(Participant, of.participant.id).enrolled_by_branch_id = of.branch.id
        session.flush()
        decision = _decided(session, of)
        account = addresses.branch(of.branch.id, of.program.id)
        assert partner_rewards.pay_due(session, at=NOON) == 0  # both may still be taken back
        later = NOON + timedelta(days=2)
        assert partner_rewards.pay_due(session, at=later) == 2
        assert partner_rewards.pay_due(session, at=later) == 0
        assert ledger.balance(session, account) == 45
        [month] = of_month(session, branches=[of.branch], programs=[of.program], month=NOON.date())
        assert (month.closing, month.ledger_closing, month.ties) == (45, 45, True)
        assert {b.reason: b.points for b in month.bookings} == {"decision": 5, "enrolment": 40}
        undoing.undo(session, decision_id=decision.id, clerk=of.clerk, note="pomyłka", at=later)
        assert partner_rewards.take_back_undone(session, at=later) == 1
        assert partner_rewards.take_back_undone(session, at=later) == 0
        assert ledger.balance(session, account) == 40  # The claim may be approved again.
        much_later = later + timedelta(days=70)
        assert partner_rewards.take_back_undone(session, at=much_later) == 1
        assert partner_rewards.pay_due(session, at=much_later) == 0
        assert ledger.balance(session, account) == 0
        [month] = of_month(session, branches=[of.branch], programs=[of.program], month=NOON.date())
        assert month.ties
        assert proofs.faults(session) == []


def test_a_branch_that_spent_what_it_owes_for_a_claim_is_not_paid_for_it_again(app: App) -> None:
    with app.database.unit_of_work() as session:
        of = make.world(session)
        session.get_one(Program, of.program.id).settings = {"branch_points_per_decision": 5}
        session.flush()
        decision = _decided(session, of)
        account, later = addresses.branch(of.branch.id, of.program.id), NOON + timedelta(days=2)
        assert partner_rewards.pay_due(session, at=later) == 1
        spent = Move(account, addresses.spent(of.program.id), 5)
        kind = TransactionKind.CAPTURE
        ledger.post(session, reference="spent", kind=kind, moves=[spent], posted_at=later)
        undoing.undo(session, decision_id=decision.id, clerk=of.clerk, note="pomyłka", at=later)
        again = make.review_of(session, decision.claim_id)
        assert again.id != decision.review_id
        _approve(session, of, again, later)
        after = later + timedelta(days=2)
        assert partner_rewards.take_back_undone(session, at=after) == 0
        assert partner_rewards.pay_due(session, at=after) == 0
        back = Move(addresses.issued(of.program.id), account, 5)  # Earned by other work.
        ledger.post(session, reference="other", kind=kind, moves=[back], posted_at=after)
        assert partner_rewards.take_back_undone(session, at=after) == 1
        assert partner_rewards.pay_due(session, at=after) == 1
        assert ledger.balance(session, account) == 5


def test_a_late_decision_is_charged_as_a_figure_beside_the_ledger(app: App) -> None:
    with app.database.unit_of_work() as session:
        of = make.world(session)
        session.get_one(Program, of.program.id).settings = {"late_points": 25}
        session.flush()
        decision = _decided(session, of)
        [month] = of_month(session, branches=[of.branch], programs=[of.program], month=NOON.date())
        assert (month.decided, month.late, month.charge) == (1, 0, 0)
        review = session.get_one(Review, decision.review_id)
        review.due_at = NOON - timedelta(minutes=1)
        session.add(review)
        session.flush()
        [month] = of_month(session, branches=[of.branch], programs=[of.program], month=NOON.date())
        assert (month.late, month.charge) == (1, 25)
        assert (month.opening, month.bookings, month.closing, month.ties) == (0, (), 0, True)
        assert ledger.balance(session, addresses.branch(of.branch.id, of.program.id)) == 0


def test_a_clerk_s_decision_is_in_their_own_branch_s_month_only(app: App, counter: Counter) -> None:
    waiting(app, counter.of)
    page = counter.clerk.get("/results").text
    assert counter.of.branch.name in page


def test_a_manager_adds_corrects_and_closes_a_branch(
    app: App, sign_in: SignIn, counter: Counter
) -> None:
    boss = manager(app, sign_in, counter)
    waiting(app, counter.of)
    facts = {
        "name": "Elmet Luboń", "street": "ul. Prosta 1", "postcode": "62-030", "city": "Luboń",
        "voivodeship": "30",
    }  # fmt: skip
    assert counter.clerk.get("/branches").status_code == 404
    assert counter.clerk.form("/branches", {**facts, **key("no")}).status_code == 404
    wrong = boss.form("/branches", {**facts, "postcode": "6", **key("wrong")})
    assert wrong.status_code == 422
    assert "Elmet Luboń" in wrong.text
    assert boss.form("/branches", {**facts, **key("add")}).status_code == 303
    with app.database.unit_of_work() as session:
        lubon = session.exec(select(Branch).where(Branch.name == "Elmet Luboń")).one()
    changed = {**facts, "street": "ul. Nowa 7", **key("change")}
    assert boss.form(f"/branches/{lubon.id}", changed).status_code == 303
    assert "ul. Nowa 7" in boss.get("/branches").text
    here = f"/branches/{counter.of.branch.id}"
    assert "1 zgłoszenie czeka tutaj." in boss.get(here).text
    nobody = boss.form(f"{here}/closure", key("nobody"))
    assert nobody.status_code == 422
    closed = boss.form(f"{here}/closure", {"successor": str(lubon.id), **key("close")})
    assert closed.status_code == 303
    assert boss.get(here).status_code == 404
    assert "Elmet Luboń" in boss.get("/team").text
    # What was closed stays in the list with its day and with who took its work over.
    page = boss.get("/branches").text
    [gone] = boss.get("/api/v1/branches?closed=true").json()
    day = Formats("pl").short_date(datetime.fromisoformat(gone["closed_at"]))
    assert f"zamknięty {day}" in page
    assert page.index("Zamknięte oddziały") < page.index(counter.of.branch.name)
    assert (gone["id"], gone["successor_id"]) == (str(counter.of.branch.id), str(lubon.id))
    assert [one["id"] for one in boss.get("/api/v1/branches").json()] == [str(lubon.id)]
    with app.database.unit_of_work() as session:
        [review] = session.exec(select(Review)).all()
        assert review.branch_id == lubon.id
