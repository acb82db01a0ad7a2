"""The form of a review: fields by line, read from a request, a draft, or the reading itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from starlette.requests import Request

from claims.states import ReasonCode, Verdict
from claims.tables import ClaimLine
from core.money import to_amount
from ocr import identifiers
from verification.doubts import About, Doubt
from verification.judging import LineVerdict
from verification.preview import Wish
from web.error_texts import N_
from web.review_boxes import box_text

OUTSIDE = "none"  # the line is no product of the programme
OTHER = "other"  # a product that is typed
SAID = "said"
TYPED = "typed"  # a quantity, or units, that are typed
MOST = Decimal(1_000_000)
MOST_NEW = 5  # rows that can be typed at once
HEADER = ("number", "issued_on", "seller_nip")
DRAFTED = frozenset(
    {"same", "sold", "note", *HEADER}
    | {f"new-{name}-{n}" for n in range(1, MOST_NEW + 1) for name in ("product", "quantity")}
)

MISSING_PRODUCT = N_("Pozycja %(n)s: wybierz produkt.")
UNKNOWN_PRODUCT = N_("Pozycja %(n)s: nie ma takiego produktu w programie.")
MISSING_QUANTITY = N_("Pozycja %(n)s: podaj, ile sztuk.")
WRONG_QUANTITY = N_("Pozycja %(n)s: ilość to liczba większa od zera, na przykład 12 albo 2,5.")
WRONG_BOX = N_(
    "Pozycja %(n)s: ramka to strona i cztery liczby od 0 do 100, na przykład 1 5 45 95 49."
)
MISSING_UNITS = N_("Pozycja %(n)s: podaj, ile jednostek produktu jest w jednej z dokumentu.")
WRONG_UNITS = N_("Pozycja %(n)s: przelicznik to liczba większa od zera, na przykład 10 albo 0,5.")
MISSING_VALUE = N_("Pozycja %(n)s: podaj, ile kosztowała w złotych.")
SEALED_VALUE = N_("Pozycja %(n)s: bez wartości nie da się jej zaliczyć. Zapytaj hurtownię.")
CHANGED_VALUE = N_(
    "Pozycja %(n)s: ilość jest inna, a cena jej nie potwierdza. Podaj wartość pozycji w złotych."
)
WRONG_VALUE = N_("Pozycja %(n)s: wartość to kwota w złotych, na przykład 149,90.")
NO_WORDS = N_("Napisz, dlaczego odrzucasz. Uczestnik to przeczyta.")
NO_QUESTION = N_("Napisz, o co pytasz.")
TAKEN = N_("Pozycja %(n)s: te sztuki zaliczono już z innego zgłoszenia.")
NEW_PRODUCT = N_("Dopisana pozycja %(n)s: nie ma takiego produktu w programie.")
NEW_QUANTITY = N_("Dopisana pozycja %(n)s: podaj ilość większą od zera.")
NO_NUMBER = N_("Podaj numer dokumentu.")
NO_DAY = N_("Podaj datę dokumentu.")
NO_SELLER = N_("Podaj NIP sprzedawcy.")
NOTHING = N_("Nie ma czego zaliczyć. Dopisz pozycję albo odrzuć zgłoszenie.")
SOLD_UNANSWERED = N_("Odpowiedz, czy towar został sprzedany.")
UNANSWERED = N_("Odpowiedz, czy to ten sam zakup.")


async def _fields(request: Request) -> Mapping[str, str]:
    form = await request.form()
    return {name: value for name, value in form.multi_items() if isinstance(value, str)}


# All text fields of the form, the last of each name.
Fields = Annotated[Mapping[str, str], Depends(_fields)]


@dataclass(frozen=True, slots=True)
class LineForm:
    """What is chosen and typed of one line. `product`: an id, OUTSIDE, OTHER or nothing yet."""

    product: str = ""
    other: str = ""
    pick: str = ""
    quantity: str = ""
    verdict: str = ""  # empty: count it; else a reason
    value: str = ""  # net, in zł; asked where a rate counts złoty
    per: str = ""  # an answer to how many units one printed unit is
    worth: str = ""  # SAID where the value was asked for and stands as it is typed
    asks_value: bool = False  # the page asks for it
    units: str = ""  # the same, typed; empty as long as the product's own packs say it
    box: str = ""  # where on the document: page, then left, top, right, bottom in per cent of it


@dataclass(frozen=True, slots=True)
class NewLine:
    """A row that the reader missed: a typed product and its quantity."""

    number: int
    product: str = ""
    quantity: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """Which document it is, typed where nothing was read."""

    number: str = ""
    issued_on: str = ""
    seller_nip: str = ""


@dataclass(frozen=True, slots=True)
class ReviewForm:
    lines: Mapping[int, LineForm]
    same: str = ""  # whether the document is the earlier one: yes, no or not answered
    sold: str = ""  # whether goods were sold by a paper that proves no sale: yes, no, not answered
    note: str = ""
    added: tuple[NewLine, ...] = ()
    header: Header = Header()


# Each field of a line, with the most characters of it that are kept.
_FIELDS = (
    ("product", 40),
    ("other", 200),
    ("pick", 20),
    ("quantity", 20),
    ("verdict", 40),
    ("value", 20),
    ("per", 20),
    ("units", 20),
    ("worth", 5),
    ("box", 40),
)


def as_read(line: ClaimLine, doubts: Sequence[Doubt]) -> LineForm:
    """The line before anybody touched it: what is sure is filled in, likely answers are chosen."""
    mine = {doubt.about: doubt for doubt in doubts if doubt.position == line.position}
    product = str(line.product_id) if line.product_id else OUTSIDE
    doubt = mine.get(About.PRODUCT)
    if doubt is not None and not doubt.likely:
        product = ""
    quantity = quantity_text(line.quantity)
    return LineForm(
        product=product,
        pick=quantity if About.QUANTITY in mine else "",
        quantity=quantity,
        value=_value_text(line),
        asks_value=About.VALUE in mine,
        per=_likely_units(mine.get(About.UNITS)),
        box=box_text(line.box),
    )


def _likely_units(doubt: Doubt | None) -> str:
    return quantity_text(doubt.quantities[0]) if doubt and doubt.quantities else ""


def _value_text(line: ClaimLine) -> str:
    return (
        ""
        if line.line_net_grosze is None
        else f"{to_amount(line.line_net_grosze)}".replace(".", ",")
    )


def read(
    fields: Mapping[str, str], lines: Sequence[ClaimLine], doubts: Sequence[Doubt]
) -> ReviewForm:
    """The form with what was sent or drafted; fields that did not come keep what was read."""
    found = {}
    for line in lines:
        before = as_read(line, doubts)
        found[line.position] = LineForm(
            **{
                name: fields.get(f"{name}-{line.position}", getattr(before, name))[:most].strip()
                for name, most in _FIELDS
            },
            # Who may not see prices is not asked.
            asks_value=before.asks_value and f"value-{line.position}" in fields,
        )
    return ReviewForm(
        lines=found,
        same=fields.get("same", "")[:3],
        sold=fields.get("sold", "")[:3],
        note=fields.get("note", "")[:1000],
        added=tuple(
            NewLine(
                number,
                fields.get(f"new-product-{number}", "")[:200].strip(),
                fields.get(f"new-quantity-{number}", "")[:20].strip(),
            )
            for number in range(1, MOST_NEW + 1)
        ),
        header=Header(
            fields.get("number", "")[:80].strip(),
            fields.get("issued_on", "")[:10],
            fields.get("seller_nip", "")[:20],
        ),
    )


_LINE_FIELD = re.compile(rf"({'|'.join(name for name, _ in _FIELDS)})-[0-9]{{1,4}}")


def draft_of(fields: Mapping[str, str]) -> dict[str, str]:
    """What of a form is kept until it is sent."""
    return {
        name: value[:200]
        for name, value in fields.items()
        if name in DRAFTED or _LINE_FIELD.fullmatch(name)
    }


def quantity_text(quantity: Decimal | None) -> str:
    return "" if quantity is None else f"{quantity.normalize():f}".replace(".", ",")


def parse_quantity(text: str) -> Decimal | None:
    """`12`, `2,5`, `1 000`; None for anything that is no quantity above zero."""
    plain = "".join(c for c in text if not c.isspace()).replace(",", ".")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return None
    return value if value.is_finite() and 0 < value < MOST else None


@dataclass(frozen=True, slots=True)
class Products:
    """The programme's products as a typed text finds them: by SKU, by name, or both joined."""

    by_id: Mapping[str, UUID] = field(default_factory=dict)
    by_text: Mapping[str, UUID] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Sequence[tuple[UUID, str, str]]) -> Products:
        texts: dict[str, UUID] = {}
        for product_id, sku, name in rows:
            for text in (name, sku, choice_text(sku, name)):
                texts[text.casefold()] = product_id
        return cls({str(row[0]): row[0] for row in rows}, texts)

    def find(self, line: LineForm) -> UUID | None:
        if line.product == OTHER:
            return self.by_text.get(line.other.casefold())
        return self.by_id.get(line.product)


