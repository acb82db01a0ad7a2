"""Claims over the API: sent once, explained line by line, and nobody else's."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx2 import Response
from PIL import Image
from sqlmodel import select

from accounts.grants import grant
from accounts.roles import Grant, Role, scope_of
from accounts.tables import Person
from claims import queries, service
from claims.document_tables import Document, DocumentFile
from claims.extraction import PageImage
from claims.states import ClaimStatus, ReasonCode, Verdict
from claims.tables import Channel, Claim
from core import clock
from core.runtime import App
from programs import service as programs
from tests import make
from tests.conftest import NOON
from tests.web import callers
from tests.web.conftest import Browser, SignIn
from verification import asking, decisions
from verification.judging import LineVerdict


@pytest.fixture
def of(app: App) -> make.World:
    with app.database.unit_of_work() as session:
        return make.world(session)


@pytest.fixture
def caller(app: App, web: FastAPI, of: make.World) -> Browser:
    return callers.participant(app, web, of)


def send(caller: Browser, key: str, *names: str, content: bytes = b"%PDF-1.7") -> Response:
    files = [("files", (name, content + name.encode(), "application/pdf")) for name in names]
    return caller.post(
        "/api/v1/claims",
        files=files,
        data={"note": "z budowy"},
        headers={"idempotency-key": key},
    )


def claims_of(app: App) -> list[Claim]:
    with app.database.unit_of_work() as session:
        return list(session.exec(select(Claim)))


def test_several_files_become_one_claim_with_an_address(app: App, caller: Browser) -> None:
    answer = send(caller, "key-0001", "1.pdf", "2.pdf")
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert answer.headers["location"] == f"/api/v1/claims/{made['id']}"
    assert (made["status"], made["note"], made["lines"]) == ("submitted", "z budowy", [])
    assert made["may_cancel"] is True
    assert caller.get(answer.headers["location"]).json() == made
    with app.database.unit_of_work() as session:
        [claim] = session.exec(select(Claim)).all()
        files = session.exec(
            select(DocumentFile).join(Document).where(Document.claim_id == claim.id)
        ).all()
        assert claim.channel is Channel.API
        assert sorted(file.name for file in files) == ["1.pdf", "2.pdf"]
        assert app.blobs.get(files[0].sha256).startswith(b"%PDF-1.7")


def test_the_same_key_makes_one_claim_and_one_answer(app: App, caller: Browser) -> None:
    answers = [send(caller, "key-0001", "1.pdf") for _ in range(3)]
    assert {(a.status_code, a.text, a.headers["location"]) for a in answers} == {
        (201, answers[0].text, answers[0].headers["location"])
    }
    assert len(claims_of(app)) == 1
    other = send(caller, "key-0001", "2.pdf")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert len(claims_of(app)) == 1


def test_a_proof_without_a_key_is_refused(app: App, caller: Browser) -> None:
    answer = caller.post("/api/v1/claims", files=[("files", ("1.pdf", b"x", "application/pdf"))])
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-missing")
    assert answer.headers["content-type"] == "application/problem+json"
    assert claims_of(app) == []


def test_no_file_too_many_files_and_a_broken_body_are_named(app: App, caller: Browser) -> None:
    none = caller.post(
        "/api/v1/claims", json={"files": []}, headers={"idempotency-key": "key-0001"}
    )
    many = send(caller, "key-0002", *(f"{n}.pdf" for n in range(11)))
    long = caller.post(
        "/api/v1/claims",
        files=[("files", ("1.pdf", b"x", "application/pdf"))],
        data={"note": "x" * 1001},
        headers={"idempotency-key": "key-0003"},
    )
    assert [(a.status_code, a.json()["code"]) for a in (none, many, long)] == [
        (422, "no-files"),
        (422, "too-many-files"),
        (422, "invalid"),
    ]
    assert long.json()["errors"] == [{"field": "note", "problem": "string_too_long"}]
    assert claims_of(app) == []


def test_a_file_beyond_the_limit_is_refused_and_leaves_the_key_free(
    app: App, caller: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(service, "MAX_FILE_BYTES", 1000)
        answer = send(caller, "key-0001", "1.pdf", content=b"x" * 1001)
        assert (answer.status_code, answer.json()["code"]) == (413, "file-too-large")
        assert claims_of(app) == []
    assert send(caller, "key-0001", "1.pdf").status_code == 201


def test_a_body_beyond_the_limit_is_refused_before_it_is_read(app: App, caller: Browser) -> None:
    answer = caller.post(
        "/api/v1/claims",
        content=b"",
        headers={
            "content-type": "multipart/form-data; boundary=x",
            "content-length": str(61 * 1024 * 1024),
            "idempotency-key": "key-0001",
        },
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")
    assert claims_of(app) == []


def test_a_decided_claim_explains_every_line(app: App, caller: Browser, of: make.World) -> None:
    with app.database.unit_of_work() as session:
        review = make.awaiting(session, of)
        claim_id = review.claim_id
    waiting = caller.get(f"/api/v1/claims/{claim_id}").json()
    assert (waiting["status"], waiting["points"], waiting["decided"]) == (
        "awaiting_partner",
        1380,
        False,
    )
    with app.database.unit_of_work() as session:
        sockets, boards, _cable = queries.list_lines(session, claim_id)
        decisions.decide(
            session,
            review=make.review_of(session, claim_id),
            clerk=of.clerk,
            verdicts=[
                LineVerdict(sockets.id, Verdict.APPROVE),
                LineVerdict(boards.id, Verdict.REJECT, ReasonCode.SUSPECTED_FORGERY),
            ],
            at=NOON,
        )
    shown = caller.get(f"/api/v1/claims/{claim_id}").json()
    assert (shown["status"], shown["points"]) == ("partially_approved", 900)
    assert (shown["seller"], shown["document_number"]) == ("Elmet, Poznań", "FV/1184/11/2026")
    assert shown["purchased_on"] == "2026-11-18"
    paid, refused, outside = shown["lines"]
    assert (paid["verdict"], paid["reason"], paid["points"]) == ("paid", "counted", 900)
    assert [(s["stage"], s["clause"]) for s in paid["steps"]] == [("base", "Osprzęt Nova")]
    assert float(paid["unit_price"]) == 10
    # What the partner suspects is not told by a code either.
    assert (refused["verdict"], refused["reason"], refused["steps"]) == ("rejected", "other", [])
    assert (outside["verdict"], outside["reason"]) == ("outside", "not_in_program")
    assert shown["events"][0]["status"] == "submitted"
    assert shown["events"][-1]["status"] == "partially_approved"
    assert shown["may_cancel"] is False
    assert shown["appeal_until"] is not None


def test_the_list_comes_in_pieces_newest_first(app: App, caller: Browser, of: make.World) -> None:
    with app.database.unit_of_work() as session:
        ids = [
            str(make.submitted(session, of, at=NOON + timedelta(minutes=n // 2)).id)
            for n in range(5)
        ]
    seen: list[str] = []
    cursor = ""
    for _ in range(4):
        piece = caller.get("/api/v1/claims", params={"limit": 2, "cursor": cursor}).json()
        seen += [claim["id"] for claim in piece["items"]]
        cursor = piece["next_cursor"]
        if cursor is None:
            break
    assert sorted(seen) == sorted(ids)
    assert seen[0] == ids[4]
    assert caller.get("/api/v1/claims?show=paid").json() == {"items": [], "next_cursor": None}
    assert len(caller.get("/api/v1/claims?show=open").json()["items"]) == 5


@pytest.mark.parametrize(
    "query", ["cursor=x", "cursor=MjAyNi0xMS0yMHww", "limit=0", "limit=x", "limit=201", "show=all"]
)
def test_a_list_asked_for_wrongly_is_a_problem_document(caller: Browser, query: str) -> None:
    answer = caller.get(f"/api/v1/claims?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.headers["content-type"] == "application/problem+json"


def test_cancelling_twice_with_one_key_is_one_cancellation(
    app: App, caller: Browser, of: make.World
) -> None:
    with app.database.unit_of_work() as session:
        claim_id = make.submitted(session, of).id
    path = f"/api/v1/claims/{claim_id}/cancellation"
    answers = [caller.post(path, headers={"idempotency-key": "key-0001"}) for _ in range(2)]
    assert {(a.status_code, a.text) for a in answers} == {(200, answers[0].text)}
    assert answers[0].json()["status"] == "cancelled"
    again = caller.post(path)
    assert (again.status_code, again.json()["code"]) == (409, "illegal-transition")
    with app.database.unit_of_work() as session:
        events = queries.list_events(session, claim_id)
        assert [e.status for e in events] == [ClaimStatus.SUBMITTED, ClaimStatus.CANCELLED]
        assert events[-1].actor.startswith("api_key:")


def test_a_question_is_answered_with_words_and_pages(
    app: App, caller: Browser, of: make.World
) -> None:
    with app.database.unit_of_work() as session:
        review = make.awaiting(session, of)
        claim_id = review.claim_id
        asking.ask(
            session, review_id=review.id, clerk=of.clerk, text="Druga strona?", at=clock.now()
        )
    address = f"/api/v1/claims/{claim_id}"
    [asked] = caller.get(address).json()["messages"]
    assert (asked["text"], asked["mine"]) == ("Druga strona?", False)
    keyed = {"idempotency-key": "answer-1-2-3"}
    empty = caller.post(f"{address}/answers", data={"text": " "}, headers=keyed)
    assert (empty.status_code, empty.json()["field"]) == (422, "answer")
    sent = {"data": {"text": "Proszę."}, "files": {"files": ("2.pdf", b"%PDF-1.7 dwa")}}
    answers = [
        caller.post(f"{address}/answers", **sent, headers={"idempotency-key": "answer-4-5-6"})  # type: ignore[arg-type]
        for _ in range(2)
    ]
    assert [one.status_code for one in answers] == [200, 200], answers[0].text
    assert answers[0].json() == answers[1].json()
    assert [one["text"] for one in answers[0].json()["messages"]] == ["Druga strona?", "Proszę."]
    assert answers[0].json()["status"] == "reading"
    late = caller.post(
        f"{address}/answers", data={"text": "Jeszcze"}, headers={"idempotency-key": "answer-7-8"}
    )
    assert late.status_code == 409


def test_the_claim_of_another_looks_like_one_that_is_not_there(
    app: App, web: FastAPI, of: make.World
) -> None:
    with app.database.unit_of_work() as session:
        claim_id = make.submitted(session, of).id
    other = callers.stranger(app, web, of)
    absent = uuid4()
    for method, path in (
        ("GET", "/api/v1/claims/{}"),
        ("GET", "/api/v1/claims/{}/pages/1"),
        ("POST", "/api/v1/claims/{}/cancellation"),
    ):
        foreign = other.request(method, path.format(claim_id))
        missing = other.request(method, path.format(absent))
        assert foreign.status_code == missing.status_code == 404
        told = [
            {k: v for k, v in a.json().items() if k not in ("instance", "request_id")}
            for a in (foreign, missing)
        ]
        assert told[0] == told[1]
    assert other.get("/api/v1/claims").json()["items"] == []
    assert claims_of(app)[0].status is ClaimStatus.SUBMITTED


def test_a_page_of_the_proof_is_a_picture(app: App, caller: Browser, of: make.World) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(drawn, "JPEG")
    sha256 = app.blobs.put(drawn.getvalue())
    with app.database.unit_of_work() as session:
        claim = make.submitted(session, of)
        make.read(
            session,
            claim,
            make.reading(of),
            pages=[PageImage(sha256, "image/jpeg", 40, 60)],
        )
    path = f"/api/v1/claims/{claim.id}"
    assert caller.get(path).json()["pages"] == [{"number": 1, "width": 40, "height": 60}]
    page = caller.get(f"{path}/pages/1")
    assert (page.status_code, page.content) == (200, drawn.getvalue())
    assert page.headers["content-type"] == "image/jpeg"
    assert page.headers["cache-control"] == "private, max-age=3600"
    absent = caller.get(f"{path}/pages/2")
    assert (absent.status_code, absent.json()["code"]) == (404, "claim-not-found")


def test_a_key_reads_no_more_than_it_may(app: App, web: FastAPI, of: make.World) -> None:
    reader = callers.key_of(
        app, web, of.participant.person_id, Role.PARTICIPANT, of.program.id, ["claims:read"]
    )
    assert reader.get("/api/v1/claims").status_code == 200
    refused = send(reader, "key-0001", "1.pdf")
    assert (refused.status_code, refused.json()["permission"]) == (403, "claims:write")
    assert reader.get("/api/v1/points").status_code == 403
    assert claims_of(app) == []


def test_a_key_for_one_programme_opens_no_other_of_its_maker(
    app: App, web: FastAPI, of: make.World
) -> None:
    with app.database.unit_of_work() as session:
        second = make.world(session)
        make.submitted(session, of)
        programs.enrol(
            session,
            program=second.program,
            person_id=of.participant.person_id,
            company_name="Instalacje Marek Wrona",
            nip=make.nip(),
            voivodeship="30",
            at=NOON + timedelta(days=1),
        )
    key = callers.key_of(app, web, of.participant.person_id, Role.PARTICIPANT, second.program.id)
    assert key.get("/api/v1/claims").json()["items"] == []
    assert callers.participant(app, web, of).get("/api/v1/claims").json()["items"] != []


def test_a_session_needs_the_token_of_its_form(app: App, of: make.World, sign_in: SignIn) -> None:
    with app.database.unit_of_work() as session:
        claim_id = make.submitted(session, of).id
        person = session.get_one(Person, of.participant.person_id)
        held = Grant(Role.PARTICIPANT, scope_of("program", of.program.id))
        grant(session, person_id=person.id, grant=held, by="test", at=NOON)
    browser = sign_in(person=person)
    path = f"/api/v1/claims/{claim_id}/cancellation"
    refused = browser.post(path)
    assert (refused.status_code, refused.json()["code"]) == (403, "form-expired")
    assert claims_of(app)[0].status is ClaimStatus.SUBMITTED
    assert browser.post(path, headers={"x-csrf-token": browser.csrf}).status_code == 200
