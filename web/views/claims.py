"""Claims as pages show them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlmodel import Session, SQLModel, select

from claims import queries
from claims.brought import corrections_among
from claims.document_tables import DocumentKind, DocumentPage
from claims.purchase_tables import Purchase
from claims.states import FIXABLE, OPEN, ClaimStatus, ReasonCode, Verdict
from claims.tables import Claim, ClaimEvent, ClaimLine
from partners.tables import Branch, Partner
from programs.product_tables import Product
from programs.queries import get_program, settings_of
from verification.label_claims import LEFT
from web.error_texts import N_
from web.views.claim_chips import CORRECTION, CORRECTIONS
from web.views.corrections import brought

S = ClaimStatus
Row = TypeVar("Row", bound=SQLModel)
Gettext = Callable[[str], str]
# Status → words, colour and icon of the chip.
STATUS_CHIPS: Mapping[ClaimStatus, tuple[str, str, str]] = {
    S.DRAFT: (N_("Do potwierdzenia"), "warn", "mail"),
    S.SUBMITTED: (N_("Wysłane"), "info", "clock"),
    S.READING: (N_("Czytamy dokument"), "info", "clock"),
    S.MATCHING: (N_("Czytamy dokument"), "info", "clock"),
    S.NEEDS_INFORMATION: (N_("Czeka na Ciebie"), "coin", "help-circle"),
    S.AWAITING_PARTNER: (N_("U hurtowni"), "warn", "clock"),
    S.APPROVED: (N_("Zaliczone"), "ok", "check"),
    S.PARTIALLY_APPROVED: (N_("Zaliczone częściowo"), "info", "circle-half"),
    S.REJECTED: (N_("Niezaliczone"), "bad", "x"),
    S.APPEALED: (N_("Odwołanie w toku"), "warn", "clock"),
    S.UPHELD: (N_("Odwołanie oddalone"), "bad", "x"),
    S.OVERTURNED: (N_("Odwołanie uwzględnione"), "ok", "check"),
    S.REVERSED: (N_("Wycofane po korekcie"), "plain", "x"),
    S.CANCELLED: (N_("Wycofane"), "plain", "x"),
    S.EXPIRED: (N_("Wygasło bez odpowiedzi"), "plain", "x"),
}
REASONS: Mapping[ReasonCode, str] = {
    ReasonCode.COUNTED: N_("Zaliczone."),
    ReasonCode.DUPLICATE: N_("Ten zakup był już zgłoszony."),
    ReasonCode.UNREADABLE: N_("Dokument jest nieczytelny. Wyślij wyraźniejsze zdjęcie."),
    ReasonCode.NOT_OUR_DOCUMENT: N_("Hurtownia nie znalazła takiego dokumentu u siebie."),
    ReasonCode.OTHER_BUYER: N_("Na dokumencie jest inny nabywca niż Twoja firma."),
    ReasonCode.OUTSIDE_PERIOD: N_("Data zakupu jest poza okresem programu."),
    ReasonCode.NOT_IN_PROGRAM: N_("Ten towar nie bierze udziału w programie."),
    ReasonCode.RETURNED_GOODS: N_("Towar zwrócono albo fakturę skorygowano."),
    ReasonCode.SUSPECTED_FORGERY: N_("Dokument wymaga wyjaśnienia. Napisz do nas."),
    ReasonCode.OTHER: N_("Powód opisała hurtownia."),
    ReasonCode.PRODUCT_UNCERTAIN: N_("Nie wiadomo, który to produkt."),
    ReasonCode.QUANTITY_UNCERTAIN: N_("Nie wiadomo, ile sztuk."),
    ReasonCode.VALUE_UNCERTAIN: N_("Punkty liczą się od złotych, a wartości nie widać."),
    ReasonCode.ALREADY_CLAIMED: N_("Te sztuki zaliczono już z innego zgłoszenia."),
    ReasonCode.CAP_REACHED: N_("Osiągnięto limit punktów."),
    ReasonCode.BRANCH_NOT_IN_PROGRAM: N_(
        "Oddział, który to sprzedał, nie brał udziału w programie w dniu zakupu."
    ),
    ReasonCode.ADVANCE: N_("To faktura zaliczkowa. Punkty da faktura końcowa."),
    ReasonCode.NO_SALE: N_("Ten dokument nie potwierdza sprzedaży."),
    ReasonCode.PRODUCT_NOT_IN_DAYS: N_("W dniu zakupu ten produkt nie był w programie."),
    ReasonCode.NO_RATE: N_("W dniu zakupu zasady nie dawały punktów za ten produkt."),
}
# Of a paper that proves no sale, before anybody decides.
UNSOLD: Mapping[DocumentKind, str] = {
    DocumentKind.ADVANCE: REASONS[ReasonCode.ADVANCE],
    DocumentKind.NO_SALE: REASONS[ReasonCode.NO_SALE],
}
UNREADABLE: Mapping[str, str] = {
    "empty": N_("Plik jest pusty. Wyślij go jeszcze raz."),
    "unsupported-type": N_("Tego rodzaju pliku nie czytamy. Wyślij zdjęcie, PDF albo XML z KSeF."),
    "damaged": N_("Plik jest uszkodzony. Zrób zdjęcie jeszcze raz."),
    "encrypted": N_("PDF jest chroniony hasłem. Zapisz go bez hasła i wyślij ponownie."),
    "too-large": N_("Plik jest za duży. Zrób zwykłe zdjęcie telefonem albo wyślij mniejszy."),
    "too-many-pages": N_("Dokument ma za dużo stron. Wyślij tylko strony z pozycjami."),
    "too-complex": N_("Plik jest zbyt złożony. Zrób zdjęcie wydruku."),
    "too-slow": N_("Czytanie trwało za długo. Wyślij zdjęcie jednej strony."),
    "parser-crashed": N_("Pliku nie dało się otworzyć. Zrób zdjęcie wydruku."),
    "forbidden-xml": N_("Ten XML zawiera niedozwolone elementy. Pobierz go jeszcze raz z KSeF."),
    "code-refused": N_("Kodu ze zdjęcia nie da się zaliczyć. Sprawdź, czy to kod tego programu."),
    "code-already-yours": N_("Kod ze zdjęcia jest już zaliczony na Twoim koncie."),
    "code-brings-nothing": N_(
        "Zasady nie mają dziś stawki za jednostkę produktu z tego kodu. "
        "Kod zostaje niewykorzystany."
    ),
    "too-many-codes": N_("Za dużo błędnych kodów. Spróbuj ponownie za godzinę."),
    "only-gtin": N_("To numer artykułu, nie kod z punktami. Wyślij dokument albo inną etykietę."),
    "gave-up": N_("Nie udało się odczytać dokumentu. Przeczyta go człowiek."),
}


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim in a list."""

    id: UUID
    number: str
    seller: str
    document: str
    submitted_at: datetime
    status: ClaimStatus
    status_label: str
    colour: str
    icon: str
    points: int
    decided: bool
    due_at: datetime | None
    has_image: bool
    corrects: bool = False  # It brought a correcting invoice, which asks for no points.


