"""Questions and answers about a claim as pages show them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from accounts.tables import Person
from verification.conversation_tables import ReviewMessage, Side
from web.error_texts import N_
from web.views.claims import by_id
from web.views.review_words import QUESTIONS

SIDES = {
    Side.PARTNER: N_("Hurtownia"),
    Side.PROGRAM: N_("Organizator"),
    Side.PARTICIPANT: N_("Uczestnik"),
}


@dataclass(frozen=True, slots=True)
class SaidView:
    side: str
    mine: bool  # the participant's own words
    name: str
    text: str
    at: datetime


def said(
    session: Session, found: Sequence[ReviewMessage], gettext: Callable[[str], str]
) -> list[SaidView]:
    """The conversation, oldest first, with the words of its templates."""
    people = by_id(session, Person, [message.author_id for message in found])
    questions = {question.value: words for question, words in QUESTIONS}
    made = []
    for message in found:
        words = questions.get(message.template, "")
        parts = [gettext(words) if words else "", message.text]
        made.append(
            SaidView(
                side=gettext(SIDES[message.side]),
                mine=message.side is Side.PARTICIPANT,
                name=people[message.author_id].name,
                text=" ".join(part for part in parts if part),
                at=message.at,
            )
        )
    return made