def choice_text(sku: str, name: str) -> str:
    return f"{sku} · {name}"


def quantity_of(line: LineForm) -> Decimal | None:
    chosen = line.pick if line.pick not in ("", TYPED) else line.quantity
    return parse_quantity(chosen)


def units_of(line: ClaimLine, mine: LineForm, product: UUID | None) -> tuple[Decimal | None, bool]:
    """How many units one printed unit is, where a person says so, and whether that is a number.

    Prepared answers are those for the product as it was read.
    """
    text = mine.units
    if product == line.product_id and mine.per not in ("", TYPED):
        text = mine.per
    found = parse_quantity(text)
    return found, found is not None or not text


def value_of(line: ClaimLine, mine: LineForm) -> Decimal | None:
    """A value that was typed instead of the one that was read; none for what is no amount."""
    as_read = mine.value == _value_text(line) and mine.worth != SAID
    return None if as_read else parse_quantity(mine.value)


def ask_value(form: ReviewForm, position: int) -> ReviewForm:
    """The form with an emptied value: whatever is typed now stands, also what had been read."""
    lines = dict(form.lines)
    lines[position] = replace(lines[position], value="", worth=SAID)
    return replace(form, lines=lines)


def wishes(form: ReviewForm, lines: Sequence[ClaimLine], products: Products) -> dict[int, Wish]:
    """What would be accepted now; half-filled lines bring nothing yet."""
    found = {}
    for line in lines:
        mine = form.lines[line.position]
        product = None if mine.verdict else products.find(mine)
        units, _ = units_of(line, mine, product)
        found[line.position] = Wish(product, quantity_of(mine), units, value_of(line, mine))
    return found


