"""Messages on their way: a real SMTP server, a real HTTP adapter, and both when they misbehave."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession
from pydantic import SecretStr
from sqlmodel import select

from accounts.contacts import parse
from core import queue
from core.queue import Work, WorkStatus
from core.runtime import App
from messages import delivery, service, sign_in
from messages.tables import Delivery, DeliveryStatus
from tests.accounts import make
from tests.conftest import NOON
from workers.runtime import Handler, run_attempt

HANDLERS = {service.DELIVER.name: Handler(delivery.deliver, give_up=delivery.give_up)}


@dataclass
class Mailbox:
    """What an SMTP server took, and how it answers."""

    answer: str = "250 OK"
    letters: list[EmailMessage] = field(default_factory=list)
    refuse: str = ""

    async def handle_RCPT(
        self, server: SMTP, session: SmtpSession, envelope: Envelope, address: str, options: object
    ) -> str:
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: SmtpSession, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        made = message_from_bytes(envelope.content, policy=default)
        assert isinstance(made, EmailMessage)
        self.letters.append(made)
        return self.answer


class FreePort(Controller):
    """Listens on a port that the system chose, and finds out which."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    box = Mailbox()
    controller = FreePort(box, hostname="127.0.0.1", port=0)
    controller.start()
    yield box, controller.port
    controller.stop()


@dataclass
class Adapter:
    status: int = 202
    taken: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture
def adapter() -> Iterator[tuple[Adapter, str]]:
    box = Adapter()

    class Handle(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if box.status < 300:
                box.taken.append(json.loads(body))
            self.send_response(box.status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            del args

    server = HTTPServer(("127.0.0.1", 0), Handle)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield box, f"http://127.0.0.1:{server.server_port}/sms"
    server.shutdown()
    server.server_close()
    thread.join()


def sending(app: App, **settings: str) -> App:
    """The same application with senders."""
    secret = {name: SecretStr(value) for name, value in settings.items()}
    return App(app.settings.model_copy(update=secret), app.engine, app.database, app.blobs)


def asked(app: App, contact: str = "ewa@example.com") -> UUID:
    with app.database.unit_of_work() as session:
        sign_in.send_code(session, contact=parse(contact), visitor="v" * 20, language="pl", at=NOON)
        return session.exec(select(Delivery.id)).one()


def run(app: App, *, starts: int = 1) -> None:
    """Let a worker try the waiting delivery, as the relay would ring it."""
    for _ in range(starts):
        with app.database.unit_of_work() as session:
            work = session.exec(select(Work)).one()
            [ring] = queue.take_due(session, at=work.not_before, queue="default", room=1) or [None]
        if ring is None:
            return
        run_attempt(app, HANDLERS, work_id=ring.work_id, attempt=ring.attempt)


def status(app: App) -> DeliveryStatus:
    with app.database.unit_of_work() as session:
        return session.exec(select(Delivery.status)).one()


def test_a_letter_arrives_with_its_code_in_text_and_html(
    app: App, mailbox: tuple[Mailbox, int]
) -> None:
    box, port = mailbox
    app = sending(app, smtp_url=f"smtp://127.0.0.1:{port}")
    delivery_id = asked(app)
    run(app)
    [letter] = box.letters
    assert letter["to"] == "ewa@example.com"
    assert letter["message-id"] == f"<{delivery_id}@zalicz.example>"
    plain = letter.get_body(("plain",))
    markup = letter.get_body(("html",))
    assert plain is not None
    assert markup is not None
    code = letter["subject"][:6]
    assert code.isdecimal()
    assert code in plain.get_content()
    assert code in markup.get_content()
    assert "jednorazowy" in plain.get_content()
    assert status(app) is DeliveryStatus.SENT


def test_a_delivery_that_is_asked_for_again_is_not_sent_again(
    app: App, mailbox: tuple[Mailbox, int]
) -> None:
    box, port = mailbox
    app = sending(app, smtp_url=f"smtp://127.0.0.1:{port}")
    delivery_id = asked(app)
    run(app)
    with app.database.unit_of_work() as session:
        queue.later(session, service.DELIVER, key="again", at=NOON, delivery_id=str(delivery_id))
        session.flush()
        again = session.exec(select(Work).where(Work.key == "again")).one()
        [ring] = queue.take_due(session, at=again.not_before, queue="default", room=1)
    run_attempt(app, HANDLERS, work_id=ring.work_id, attempt=ring.attempt)
    assert len(box.letters) == 1


def test_without_a_server_a_message_stays_in_the_outbox(app: App) -> None:
    asked(app)
    run(app)
    assert status(app) is DeliveryStatus.KEPT


def test_a_server_that_is_away_is_tried_again(app: App) -> None:
    app = sending(app, smtp_url="smtp://127.0.0.1:9")
    asked(app)
    run(app)
    assert status(app) is DeliveryStatus.WAITING
    with app.database.unit_of_work() as session:
        work = session.exec(select(Work)).one()
    assert work.status is WorkStatus.WAITING
    assert "Undelivered" in work.last_error
    assert "ewa@example.com" not in work.last_error


def test_a_server_that_stays_away_is_given_up(app: App) -> None:
    app = sending(app, smtp_url="smtp://127.0.0.1:9")
    asked(app)
    run(app, starts=4)
    with app.database.unit_of_work() as session:
        work = session.exec(select(Work)).one()
        assert work.lease_until is not None
        [lost] = queue.take_exhausted(session, at=work.lease_until.replace(year=2030))
        delivery.give_up(session, at=NOON, error=lost.last_error, **lost.arguments)
    assert status(app) is DeliveryStatus.FAILED


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("550 no such mailbox", DeliveryStatus.FAILED),
        ("451 try later", DeliveryStatus.WAITING),
    ],
)
def test_a_refused_recipient_is_not_tried_again_but_a_busy_server_is(
    app: App, mailbox: tuple[Mailbox, int], answer: str, expected: DeliveryStatus
) -> None:
    box, port = mailbox
    box.refuse = answer
    app = sending(app, smtp_url=f"smtp://127.0.0.1:{port}")
    asked(app)
    run(app)
    assert status(app) is expected
    assert box.letters == []


