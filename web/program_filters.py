"""The filters of the manufacturer's pages: read from the address, kept in every link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends
from sqlmodel import Session
from starlette.requests import Request

from analytics import choices
from analytics.choices import PlaceChoice
from analytics.periods import Compare, Period, Preset, compared, of_preset
from analytics.selection import Basis, Selection
from core.clock import local_date
from core.errors import Invalid, NotFound
from programs.tables import Program
from web.charts import VOIVODESHIPS
from web.deps import Now, UnitOfWork
from web.program_people import CurrentProgram

DEFAULT_PRESET = Preset.LAST_30_DAYS
# In the order of the address. What is not named here belongs to a single page.
PLACES_AND_GOODS = ("partner", "branch", "family", "product", "voivodeship")
NAMES = ("period", "from", "to", "compare", *PLACES_AND_GOODS, "day")


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked at, what it is compared with, and how to link to a neighbouring view."""

    selection: Selection
    preset: Preset
    compare: Compare
    before: Period | None
    today: date
    params: Mapping[str, str]
    places: Sequence[PlaceChoice]
    families: Sequence[str]
    product_name: str

    @property
    def period(self) -> Period:
        return self.selection.period

    @property
    def narrowed(self) -> bool:
        """Whether anything but the period is filtered."""
        return any(name in self.params for name in PLACES_AND_GOODS)

    def href(self, path: str, **changes: object) -> str:
        """The address of a page with these filters, some of them changed; `None` takes one off.

        `from_` names the parameter `from`.
        """
        given = {name.rstrip("_"): value for name, value in changes.items()}
        merged = {**self.params, **given}
        kept = {name: str(value) for name, value in merged.items() if value not in (None, "")}
        return f"{path}?{urlencode(kept)}" if kept else path


def _uuid(text: str, field: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Invalid("no such thing", field=field) from error


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("a date is written 2026-11-20", field=field) from error


def _period(preset: Preset, program: Program, today: date, first: str, last: str) -> Period:
    if preset is not Preset.OWN:
        return of_preset(preset, today=today, opened_on=program.starts_on)
    start, end = _day(first, "from"), _day(last, "to")
    if start > end or (end - start).days > 3700:
        raise Invalid("the period ends before it begins, or is endless", field="to")
    return Period(start, end)


def read_filters(
    session: Session, program: Program, today: date, given: Mapping[str, str]
) -> Filters:
    """Filters from the texts of an address. Raises `Invalid`, `NotFound` for foreign things."""
    try:
        preset = Preset(given.get("period") or DEFAULT_PRESET)
        compare = Compare(given.get("compare") or Compare.PREVIOUS)
        basis = Basis(given.get("day") or Basis.DECIDED)
    except ValueError as error:
        raise Invalid("no such choice", field="period") from error
    period = _period(preset, program, today, given.get("from", ""), given.get("to", ""))
    places = choices.places(session, program.id)
    families = choices.families(session, program.id)
    partner_id = _uuid(given.get("partner", ""), "partner")
    branch_id = _uuid(given.get("branch", ""), "branch")
    product_id = _uuid(given.get("product", ""), "product")
    family, voivodeship = given.get("family", ""), given.get("voivodeship", "")
    product = (
        choices.find_product(session, program_id=program.id, product_id=product_id)
        if product_id
        else None
    )
    known = (
        partner_id is None or any(place.partner_id == partner_id for place in places),
        branch_id is None or any(place.branch_id == branch_id for place in places),
        product_id is None or product is not None,
        not family or family in families,
        not voivodeship or voivodeship in VOIVODESHIPS,
    )
    if not all(known):
        raise NotFound
    return Filters(
        selection=Selection(
            program_id=program.id,
            period=period,
            partner_id=partner_id,
            branch_id=branch_id,
            family=family,
            product_id=product_id,
            voivodeship=voivodeship,
            basis=basis,
        ),
        preset=preset,
        compare=compare,
        before=compared(period, compare),
        today=today,
        params={name: given[name] for name in NAMES if given.get(name)},
        places=places,
        families=families,
        product_name=product.name if product else "",
    )


def _filters(request: Request, session: UnitOfWork, program: CurrentProgram, now: Now) -> Filters:
    given = {name: request.query_params.get(name, "")[:200] for name in NAMES}
    return read_filters(session, program, local_date(now), given)


CurrentFilters = Annotated[Filters, Depends(_filters)]
