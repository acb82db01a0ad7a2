"""Sales exports as their pages show them. No price of a file ever stands in a view."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from accounts.tables import Person
from claims.purchase_tables import Purchase
from claims.tables import Claim, ClaimLine
from programs.product_tables import Product
from verification import reconciliation
from verification.feed_columns import REQUIRED, Field, by_heading, fold
from verification.feed_tables import FeedAnswer, FeedOutcome, FeedStatus, SalesFeed, SalesFeedFault
from verification.queue import Clerk, scope
from verification.reconciliation import Proposal
from verification.tables import Review
from web.error_texts import N_
from web.views.claims import by_id

Say = Callable[[str], str]

FIELDS: tuple[tuple[Field, str, str], ...] = (
    (Field.NUMBER, N_("Numer faktury"), ""),
    (Field.BUYER_NIP, N_("NIP nabywcy"), ""),
    (Field.QUANTITY, N_("Ilość"), ""),
    (Field.GTIN, N_("Kod EAN / GTIN"), N_("wystarczy jedno z trzech: kod, indeks albo nazwa")),
    (Field.INDEX, N_("Indeks towaru"), ""),
    (Field.NAME, N_("Nazwa towaru"), ""),
    (
        Field.ORIGINAL,
        N_("Numer faktury korygowanej"),
        N_("dla korekt: której faktury dotyczą; bez niej korekt nie rozliczymy"),
    ),
)
STATES = {
    FeedStatus.MAPPING: ("warn", N_("wskaż kolumny"), "pencil"),
    FeedStatus.WAITING: ("info", N_("porównujemy"), "hourglass"),
    FeedStatus.DONE: ("ok", N_("gotowe"), "circle-check"),
    FeedStatus.REFUSED: ("bad", N_("nieużyty"), "circle-x"),
}
FAULTS = {
    "mostly_bad": N_("Większość wierszy jest nieczytelna. Sprawdź, czy dobrze wskazano kolumny."),
    "unreadable": N_("Pliku nie da się odczytać do końca. Zapisz go jeszcze raz i wyślij."),
    "gave_up": N_("Nie udało się go porównać. Wyślij plik jeszcze raz albo napisz do nas."),
}
ROW_FAULTS = {
    Field.NUMBER: N_("brak numeru faktury"),
    Field.BUYER_NIP: N_("NIP nabywcy jest błędny"),
    Field.QUANTITY: N_("to nie jest ilość"),
    Field.NAME: N_("brak towaru"),
    Field.ORIGINAL: N_("korekta nie mówi, której faktury dotyczy"),
}
DIFFERENCES = {
    "quantity": N_("inna ilość"),
    "not_sold": N_("nie ma tego towaru na fakturze"),
    "other_buyer": N_("inny nabywca"),
}
_SECRET = ("cena", "wartosc", "netto", "brutto", "kwota", "marza", "rabat", "price", "value", "vat")


@dataclass(frozen=True, slots=True)
class FeedRow:
    id: UUID
    name: str
    at: datetime
    who: str
    rows: int
    bad: int
    proven: int
    different: int
    state: tuple[str, str, str]
    forgotten_at: datetime | None  # when the hashes that it left were deleted


def state(feed: SalesFeed, say: Say) -> tuple[str, str, str]:
    kind, words, icon = STATES[feed.status]
    return kind, say(words), icon


def rows(session: Session, feeds: Sequence[SalesFeed], *, gettext: Say) -> list[FeedRow]:
    people = by_id(session, Person, [feed.sent_by for feed in feeds])
    return [
        FeedRow(
            feed.id,
            feed.name or gettext("bez nazwy"),
            feed.created_at,
            people[feed.sent_by].name,
            feed.rows_total,
            feed.rows_bad,
            feed.claims_proven,
            feed.claims_different,
            state(feed, gettext),
            feed.keys_forgotten_at,
        )
        for feed in feeds
    ]


def expected_rows(feed: SalesFeed) -> int:
    """About how many rows the file has: for the progress, until it is known."""
    return max(feed.rows_total, feed.rows_done + 1, feed.file_bytes // 90)


@dataclass(frozen=True, slots=True)
class FeedHead:
    """A file by its name: what a page needs that is shown again after a refusal."""

    id: UUID
    name: str


def _shown(proposal: Proposal, found: Iterable[int]) -> list[int]:
    """The columns that are shown back: those of money are not."""
    return [
        at
        for at, heading in enumerate(proposal.headings)
        if at in found or not (set(fold(heading).split()) & set(_SECRET)) or by_heading(heading)
    ]


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """One field with the columns to choose from; -1 is none."""

    field: str
    label: str
    hint: str
    options: tuple[tuple[int, str], ...]
    chosen: int
    required: bool


def columns(
    proposal: Proposal, chosen: dict[Field, int] | None, *, gettext: Say
) -> list[ColumnChoice]:
    mapping = proposal.mapping if chosen is None else chosen
    heads = proposal.headings
    named = [
        (at, heads[at] if not heads[at].isdecimal() else f"{gettext('Kolumna')} {heads[at]}")
        for at in _shown(proposal, mapping.values())
    ]
    options = ((-1, gettext("– nie ma –")), *named)
    return [
        ColumnChoice(
            field.value,
            gettext(label),
            gettext(hint) if hint else "",
            options,
            mapping.get(field, -1),
            field in REQUIRED,
        )
        for field, label, hint in FIELDS
    ]


@dataclass(frozen=True, slots=True)
class Sample:
    """Some rows; columns of money are not even shown back."""

    headings: tuple[tuple[str, str], ...]  # heading, what it was recognised as
    rows: tuple[tuple[str, ...], ...]


def sample(proposal: Proposal, chosen: dict[Field, int] | None, *, gettext: Say) -> Sample:
    mapping = proposal.mapping if chosen is None else chosen
    labels = {field: gettext(label) for field, label, _ in FIELDS}
    found = {at: labels[field] for field, at in mapping.items() if field in labels}
    shown = _shown(proposal, found)[:12]
    return Sample(
        tuple((proposal.headings[at], found.get(at, "")) for at in shown),
        tuple(
            tuple(row[at][:40] if at < len(row) else "" for at in shown) for row in proposal.rows
        ),
    )


@dataclass(frozen=True, slots=True)
class FaultRow:
    number: int
    words: str
    value: str


def fault(one: SalesFeedFault, say: Say) -> FaultRow:
    return FaultRow(one.row_number, say(ROW_FAULTS[Field(one.field)]), one.value)


@dataclass(frozen=True, slots=True)
class LineRow:
    """One product: claimed beside sold; quantities only."""

    position: str
    name: str
    claimed: Decimal | None
    sold: Decimal | None
    words: str
    rows: str


@dataclass(frozen=True, slots=True)
class AnswerRow:
    number: str
    document: str
    proven: bool
    review_id: UUID | None
    lines: tuple[LineRow, ...]


def lines_of(session: Session, answer: FeedAnswer, say: Say) -> tuple[LineRow, ...]:
    """The differences of an answer as words, with the product's name."""
    names = {
        position: name
        for position, name in session.exec(
            select(ClaimLine.position, Product.name)
            .join(Product, col(Product.id) == col(ClaimLine.product_id))
            .where(ClaimLine.claim_id == answer.claim_id)
        )
    }
    return tuple(_line(line, names, say) for line in answer.lines)


