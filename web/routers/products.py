"""The programme's products: list, detail, editing, and the names that sellers have for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Form
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from accounts.roles import Role
from analytics import choices
from core.clock import local_date
from core.errors import DomainError, Invalid
from programs import product_history, product_units, products, queries, seller_units
from programs.policy import Rules
from programs.product_days import takes_part
from programs.product_tables import Product
from programs.products import UNITS, ProductFacts
from programs.tables import Program
from programs.unit_words import PACKS
from web import pages
from web.access import PROGRAM_ANALYST, PROGRAM_MANAGER, Router
from web.deps import CurrentViewer, Now, UnitOfWork
from web.idempotent import idempotent
from web.program_people import CurrentProgram, ManagedProgram, holds
from web.views import products as views

router = Router(access=PROGRAM_ANALYST)
PAGE = 50
GTIN_FIELDS = 4
PACK_FIELDS = 2
Text = Annotated[str, Form(max_length=300)]
Texts = Annotated[list[str] | None, Form()]


def rules_on(session: Session, program_id: UUID, on: date) -> Rules | None:
    """The rules in force, `None` while nothing is published."""
    try:
        return queries.get_rules_in_force(session, program_id=program_id, on=on)[1]
    except queries.NoRulesInForce:
        return None


@router.get("/products")
def list_products(
    request: Request,
    session: UnitOfWork,
    program: CurrentProgram,
    viewer: CurrentViewer,
    now: Now,
    q: str = "",
    family: str = "",
    after: str = "",
) -> Response:
    today = local_date(now)
    found = products.search(
        session,
        program_id=program.id,
        text=q[:100],
        family=family,
        after_sku=after[:100],
        limit=PAGE + 1,
    )
    families = choices.families(session, program.id)
    context = {
        "scope_label": program.name,
        "products": views.rows(
            session,
            found[:PAGE],
            rules_on(session, program.id, today),
            today,
            language=viewer.language,
        ),
        "q": q,
        "family": family,
        "families": families,
        "next_sku": found[PAGE - 1].product.sku if len(found) > PAGE else "",
        "paged": bool(after),
        "may_manage": holds(viewer, program, Role.PROGRAM_MANAGER),
        "now": now,
    }
    return pages.render(request, "program/products.html", context)


def _form_context(program: Program, facts: dict[str, object], *, heading: str) -> dict[str, object]:
    """The context of the form; the GTIN fields are filled up with empty ones."""
    gtins = [*_pairs(facts.get("gtins")), *([("", "1")] * GTIN_FIELDS)]
    packs = [*_pairs(facts.get("sold_in")), *([("", "")] * PACK_FIELDS)]
    return {
        "scope_label": program.name,
        "heading": heading,
        "packs": [("", "–"), *((name, name) for name in PACKS)],
        "facts": {
            **facts,
            "sold_in": packs[:PACK_FIELDS],
            "gtins": gtins[: max(GTIN_FIELDS, len(gtins) - GTIN_FIELDS + 1)],
        },
        "units": [(unit, unit) for unit in UNITS],
    }


def _pairs(found: object) -> list[tuple[str, str]]:
    return list(found) if isinstance(found, list) else []


EMPTY: dict[str, object] = {
    "sku": "", "name": "", "family": "", "unit": "szt",
    "eligible_from": "", "eligible_to": "", "gtins": [], "sold_in": [],
}  # fmt: skip


@router.get("/products/new", access=PROGRAM_MANAGER)
def new_product(request: Request, session: UnitOfWork, program: ManagedProgram) -> Response:
    _ = pages.say(request)
    context = _form_context(program, EMPTY, heading=_("Nowy produkt"))
    context |= {"action": "/products", "families": choices.families(session, program.id)}
    return pages.render(request, "program/product_form.html", context)


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it was sent."""

    sku: str
    name: str
    family: str
    unit: str
    eligible_from: str
    eligible_to: str
    gtins: tuple[tuple[str, str], ...]
    sold_in: tuple[tuple[str, str], ...]

    def facts(self) -> ProductFacts:
        """What was meant. Raises `Invalid`."""
        found = []
        for gtin, units in self.gtins:
            try:
                found.append((gtin, Decimal(units.strip().replace(",", "."))))
            except InvalidOperation as error:
                raise Invalid("how many units?", field="gtin") from error
        sold_in = []
        for name, units in self.sold_in:
            try:
                sold_in.append((name, Decimal(units.strip().replace(",", "."))))
            except InvalidOperation as error:
                raise Invalid("how many are in it?", field="pack_units") from error
        return ProductFacts(
            sku=self.sku,
            name=self.name,
            family=self.family,
            unit=self.unit,
            eligible_from=_day(self.eligible_from, "eligible_from"),
            eligible_to=_day(self.eligible_to, "eligible_to"),
            gtins=tuple(found),
            sold_in=tuple(sold_in),
        )

    def again(self) -> dict[str, object]:
        """The same texts for the form's next showing."""
        return {
            "sku": self.sku,
            "name": self.name,
            "family": self.family,
            "unit": self.unit,
            "eligible_from": self.eligible_from,
            "eligible_to": self.eligible_to,
            "gtins": list(self.gtins),
            "sold_in": list(self.sold_in),
        }


