"""Invoices that come by e-mail become claims of their sender, once, and of nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlmodel import Session, select

from accounts.tables import Person
from claims import mail, service
from claims.document_tables import Document, DocumentFile
from claims.mail_tables import MailMessage, MailOutcome
from claims.tables import Channel, Claim
from core import clock
from core.runtime import App
from messages.tables import Notice
from tests import make
from tests.conftest import NOON
from tests.workers import imap_server
from workers import imap, mailbox
from workers.runtime import Task

PDF, XML, PHOTO = b"%PDF-1.7 faktura", b"<Faktura/>", b"\xff\xd8\xff" + b"x" * 30_000


@pytest.fixture
def box() -> Iterator[imap_server.Box]:
    with imap_server.serving() as opened:
        yield opened


@pytest.fixture
def of(app: App, monkeypatch: pytest.MonkeyPatch) -> make.World:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    with app.database.unit_of_work() as session:
        return make.world(session)


def sender_of(app: App, of: make.World) -> str:
    with app.database.unit_of_work() as session:
        return session.get_one(Person, of.participant.person_id).email or ""


def message(sender: str, *files: tuple[str, str, bytes], number: int = 1, **headers: str) -> bytes:
    made = EmailMessage()
    made["From"], made["To"] = f"Marek <{sender}>", "punkty@example.com"
    made["Subject"], made["Message-ID"] = "faktura", f"<{number}@example.com>"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content("W załączniku.")
    for name, media_type, data in files:
        major, minor = media_type.split("/")
        made.add_attachment(data, maintype=major, subtype=minor, filename=name)
    return made.as_bytes()


def poll(app: App, box: imap_server.Box) -> None:
    settings = app.settings.model_copy(update={"imap_url": SecretStr(box.url)})
    running = replace(app, settings=settings)
    mailbox.poll(running, Task(running, 0, 0, NOON))


def claims_of(app: App) -> list[Claim]:
    with app.database.unit_of_work() as session:
        return list(session.exec(select(Claim).order_by(Claim.number)))  # type: ignore[arg-type]


def notices(app: App) -> list[str]:
    with app.database.unit_of_work() as session:
        return sorted(session.exec(select(Notice.kind)))


def outcomes(app: App) -> list[MailOutcome]:
    with app.database.unit_of_work() as session:
        return list(session.exec(select(MailMessage.outcome)))


def test_each_document_of_a_message_becomes_a_claim_of_its_sender(
    app: App, of: make.World, box: imap_server.Box
) -> None:
    files = (
        ("a.pdf", "application/pdf", PDF),
        ("b.pdf", "application/pdf", PDF + b"2"),
        ("1.jpg", "image/jpeg", PHOTO),
        ("2.jpg", "image/jpeg", PHOTO + b"2"),
        ("logo.png", "image/png", b"small"),
        ("umowa.docx", "application/msword", b"doc"),
    )
    box.messages.append(message(sender_of(app, of), *files))
    poll(app, box)
    made = claims_of(app)
    assert [c.channel for c in made] == [Channel.EMAIL] * 3
    assert {c.participant_id for c in made} == {of.participant.id}
    with app.database.unit_of_work() as session:
        names = [
            sorted(
                session.exec(
                    select(DocumentFile.name).join(Document).where(Document.claim_id == c.id)
                )
            )
            for c in made
        ]
    assert names == [["a.pdf"], ["b.pdf"], ["1.jpg", "2.jpg"]]
    assert box.seen == {1}
    assert notices(app) == ["mail-taken"]


def test_an_xml_and_its_print_are_one_document(
    app: App, of: make.World, box: imap_server.Box
) -> None:
    files = (("f.pdf", "application/pdf", PDF), ("f.xml", "application/octet-stream", XML))
    box.messages.append(message(sender_of(app, of), *files))
    poll(app, box)
    assert len(claims_of(app)) == 1


def test_a_message_that_comes_again_makes_nothing_more(
    app: App, of: make.World, box: imap_server.Box
) -> None:
    sent = message(sender_of(app, of), ("a.pdf", "application/pdf", PDF))
    box.messages += [sent, sent]
    poll(app, box)
    box.seen.clear()  # The server forgot what we had marked.
    poll(app, box)
    assert len(claims_of(app)) == 1
    assert notices(app) == ["mail-taken"]


def test_a_stranger_is_answered_once_and_makes_nothing(
    app: App, of: make.World, box: imap_server.Box
) -> None:
    for number in range(3):
        sent = message("obcy@example.org", ("a.pdf", "application/pdf", PDF), number=number)
        box.messages.append(sent)
    poll(app, box)
    assert claims_of(app) == []
    assert notices(app) == ["mail-unknown"]
    assert outcomes(app) == [MailOutcome.UNKNOWN_SENDER] * 3
    with app.database.unit_of_work() as session:
        assert "obcy" not in " ".join(session.exec(select(MailMessage.sender_sha256)))


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List_Id": "<lista.example.com>"},
        {"Return_Path": "<>"},
    ],
    ids=["auto-replied", "bulk", "list", "bounce"],
)
def test_an_automatic_message_is_never_answered(
    app: App, of: make.World, box: imap_server.Box, headers: dict[str, str]
) -> None:
    box.messages.append(message(sender_of(app, of), ("a.pdf", "application/pdf", PDF), **headers))
    poll(app, box)
    assert (claims_of(app), notices(app), outcomes(app)) == ([], [], [MailOutcome.AUTOMATIC])


def test_a_message_without_a_proof_is_told_so(
    app: App, of: make.World, box: imap_server.Box
) -> None:
    box.messages.append(message(sender_of(app, of)))
    poll(app, box)
    assert (claims_of(app), notices(app)) == ([], ["mail-refused"])


def test_what_goes_over_a_limit_makes_no_claim_at_all(
    app: App, of: make.World, box: imap_server.Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "QUOTA_FILES_A_DAY", 1)
    files = (("a.pdf", "application/pdf", PDF), ("b.pdf", "application/pdf", PDF + b"2"))
    box.messages.append(message(sender_of(app, of), *files))
    poll(app, box)
    assert (claims_of(app), outcomes(app)) == ([], [MailOutcome.REFUSED])
    assert notices(app) == ["mail-refused"]


def test_a_wrong_password_waits_for_the_next_turn(
    app: App, of: make.World, box: imap_server.Box
) -> None:
    box.messages.append(message(sender_of(app, of), ("a.pdf", "application/pdf", PDF)))
    url = box.url
    box.password = "inne"
    with pytest.raises(imap.MailboxAway), imap.opened(url):
        pass
    poll(app, replace(box, password="haslo"))
    assert (claims_of(app), box.seen) == ([], set())


def test_without_an_address_nothing_is_asked(app: App) -> None:
    assert app.settings.imap_url.get_secret_value() == ""
    mailbox.poll(app, Task(app, 0, 0, NOON))


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00\xff" * 50, b"From: =?x?=\n\n", b"From: a@b\nContent-Type: multipart/mixed\n\nx"],
    ids=["empty", "noise", "broken-header", "no-boundary"],
)
def test_nothing_in_a_message_makes_reading_it_fail(data: bytes) -> None:
    assert mail.parse(data).files == ()


def test_a_path_in_a_file_name_stays_a_name(session: Session) -> None:
    del session
    sent = message("a@example.com", ("../../etc/f.pdf", "application/pdf", PDF))
    [file] = mail.parse(sent).files
    assert Path(file.name).name == file.name == "f.pdf"
