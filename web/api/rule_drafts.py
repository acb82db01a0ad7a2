"""Drafts of rules over the API: written, replaced, thrown away, published by a second person."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field, field_validator
from sqlmodel import Session
from starlette.requests import Request

from core.errors import Invalid
from programs import rule_drafts, service
from programs.policy import Bundle, FirstPurchase, PerValue, Rules, Target
from programs.rule_drafts import LONGEST_NOTE
from programs.rule_tables import RuleVersion
from programs.tables import Program
from web import pages, rule_form
from web.access import PROGRAM_MANAGER, ApiRouter
from web.api.posting import MAY_REPEAT
from web.api.rules import VersionDetail, detail
from web.deps import CurrentViewer, Now, UnitOfWork
from web.idempotent import idempotent
from web.program_people import ManagedProgram, PublishedProgram
from web.routers.rules import PUBLISHERS
from web.routers.rules_editor import fault_of, require_known_codes
from web.rule_rows import MOST_ROWS
from web.viewer import Viewer

router = ApiRouter(area="rules", access=PROGRAM_MANAGER, prefix="/rules/versions")
# The rows of the editor, which knows what rules must be, and where they stand in the data.
_LISTS = {
    "base": "base",
    "multiplier": "multipliers",
    "campaign": "campaigns",
    "level": "ladder.levels",
    "limit": "participant_caps",
}
_BONUSES = {"first": FirstPurchase, "bundle": Bundle, "target": Target}
_SINGLE = {
    "cap": "cap_per_line",
    "budget": "budget.points",
    "window_days": "ladder.window_days",
    "base": "base",
}


class DraftIn(BaseModel):
    """All of a draft; purchases from `valid_from` on are judged by it once it is published."""

    rules: Rules
    valid_from: date
    note: str = Field("", max_length=LONGEST_NOTE)

    @field_validator("rules")
    @classmethod
    def few(cls, rules: Rules) -> Rules:
        """No more of a kind than the pages show, where the draft can be edited too."""
        levels = rules.ladder.levels if rules.ladder else ()
        kinds = (rules.base, rules.multipliers, rules.campaigns, levels, rules.participant_caps)
        if any(len(found) > MOST_ROWS for found in (*kinds, rules.bonuses)):
            raise ValueError(f"at most {MOST_ROWS} of a kind")
        return rules


def _person(viewer: Viewer) -> str:
    """Who writes or publishes: a key and its maker are one person, never two pairs of eyes."""
    return f"person:{viewer.id}"


def _save(
    request: Request,
    session: Session,
    program: Program,
    version: RuleVersion,
    given: DraftIn,
    editor: str,
) -> None:
    """Save what the editor of the pages would take. Raises `Invalid` with the place in the data."""
    rules = service.with_keys(
        session, program_id=program.id, rules=given.rules, valid_from=given.valid_from
    )
    form = rule_form.shown(rules, valid_from=given.valid_from, note=given.note)
    try:
        require_known_codes(session, program, form)
        rule_drafts.save(
            session,
            version,
            rules=form.rules(),
            valid_from=given.valid_from,
            note=given.note,
            editor=editor,
        )
    except Invalid as error:
        if error.code != Invalid.code:
            raise
        words = fault_of(error, pages.say(request))
        raise Invalid(str(error), field=_place(error.field, given.rules), problem=words) from error


def _place(field: str, rules: Rules) -> str:
    """`campaign-1-ends_on` of the editor as `rules.campaigns.1.ends_on` of the data."""
    noun, _, rest = field.partition("-")
    number, _, part = rest.partition("-")
    if not rest:
        return f"rules.{_SINGLE.get(noun, noun)}"
    at = int(number)
    if noun in _BONUSES:
        kind = _BONUSES[noun]
        at = [n for n, bonus in enumerate(rules.bonuses) if isinstance(bonus, kind)][at]
        if part[-1:].isdecimal():
            part = f"parts.{int(part[-1]) - 1}"
        return f"rules.bonuses.{at}.{_part(part)}"
    if noun == "level":
        if part == "factor" or rules.ladder is None or at >= len(rules.ladder.levels):
            return "rules.tier_factors"
        return f"rules.ladder.levels.{at}.{'name' if part == 'clause' else part}"
    if noun == "base" and part == "units" and isinstance(rules.base[at], PerValue):
        part = "zloty"
    return f"rules.{_LISTS[noun]}.{at}.{_part(part)}"


def _part(part: str) -> str:
    return {"skus": "products.skus", "bonus": "bonus_per_unit"}.get(part, part)


@router.post("", status_code=201, response_model=VersionDetail, openapi_extra=MAY_REPEAT)
@idempotent
def create_draft(
    request: Request,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    given: DraftIn,
    now: Now,
) -> VersionDetail:
    """Write a new draft; it judges nothing until another person publishes it."""
    author = _person(viewer)
    made = service.draft_rules(
        session,
        program_id=program.id,
        rules=given.rules,
        valid_from=given.valid_from,
        author=author,
        at=now,
    )
    _save(request, session, program, made, given, author)
    return detail(session, made, now=now, language=viewer.language)


@router.put("/{version_id}")
def replace_draft(
    request: Request,
    session: UnitOfWork,
    program: ManagedProgram,
    viewer: CurrentViewer,
    version_id: UUID,
    given: DraftIn,
    now: Now,
) -> VersionDetail:
    """Replace one's own draft; a published version stays as it is."""
    version = rule_drafts.get_version(session, program_id=program.id, version_id=version_id)
    rule_drafts.require_own_draft(version, _person(viewer))
    _save(request, session, program, version, given, _person(viewer))
    return detail(session, version, now=now, language=viewer.language)


@router.delete("/{version_id}", status_code=204)
def discard_draft(
    session: UnitOfWork, program: ManagedProgram, viewer: CurrentViewer, version_id: UUID
) -> None:
    """Throw one's own draft away."""
    version = rule_drafts.get_version(session, program_id=program.id, version_id=version_id)
    rule_drafts.discard(session, version, editor=_person(viewer))


@router.post(
    "/{version_id}/publication",
    access=PUBLISHERS,
    response_model=VersionDetail,
    openapi_extra=MAY_REPEAT,
)
@idempotent
def publish_version(
    request: Request,
    session: UnitOfWork,
    program: PublishedProgram,
    viewer: CurrentViewer,
    version_id: UUID,
    now: Now,
) -> VersionDetail:
    """Put a draft into force from its day; never by the person who wrote it."""
    del request  # The idempotency around this asks for it.
    version = rule_drafts.get_version(session, program_id=program.id, version_id=version_id)
    rule_drafts.publish(session, version, publisher=_person(viewer), at=now)
    return detail(session, version, now=now, language=viewer.language)
