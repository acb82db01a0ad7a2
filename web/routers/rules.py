"""Rule versions: which holds, what each says and changes, and who publishes it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import Response

from accounts.roles import Role
from analytics import liability, rehearsals, rule_trials
from claims import budget_room
from core.clock import local_date
from core.errors import DomainError
from partners.tables import Partner
from programs import rule_drafts, rule_review, segments
from programs.policy import Rules
from programs.product_tables import Product
from programs.rule_review import Named
from programs.rule_tables import RuleStatus, RuleVersion
from programs.tables import Program, ProgramPartner
from programs.terms_words import KnownNames
from web import pages
from web.access import AUDITOR, OPERATOR, PROGRAM_ANALYST, PROGRAM_MANAGER, SUPPORT, Router
from web.deps import CurrentViewer, Now, UnitOfWork
from web.idempotent import idempotent
from web.program_people import OverseenProgram, PublishedProgram, holds
from web.viewer import Viewer
from web.views import rules as views
from web.views.products import person_names

READERS = PROGRAM_ANALYST | OPERATOR | SUPPORT | AUDITOR
PUBLISHERS = PROGRAM_MANAGER | OPERATOR

router = Router(access=READERS)


def partner_names(session: Session, program_id: UUID) -> dict[str, str]:
    """The programme's wholesalers by tax number."""
    rows = session.exec(
        select(Partner.nip, Partner.short_name)
        .join(ProgramPartner)
        .where(ProgramPartner.program_id == program_id)
        .order_by(Partner.short_name)
    )
    return {nip: name for nip, name in rows}


def known_names(session: Session, program_id: UUID) -> KnownNames:
    """What the sentences of rules point to."""
    return KnownNames(
        partner_names(session, program_id),
        segments.names(session, program_id),
        tuple(product_units(session, program_id)),
    )


def product_units(session: Session, program_id: UUID) -> list[tuple[str, str, str]]:
    """Code, family and unit of every product, without loading more of a large catalogue."""
    rows = session.execute(
        sa.select(col(Product.sku), col(Product.family), col(Product.unit)).where(
            col(Product.program_id) == program_id
        )
    )
    return [(sku, family, unit) for sku, family, unit in rows]


def named_products(session: Session, program_id: UUID) -> list[Named]:
    return [Named(sku, family) for sku, family, _ in product_units(session, program_id)]


@router.get("/rules")
def list_rules(
    request: Request, session: UnitOfWork, program: OverseenProgram, viewer: CurrentViewer, now: Now
) -> Response:
    _, today = pages.say(request), local_date(now)
    versions = rule_drafts.list_versions(session, program.id)
    in_force = rule_drafts.find_in_force(session, program_id=program.id, on=today)
    names = _names(session, versions)
    made = views.rows(versions, in_force, today, names, say=_)
    context = {
        "scope_label": program.name,
        "versions": made,
        "in_force": next((row for row in made if row.state == "in_force"), None),
        "words": views.in_words(
            rule_drafts.rules_of(in_force),
            known_names(session, program.id),
            language=viewer.language,
        )
        if in_force
        else None,
        "budget": _budget(session, program, in_force, today),
        "may_manage": holds(viewer, program, Role.PROGRAM_MANAGER),
        "now": now,
    }
    return pages.render(request, "program/rules.html", context)


def _budget(
    session: Session, program: Program, version: RuleVersion | None, today: date
) -> tuple[int, int] | None:
    """Points given and points there are in the budget of today's stretch."""
    rules = rule_drafts.rules_of(version) if version is not None else None
    if rules is None or rules.budget is None:
        return None
    used = budget_room.used(session, program_id=program.id, rules=rules, on=today)
    return used, rules.budget.points


def _names(session: Session, versions: list[RuleVersion]) -> dict[str, str]:
    return person_names(
        session, [v.created_by for v in versions] + [v.published_by for v in versions]
    )


@router.get("/rules/{version_id}")
def show_version(
    request: Request,
    session: UnitOfWork,
    program: OverseenProgram,
    viewer: CurrentViewer,
    version_id: UUID,
    now: Now,
) -> Response:
    version = rule_drafts.get_version(session, program_id=program.id, version_id=version_id)
    context = version_context(request, session, program, viewer, version, now=now)
    return pages.render(request, "program/rule_version.html", context)


