"""Operations on points in words, with the account names that people understand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from analytics.tracing import ListedPosting
from claims.tables import Claim
from core.formats import Formats
from points.statements import StatementRow
from points.tables import TransactionKind
from programs.tables import Participant
from rewards.tables import Redemption
from web.error_texts import N_
from web.views.claims import by_id

Say = Callable[[str], str]
KINDS: Mapping[TransactionKind, str] = {
    TransactionKind.AWARD: N_("Przyznane za zakup"),
    TransactionKind.HOLD: N_("Odłożone na nagrodę"),
    TransactionKind.CAPTURE: N_("Wydane na nagrodę"),
    TransactionKind.RELEASE: N_("Oddane po anulowaniu"),
    TransactionKind.EXPIRY: N_("Wygasłe"),
    TransactionKind.CORRECTION: N_("Cofnięte"),
    TransactionKind.REFUND: N_("Zwrócone"),
    TransactionKind.ADJUSTMENT: N_("Wyrównane"),
    TransactionKind.PARTNER_REWARD: N_("Premia hurtowni"),
    TransactionKind.REVERSAL: N_("Wycofane korektą"),
    TransactionKind.SET_OFF: N_("Spłata długu punktów"),
    TransactionKind.RESTORATION: N_("Oddane po korekcie"),
}
ACCOUNTS: Mapping[str, str] = {
    "issued": N_("wydane przez program"),
    "spent": N_("wykorzystane"),
    "expired": N_("wygasłe"),
    "reversed": N_("wycofane"),
    "partner": N_("oddział hurtowni"),
    "debt": N_("do spłacenia"),
}


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An operation on an account; `source` is the number of the claim or order behind it."""

    posting_id: int
    at: datetime
    label: str
    source: str
    claim_id: UUID | None
    points: int
    balance: int


@dataclass(frozen=True, slots=True)
class PostingRow:
    posting_id: int
    at: datetime
    label: str
    source: str
    way: str
    points: str


def sources(session: Session, references: Sequence[str]) -> dict[str, tuple[str, UUID | None]]:
    """Number of the claim or order by `<noun>:<id>`, and the claim's id."""

    def ids(noun: str) -> list[UUID]:
        return [UUID(r.split(":")[1]) for r in references if r.startswith(f"{noun}:")]

    claims = by_id(session, Claim, ids("claim"))
    orders = by_id(session, Redemption, ids("redemption"))
    found: dict[str, tuple[str, UUID | None]] = {
        f"claim:{claim.id}": (claim.number, claim.id) for claim in claims.values()
    }
    found |= {f"redemption:{order.id}": (order.number, None) for order in orders.values()}
    return found


def _key(reference: str) -> str:
    return ":".join(reference.split(":")[:2])


def entries(session: Session, rows: Sequence[StatementRow], *, say: Say) -> list[EntryRow]:
    """A statement in words."""
    behind = sources(session, [row.reference for row in rows])
    return [
        EntryRow(
            posting_id=row.posting_id,
            at=row.at,
            label=say(KINDS[row.kind]),
            source=behind.get(_key(row.reference), ("", None))[0],
            claim_id=behind.get(_key(row.reference), ("", None))[1],
            points=row.points,
            balance=row.balance,
        )
        for row in rows
    ]


def account_words(session: Session, addresses: Sequence[str], *, say: Say) -> dict[str, str]:
    """What an account is, in words: the firm, the order, or what it stands for."""
    participants = by_id(
        session,
        Participant,
        [UUID(a.split(":")[1]) for a in addresses if a.startswith("participant:")],
    )
    orders = by_id(
        session, Redemption, [UUID(a.split(":")[1]) for a in addresses if a.startswith("held:")]
    )
    made = {}
    for address in addresses:
        noun, _, rest = address.partition(":")
        if noun == "participant":
            owner = participants.get(UUID(rest.split(":")[0]))
            made[address] = owner.company_name if owner else address
        elif noun == "held":
            order = orders.get(UUID(rest))
            held = say(N_("odłożone na %(order)s"))
            made[address] = held % {"order": order.number} if order else address
        else:
            made[address] = say(ACCOUNTS[noun]) if noun in ACCOUNTS else address
    return made


def postings(
    session: Session, found: Sequence[ListedPosting], *, say: Say, language: str
) -> list[PostingRow]:
    """Moves in words: what, from where to where."""
    behind = sources(session, [posting.reference for posting in found])
    words = account_words(
        session, sorted({a for p in found for a in (p.source, p.destination)}), say=say
    )
    formats = Formats(language)
    return [
        PostingRow(
            posting_id=posting.posting_id,
            at=posting.at,
            label=say(KINDS[posting.kind]),
            source=behind.get(_key(posting.reference), ("", None))[0],
            way=f"{words[posting.source]} → {words[posting.destination]}",
            points=formats.number(posting.points),
        )
        for posting in found
    ]
