"""A new installation gets its operator, its programme, its people and its wholesalers."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from accounts.roles import Role, scope_of
from accounts.staff import list_members
from accounts.tables import Person
from core import clock
from core.audit import AuditEntry
from core.errors import Invalid
from core.runtime import App
from messages.tables import Notice
from partners.tables import Branch, PartnerRole, PartnerUser
from programs import queries, segments, setup
from programs.settings import ProgramSettings
from programs.tables import Program, ProgramPartner
from tests import make
from tests.conftest import NOON
from tests.web.conftest import Browser, SignIn
from tests.web.test_claim_receipts import browser_of
from web import rule_fields
from web.views.program_settings import GROUPS
from workers import operators


def facts(**changed: str) -> dict[str, object]:
    today = clock.local_date(clock.now())
    days = {"starts_on": 0, "ends_on": 300, "claim_until": 330, "redeem_until": 420}
    return {
        "name": "Klub Instalatora",
        **{name: (today + timedelta(days=n)).isoformat() for name, n in days.items()},
        **changed,
    }


NEW = {
    "manufacturer": "Termex Sp. z o.o.",
    "manager": "Joanna Malec",
    "email": "joanna.malec@termex.example",
}


@pytest.fixture
def operator(sign_in: SignIn) -> Browser:
    return sign_in(Role.OPERATOR)


@pytest.fixture
def program_id(operator: Browser) -> UUID:
    answer = operator.form("/programs", {**facts(), **NEW, "nip": make.nip()})
    assert answer.status_code == 303
    found = re.search(r"/programs/([0-9a-f-]{36})/settings", answer.headers["location"])
    assert found
    return UUID(found[1])


def settings_form(app: App, program_id: UUID, **changed: str) -> dict[str, object]:
    """The form of the settings page as it is shown, with some texts changed."""
    with app.database.unit_of_work() as session:
        program = session.get_one(Program, program_id)
        stored = queries.settings_of(program).model_dump(mode="json")
        days = {n: str(getattr(program, n)) for n in facts() if n != "name"}
        name = program.name
    texts = {k: ("1" if v is True else "" if v is False else str(v)) for k, v in stored.items()}
    return {"name": name, **days, **texts, **changed}


def test_the_manufacturer_chooses_who_may_claim(app: App, sign_in: SignIn) -> None:
    with app.database.unit_of_work() as session:
        of = make.world(session)
        segments.create(
            session, program_id=of.program.id, name="Wybrani", author="x", at=clock.now()
        )
    manager = sign_in(Role.PROGRAM_MANAGER, scope=scope_of("program", of.program.id))
    page = f"/programs/{of.program.id}/settings"
    # Everybody is the empty answer: a browser would refuse a required one and save nothing.
    [select] = re.findall(r'<select[^>]* name="eligible_segment"[^>]*>', manager.get(page).text)
    assert "required" not in select
    assert '<option value="wybrani"' in manager.get(page).text
    for key, status in (("wybrani", 303), ("nikt", 422)):
        form = settings_form(app, of.program.id, eligible_segment=key)
        assert manager.form(page, form).status_code == status
    assert 'href="#eligible_segment"' in manager.form(page, form).text
    participant = browser_of(app, sign_in, of)
    assert "wskazani przez organizatora" in participant.get("/claims/new").text


def test_every_setting_has_its_words() -> None:
    named = [name for _, fields in GROUPS for name in fields]
    assert sorted(named) == sorted(ProgramSettings.model_fields)


def test_the_first_operator_comes_from_the_command_line(
    app: App, browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    email = f"op.{UUID(int=clock.now().microsecond)}@zalicz.example"
    assert operators.invite(app, email=email, name="Olga Pilch") == 0
    link = re.search(r"/password/\S+", capsys.readouterr().out)
    assert link
    answer = browser.form(
        link[0], {"password": "trzy-zielone-krzesla", "repeated": "trzy-zielone-krzesla"}
    )
    assert answer.status_code == 303
    signed = browser.form(
        "/sign-in/password", {"contact": email, "password": "trzy-zielone-krzesla"}
    )
    assert signed.headers["location"].startswith("/sign-in/enrolment")


def test_a_wrong_address_makes_no_operator(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    assert operators.invite(app, email="olga", name="Olga Pilch") == 2
    assert "no e-mail address" in capsys.readouterr().err


def test_a_programme_is_founded_and_its_manager_invited(app: App, program_id: UUID) -> None:
    with app.database.unit_of_work() as session:
        program = session.get_one(Program, program_id)
        assert program.name == "Klub Instalatora"
        assert program.slug.startswith("klub-instalatora")
        [member] = list_members(session, scope=scope_of("program", program_id))
        assert (member.name, member.role, member.active) == (
            "Joanna Malec",
            Role.PROGRAM_MANAGER,
            False,
        )
        kinds = session.exec(select(Notice.kind).where(Notice.person_id == member.person_id)).all()
        assert kinds == ["password-link"]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("nip", "1234567890"),
        ("name", " "),
        ("ends_on", "2020-01-01"),
        ("claim_until", ""),
        ("email", "joanna"),
        ("manufacturer", ""),
    ],
)
def test_a_mistake_keeps_what_was_typed_and_founds_nothing(
    app: App, operator: Browser, field: str, text: str
) -> None:
    name = f"Klub {make.nip()}"
    sent = {**facts(name=name), **NEW, "nip": make.nip()} | {field: text}
    answer = operator.form("/programs", sent)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert 'value="Joanna Malec"' in answer.text
    with app.database.unit_of_work() as session:
        assert session.exec(select(Program).where(Program.name == name)).first() is None


def test_settings_change_and_leave_a_trace(app: App, operator: Browser, program_id: UUID) -> None:
    path = f"/programs/{program_id}/settings"
    assert "Ważność punktów" in operator.get(path).text
    form = settings_form(app, program_id, claim_window_days="45", share_documents="")
    assert operator.form(path, form).status_code == 303
    with app.database.unit_of_work() as session:
        settings = queries.settings_of(session.get_one(Program, program_id))
        assert settings.claim_window_days == 45
        assert settings.share_documents is False
        subject = f"program:{program_id}"
        entry = session.exec(
            select(AuditEntry).where(
                AuditEntry.subject == subject, AuditEntry.action == "program.change"
            )
        ).one()
        assert entry.facts["claim_window_days"] == "60 → 45"


def test_shares_stand_in_the_form_with_the_decimal_mark_of_the_language(
    app: App, sign_in: SignIn, program_id: UUID
) -> None:
    with app.database.unit_of_work() as session:
        program = session.get_one(Program, program_id)
        polish, english = (
            session.get_one(Person, make.organiser(session, program).person_id) for _ in range(2)
        )
        english.language = "en"
        session.add(english)
    for share, person in (("0,05", polish), ("0.05", english)):
        page = sign_in(person=person).get(f"/programs/{program_id}/settings").text
        assert f'name="sample_share" type="text" value="{share}"' in page


@pytest.mark.parametrize("typed", ["1,000", "1.000"])
def test_a_mark_in_a_whole_number_is_asked_about_and_never_taken_for_one(
    app: App, operator: Browser, program_id: UUID, typed: str
) -> None:
    sent = settings_form(app, program_id, adjustment_limit=typed)
    answer = operator.form(f"/programs/{program_id}/settings", sent)
    assert (answer.status_code, f'value="{typed}"' in answer.text) == (422, True)
    with pytest.raises(Invalid):
        rule_fields.whole(typed, "budget")


def test_a_setting_out_of_bounds_names_its_field_and_changes_nothing(
    app: App, operator: Browser, program_id: UUID
) -> None:
    form = settings_form(app, program_id, claim_window_days="4000", name="Inna nazwa")
    answer = operator.form(f"/programs/{program_id}/settings", form)
    assert answer.status_code == 422
    assert 'href="#claim_window_days"' in answer.text
    assert "od 1 do 400" in answer.text
    assert 'value="4000"' in answer.text
    with app.database.unit_of_work() as session:
        assert session.get_one(Program, program_id).name == "Klub Instalatora"


def test_a_manager_of_another_programme_finds_nothing(
    program_id: UUID, operator: Browser, sign_in: SignIn, app: App
) -> None:
    with app.database.unit_of_work() as session:
        other = make.world(session).program.id
    stranger = sign_in(Role.PROGRAM_MANAGER, scope=scope_of("program", other))
    for page in ("settings", "team", "wholesalers"):
        assert stranger.get(f"/programs/{program_id}/{page}").status_code == 404
    form = settings_form(app, program_id, name="Przejęty")
    assert stranger.form(f"/programs/{program_id}/settings", form).status_code == 404
    with app.database.unit_of_work() as session:
        assert session.get_one(Program, program_id).name == "Klub Instalatora"


def test_people_are_invited_and_the_last_manager_stays(
    app: App, operator: Browser, program_id: UUID
) -> None:
    path = f"/programs/{program_id}/team"
    invited = {"name": "Piotr Wilk", "email": f"{make.nip()}@termex.example", "role": "analyst"}
    assert operator.form(path, invited).status_code == 303
    page = operator.get(path).text
    assert "Piotr Wilk" in page
    assert "czeka na hasło" in page
    with app.database.unit_of_work() as session:
        members = list_members(session, scope=scope_of("program", program_id))
    by_role = {member.role: member.person_id for member in members}
    manager, analyst = by_role[Role.PROGRAM_MANAGER], by_role[Role.ANALYST]
    assert operator.get(f"{path}/{analyst}/analyst/end").status_code == 200
    assert operator.form(f"{path}/{analyst}/analyst/end").status_code == 303
    refused = operator.form(f"{path}/{manager}/program_manager/end")
    assert refused.status_code == 409
    with app.database.unit_of_work() as session:
        left = list_members(session, scope=scope_of("program", program_id))
        assert [member.person_id for member in left] == [manager]


def test_operators_are_not_made_by_a_programmes_team(operator: Browser, program_id: UUID) -> None:
    sent = {"name": "Piotr Wilk", "email": "piotr@termex.example", "role": "operator"}
    assert operator.form(f"/programs/{program_id}/team", sent).status_code == 422


WHOLESALER = {
    "name": "Hurtownia Iskra Sp. z o.o.",
    "short_name": "Iskra",
    "branch_name": "Łódź",
    "branch_street": "ul. Wólczańska 12",
    "branch_postcode": "90-001",
    "branch_city": "Łódź",
    "branch_voivodeship": "10",
    "manager": "Roman Kos",
}


def test_a_new_wholesaler_brings_a_branch_and_a_manager(
    app: App, operator: Browser, program_id: UUID
) -> None:
    path, nip = f"/programs/{program_id}/wholesalers", make.nip()
    sent = WHOLESALER | {"nip": nip, "email": f"{nip}@iskra.example"}
    today = clock.local_date(clock.now())
    for wrong in ((today - timedelta(days=1)).isoformat(), "wczoraj"):
        answer = operator.form(path, sent | {"since": wrong})
        assert answer.status_code == 422
        assert 'href="#since"' in answer.text
        assert "Hurtownia Iskra" in answer.text  # What was typed stays.
    sent |= {"since": today.isoformat()}
    assert operator.form(path, sent).status_code == 303
    assert "Hurtownia Iskra" in operator.get(path).text
    with app.database.unit_of_work() as session:
        place = session.exec(
            select(ProgramPartner).where(ProgramPartner.program_id == program_id)
        ).one()
        assert place.left_at is None
        assert clock.local_date(place.joined_at) == today
        branch = session.exec(select(Branch).where(Branch.partner_id == place.partner_id)).one()
        assert (branch.name, branch.postcode) == ("Łódź", "90-001")
        user = session.exec(
            select(PartnerUser).where(PartnerUser.partner_id == place.partner_id)
        ).one()
        assert user.role is PartnerRole.MANAGER
    again = operator.form(path, {"nip": nip})
    assert again.status_code == 409
    assert operator.form(f"{path}/{place.partner_id}/end").status_code == 303
    assert operator.form(path, {"nip": nip}).status_code == 303


def test_a_wholesaler_without_its_branch_is_not_half_made(
    app: App, operator: Browser, program_id: UUID
) -> None:
    sent = WHOLESALER | {"nip": make.nip(), "email": "r@iskra.example", "branch_postcode": "9"}
    answer = operator.form(f"/programs/{program_id}/wholesalers", sent)
    assert answer.status_code == 422
    assert 'href="#branch_postcode"' in answer.text
    with app.database.unit_of_work() as session:
        placed = select(ProgramPartner).where(ProgramPartner.program_id == program_id)
        assert session.exec(placed).all() == []


def test_a_manager_sees_the_settings_of_the_only_programme_at_once(
    program_id: UUID, sign_in: SignIn
) -> None:
    manager = sign_in(Role.PROGRAM_MANAGER, scope=scope_of("program", program_id))
    answer = manager.get("/programs", follow_redirects=False)
    assert answer.headers["location"] == f"/programs/{program_id}/settings"


def test_a_wholesaler_that_came_back_shows_its_earlier_days(app: App, sign_in: SignIn) -> None:
    with app.database.unit_of_work() as session:
        of = make.world(session)
        person = session.get_one(Person, make.organiser(session, of.program).person_id)
        left = {"program": of.program, "actor": "person:test"}
        setup.dismiss_partner(session, partner_id=of.partner.id, at=NOON, **left)
    path = f"/programs/{of.program.id}/wholesalers"
    browser = sign_in(person=person)
    assert "zakończony 19.11.2026" in browser.get(path).text  # The last day that counted.
    with app.database.unit_of_work() as session:
        back = {"nip": of.partner.nip, "name": "", "short_name": ""}
        setup.admit_partner(session, at=NOON + timedelta(days=5), **back, **left)
    page = browser.get(path).text
    assert "25.11.2026" in page
    assert "przedtem 01.01.2026–19.11.2026" in page
    [told] = browser.get("/api/v1/partners").json()
    assert told["earlier"] == [{"joined_on": "2026-01-01", "left_on": "2026-11-20"}]
