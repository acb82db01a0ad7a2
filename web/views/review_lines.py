"""The lines of a review and the questions about them, as its page shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from claims import line_units
from claims.tables import ClaimLine
from core.formats import Formats
from verification.doubts import About, Doubt
from verification.preview import Counted
from web import review_form
from web.review_form import LineForm, ReviewForm
from web.texts.units import unit_word
from web.views import review_words as words
from web.views.paper import CropView

Gettext = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class ProductChoice:
    """A product as an answer. `likeness` in per cent; none for what is sure or typed."""

    id: str
    name: str
    sku: str
    likeness: int | None


@dataclass(frozen=True, slots=True)
class DoubtView:
    """One question: `about` product, quantity, units or same_purchase; answers in `unit`."""

    about: str
    position: int
    title: str
    why: str
    crop: CropView | None
    text: str  # what the document says, for people who do not see the picture
    choices: tuple[ProductChoice, ...]
    quantities: tuple[str, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class LineView:
    position: int
    description: str
    index: str
    unit: str
    price: Decimal | None
    outside: bool
    state: str  # of ui.field_state
    note: str
    name: str  # the product as it stands
    points: int
    form: LineForm
    choices: tuple[ProductChoice, ...]
    asks_product: bool
    asks_quantity: bool
    asks_value: bool  # a rate counts it
    doubts_value: bool  # and nothing says it: it has a question of its own
    asks_units: bool
    units: str  # what the quantity comes to: "× 10 = 20 szt"; empty where units are the printed
    factor: str  # the product's own units in one printed unit, as far as they are known
    own_unit: str  # of the product as it stands
    crop: CropView | None


def _choices(line: ClaimLine, by_id: Mapping[UUID, tuple[str, str]]) -> tuple[ProductChoice, ...]:
    made = []
    for candidate in line.candidates:
        known = by_id.get(UUID(candidate["product_id"]))
        if known is not None:
            likeness = round(Decimal(candidate["score"]) * 100)
            made.append(ProductChoice(candidate["product_id"], known[1], known[0], likeness))
    if line.product_id and str(line.product_id) not in [c.id for c in made]:
        sku, name = by_id.get(line.product_id, ("", ""))
        made.insert(0, ProductChoice(str(line.product_id), name, sku, None))
    return tuple(made[:4])


def doubt_view(
    doubt: Doubt,
    lines: Sequence[ClaimLine],
    held_reason: str | None,
    by_id: Mapping[UUID, tuple[str, str]],
    windows: Mapping[tuple[int, str], CropView],
    gettext: Gettext,
    counted: Mapping[int, Counted],
) -> DoubtView:
    why = gettext(words.WHY[doubt.why])
    if doubt.about is About.SAME_PURCHASE:
        reason = words.HELD.get(held_reason or "", "")
        why = f"{why} {gettext('Powód')}: {gettext(reason)}." if reason else why
        return _of_document(doubt, gettext("czy to ten sam zakup?"), why)
    if doubt.about is About.PAPER:
        return _of_document(doubt, gettext("czy towar został sprzedany?"), why)
    line = next(line for line in lines if line.position == doubt.position)
    about_product, own = (
        doubt.about is About.PRODUCT,
        unit_word(counted[doubt.position].unit, gettext),
    )
    titles = {
        About.PRODUCT: gettext("który to produkt w pozycji %(n)s?"),
        About.QUANTITY: gettext("ile sztuk w pozycji %(n)s?"),
        About.VALUE: gettext("ile złotych kosztowała pozycja %(n)s?"),
        About.UNITS: gettext("1 %(printed)s w pozycji %(n)s to ile %(own)s?"),
    }
    return DoubtView(
        about=doubt.about,
        position=doubt.position,
        title=titles[doubt.about]
        % {"n": doubt.position, "printed": line.unit or gettext("j.m."), "own": own},
        why=why,
        crop=windows.get((doubt.position, _PLACES[doubt.about])),
        text=f"{line.description} {review_form.quantity_text(line.quantity)} {line.unit}".strip(),
        choices=_choices(line, by_id) if about_product else (),
        quantities=tuple(review_form.quantity_text(q) for q in doubt.quantities),
        unit=own if doubt.about is About.UNITS else line.unit,
    )


def _of_document(doubt: Doubt, title: str, why: str) -> DoubtView:
    """A question about the whole document, to be answered with yes or no."""
    return DoubtView(
        about=doubt.about,
        position=0,
        title=title,
        why=why,
        crop=None,
        text="",
        choices=(),
        quantities=(),
        unit="",
    )


# Where on the page the answer to a question stands.
_PLACES = {
    About.PRODUCT: "product",
    About.QUANTITY: "quantity",
    About.UNITS: "quantity",
    About.VALUE: "product",
}


def units_text(counted: Counted, formats: Formats, gettext: Gettext) -> str:
    """What a quantity comes to in the product's units; nothing where one is one."""
    if counted.factor in (None, 1) or counted.units is None:
        return ""
    unit = unit_word(counted.unit, gettext)
    return f"× {formats.quantity(counted.factor)} = {formats.quantity(counted.units)} {unit}"


def line_view(
    line: ClaimLine,
    form: ReviewForm,
    doubts: Sequence[Doubt],
    by_id: Mapping[UUID, tuple[str, str]],
    counted: Counted,
    windows: Mapping[tuple[int, str], CropView],
    gettext: Gettext,
    formats: Formats,
    *,
    asks_value: bool = False,
) -> LineView:
    mine = form.lines[line.position]
    about = {doubt.about for doubt in doubts if doubt.position == line.position}
    state, note = _state(line, about, gettext)
    if not counted.in_days:
        state, note = "check", gettext("produkt poza swoim terminem, nie zaliczymy go")
    elif not counted.has_rate:
        state, note = "check", gettext("zasady z dnia zakupu nie mają stawki na ten produkt")
    chosen = by_id.get(UUID(mine.product)) if len(mine.product) == 36 else None
    name = chosen[1] if chosen else ""
    if mine.product == review_form.OTHER:
        name = mine.other
    return LineView(
        position=line.position,
        description=line.description,
        index=line.seller_index or "",
        unit=line.unit,
        price=line.unit_price,
        outside=line.product_id is None and mine.product == review_form.OUTSIDE,
        state=state,
        note=note,
        name=name,
        points=counted.points,
        form=mine,
        choices=_choices(line, by_id),
        asks_product=About.PRODUCT in about,
        asks_quantity=About.QUANTITY in about,
        asks_value=asks_value,
        doubts_value=asks_value and About.VALUE in about,
        asks_units=About.UNITS in about,
        units=units_text(counted, formats, gettext),
        factor=review_form.quantity_text(counted.factor),
        own_unit=unit_word(counted.unit, gettext),
        crop=windows.get((line.position, "product")),
    )


def _state(line: ClaimLine, about: set[About], gettext: Gettext) -> tuple[str, str]:
    if about:
        names = {
            About.PRODUCT: gettext("produkt"),
            About.QUANTITY: gettext("ilość"),
            About.UNITS: gettext("jednostka"),
            About.VALUE: gettext("wartość"),
        }
        return "check", ", ".join(names[kind] for kind in names if kind in about)
    note = words.SURE.get(line.match_reason, "")
    if line_units.learned(line) is not None:
        note = words.LEARNED_UNIT
    return "ksef" if line.proof == "structured" else "sure", gettext(note) if note else ""