def _typed_form(
    sku: Text = "",
    name: Text = "",
    family: Text = "",
    unit: Text = "szt",
    eligible_from: Text = "",
    eligible_to: Text = "",
    gtin: Texts = None,
    gtin_units: Texts = None,
    pack_unit: Texts = None,
    pack_units: Texts = None,
) -> Typed:
    pairs = zip(gtin or [], gtin_units or [], strict=False)
    packs = zip(pack_unit or [], pack_units or [], strict=False)
    return Typed(
        sku,
        name,
        family,
        unit,
        eligible_from,
        eligible_to,
        tuple((code, units) for code, units in pairs if code.strip()),
        tuple((name, units) for name, units in packs if name.strip()),
    )


TypedForm = Annotated[Typed, Depends(_typed_form)]


def _day(text: str, field: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid("a date is written 2026-11-20", field=field) from error


def _refused(
    request: Request,
    session: Session,
    program: Program,
    error: DomainError,
    typed: dict[str, object],
    *,
    heading: str,
    action: str,
) -> pages.FormRefused:
    """The form again, with words for the field that is wrong."""
    _ = pages.say(request)
    context = _form_context(program, typed, heading=heading)
    context |= {"action": action, "families": choices.families(session, program.id)}
    field = error.field if isinstance(error, Invalid) else str(error.facts.get("field") or "sku")
    if field in views.FAULTS and isinstance(error, Invalid):
        words = {field: _(views.FAULTS[field])[:1].upper() + _(views.FAULTS[field])[1:] + "."}
        return pages.wrong("program/product_form.html", context, words)
    return pages.refused(request, "program/product_form.html", context, error)


@router.post("/products", access=PROGRAM_MANAGER)
@idempotent
def create_product(
    request: Request,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    now: Now,
    typed: TypedForm,
) -> Response:
    _ = pages.say(request)
    try:
        made = products.create(
            session, program_id=program.id, facts=typed.facts(), actor=viewer.actor, at=now
        )
    except DomainError as error:
        raise _refused(
            request,
            session,
            program,
            error,
            typed.again(),
            heading=_("Nowy produkt"),
            action="/products",
        ) from error
    return pages.redirect(request, f"/products/{made.id}", flash=_("Produkt dodany."))


@router.get("/products/{product_id}")
def show_product(
    request: Request,
    session: UnitOfWork,
    program: CurrentProgram,
    viewer: CurrentViewer,
    product_id: UUID,
    now: Now,
) -> Response:
    _, today = pages.say(request), local_date(now)
    product = products.get_product(session, program_id=program.id, product_id=product_id)
    rules = rules_on(session, program.id, today)
    context = {
        "scope_label": program.name,
        "product": product_view(product),
        "points": views.points_of(
            product, product_history.of(session, product, on=today), rules, today
        ),
        "eligible_now": takes_part(product, today),
        "gtins": [(row.gtin, row.units) for row in products.list_gtins(session, product)],
        "sold_in": product_units.list_units(session, product),
        "aliases": views.alias_rows(session, products.list_aliases(session, product), say=_),
        "seller_units": views.seller_unit_rows(
            session, seller_units.list_units(session, product), say=_
        ),
        "may_manage": holds(viewer, program, Role.PROGRAM_MANAGER),
        "now": now,
    }
    return pages.render(request, "program/product.html", context)


def product_view(product: Product) -> dict[str, object]:
    return {
        "id": product.id,
        "sku": product.sku,
        "name": product.name,
        "family": product.family,
        "unit": product.unit,
        "eligible_from": product.eligible_from,
        "eligible_to": product.eligible_to,
    }


@router.get("/products/{product_id}/edit", access=PROGRAM_MANAGER)
def edit_product(
    request: Request, session: UnitOfWork, program: ManagedProgram, product_id: UUID
) -> Response:
    _ = pages.say(request)
    product = products.get_product(session, program_id=program.id, product_id=product_id)
    facts: dict[str, object] = {
        **product_view(product),
        "from_start": False,
        "eligible_from": product.eligible_from.isoformat() if product.eligible_from else "",
        "eligible_to": product.eligible_to.isoformat() if product.eligible_to else "",
        "sold_in": [
            (name, f"{units.normalize():f}")
            for name, units in product_units.list_units(session, product)
        ],
        "gtins": [
            (row.gtin, f"{row.units.normalize():f}")
            for row in products.list_gtins(session, product)
        ],
    }
    context = _form_context(program, facts, heading=_("Zmiana produktu"))
    context |= {
        "action": f"/products/{product.id}",
        "families": choices.families(session, program.id),
    }
    return pages.render(request, "program/product_form.html", context)


@router.post("/products/{product_id}", access=PROGRAM_MANAGER)
@idempotent
def save_product(
    request: Request,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    product_id: UUID,
    now: Now,
    typed: TypedForm,
    from_start: Annotated[bool, Form()] = False,
) -> Response:
    """Code, family and unit change for later purchases; a mistake is put right for all."""
    _ = pages.say(request)
    product = products.get_product(session, program_id=program.id, product_id=product_id)
    try:
        products.edit(
            session,
            product,
            facts=typed.facts(),
            actor=viewer.actor,
            from_start=from_start,
            at=now,
        )
    except DomainError as error:
        raise _refused(
            request,
            session,
            program,
            error,
            typed.again() | {"from_start": from_start},
            heading=_("Zmiana produktu"),
            action=f"/products/{product_id}",
        ) from error
    return pages.redirect(request, f"/products/{product_id}", flash=_("Zapisane."))