def _line(line: dict[str, Any], names: dict[int, str], say: Say) -> LineRow:
    difference = line["difference"]
    return LineRow(
        ", ".join(str(at) for at in line["positions"]),
        names.get(line["positions"][0], ""),
        Decimal(line["claimed"]) if line["claimed"] is not None else None,
        Decimal(line["sold"]) if line["sold"] is not None else None,
        say(DIFFERENCES[difference]) if difference else "",
        ", ".join(str(number) for number in line["rows"][:6]),
    )


def answers(session: Session, feed: SalesFeed, *, clerk: Clerk, gettext: Say) -> list[AnswerRow]:
    """The claims that a file answered, those that differ first; only of this clerk's queue."""
    found = session.exec(
        select(FeedAnswer, Claim, Review.id)
        .join(Claim, col(Claim.id) == col(FeedAnswer.claim_id))
        .join(Review, col(Review.claim_id) == col(Claim.id))
        .where(FeedAnswer.feed_id == feed.id, scope(clerk))
        .order_by(col(FeedAnswer.outcome), col(Claim.number), col(Review.created_at).desc())
        .limit(400)
    ).all()
    purchases = by_id(session, Purchase, [c.purchase_id for _, c, _ in found if c.purchase_id])
    made: dict[UUID, AnswerRow] = {}
    for answer, claim, review_id in found:
        purchase = purchases.get(claim.purchase_id) if claim.purchase_id else None
        made.setdefault(
            claim.id,
            AnswerRow(
                claim.number,
                (purchase.number or "") if purchase else "",
                answer.outcome is FeedOutcome.PROVEN,
                review_id,
                lines_of(session, answer, gettext),
            ),
        )
    return list(made.values())[:200]


def of_claim(session: Session, claim_id: UUID, gettext: Say) -> tuple[LineRow, ...]:
    """What the newest export says differs from a claim; empty when nothing does."""
    answer = reconciliation.find_answer(session, claim_id=claim_id)
    if answer is None or answer.outcome is FeedOutcome.PROVEN:
        return ()
    return lines_of(session, answer, gettext)
