"""The Ministry's page about a claim's invoice, and what people saw there, for the review page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from accounts.tables import Person
from claims import queries
from verification import ksef_sightings
from verification.ksef_tables import Sight
from verification.tables import Review
from web.error_texts import N_

SIGHTS = {
    Sight.REGISTERED: ("ok", N_("jest w KSeF, dane się zgadzają")),
    Sight.DIFFERENT: ("bad", N_("jest, ale z innymi danymi")),
    Sight.NOT_FOUND: ("bad", N_("nie ma jej w KSeF")),
    Sight.UNAVAILABLE: ("plain", N_("strona nie odpowiada")),
}


PROVEN = 4  # of the trust ladder: found in the register's own metadata


@dataclass(frozen=True, slots=True)
class Seen:
    kind: str
    words: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KsefPage:
    """The link to open and what was seen so far."""

    link: str
    seen: tuple[Seen, ...]
    proven: bool  # the register itself said so: nobody has to look
    choices: tuple[tuple[str, str], ...]


def page_of(session: Session, review: Review, gettext: Callable[[str], str]) -> KsefPage | None:
    """`None` when the document carries no hash of an e-invoice."""
    purchase = queries.find_purchase(session, queries.get_claim(session, review.claim_id))
    link = ksef_sightings.link_of(purchase)
    if link is None:
        return None
    seen = tuple(
        Seen(
            SIGHTS[one.sight][0],
            gettext(SIGHTS[one.sight][1]),
            session.get_one(Person, one.seen_by).name,
            one.seen_at,
        )
        for one in ksef_sightings.list_sightings(session, review=review)
    )
    choices = tuple((sight.value, gettext(words)) for sight, (_, words) in SIGHTS.items())
    proven = purchase is not None and purchase.trust >= PROVEN
    return KsefPage(link, seen, proven, choices)