class CropStrip(NamedTuple):
    """The strip of a page that a line was read from: the page's number, the strip's pixels."""

    page: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of a claim with its verdict, its reason and what it was read from."""

    id: UUID
    position: int
    name: str
    description: str
    verdict: str  # paid, waiting, rejected, outside
    label: str
    points: int
    why: str
    quantity: Decimal | None
    unit: str
    price: Decimal | None
    crop: CropStrip | None  # of the picture of the document, when there is one
    fixable: bool
    doubtful: bool = False  # the product is not sure: `choices` are the likeliest ones
    proposed: bool = False  # named by the participant
    choices: tuple[Product, ...] = ()


@dataclass(frozen=True, slots=True)
class EventView:
    text: str
    at: datetime
    state: str


def rows(session: Session, claims: Sequence[Claim]) -> list[ClaimRow]:
    """Views of several claims with few queries."""
    purchases = by_id(session, Purchase, [c.purchase_id for c in claims if c.purchase_id])
    branches = by_id(session, Branch, [c.branch_id for c in claims if c.branch_id])
    partners = by_id(session, Partner, [b.partner_id for b in branches.values()])
    closed = [claim.id for claim in claims if claim.status is S.REJECTED]
    corrections = {one: brought(session, one) for one in corrections_among(session, closed)}
    made = []
    for claim in claims:
        purchase = purchases.get(claim.purchase_id) if claim.purchase_id else None
        branch = branches.get(claim.branch_id) if claim.branch_id else None
        label, colour, icon = STATUS_CHIPS[claim.status]
        document = (purchase.number or "") if purchase else ""
        if claim.id in corrections:
            known = corrections[claim.id]
            label, colour, icon = CORRECTIONS[known["status"]] if known else CORRECTION
            document = document or (known["number"] if known else "")
        seller = f"{partners[branch.partner_id].short_name}, {branch.city}" if branch else ""
        decided = claim.status not in OPEN
        made.append(
            ClaimRow(
                id=claim.id,
                number=claim.number,
                seller=seller,
                document=document,
                submitted_at=claim.submitted_at,
                status=claim.status,
                status_label=label,
                colour=colour,
                icon=icon,
                points=claim.points if decided else claim.estimate_points,
                decided=decided,
                due_at=claim.due_at if claim.status is S.AWAITING_PARTNER else None,
                has_image=False,
                corrects=claim.id in corrections,
            )
        )
    return made


def by_id(session: Session, table: type[Row], ids: Sequence[UUID]) -> dict[UUID, Row]:
    """The rows of these ids, by id, with one query."""
    if not ids:
        return {}
    key: Any = table.__table__.c.id  # type: ignore[attr-defined]
    found: Any = session.execute(select(table).where(key.in_(set(ids)))).scalars()
    return {row.id: row for row in found}


def lines(
    session: Session, claim: Claim, *, pages: Sequence[DocumentPage], gettext: Gettext
) -> list[LineView]:
    """The lines of a claim, those of the programme first."""
    found = queries.list_lines(session, claim.id)
    wanted = [UUID(c["product_id"]) for x in found for c in x.candidates]
    wanted += [x.product_id for x in found if x.product_id]
    products = by_id(session, Product, wanted)
    program = get_program(session, claim.program_id)
    sure = settings_of(program).match_threshold
    by_number = {page.number: page for page in pages}
    views = [_line(line, products, by_number, gettext, sure) for line in found]
    order = {"paid": 0, "waiting": 1, "rejected": 2, "outside": 3}
    return sorted(views, key=lambda view: (order[view.verdict], view.position))


def _line(
    line: ClaimLine,
    products: Mapping[UUID, Product],
    pages: Mapping[int, DocumentPage],
    translate: Gettext,
    sure: Decimal,
) -> LineView:
    product = products.get(line.product_id) if line.product_id else None
    verdict, label, why = "waiting", translate(N_("czeka")), ""
    if line.verdict is Verdict.APPROVE:
        verdict, label = "paid", ""
    elif line.reason is ReasonCode.NOT_IN_PROGRAM or (
        line.verdict is None and line.product_id is None
    ):
        verdict, label = "outside", translate(N_("poza programem"))
        why = translate(REASONS[ReasonCode.NOT_IN_PROGRAM])
    elif line.verdict is Verdict.REJECT:
        verdict, label = "rejected", translate(N_("niezaliczone"))
    if not why and line.reason is not None and verdict != "paid":
        why = translate(REASONS[line.reason])
    box = line.box or {}
    page = pages.get(int(box.get("page", 0)))
    crop = CropStrip(page.number, *crop_size(page, box)) if page is not None else None
    return LineView(
        id=line.id,
        position=line.position,
        name=product.name if product else line.description,
        description=line.description,
        verdict=verdict,
        label=label,
        points=line.points,
        why=why or "",
        quantity=line.quantity_accepted if verdict == "paid" else line.quantity,
        unit=line.unit,
        price=line.unit_price,
        crop=crop,
        fixable=line.reason in FIXABLE,
        doubtful=line.verdict is None and line.product_id is not None and line.match_score < sure,
        proposed=line.verdict is None and line.proposed_product_id is not None,
        choices=tuple(
            products[UUID(c["product_id"])]
            for c in line.candidates[:3]
            if UUID(c["product_id"]) in products
        ),
    )


SIDE, ABOVE = 0.006, 0.004  # of the page: rows stand close, so half a neighbour would show


def crop_box(page: DocumentPage, box: Mapping[str, float]) -> tuple[int, int, int, int]:
    """The line's rectangle with a margin, in pixels of the shown page: left, top, right, bottom."""
    return (
        max(0, int((box["x0"] - SIDE) * page.width_px)),
        max(0, int((box["y0"] - ABOVE) * page.height_px)),
        min(page.width_px, int((box["x1"] + SIDE) * page.width_px) + 1),
        min(page.height_px, int((box["y1"] + ABOVE) * page.height_px) + 1),
    )


