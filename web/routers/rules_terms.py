"""The three-step card and the points chapter of a version, as participants will read them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlmodel import Session, select
from starlette.requests import Request
from starlette.responses import Response

from core.clock import local_date
from core.i18n import LANGUAGES
from programs import branches, queries, rule_drafts, segments, tax_modes, terms
from programs.rule_tables import RuleVersion
from programs.tables import Program
from programs.terms import TermsFacts
from web import pages, terms_pdf
from web.access import PUBLIC, Router
from web.deps import CurrentViewer, Now, UnitOfWork
from web.program_people import OverseenProgram
from web.routers.rules import READERS, partner_names, product_units

router = Router(access=READERS)


def facts_of(session: Session, program: Program, version: RuleVersion, *, on: date) -> TermsFacts:
    """What the texts of a version are made of, as they are read on a day."""
    # A version to come is read for its own days.
    taxed_on = max(on, version.valid_from)
    return TermsFacts(
        program_name=program.name,
        organiser=queries.get_manufacturer(session, program).name,
        starts_on=program.starts_on,
        ends_on=program.ends_on,
        claim_until=program.claim_until,
        redeem_until=program.redeem_until,
        settings=queries.settings_of(program),
        number=version.number,
        valid_from=version.valid_from,
        rules=rule_drafts.rules_of(version),
        partners=partner_names(session, program.id),
        segments=segments.names(session, program.id),
        products=tuple(product_units(session, program.id)),
        tax_mode=tax_modes.mode_on(session, program_id=program.id, on=taxed_on),
    )


def _texts(
    session: Session, program: Program, version: RuleVersion, language: str, now: Now
) -> dict[str, object]:
    facts = facts_of(session, program, version, on=local_date(now))
    return {
        "program_name": program.name,
        "organiser": facts.organiser,
        "number": version.number,
        "valid_from": version.valid_from,
        "card": terms.card(facts, language=language),
        "rates": terms.rates(facts, language=language, on=local_date(now)),
        "chapters": terms.chapters(facts, language=language),
        "text_language": language,
    }


@router.get("/rules/{version_id}/terms")
def show_terms(
    request: Request,
    session: UnitOfWork,
    program: OverseenProgram,
    viewer: CurrentViewer,
    version_id: UUID,
    now: Now,
    language: str = "",
) -> Response:
    """The texts of any version, also of a draft, in a language of choice."""
    version = rule_drafts.get_version(session, program_id=program.id, version_id=version_id)
    chosen = language if language in LANGUAGES else viewer.language
    context = {
        "scope_label": program.name,
        "version_id": version.id,
        "draft": version.published_at is None,
        "pdf_href": f"/rules/{version_id}/terms.pdf?language={chosen}",
        "text_languages": [
            {
                "label": pages.LANGUAGE_NAMES[code],
                "href": f"/rules/{version_id}/terms?language={code}",
                "active": code == chosen,
            }
            for code in LANGUAGES
        ],
        **_texts(session, program, version, chosen, now),
    }
    return pages.render(request, "program/terms.html", context)


@router.get("/rules/{version_id}/terms.pdf")
def print_terms(
    session: UnitOfWork,
    program: OverseenProgram,
    viewer: CurrentViewer,
    version_id: UUID,
    now: Now,
    language: str = "",
) -> Response:
    """The same texts on paper."""
    version = rule_drafts.get_version(session, program_id=program.id, version_id=version_id)
    chosen = language if language in LANGUAGES else viewer.language
    return _paper(session, program, version, chosen, now)


def _paper(
    session: Session, program: Program, version: RuleVersion, language: str, now: Now
) -> Response:
    paper = terms_pdf.render(
        facts_of(session, program, version, on=local_date(now)),
        language=language,
        on=local_date(now),
        draft=version.published_at is None,
    )
    name = f"{program.slug}-{version.number}-{language}.pdf"
    return Response(
        paper,
        media_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


@router.get("/terms/{slug}", access=PUBLIC)
def show_public_terms(
    request: Request, session: UnitOfWork, viewer: CurrentViewer, slug: str, now: Now
) -> Response:
    """What holds today in a programme, for everybody."""
    program, version = _in_force(session, slug, now)
    context = {
        "pdf_href": f"/terms/{slug}/{viewer.language}.pdf",
        "places": branches.list_places(session, program.id, local_date(now)),
    } | _texts(session, program, version, viewer.language, now)
    return pages.render(request, "program/public_terms.html", context)


def _in_force(session: Session, slug: str, now: Now) -> tuple[Program, RuleVersion]:
    program = session.exec(select(Program).where(Program.slug == slug)).one_or_none()
    if program is None:
        raise queries.ProgramNotFound
    version, _ = queries.get_rules_in_force(session, program_id=program.id, on=local_date(now))
    return program, version


@router.get("/terms/{slug}/{language}.pdf", access=PUBLIC)
def print_public_terms(session: UnitOfWork, slug: str, language: str, now: Now) -> Response:
    """What holds today in a programme, on paper, in one of the languages."""
    program, version = _in_force(session, slug, now)
    return _paper(session, program, version, language if language in LANGUAGES else "pl", now)
