"""What a manufacturer may not see never leaves the server: every one of its routes is walked."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select

from accounts import consents
from accounts.roles import Role, scope_of
from claims.queries import list_lines
from claims.states import Verdict
from claims.tables import Claim
from core.runtime import App
from ocr.reading import Line, Proof, Value
from programs.rule_tables import RuleVersion
from programs.tables import Participant
from tests import make
from tests.conftest import NOON
from tests.verification.feed_files import compared, export, sale
from tests.web.callers import key_of
from tests.web.conftest import Browser, SignIn
from tests.web.partner_world import page_image, rival
from verification import decisions, handing
from verification.judging import LineVerdict
from verification.tables import Decision, Review
from web.access import GuardedRoute

PRICE = Decimal("31337.77")
# As any page or program could write it.
SECRETS = (
    "31337", "31 337", "31\u00a0337", "31\u202f337", "31,337", "3133777",  # a wholesaler's price
    "62675", "62 675", "62\u00a0675", "62,675",  # and two of them
    "TAJNAMARKA",  # a line of another brand
    "Niewidoczny", "zenon@",  # who did not agree to be seen
    "tajny-plik",  # a sales file of the wholesaler
    "1111111111",  # a customer of the wholesaler who is nobody here
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Planted:
    of: make.World
    program_id: UUID
    ids: dict[str, str]
    hidden_nip: str


def secret_lines() -> list[Line]:
    own = Line(
        position=1,
        description=Value("GNIAZDO NOVA P/T Z/U BIAŁE"),
        quantity=Value(Decimal(2), Proof.ARITHMETIC),
        unit=Value("szt"),
        unit_price_net=Value(PRICE, Proof.ARITHMETIC),
        line_net=Value(PRICE * 2, Proof.ARITHMETIC),
        gtin=Value("5901234123457"),
    )
    other = replace(
        own, position=2, description=Value("TAJNAMARKA przewód YDYp 3x2,5 żo"), gtin=None
    )
    return [own, other]


def plant(app: App) -> Planted:
    """A decided claim, an escalated one, a sales file: all of somebody who is not to be seen."""
    with app.database.unit_of_work() as session:
        of = make.world(session)
        hidden = make.person(session, name="Zenon Niewidoczny", email="zenon@ukryty.example")
        participant = make.programs.enrol(
            session,
            program=of.program,
            person_id=hidden.id,
            company_name="Niewidoczny Instal",
            nip=make.nip(),
            voivodeship="30",
            at=NOON,
        )
        consents.record(
            session, person_id=hidden.id, kind=consents.SHARE_WITH_MANUFACTURER, version="1",
            given=False, source="test", at=NOON,
        )  # fmt: skip
        rival(session)
        decided = _claim(app, session, of, participant, "FV/1/11/2026")
        verdicts = [
            LineVerdict(line.id, Verdict.APPROVE)
            for line in list_lines(session, decided.claim_id)
            if line.product_id is not None
        ]
        decision = decisions.decide(
            session, review=decided, clerk=of.clerk, verdicts=verdicts, at=NOON
        )
        escalated = _claim(app, session, of, participant, "FV/2/11/2026", total="9999.00")
        handing.escalate(
            session, review_id=escalated.id, clerk=of.clerk, note="proszę o pomoc", at=NOON
        )
        version = session.exec(select(RuleVersion)).first()
        assert version is not None
        ids = {
            "claim_id": str(decided.claim_id),
            "review_id": str(escalated.id),
            "decision_id": str(decision.id),
            "product_id": str(of.socket.id),
            "participant_id": str(participant.id),
            "version_id": str(version.id),
            "partner_id": str(of.partner.id),
            "branch_id": str(of.branch.id),
            "program_id": str(of.program.id),
            "number": "1",
            "position": "1",
        }
    compared(app, of, export(sale("1111111111", "FV/77/2026", name="TAJNAMARKA", price="31337,77")))
    return Planted(of, of.program.id, ids, participant.nip)


def _claim(
    app: App,
    session: Session,
    of: make.World,
    participant: Participant,
    number: str,
    total: str = "77092.91",
) -> Review:
    seen = make.reading(of, number=number, lines=secret_lines(), total=total)
    claim = make.submitted(session, of, participant=participant)
    return make.read(session, claim, seen, pages=[page_image(app)])


def addresses(web: FastAPI, role: Role, planted: Planted) -> list[tuple[str, bool]]:
    """Every address that this role may open, with real ids in it; and whether it is the API's."""
    found = []
    for route in web.router.routes:
        if not isinstance(route, GuardedRoute) or route.rules is None:
            continue
        access = route.rules.access
        if "GET" not in route.methods or role not in access.roles:
            continue
        path = re.sub(
            r"\{(\w+)[^}]*\}", lambda m: planted.ids.get(m[1], str(UUID(int=7))), route.path
        )
        found.append((path, path.startswith("/api/")))
    return found


def leaks(text: str, planted: Planted) -> list[str]:
    return [secret for secret in (*SECRETS, planted.hidden_nip) if secret in text]


@pytest.mark.parametrize("role", [Role.PROGRAM_MANAGER, Role.ANALYST])
def test_no_route_of_a_manufacturer_lets_a_secret_out(
    app: App, web: FastAPI, sign_in: SignIn, role: Role
) -> None:
    planted = plant(app)
    scope = scope_of("program", planted.program_id)
    person = sign_in(role, scope=scope)
    assert person.person is not None
    areas = ("claims", "points", "rewards", "orders", "warehouse", "analytics", "reviews", "sales")
    everything = [f"{area}:{what}" for area in areas for what in ("read", "write")]
    program = key_of(app, web, person.person.id, role, planted.program_id, everything)
    person = sign_in(role, scope=scope, person=person.person)
    walked = 0
    found: dict[str, list[str]] = {}
    for path, is_api in addresses(web, role, planted):
        caller: Browser = program if is_api else person
        answer = caller.get(path)
        assert answer.status_code < 500, path
        walked += answer.status_code == 200
        if told := leaks(answer.text, planted):
            found[path] = told
    assert walked >= (20 if role is Role.PROGRAM_MANAGER else 12)
    assert found == {}


def test_the_secrets_are_there_for_those_they_belong_to(app: App, sign_in: SignIn) -> None:
    """Without this the walk could pass because nothing was planted."""
    planted = plant(app)
    with app.database.unit_of_work() as session:
        claim = session.get_one(Claim, UUID(planted.ids["claim_id"]))
        lines = list_lines(session, claim.id)
        assert any("TAJNAMARKA" in line.description for line in lines)
        assert lines[0].unit_price == PRICE
        assert session.get_one(Decision, UUID(planted.ids["decision_id"])).points > 0
    clerk = sign_in(Role.CLERK, person=_person(app, planted))
    page = clerk.get(f"/history/{planted.ids['decision_id']}").text
    assert "Niewidoczny" in page


def _person(app: App, planted: Planted) -> object:
    from accounts import grants
    from accounts.roles import Grant
    from accounts.tables import Person

    with app.database.unit_of_work() as session:
        person = session.get_one(Person, planted.of.clerk.person_id)
        held = Grant(Role.CLERK, scope_of("branch", planted.of.branch.id))
        grants.grant(session, person_id=person.id, grant=held, by="test", at=NOON)
        return person