def verdicts(
    form: ReviewForm, lines: Sequence[ClaimLine], products: Products
) -> tuple[list[LineVerdict], dict[str, tuple[str, int]]]:
    """A verdict for each line, and what is wrong: field → (message, line)."""
    found: list[LineVerdict] = []
    wrong: dict[str, tuple[str, int]] = {}
    for line in lines:
        mine = form.lines[line.position]
        if mine.product == OUTSIDE:
            found.append(LineVerdict(line.id, Verdict.REJECT, ReasonCode.NOT_IN_PROGRAM))
        elif mine.verdict:
            found.append(LineVerdict(line.id, Verdict.REJECT, _reason(mine.verdict)))
        else:
            _approve(line, mine, products, found, wrong)
    return found, wrong


def _approve(
    line: ClaimLine,
    mine: LineForm,
    products: Products,
    found: list[LineVerdict],
    wrong: dict[str, tuple[str, int]],
) -> None:
    product, quantity = products.find(mine), quantity_of(mine)
    if product is None:
        text = UNKNOWN_PRODUCT if mine.product == OTHER and mine.other else MISSING_PRODUCT
        wrong[f"product-{line.position}"] = (text, line.position)
    elif quantity is None:
        text = WRONG_QUANTITY if mine.quantity else MISSING_QUANTITY
        wrong[f"quantity-{line.position}"] = (text, line.position)
    else:
        value = value_of(line, mine)
        if value is None and mine.value not in ("", _value_text(line)):
            wrong[f"value-{line.position}"] = (WRONG_VALUE, line.position)
            return
        if value is None and mine.asks_value and product == line.product_id:
            wrong[f"value-{line.position}"] = (MISSING_VALUE, line.position)
            return
        units, good = units_of(line, mine, product)
        if not good:
            wrong[f"units-{line.position}"] = (WRONG_UNITS, line.position)
            return
        found.append(
            LineVerdict(
                line.id,
                Verdict.APPROVE,
                product_id=product,
                quantity=quantity,
                value=value,
                units=units,
            )
        )


def added(
    form: ReviewForm, products: Products
) -> tuple[list[tuple[UUID, Decimal]], dict[str, tuple[str, int]]]:
    """The typed rows as products with quantities, and what is wrong with them."""
    found, wrong = [], {}
    for row in form.added:
        if not row.product and not row.quantity:
            continue
        product, quantity = (
            products.by_text.get(row.product.casefold()),
            parse_quantity(row.quantity),
        )
        if product is None:
            wrong[f"new-product-{row.number}"] = (NEW_PRODUCT, row.number)
        elif quantity is None:
            wrong[f"new-quantity-{row.number}"] = (NEW_QUANTITY, row.number)
        else:
            found.append((product, quantity))
    return found, wrong


def document(
    header: Header, *, own_nip: str
) -> tuple[tuple[str, date, str] | None, dict[str, tuple[str, int]]]:
    """Number, day and seller of a document that nobody could read, and what is wrong."""
    wrong: dict[str, tuple[str, int]] = {}
    try:
        issued_on = date.fromisoformat(header.issued_on)
    except ValueError:
        issued_on = date.min
        wrong["issued_on"] = (NO_DAY, 0)
    seller = own_nip or identifiers.nip_normalised(header.seller_nip) or ""
    if not identifiers.nip_valid(seller):
        wrong["seller_nip"] = (NO_SELLER, 0)
    if not header.number:
        wrong["number"] = (NO_NUMBER, 0)
    return (None, wrong) if wrong else ((header.number, issued_on, seller), {})


def _reason(text: str) -> ReasonCode:
    known = {reason.value: reason for reason in ReasonCode if reason is not ReasonCode.COUNTED}
    return known.get(text, ReasonCode.OTHER)
