"""Many people with one code, and people who guess codes: promises A6 and A19 in any size."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa
from sqlmodel import Session, col, select

from accounts import sessions
from accounts.grants import grant
from accounts.roles import Grant, Role, scope_of
from core import clock
from core.db import Database
from core.runtime import App
from programs import code_batches, codes
from programs import service as programs
from programs.code_tables import ProductCode
from programs.tables import Participant
from tests import make
from tests.conftest import NOON
from tests.races.scenes import Outcome, at_once, attempt, outcome
from tests.web.conftest import Browser
from verification import code_claims
from web.app import build

KEY = b"k" * 32
ACTOR = "person:test"


def person(session: Session, of: make.World) -> Participant:
    return programs.enrol(
        session,
        program=of.program,
        person_id=make.person(session).id,
        company_name="Elektro",
        nip=make.nip(),
        voivodeship="30",
        at=NOON,
    )


def batch(
    session: Session, of: make.World, *, size: int, key: bytes = KEY, active: bool = True
) -> tuple[code_batches.CodeBatch, list[str]]:
    """A batch and its codes, working or only handed out."""
    facts = {"program_id": of.program.id, "actor": ACTOR, "at": NOON}
    made = code_batches.plan(session, product_id=of.socket.id, size=size, **facts)
    handed_out = code_batches.issue(session, batch_id=made.id, key=key, **facts)
    if active:
        code_batches.activate(session, batch_id=made.id, **facts)
    return made, handed_out


def one_code(database: Database, *, people: int, threads: int) -> Outcome:
    """A6: so many people send the same code at the same moment."""
    with database.unit_of_work() as session:
        of = make.world(session)
        _, [code] = batch(session, of, size=1)
        known = [person(session, of) for _ in range(people)]

    def claim(who: Participant, session: Session) -> None:
        code_claims.claim(
            session, program=of.program, participant=who, code=code, key=KEY, actor=ACTOR, at=NOON
        )

    jobs = [partial(attempt, database, partial(claim, who)) for who in known]
    found = outcome(database, at_once(jobs, threads=threads))
    with database.unit_of_work() as session:
        used = session.exec(
            select(sa.func.count()).where(
                col(ProductCode.claim_id).is_not(None),
                ProductCode.code_hmac == codes.digest(code, key=KEY),
            )
        ).one()
    assert used == found.won
    return found


@dataclass(frozen=True, slots=True)
class Guessing:
    """How many wrong codes were looked up, how many were stopped, what else was answered."""

    looked_up: int
    stopped: int
    others: tuple[str, ...]


def guessing(
    app: App,
    *,
    accounts: int,
    each: int,
    networks: int = 1,
    first_network: int = 1,
    threads: int = 8,
) -> Guessing:
    """A19: so many accounts guess, each so often, from so many networks at the same time."""
    with app.database.unit_of_work() as session:
        of = make.world(session)
        tokens = [_signed_in(session, of) for _ in range(accounts)]
    web = build(app)

    def guess(number: int) -> Counter[int]:
        host = f"10.{first_network + number % networks}.7.9"
        with Browser(
            web,
            base_url="http://testserver",
            cookies={"zalicz": tokens[number]},
            client=(host, 1000 + number),
        ) as browser:
            return Counter(
                browser.form("/code", {"code": codes.new_code()}).status_code for _ in range(each)
            )

    answers: Counter[int] = Counter()

    counting = threading.Lock()

    def run(number: int) -> str:
        found = guess(number)
        with counting:
            answers.update(found)
        return ""

    at_once([partial(run, number) for number in range(accounts)], threads=threads)
    others = tuple(f"{status}" for status in answers if status not in (422, 429))
    return Guessing(answers[422], answers[429], others)


def _signed_in(session: Session, of: make.World) -> str:
    who = person(session, of)
    held = Grant(Role.PARTICIPANT, scope_of("program", of.program.id))
    grant(session, person_id=who.person_id, grant=held, by="test", at=NOON)
    return sessions.begin(session, person_id=who.person_id, at=clock.now())


def answers_to_a_stranger(app: App) -> set[tuple[int, str]]:
    """What somebody hears of codes that are unknown, early, void, withdrawn, foreign and used."""
    key = app.settings.derive_key(codes.PURPOSE)
    with app.database.unit_of_work() as session:
        of, other = make.world(session), make.world(session)
        token = _signed_in(session, of)
        early = batch(session, of, size=1, key=key, active=False)[1][0]
        gone, [void] = batch(session, of, size=1, key=key)
        facts = {"program_id": of.program.id, "actor": ACTOR, "at": NOON}
        code_batches.void(session, batch_id=gone.id, reason="x", **facts)
        torn, taken = batch(session, of, size=2, key=key)[1]
        code_batches.void_code(session, code=torn, key=key, reason="x", **facts)
        foreign = batch(session, other, size=1, key=key)[1][0]
        code_claims.claim(
            session, program=of.program, participant=person(session, of), code=taken, key=key,
            actor=ACTOR, at=NOON,
        )  # fmt: skip
    heard = set()
    with Browser(build(app), base_url="http://testserver", cookies={"zalicz": token}) as browser:
        for number, code in enumerate((codes.new_code(), early, void, torn, foreign, taken)):
            answer = browser.post(
                "/api/v1/code-claims",
                json={"code": code},
                headers={"x-csrf-token": browser.csrf, "idempotency-key": f"stranger-{number}"},
            )
            said = {k: v for k, v in answer.json().items() if k != "request_id"}
            heard.add((answer.status_code, repr(sorted(said.items()))))
    return heard
