"""Invoices that come by e-mail become claims of their sender, once, and of nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlmodel import Session, select

from accounts.tables import Person
from claims import mail, service
from claims.document_tables import Document, DocumentFile
from claims.mail_tables import MailMessage, MailOutcome
from claims.states import ClaimStatus
from claims.tables import Channel, Claim
from core import clock
from core.columns import new_id
from core.errors import IllegalTransition
from core.queue import Work
from core.runtime import App
from messages import render
from messages.tables import Notice
from programs.service import enrol
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
    headers.setdefault("Authentication_Results", PROVEN)
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content("W załączniku.")
    for name, media_type, data in files:
        major, minor = media_type.split("/")
        made.add_attachment(data, maintype=major, subtype=minor, filename=name)
    return made.as_bytes()


PROVEN = "mx.example.com; dmarc=pass (p=reject) header.from=example.pl"


def poll(app: App, box: imap_server.Box, *, server: str = "mx.example.com") -> None:
    update = {"imap_url": SecretStr(box.url), "mail_auth_server": server}
    settings = app.settings.model_copy(update=update)
    running = replace(app, settings=settings)
    mailbox.poll(running, Task(running, 0, 0, NOON))


def claims_of(app: App) -> list[Claim]:
    with app.database.unit_of_work() as session:
        return list(session.exec(select(Claim).order_by(Claim.number)))  # type: ignore[arg-type]


def notices(app: App) -> list[str]:
    with app.database.unit_of_work() as session:
        return sorted(session.exec(select(Notice.kind)))


def told(app: App) -> str:
    """The newest message about files, as it was put into words."""
    with app.database.unit_of_work() as session:
        found = session.exec(select(Notice).where(Notice.kind == "mail-taken")).one()
        return render.words(found.kind, language="pl", context=found.context).body


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
    assert "logo.png" in told(app)  # Attached, not in the text: too small to be read.
    assert "umowa.docx" in told(app)
    assert "Nie przyjęliśmy 2 załączników:" in told(app)


def test_nobody_guesses_which_of_several_programmes_is_meant(
    app: App, of: make.World, box: imap_server.Box
) -> None:
    """The address names it (`+slug`); unnamed, or one that the sender is not in, asks back."""
    with app.database.unit_of_work() as session:
        other, strange = make.world(session), make.world(session)
        second = enrol(
            session, program=other.program, person_id=of.participant.person_id,
            company_name="Instalacje", nip=make.nip(), voivodeship="30", at=NOON,
        )  # fmt: skip
        slugs = [one.program.slug for one in (of, other, strange)]
    sender, files = sender_of(app, of), ("a.pdf", "application/pdf", PDF)
    box.messages.append(message(sender, files, number=1))
    box.messages.append(message(sender, files, number=2, Cc=f"punkty+{slugs[2]}@example.com"))
    poll(app, box)
    assert (claims_of(app), outcomes(app)) == ([], [MailOutcome.REFUSED] * 2)
    with app.database.unit_of_work() as session:
        asked = session.exec(select(Notice).where(Notice.kind == "mail-refused")).all()
        said = render.words("mail-refused", language="en", context=asked[0].context).body
    assert len(asked) == 2
    assert "which programme" in said
    assert f"+{slugs[0]}" in said
    assert f"+{slugs[1]}" in said
    box.messages.append(message(sender, files, number=3, Cc=f"punkty+{slugs[1]}@example.com"))
    poll(app, box)
    assert [c.participant_id for c in claims_of(app)] == [second.id]


def test_the_only_programme_is_meant_whatever_stands_behind_the_plus(
    app: App, of: make.World, box: imap_server.Box
) -> None:
    """A mailbox may have a plus of its own; only one of several programmes may take claims."""
    with app.database.unit_of_work() as session:
        other = make.world(session)
        enrol(
            session, program=other.program, person_id=of.participant.person_id,
            company_name="Instalacje", nip=make.nip(), voivodeship="30", at=NOON,
        )  # fmt: skip
        yesterday = NOON.date() - timedelta(days=1)
        other.program.ends_on = other.program.claim_until = yesterday
        session.add(other.program)
    files = ("a.pdf", "application/pdf", PDF)
    box.messages.append(message(sender_of(app, of), files, Cc="punkty+inbox@example.com"))
    poll(app, box)
    assert [c.participant_id for c in claims_of(app)] == [of.participant.id]


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


def test_more_files_than_a_message_may_hold_are_named(
    app: App, of: make.World, box: imap_server.Box
) -> None:
    files = [(f"{n:02}.pdf", "application/pdf", PDF + b"%d" % n) for n in range(22)]
    box.messages.append(message(sender_of(app, of), *files))
    poll(app, box)
    assert len(claims_of(app)) == mail.MOST_FILES
    assert all(name in told(app) for name in ("20.pdf", "21.pdf"))
    assert "19.pdf" not in told(app)


def test_nobody_takes_a_message_away_by_using_its_id_first(
    app: App, of: make.World, box: imap_server.Box
) -> None:
    """An id is no secret, and some programs give two messages the same one."""
    first, other = ("a.pdf", "application/pdf", PDF), ("b.pdf", "application/pdf", PDF + b"2")
    box.messages += [
        message("obcy@example.com", first),
        message(sender_of(app, of), first),
        message(sender_of(app, of), other),
        message(sender_of(app, of), other, X_Route="again"),
    ]
    poll(app, box)
    assert len(claims_of(app)) == 2


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


def test_control_characters_in_a_header_or_a_files_name_stop_nothing(
    app: App, of: make.World, box: imap_server.Box
) -> None:
    sender = sender_of(app, of)
    plain = message(sender, ("a.pdf", "application/pdf", PDF))
    box.messages.append(plain.replace(b"<1@example.com>", b"=?utf-8?q?=00?= <1@x>"))
    named = message(sender, ("a.pdf", "application/pdf", PDF + b"2"), number=2)
    box.messages.append(named.replace(b'filename="a.pdf"', b"filename*=utf-8''a%00%0Ab.pdf"))
    box.messages.append(message(sender, ("c.pdf", "application/pdf", PDF + b"3"), number=3))
    poll(app, box)
    with app.database.unit_of_work() as session:
        names = sorted(session.exec(select(DocumentFile.name)))
    assert (names, box.seen, box.flagged) == (["a.pdf", "ab.pdf", "c.pdf"], {1, 2, 3}, set())


def test_a_message_that_breaks_us_is_set_aside_and_the_next_one_taken(
    app: App, of: make.World, box: imap_server.Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    parse = mail.parse

    def breaks(data: bytes) -> mail.Mail:
        if b"Subject: boom" in data:
            raise ValueError("a character nobody thought of")
        return parse(data)

    monkeypatch.setattr(mail, "parse", breaks)
    first = message(sender_of(app, of), ("a.pdf", "application/pdf", PDF))
    box.messages.append(first.replace(b"Subject: faktura", b"Subject: boom"))
    box.messages.append(message(sender_of(app, of), ("b.pdf", "application/pdf", PDF), number=2))
    poll(app, box)
    assert (len(claims_of(app)), box.seen, box.flagged) == (1, {1, 2}, {1})


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


def test_a_sender_that_the_server_did_not_prove_is_asked_in_the_app(
    app: App, of: make.World, box: imap_server.Box
) -> None:
    """Neither dropped nor believed: one tap of the participant makes it a claim."""
    sent = message(
        sender_of(app, of), ("a.pdf", "application/pdf", PDF),
        Authentication_Results="mx.example.com; dmarc=fail header.from=example.pl",
    )  # fmt: skip
    box.messages.append(sent)
    poll(app, box)
    [draft] = claims_of(app)
    assert (draft.status, draft.channel) == (ClaimStatus.DRAFT, Channel.EMAIL)
    assert (notices(app), outcomes(app)) == (["mail-unproven"], [MailOutcome.UNPROVEN])
    with app.database.unit_of_work() as session:
        assert session.exec(select(Work).where(Work.job == service.READ.name)).all() == []
        with pytest.raises(service.ClaimNotFound), session.begin_nested():
            service.confirm(
                session, claim_id=draft.id, participant_id=new_id(), actor="person:x", at=NOON
            )
        for _ in range(2):
            try:
                service.confirm(
                    session, claim_id=draft.id, participant_id=of.participant.id,
                    actor="person:test", at=NOON,
                )  # fmt: skip
            except IllegalTransition:
                continue
        assert len(session.exec(select(Work).where(Work.job == service.READ.name)).all()) == 1
    assert claims_of(app)[0].status is ClaimStatus.SUBMITTED


def test_without_a_server_to_believe_every_message_is_asked_about(
    app: App, of: make.World, box: imap_server.Box
) -> None:
    box.messages.append(message(sender_of(app, of), ("a.pdf", "application/pdf", PDF)))
    poll(app, box, server="")
    assert [claim.status for claim in claims_of(app)] == [ClaimStatus.DRAFT]


def test_a_forger_fills_no_list_and_uses_up_no_quota(
    app: App, of: make.World, box: imap_server.Box
) -> None:
    for number in range(service.MOST_DRAFTS + 3):
        data = PDF + str(number).encode()
        forged = message(
            sender_of(app, of), ("a.pdf", "application/pdf", data), number=number,
            Authentication_Results="mx.example.com; dmarc=none",
        )  # fmt: skip
        box.messages.append(forged)
    poll(app, box)
    assert [c.status for c in claims_of(app)] == [ClaimStatus.DRAFT] * service.MOST_DRAFTS
    with app.database.unit_of_work() as session:
        files = [service.StoredFile("0" * 64, "a.pdf", "application/pdf", 1)] * service.MAX_FILES
        for _ in range(service.QUOTA_FILES_A_DAY // service.MAX_FILES):
            service.submit(
                session, program=of.program, participant=of.participant, files=files,
                channel=Channel.PAGE, actor="person:test", at=NOON,
            )  # fmt: skip
        late = NOON + service.DRAFT_STAYS + timedelta(seconds=1)
        assert service.expire_drafts(session, at=late) == service.MOST_DRAFTS
    gone = [c.status for c in claims_of(app) if c.channel is Channel.EMAIL]
    assert set(gone) == {ClaimStatus.EXPIRED}
