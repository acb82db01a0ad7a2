"""The form of a review: fields by line, read from a request, a draft, or the reading itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from starlette.requests import Request

from claims.states import ReasonCode, Verdict
from claims.tables import ClaimLine
from verification.doubts import About, Doubt
from verification.judging import LineVerdict
from verification.preview import Wish
from web.error_texts import N_

OUTSIDE = "none"  # the line is no product of the programme
OTHER = "other"  # a product that is typed
TYPED = "typed"  # a quantity that is typed
MOST = Decimal(1_000_000)

MISSING_PRODUCT = N_("Pozycja %(n)s: wybierz produkt.")
UNKNOWN_PRODUCT = N_("Pozycja %(n)s: nie ma takiego produktu w programie.")
MISSING_QUANTITY = N_("Pozycja %(n)s: podaj, ile sztuk.")
WRONG_QUANTITY = N_("Pozycja %(n)s: ilość to liczba większa od zera, na przykład 12 albo 2,5.")
TAKEN = N_("Pozycja %(n)s: te sztuki zaliczono już z innego zgłoszenia.")
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


@dataclass(frozen=True, slots=True)
class ReviewForm:
    lines: Mapping[int, LineForm]
    same: str = ""  # whether the document is the earlier one: yes, no or not answered
    note: str = ""


def names_of(position: int) -> tuple[str, str, str, str, str]:
    return tuple(  # type: ignore[return-value]
        f"{name}-{position}" for name in ("product", "other", "pick", "quantity", "verdict")
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
    )


def read(
    fields: Mapping[str, str], lines: Sequence[ClaimLine], doubts: Sequence[Doubt]
) -> ReviewForm:
    """The form with what was sent or drafted; fields that did not come keep what was read."""
    found = {}
    for line in lines:
        before = as_read(line, doubts)
        product, other, pick, quantity, verdict = names_of(line.position)
        found[line.position] = LineForm(
            product=fields.get(product, before.product)[:40],
            other=fields.get(other, before.other)[:200].strip(),
            pick=fields.get(pick, before.pick)[:20],
            quantity=fields.get(quantity, before.quantity)[:20].strip(),
            verdict=fields.get(verdict, before.verdict)[:40],
        )
    return ReviewForm(found, fields.get("same", "")[:3], fields.get("note", "")[:1000])


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


def wishes(form: ReviewForm, lines: Sequence[ClaimLine], products: Products) -> dict[int, Wish]:
    """What would be accepted now; half-filled lines bring nothing yet."""
    found = {}
    for line in lines:
        mine = form.lines[line.position]
        product = None if mine.verdict else products.find(mine)
        units = line.units_per_quantity if product == line.product_id else Decimal(1)
        found[line.position] = Wish(product, quantity_of(mine), units)
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
        found.append(LineVerdict(line.id, Verdict.APPROVE, product_id=product, quantity=quantity))


def _reason(text: str) -> ReasonCode:
    known = {reason.value: reason for reason in ReasonCode if reason is not ReasonCode.COUNTED}
    return known.get(text, ReasonCode.OTHER)