def crop_size(page: DocumentPage, box: Mapping[str, float]) -> tuple[int, int]:
    left, top, right, bottom = crop_box(page, box)
    return right - left, bottom - top


EVENT_TEXTS: Mapping[ClaimStatus, str] = {
    S.DRAFT: N_("Przyszło e-mailem"),
    S.SUBMITTED: N_("Wysłane"),
    S.READING: N_("Czytanie dokumentu"),
    S.MATCHING: N_("Odczytane"),
    S.NEEDS_INFORMATION: N_("Potrzebujemy czegoś od Ciebie"),
    S.AWAITING_PARTNER: N_("Sprawdza hurtownia"),
    S.APPROVED: N_("Zaliczone"),
    S.PARTIALLY_APPROVED: N_("Zaliczone częściowo"),
    S.REJECTED: N_("Niezaliczone"),
    S.CANCELLED: N_("Wycofane przez Ciebie"),
    S.EXPIRED: N_("Wygasło bez odpowiedzi"),
    S.APPEALED: N_("Odwołanie wysłane"),
    S.UPHELD: N_("Odwołanie oddalone"),
    S.OVERTURNED: N_("Odwołanie uwzględnione"),
    S.REVERSED: N_("Wycofane po korekcie"),
}


def events(found: Sequence[ClaimEvent], gettext: Gettext) -> list[EventView]:
    return [
        EventView(
            text=_event_text(event, gettext),
            at=event.at,
            state="coin" if event.status is S.NEEDS_INFORMATION else "",
        )
        for event in found
        if event.status is not S.READING
    ]


def _event_text(event: ClaimEvent, gettext: Gettext) -> str:
    if "proposed_line" in event.facts:
        words = gettext(N_("Wskazany produkt do pozycji %(position)s"))
        return words % {"position": event.facts["proposed_line"]}
    if LEFT in event.facts:
        words = gettext(N_("Kody ze zdjęcia bez punktów: %(codes)s"))
        return words % {"codes": len(event.facts[LEFT])}
    if "correction" in event.facts:
        return gettext(N_("Korekta faktury %(number)s")) % {"number": event.facts["correction"]}
    if "undone" in event.facts:
        words = gettext(N_("Cofnięto decyzję o zgłoszeniu %(number)s"))
        return words % {"number": event.facts["undone"]}
    return f"{gettext(EVENT_TEXTS[event.status])}{': ' + event.note if event.note else ''}"


def purchased_on(purchase: Purchase | None) -> date | None:
    return (purchase.sale_date or purchase.issue_date) if purchase else None
