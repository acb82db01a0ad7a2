"""Codes on products: handed out once by the maker, claimed by whoever holds the product."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pypdfium2
import pytest
import sqlalchemy as sa
import zxingcpp
from fastapi import FastAPI
from PIL import Image
from sqlmodel import select

from accounts import sessions
from accounts.grants import grant
from accounts.roles import Grant, Role, scope_of
from accounts.tables import Person
from claims.tables import Claim
from core import clock
from core.blobs import open_blobs
from core.db import Database
from core.runtime import App
from core.settings import Settings
from points import addresses, ledger
from programs import code_batches, codes
from programs.code_states import BatchStatus
from programs.code_tables import CodeBatch, ProductCode
from tests import make
from tests.conftest import NOON
from tests.make import World
from tests.web import callers
from tests.web.conftest import Browser, SignIn
from verification import intake, label_claims
from web import limits
from web.app import build


@pytest.fixture
def of(app: App) -> World:
    with app.database.unit_of_work() as session:
        return make.world(session)


@pytest.fixture
def manager(of: World, sign_in: SignIn) -> Browser:
    return sign_in(Role.PROGRAM_MANAGER, scope=scope_of("program", of.program.id))


@pytest.fixture
def electrician(app: App, of: World, sign_in: SignIn) -> Browser:
    with app.database.unit_of_work() as session:
        person = session.get_one(Person, of.participant.person_id)
        held = Grant(Role.PARTICIPANT, scope_of("program", of.program.id))
        grant(session, person_id=person.id, grant=held, by="test", at=NOON)
    return sign_in(person=person)


def planned(manager: Browser, size: int = 3) -> str:
    answer = manager.form("/codes", {"sku": "VX-N210", "size": str(size), "note": "druk 12"})
    assert answer.status_code == 303
    return answer.headers["location"]


def handed_out(manager: Browser, path: str) -> list[str]:
    answer = manager.form(f"{path}/issue")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        table = archive.read(next(n for n in archive.namelist() if n.endswith(".csv")))
        labels = archive.read(next(n for n in archive.namelist() if n.endswith(".pdf")))
    rows = table.decode("utf-8-sig").splitlines()[1:]
    made = [codes.canonical(row.split(";")[0]) for row in rows]
    page = pypdfium2.PdfDocument(labels)[0].render(scale=2.5).to_pil()
    seen = {codes.canonical(found.text) for found in zxingcpp.read_barcodes(np.asarray(page))}
    assert seen == set(made[:24])
    return made


def test_a_batch_is_planned_handed_out_once_and_activated(
    app: App, manager: Browser, of: World
) -> None:
    path = planned(manager)
    assert len(handed_out(manager, path)) == 3
    again = manager.form(f"{path}/issue")
    assert again.status_code == 409
    assert "application/zip" not in again.headers["content-type"]
    assert manager.form(f"{path}/activation").status_code == 303
    page = manager.get(path).text
    assert "Aktywna" in page
    assert "Wydaj i pobierz kody" not in page
    assert "Partia 1" in manager.get("/codes").text
    with app.database.unit_of_work() as session:
        assert session.exec(select(CodeBatch.status)).one() is BatchStatus.ACTIVE


def test_withdrawing_asks_for_a_reason_first(app: App, manager: Browser) -> None:
    path = planned(manager)
    assert manager.form(f"{path}/voiding", {"reason": " "}).status_code == 422
    assert manager.form(f"{path}/voiding", {"reason": "zgubiona paczka"}).status_code == 303
    assert "zgubiona paczka" in manager.get(path).text


def test_one_code_is_withdrawn_by_what_its_label_says(manager: Browser, sign_in: SignIn) -> None:
    path = planned(manager)
    lost = handed_out(manager, path)[0]
    assert "13 znaków" in manager.get("/codes/voiding").text
    for typed in ({"code": lost}, {"code": codes.new_code(), "reason": "x"}, {"code": "ABC"}):
        assert manager.form("/codes/voiding", typed).status_code == 422
    answer = manager.form("/codes/voiding", {"code": lost, "reason": "rozdarta"})
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert "1 kod unieważniono osobno" in manager.get(path).text
    again = manager.form("/codes/voiding", {"code": lost, "reason": "rozdarta"})
    assert again.status_code == 409


def test_the_labels_of_boxes_say_how_many_units_a_code_is(manager: Browser) -> None:
    answer = manager.form("/codes", {"sku": "VX-N210", "size": "2", "units_per_code": "10"})
    path = answer.headers["location"]
    assert "Jeden kod to 10 szt" in manager.get(path).text.replace("\u00a0", " ")
    packed = zipfile.ZipFile(io.BytesIO(manager.form(f"{path}/issue").content))
    table = packed.read(next(n for n in packed.namelist() if n.endswith(".csv"))).decode(
        "utf-8-sig"
    )
    assert [row.split(";")[5] for row in table.splitlines()[1:]] == ["10\u00a0szt."] * 2
    labels = packed.read(next(n for n in packed.namelist() if n.endswith(".pdf")))
    words = pypdfium2.PdfDocument(labels)[0].get_textpage().get_text_range()
    assert "Jeden kod: 10 szt" in words.replace("\u00a0", " ")


@pytest.mark.parametrize(
    "typed",
    [
        {"sku": "NIC", "size": "5"},
        {"sku": "VX-N210", "size": "0"},
        {"size": "9999"},
        {"sku": "VX-N210", "size": "5", "units_per_code": "0"},
        {"sku": "VX-N210", "size": "9" * 4_000, "note": "druk 7"},
        {"sku": "VX-N210\0", "size": "2,5", "units_per_code": "²"},
        {"sku": "VX-N210", "size": "5", "note": "n" * 201},
    ],
)
def test_a_wrong_batch_is_refused_beside_its_fields_and_none_is_made(
    app: App, manager: Browser, typed: dict[str, str]
) -> None:
    answer = manager.form("/codes", typed)
    assert answer.status_code == 422
    good = {"sku": "VX-N210", "size": "5", "units_per_code": "1"}
    for field in ("sku", "size", "units_per_code", "note"):
        said = typed.get(field, {"units_per_code": "1"}.get(field, "")).replace("\0", "")
        wrong = len(said) > 200 or (field in good and said != good[field])
        assert (f'href="#{field}"' in answer.text) == wrong
        assert f'value="{said[:300]}"' in answer.text  # What was typed stays.
    with app.database.unit_of_work() as session:
        assert session.exec(select(CodeBatch)).all() == []


def test_another_programmes_batch_is_not_found(app: App, manager: Browser, sign_in: SignIn) -> None:
    path = planned(manager)
    with app.database.unit_of_work() as session:
        other = make.world(session)
    stranger = sign_in(Role.PROGRAM_MANAGER, scope=scope_of("program", other.program.id))
    assert stranger.get(path).status_code == 404
    for step in ("issue", "activation", "voiding"):
        assert stranger.form(f"{path}/{step}", {"reason": "x"}).status_code == 404
    with app.database.unit_of_work() as session:
        assert session.exec(select(CodeBatch.status)).one() is BatchStatus.PLANNED


def active(app: App, of: World) -> list[str]:
    key = app.settings.derive_key(codes.PURPOSE)
    with app.database.unit_of_work() as session:
        batch = code_batches.plan(
            session, program_id=of.program.id, product_id=of.socket.id, size=3, actor="t",
            at=of.participant.enrolled_at,
        )  # fmt: skip
        options = {"program_id": of.program.id, "batch_id": batch.id, "actor": "t"}
        at = of.participant.enrolled_at
        made = code_batches.issue(session, key=key, at=at, **options)  # type: ignore[arg-type]
        code_batches.activate(session, at=at, **options)  # type: ignore[arg-type]
        return made


def test_a_scanned_label_asks_first_and_then_pays_at_once(
    app: App, of: World, electrician: Browser
) -> None:
    code = active(app, of)[0]
    asked = electrician.get(f"/k/{code}")
    assert codes.grouped(code) in asked.text
    with app.database.unit_of_work() as session:
        assert session.exec(select(Claim)).all() == []
    paid = electrician.form("/code", {"code": code})
    assert paid.status_code == 303
    page = electrician.get(paid.headers["location"]).text
    assert "15" in page
    with app.database.unit_of_work() as session:
        assert ledger.balance(session, addresses.active(of.participant.id)) == 15
    again = electrician.form("/code", {"code": code})
    assert again.status_code == 409
    assert paid.headers["location"] in again.text


def test_a_stranger_who_scans_signs_in_and_comes_back(browser: Browser) -> None:
    code = codes.new_code()
    answer = browser.get(f"/k/{code}", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/sign-in?next=%2Fk%2F{code}"


def test_a_photo_of_a_label_leads_to_its_confirmation(
    app: App, of: World, electrician: Browser
) -> None:
    code = active(app, of)[0]
    link = f"http://testserver/k/{code}"
    bars = zxingcpp.create_barcode(link, zxingcpp.BarcodeFormat.QRCode)
    modules = np.asarray(bars.to_image(scale=8, add_quiet_zones=True))
    picture = io.BytesIO()
    Image.fromarray(modules).convert("RGB").resize((900, 900)).save(picture, "JPEG")
    answer = electrician.form(
        "/code/photo", files={"file": ("etykieta.jpg", picture.getvalue(), "image/jpeg")}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"/k/{code}")
    blank = io.BytesIO()
    Image.new("RGB", (600, 600), "white").save(blank, "JPEG")
    answer = electrician.form(
        "/code/photo", files={"file": ("pusta.jpg", blank.getvalue(), "image/jpeg")}
    )
    assert answer.status_code == 422


def test_a_photo_of_several_labels_leads_to_the_list_with_all_of_them(
    app: App, of: World, electrician: Browser
) -> None:
    made = active(app, of)[:2]
    labels = []
    for code in made:
        bars = zxingcpp.create_barcode(f"http://testserver/k/{code}", zxingcpp.BarcodeFormat.QRCode)
        drawn = Image.fromarray(np.asarray(bars.to_image(scale=8, add_quiet_zones=True)))
        labels.append(drawn.convert("RGB").resize((700, 700)))
    sheet = Image.new("RGB", (1500, 800), "white")
    for at, label in enumerate(labels):
        sheet.paste(label, (750 * at + 25, 50))
    picture = io.BytesIO()
    sheet.save(picture, "JPEG")
    answer = electrician.form(
        "/code/photo", files={"file": ("etykiety.jpg", picture.getvalue(), "image/jpeg")}
    )
    assert answer.status_code == 200
    assert 'action="/code/list"' in answer.text
    assert all(code in answer.text for code in made)


def test_the_claims_page_and_the_api_name_the_codes_that_brought_nothing(
    app: App, of: World, electrician: Browser
) -> None:
    key = app.settings.derive_key(codes.PURPOSE)
    seen, over = (active(app, of)[0], codes.new_code()), codes.new_code()
    with app.database.unit_of_work() as session:
        claim = make.submitted(session, of)
        intake.begin_reading(session, claim_id=claim.id, at=NOON)
        label_claims.complete(
            session, claim_id=claim.id, labels=label_claims.Labels(seen, over=(over,)),
            permitted=seen, pages=(), key=key, at=NOON,
        )  # fmt: skip
    page = electrician.get(f"/claims/{claim.id}").text
    assert "2 kody ze zdjęcia nie dały punktów" in page
    assert "najwyżej 24 kody" in page
    assert "nie możemy go zaliczyć" in page
    assert seen[1] not in page.replace("-", "")
    left = electrician.get(f"/api/v1/claims/{claim.id}").json()["left_codes"]
    assert [one["reason"] for one in left] == ["code-refused", "over-one-picture"]
    assert left[1]["shown"] == codes.masked(codes.grouped(over))


def test_wrong_codes_are_limited_and_good_ones_are_not(
    settings: Settings, engine: sa.Engine, real_database: Database
) -> None:
    """Really committed: what was counted has to outlive the request that was refused."""
    app = App(settings, engine, real_database, open_blobs(settings))
    with app.database.unit_of_work() as session:
        of = make.world(session)
        held = Grant(Role.PARTICIPANT, scope_of("program", of.program.id))
        grant(session, person_id=of.participant.person_id, grant=held, by="test", at=NOON)
        token = sessions.begin(session, person_id=of.participant.person_id, at=clock.now())
    good = active(app, of)
    most = limits.CODE_GUESSES.per_account
    with Browser(build(app), base_url="http://testserver", cookies={"zalicz": token}) as browser:
        for code in good[:2]:
            assert browser.form("/code", {"code": code}).status_code == 303
        wrong = [codes.new_code() for _ in range(most + 1)]
        answers = [browser.form("/code", {"code": code}).status_code for code in wrong]
        assert answers == [422] * most + [429]
        # Whoever guessed too often may not go on with a good one: it could be the next guess.
        assert browser.form("/code", {"code": good[2]}).status_code == 429
    with app.database.unit_of_work() as session:
        assert session.exec(select(sa.func.count(ProductCode.claim_id))).one() == 2


def test_a_slip_of_the_finger_is_no_guess(app: App, of: World, electrician: Browser) -> None:
    code = active(app, of)[0]
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    for _ in range(limits.CODE_GUESSES.per_account + 2):
        assert electrician.form("/code", {"code": wrong}).status_code == 422
    assert electrician.form("/code", {"code": code}).status_code == 303


def test_many_codes_are_sent_at_once_and_each_is_answered(
    app: App, of: World, electrician: Browser
) -> None:
    one, two, three = active(app, of)
    electrician.form("/code", {"code": three})
    wrong = one[:-1] + ("2" if one[-1] != "2" else "3")
    unknown = codes.new_code()
    typed = "\n".join(
        [codes.grouped(one), f"http://testserver/k/{two}", one, three, wrong, unknown]
    )
    answer = electrician.form("/code/list", {"codes": typed, "idempotency_key": "code-list-key-1"})
    assert answer.status_code == 200
    for said in ("Zaliczono 2 kody", "zaliczony wcześniej", "literówka", "nie możemy go zaliczyć"):
        assert said in answer.text
    for code in (one, two, three, unknown):
        assert codes.grouped(code) not in answer.text  # A kept answer is no list of codes.
        assert code not in answer.text
    again = electrician.form("/code/list", {"codes": typed, "idempotency_key": "code-list-key-1"})
    assert again.text == answer.text
    with app.database.unit_of_work() as session:
        assert ledger.balance(session, addresses.active(of.participant.id)) == 45


@pytest.mark.parametrize("typed", ["", " \n ", "\n".join(codes.new_code() for _ in range(51))])
def test_no_codes_and_too_many_are_asked_for_again(electrician: Browser, typed: str) -> None:
    answer = electrician.form("/code/list", {"codes": typed})
    assert answer.status_code == 422
    assert "od 1 do 50" in answer.text


def test_codes_of_photos_are_put_on_the_list(app: App, of: World, electrician: Browser) -> None:
    code = active(app, of)[0]
    bars = zxingcpp.create_barcode(f"http://testserver/k/{code}", zxingcpp.BarcodeFormat.QRCode)
    picture = io.BytesIO()
    modules = np.asarray(bars.to_image(scale=8, add_quiet_zones=True))
    Image.fromarray(modules).convert("RGB").resize((900, 900)).save(picture, "JPEG")
    answer = electrician.form(
        "/code/list/photos",
        {"codes": "4F7K"},
        files={"files": ("etykieta.jpg", picture.getvalue(), "image/jpeg")},
    )
    assert answer.status_code == 200
    assert f"4F7K\n{code}</textarea>" in answer.text
    assert electrician.form("/code/list/photos", {"codes": "4F7K"}).status_code == 422
    with app.database.unit_of_work() as session:
        assert session.exec(select(Claim)).all() == []


def test_a_list_of_wrong_codes_stops_at_the_limit(
    settings: Settings, engine: sa.Engine, real_database: Database
) -> None:
    app = App(settings, engine, real_database, open_blobs(settings))
    with app.database.unit_of_work() as session:
        of = make.world(session)
        held = Grant(Role.PARTICIPANT, scope_of("program", of.program.id))
        grant(session, person_id=of.participant.person_id, grant=held, by="test", at=NOON)
        token = sessions.begin(session, person_id=of.participant.person_id, at=clock.now())
    good = active(app, of)[0]
    most = limits.CODE_GUESSES.per_account
    sent = [codes.new_code() for _ in range(most)] + [good]
    with Browser(build(app), base_url="http://testserver", cookies={"zalicz": token}) as browser:
        headers = {"x-csrf-token": browser.csrf, "idempotency-key": "code-list-1"}
        answer = browser.post("/api/v1/code-claims/list", json={"codes": sent}, headers=headers)
    outcomes = [one["outcome"] for one in answer.json()["codes"]]
    assert outcomes == ["refused"] * most + ["too_many"]
    with app.database.unit_of_work() as session:
        assert session.exec(select(sa.func.count(ProductCode.claim_id))).one() == 0


def test_programs_claim_codes_too(app: App, of: World, electrician: Browser) -> None:
    code = active(app, of)[0]
    headers = {"x-csrf-token": electrician.csrf, "idempotency-key": "code-key-1"}
    sent = {"code": codes.grouped(code)}
    paid = electrician.post("/api/v1/code-claims", json=sent, headers=headers)
    assert paid.status_code == 201
    assert (paid.json()["points"], paid.json()["status"]) == (15, "approved")
    repeated = electrician.post("/api/v1/code-claims", json=sent, headers=headers)
    assert repeated.json() == paid.json()
    headers["idempotency-key"] = "code-key-2"
    own = electrician.post("/api/v1/code-claims", json=sent, headers=headers)
    assert (own.status_code, own.json()["claim_id"]) == (409, paid.json()["id"])
    headers["idempotency-key"] = "code-key-3"
    unknown = electrician.post(
        "/api/v1/code-claims", json={"code": codes.new_code()}, headers=headers
    )
    assert (unknown.status_code, unknown.json()["type"]) == (422, "/problems/code-refused")


def test_a_program_runs_batches_from_the_plan_to_the_withdrawal(
    app: App, web: FastAPI, of: World
) -> None:
    with app.database.unit_of_work() as session:
        boss = make.person(session, name="Maria Druk").id
    both, read = ("codes:read", "codes:write"), ("codes:read",)
    erp = callers.key_of(app, web, boss, Role.PROGRAM_MANAGER, of.program.id, both)
    reader = callers.key_of(app, web, boss, Role.PROGRAM_MANAGER, of.program.id, read)
    wanted = {"sku": "VX-N210", "size": 3, "units_per_code": 10}
    assert reader.post("/api/v1/code-batches", json=wanted).status_code == 403
    assert erp.post("/api/v1/code-batches", json={**wanted, "sku": "?"}).status_code == 404
    made = erp.post("/api/v1/code-batches", json=wanted, headers={"idempotency-key": "k" * 8})
    again = erp.post("/api/v1/code-batches", json=wanted, headers={"idempotency-key": "k" * 8})
    assert (made.status_code, made.json()["status"]) == (201, "planned"), made.text
    assert again.json() == made.json()
    path = f"/api/v1/code-batches/{made.json()['id']}"
    labels = erp.post(f"{path}/issue?form=pdf")
    assert (labels.status_code, labels.content[:4]) == (200, b"%PDF")
    page = pypdfium2.PdfDocument(labels.content)[0].render(scale=2.5).to_pil()
    printed = [codes.canonical(x.text) for x in zxingcpp.read_barcodes(np.asarray(page))]
    assert len(printed) == 3
    assert erp.post(f"{path}/issue").json()["code"] == "codes-already-issued"
    assert erp.post(f"{path}/activation").json()["status"] == "active"
    lost = {"code": printed[0], "reason": "rozdarta"}
    assert reader.post("/api/v1/code-batches/code-voiding", json=lost).status_code == 403
    assert erp.post("/api/v1/code-batches/code-voiding", json=lost).json()["voided"] == 1
    spent = erp.post("/api/v1/code-batches/code-voiding", json=lost)
    assert (spent.status_code, spent.json()["code"]) == (409, "code-spent")
    assert erp.post(f"{path}/voiding", json={"reason": " "}).status_code == 422
    assert erp.post(f"{path}/voiding", json={"reason": "skradziona"}).json()["status"] == "void"
    listed = reader.get("/api/v1/code-batches").json()
    assert [(x["number"], x["status"], x["voided"]) for x in listed["items"]] == [(1, "void", 1)]
    assert listed["next_before"] is None
    with app.database.unit_of_work() as session:
        other = make.world(session)
    rival = callers.key_of(app, web, boss, Role.PROGRAM_MANAGER, other.program.id, both)
    assert rival.get(path).status_code == 404
    assert rival.post(f"{path}/voiding", json={"reason": "cudza"}).status_code == 404