def version_context(
    request: Request,
    session: Session,
    program: Program,
    viewer: Viewer,
    version: RuleVersion,
    *,
    now: Now,
) -> dict[str, object]:
    _, today = pages.say(request), local_date(now)
    versions = rule_drafts.list_versions(session, program.id)
    in_force = rule_drafts.find_in_force(session, program_id=program.id, on=today)
    names = _names(session, versions)
    row = next(
        r for r in views.rows(versions, in_force, today, names, say=_) if r.version_id == version.id
    )
    rules = rule_drafts.rules_of(version)
    earlier = [
        v
        for v in versions
        if v.status is RuleStatus.PUBLISHED
        and v.id != version.id
        and v.valid_from <= version.valid_from
    ]
    before = max(earlier, key=lambda v: v.valid_from, default=None)
    products = named_products(session, program.id)
    draft = version.status is RuleStatus.DRAFT
    author = version.created_by == viewer.actor
    language = viewer.language
    return {
        "scope_label": program.name,
        "version": row,
        "words": views.in_words(rules, known_names(session, program.id), language=language),
        "before": before.number if before else None,
        "changes": views.rate_changes(
            rule_review.changes(
                rule_drafts.rules_of(before), rules, products, on=version.valid_from
            ),
            language=language,
        )
        if before
        else [],
        **tried_on_purchases(request, session, program, rules, version.valid_from, now, language),
        "draft": draft,
        "author": author,
        "may_edit": draft and author and holds(viewer, program, Role.PROGRAM_MANAGER),
        "may_publish": draft
        and not author
        and holds(viewer, program, Role.PROGRAM_MANAGER, Role.OPERATOR),
        "may_copy": holds(viewer, program, Role.PROGRAM_MANAGER),
        "may_rehearse": holds(viewer, program, Role.PROGRAM_MANAGER, Role.OPERATOR),
        "rehearsed": rehearsals.newest_of(session, version.id),
        "too_early": draft and version.valid_from <= today,
        "now": now,
    }


def tried_on_purchases(
    request: Request,
    session: Session,
    program: Program,
    rules: Rules,
    valid_from: date,
    now: datetime,
    language: str,
) -> dict[str, object]:
    """Rules on a whole real invoice and on single lines, and what they would leave out."""
    _, today = pages.say(request), local_date(now)
    invoice = rule_trials.past_claim(session, program.id, today=today)
    on_invoice = rule_trials.try_claim(session, program.id, invoice, rules, valid_from=valid_from)
    on_lines = [
        (line, rule_trials.try_on(rules, line, valid_from=valid_from))
        for line in rule_trials.past_lines(session, program.id, today=today)
    ]
    found = rule_review.findings(
        rules,
        named_products(session, program.id),
        valid_from=valid_from,
        segments=segments.names(session, program.id),
        before=rule_drafts.find_before(session, program_id=program.id, valid_from=valid_from),
    )
    return {
        "invoice": views.invoice_trial(invoice, on_invoice, say=_, language=language),
        "trials": views.trials(on_lines, say=_, language=language),
        "findings": views.findings(found, say=_),
    }


@router.get("/rules/{version_id}/rehearsal")
def rehearse(
    request: Request,
    session: UnitOfWork,
    program: OverseenProgram,
    viewer: CurrentViewer,
    version_id: UUID,
    now: Now,
) -> Response:
    """The last months under this version; a fragment for the version's page, or a page."""
    version = rule_drafts.get_version(session, program_id=program.id, version_id=version_id)
    today = local_date(now)
    found = rule_trials.rehearse(
        session,
        program.id,
        rules=rule_drafts.rules_of(version),
        valid_from=max(version.valid_from, today),
        today=today,
    )
    context = {
        "scope_label": program.name,
        "number": version.number,
        "version_id": version.id,
        "rehearsal": views.rehearsal(
            found,
            liability.cost_per_point(session, program_id=program.id),
            say=pages.say(request),
            language=viewer.language,
        ),
    }
    fragment = pages.is_fragment(request)
    template = "program/_rehearsal.html" if fragment else "program/rehearsal.html"
    return pages.render(request, template, context)


@router.post("/rules/{version_id}/publication", access=PUBLISHERS)
@idempotent
def publish(
    request: Request,
    session: UnitOfWork,
    program: PublishedProgram,
    viewer: CurrentViewer,
    version_id: UUID,
    now: Now,
) -> Response:
    """Put the draft into force; never by its author."""
    _ = pages.say(request)
    version = rule_drafts.get_version(session, program_id=program.id, version_id=version_id)
    try:
        rule_drafts.publish(session, version, publisher=viewer.actor, at=now)
    except DomainError as error:
        context = version_context(request, session, program, viewer, version, now=now)
        raise pages.refused(request, "program/rule_version.html", context, error) from error
    flash = _("Wersja %(number)s opublikowana.") % {"number": version.number}
    return pages.redirect(request, f"/rules/{version_id}", flash=flash)