def test_a_password_is_never_sent_in_the_clear(app: App, mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    app = sending(app, smtp_url=f"smtp://user:secret@127.0.0.1:{port}")
    asked(app)
    run(app)
    assert box.letters == []
    assert status(app) is DeliveryStatus.WAITING


def test_an_sms_goes_through_the_adapter(app: App, adapter: tuple[Adapter, str]) -> None:
    box, url = adapter
    app = sending(app, sms_url=url)
    delivery_id = asked(app, "601 234 567")
    run(app)
    [taken] = box.taken
    assert taken["to"] == "+48601234567"
    assert taken["id"] == str(delivery_id)
    assert "Twój kod to" in taken["text"]
    assert status(app) is DeliveryStatus.SENT


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (500, DeliveryStatus.WAITING),
        (429, DeliveryStatus.WAITING),
        (302, DeliveryStatus.WAITING),
        (422, DeliveryStatus.FAILED),
    ],
)
def test_an_adapter_may_refuse_or_be_busy(
    app: App, adapter: tuple[Adapter, str], answer: int, expected: DeliveryStatus
) -> None:
    box, url = adapter
    box.status = answer
    app = sending(app, sms_url=url)
    asked(app, "601 234 567")
    run(app)
    assert status(app) is expected


def test_sms_never_leaves_unencrypted(app: App) -> None:
    app = sending(app, sms_url="http://sms.example/send")
    asked(app, "601 234 567")
    run(app)
    assert status(app) is DeliveryStatus.WAITING


def test_a_name_cannot_break_out_of_its_line(app: App, mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    app = sending(app, smtp_url=f"smtp://127.0.0.1:{port}")
    with app.database.unit_of_work() as session:
        who = make.person(session, email="ewa@example.com", name="E\r\nBcc: x@example.com")
        service.notify(session, person_id=who.id, kind="password-changed", event_key="x", at=NOON)
    run(app)
    [letter] = box.letters
    assert letter["bcc"] is None
