"""An e-mail to the programme's address whose sender no server proved: it waits for a tap."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage

from sqlmodel import Session

from accounts.tables import Person
from claims import mail, mail_intake
from core.clock import local_date
from demo import cast, papers
from demo.papers import Form, Order
from demo.story import Story
from demo.world import party_of

SENDER = 0  # the participant of the one-click sign-in


def play(story: Story) -> None:
    """Put it among what happened this morning."""
    order = Order(
        key=9_001,
        seed=90_002,
        form=Form.XML,
        seller=cast.FITTERS[SENDER].seller,
        buyer=party_of(SENDER),
        issued_on=local_date(story.now - timedelta(days=1)),
        lines=2,
        read=False,
    )

    def act(session: Session, at: datetime) -> None:
        paper = papers.make(order)
        participant = story.world.participants[SENDER][1]
        message = EmailMessage()
        message["From"] = session.get_one(Person, participant.person_id).email or ""
        message["To"] = "faktury@zalicz.example"
        message["Message-ID"] = "<pokaz-1@zalicz.example>"
        message.set_content("W załączniku faktura.")
        message.add_attachment(
            paper.data, maintype="application", subtype="xml", filename=paper.name
        )
        mail_intake.take_in(session, story.app.blobs, mail.parse(message.as_bytes()), at=at)

    story.at(story.now - timedelta(minutes=55), act)
