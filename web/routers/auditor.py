"""The auditor: from any posting to the crop of the document, the audit chain, the proofs."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from fastapi import Query
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from accounts.rates import Rate
from analytics import proofs, support, tracing
from analytics.tracing import Trace
from claims import extraction
from claims import queries as claim_queries
from core import audit
from core.errors import Invalid
from core.formats import Formats
from points import addresses, ledger, statements
from programs.matching import MatchReason
from programs.service import chain
from web import pages
from web.access import AUDITOR, Router
from web.deps import CurrentViewer, Now, Opened, UnitOfWork
from web.error_texts import N_
from web.program_people import AuditedProgram
from web.routers.claims import crop, page_of, picture
from web.views import audit_words
from web.views import claims as claim_views
from web.views import ledger as views
from web.views.figures import cause
from web.views.products import person_names
from web.views.program_claims import OWN_CHIPS
from web.views.rule_steps import steps_in_words

router = Router(access=AUDITOR)
PAGE = 50
VERIFICATIONS = Rate("audit-verification", per_account=20, per_network=60, window_s=3600)
Before = Annotated[int | None, Query(ge=1)]

MATCHES = {
    MatchReason.GTIN: N_("po kodzie GTIN"),
    MatchReason.ALIAS_INDEX: N_("po indeksie tej hurtowni"),
    MatchReason.ALIAS_TEXT: N_("po nazwie tej hurtowni"),
    MatchReason.SKU: N_("po kodzie producenta"),
    MatchReason.TEXT: N_("po podobieństwie nazwy"),
    MatchReason.CODE: N_("po kodzie z opakowania"),
    MatchReason.NONE: N_("wskazany przez człowieka"),
}
PROOFS = {
    "chain": (N_("Łańcuch zdarzeń jest cały"), N_("zdarzeń"), ""),
    "ledger": (N_("Każde saldo to suma swoich operacji"), N_("kont w księdze"), ""),
    "where": (
        N_("Wydane punkty są tam, gdzie powinny"),
        N_("wydane"),
        N_("u uczestników, odłożone, wykorzystane, wygasłe, wycofane i u hurtowni"),
    ),
    "decisions": (
        N_("Księga zgadza się z decyzjami"),
        N_("punkty z decyzji"),
        N_("przyznane w księdze, po cofnięciach"),
    ),
    "lines": (N_("Pozycje zgadzają się ze zgłoszeniami"), N_("z pozycji"), N_("ze zgłoszeń")),
}


@router.get("/audit")
def list_postings(
    request: Request,
    session: UnitOfWork,
    program: AuditedProgram,
    viewer: CurrentViewer,
    now: Now,
    q: str = "",
    before: Before = None,
) -> Response:
    """The newest operations of the programme, and a search for one participant's account."""
    _ = pages.say(request)
    hits = support.find(session, program_ids=[program.id], text=q) if q.strip() else []
    if len(hits) == 1:
        return pages.redirect(request, f"/audit/accounts/{hits[0].participant_id}")
    found = tracing.list_postings(session, program_id=program.id, before=before, limit=PAGE + 1)
    context = {
        "scope_label": program.name,
        "q": q,
        "hits": hits,
        "postings": views.postings(session, found[:PAGE], say=_, language=viewer.language),
        "next_href": f"/audit?before={found[PAGE - 1].posting_id}" if len(found) > PAGE else "",
        "first_href": "/audit" if before else "",
        "now": now,
    }
    return pages.render(request, "auditor/postings.html", context)


@router.get("/audit/accounts/{participant_id}")
def show_account(
    request: Request,
    session: UnitOfWork,
    program: AuditedProgram,
    participant_id: UUID,
    now: Now,
    before: Before = None,
) -> Response:
    """A participant's account with its balance after each operation."""
    _ = pages.say(request)
    who = support.get_participant(session, program_ids=[program.id], participant_id=participant_id)
    address = addresses.active(participant_id)
    rows = statements.list_rows(session, address=address, before=before, limit=PAGE + 1)
    here = f"/audit/accounts/{participant_id}"
    context = {
        "scope_label": program.name,
        "who": who,
        "balance": ledger.balance(session, address),
        "entries": views.entries(session, rows[:PAGE], say=_),
        "next_href": f"{here}?before={rows[PAGE - 1].posting_id}" if len(rows) > PAGE else "",
        "first_href": here if before else "",
        "now": now,
    }
    return pages.render(request, "auditor/account.html", context)


@router.get("/audit/postings/{posting_id}")
def show_posting(
    request: Request,
    session: UnitOfWork,
    program: AuditedProgram,
    viewer: CurrentViewer,
    posting_id: int,
    now: Now,
) -> Response:
    """One operation with everything behind it, on one page."""
    _, language = pages.say(request), viewer.language
    if posting_id >= 2**63:
        raise tracing.PostingNotFound
    found = tracing.trace(session, program_id=program.id, posting_id=posting_id)
    context: dict[str, object] = {
        "scope_label": program.name,
        "posting": views.postings(session, [found.posting], say=_, language=language)[0],
        "reference": found.posting.reference,
        "moves": views.postings(session, found.moves, say=_, language=language),
        "order": found.redemption.number if found.redemption else "",
        "claim": None,
        "now": now,
    }
    if found.claim is not None:
        context |= _claim_context(request, session, viewer, found)
    return pages.render(request, "auditor/posting.html", context)


def _claim_context(
    request: Request, session: UnitOfWork, viewer: CurrentViewer, found: Trace
) -> dict[str, object]:
    _, formats = pages.say(request), Formats(viewer.language)
    claim, line, decision, version = found.claim, found.line, found.decision, found.version
    assert claim is not None
    shown = claim_queries.list_pages(session, claim.id)
    box = line.box if line else None
    page = next((p for p in shown if box and p.number == int(box.get("page", 0))), None)
    names = person_names(
        session,
        [
            f"person:{decision.decided_by}" if decision and decision.decided_by else None,
            version.published_by if version else None,
            version.created_by if version else None,
        ],
    )
    entries = session.exec(
        select(audit.AuditEntry)
        .where(
            audit.AuditEntry.chain == chain(claim.program_id),
            audit.AuditEntry.subject == f"claim:{claim.id}",
        )
        .order_by(col(audit.AuditEntry.seq))
    ).all()
    label, colour, icon = OWN_CHIPS[claim.status]
    return {
        "claim": {
            "id": claim.id,
            "number": claim.number,
            "submitted_at": claim.submitted_at,
            "label": label,
            "colour": colour,
            "icon": icon,
            "participant_id": claim.participant_id,
        },
        "purchase": {
            "number": found.purchase.number or "–",
            "seller_nip": found.purchase.seller_nip or "–",
            "bought": claim_views.purchased_on(found.purchase),
            "trust": found.purchase.trust,
        }
        if found.purchase
        else None,
        "line": {
            "position": line.position,
            "description": line.description,
            "seller_index": line.seller_index or "",
            "gtin": line.gtin or "",
            "read": line.quantity,
            "accepted": line.quantity_accepted or Decimal(0),
            "unit": line.unit,
            "points": line.points,
            "match_reason": _(MATCHES[MatchReason(line.match_reason)]) if line.match_reason else "",
            "match_score": line.match_score,
            "proof": line.proof,
            "reason": cause(line.reason, _) if line.reason else "",
            "steps": steps_in_words(line.explanation, formats=formats, say=_),
        }
        if line
        else None,
        "product": f"{found.product.name} · {found.product.sku}" if found.product else "",
        "crop": claim_views.crop_size(page, box) if page and box else None,
        "page_number": page.number if page else (shown[0].number if shown else 0),
        "files": [(file.name, file.sha256) for file in extraction.list_files(session, claim.id)],
        "decision": {
            "outcome": _(OWN_CHIPS[decision.outcome][0]),
            "at": decision.decided_at,
            "automatic": decision.automatic,
            "by": names.get(f"person:{decision.decided_by}", ""),
            "points": decision.points,
            "undone_at": decision.undone_at,
        }
        if decision
        else None,
        "version": {
            "id": version.id,
            "number": version.number,
            "valid_from": version.valid_from,
            "author": names.get(version.created_by, version.created_by),
            "publisher": names.get(version.published_by or "", ""),
        }
        if version
        else None,
        "recomputed": found.recomputed,
        "entries": [
            (entry.seq, audit_words.action_of(entry.action, _), entry.at, entry.hash.hex()[:16])
            for entry in entries
        ],
    }


@router.get("/audit/claims/{claim_id}/lines/{position}/crop")
def show_crop(
    app: Opened, session: UnitOfWork, program: AuditedProgram, claim_id: UUID, position: int
) -> Response:
    """The strip of the document that a line was read from."""
    claim = tracing.get_claim(session, program_id=program.id, claim_id=claim_id)
    return crop(app.blobs, session, claim.id, position)


@router.get("/audit/claims/{claim_id}/pages/{number}")
def show_page(
    app: Opened, session: UnitOfWork, program: AuditedProgram, claim_id: UUID, number: int
) -> Response:
    claim = tracing.get_claim(session, program_id=program.id, claim_id=claim_id)
    page = page_of(session, claim.id, number)
    return picture(app.blobs.get(page.image_sha256), page.media_type)


@router.get("/audit/chain")
def list_chain(
    request: Request,
    session: UnitOfWork,
    program: AuditedProgram,
    now: Now,
    before: Before = None,
    subject: str = "",
) -> Response:
    """The programme's chain of events, newest first."""
    _ = pages.say(request)
    if len(subject) > 100:
        raise Invalid("no subject of ours", field="subject")
    query = select(audit.AuditEntry).where(audit.AuditEntry.chain == chain(program.id))
    if subject:
        query = query.where(audit.AuditEntry.subject == subject)
    if before is not None:
        query = query.where(col(audit.AuditEntry.seq) < before)
    found = session.exec(query.order_by(col(audit.AuditEntry.seq).desc()).limit(PAGE + 1)).all()
    names = person_names(session, [entry.actor for entry in found])
    numbers = views.sources(session, [entry.subject for entry in found])
    anchored = session.execute(
        sa.select(sa.func.max(col(audit.AuditAnchor.seq))).where(
            col(audit.AuditAnchor.chain) == chain(program.id)
        )
    ).scalar_one()
    kept = f"&subject={subject}" if subject else ""
    context = {
        "scope_label": program.name,
        "entries": [
            {
                "seq": entry.seq,
                "at": entry.at,
                "actor": names.get(entry.actor) or audit_words.actor_of(entry.actor, _),
                "action": audit_words.action_of(entry.action, _),
                "recorded": entry.action,
                "subject": entry.subject,
                "named": numbers.get(entry.subject, (entry.subject, None))[0],
                "facts": audit_words.facts_of(entry.facts, _),
                "hash": entry.hash.hex()[:16],
                "anchored": anchored is not None and entry.seq <= anchored,
            }
            for entry in found[:PAGE]
        ],
        "subject": subject,
        "anchored": anchored,
        "next_href": f"/audit/chain?before={found[PAGE - 1].seq}{kept}"
        if len(found) > PAGE
        else "",
        "first_href": "/audit/chain" if before or subject else "",
        "now": now,
    }
    return pages.render(request, "auditor/chain.html", context)


@router.get("/audit/verification")
def ask_verification(request: Request, program: AuditedProgram, now: Now) -> Response:
    context = {"scope_label": program.name, "proofs": None, "now": now}
    return pages.render(request, "auditor/verification.html", context)


@router.post("/audit/verification", rate=VERIFICATIONS)
def verify(
    request: Request,
    app: Opened,
    session: UnitOfWork,
    program: AuditedProgram,
    viewer: CurrentViewer,
    now: Now,
) -> Response:
    """Check everything anew and show the numbers; nothing is changed."""
    _, formats = pages.say(request), Formats(viewer.language)
    found = proofs.prove(session, program_id=program.id, key=app.settings.derive_key("audit"))
    shown = []
    for proof in found:
        title, left, right = PROOFS[proof.name]
        words = f"{_(left)}: {formats.number(proof.left or 0)}"
        if proof.right is not None:
            words = f"{words} · {_(right)}: {formats.number(proof.right)}"
        shown.append((_(title), proof.holds, words, proof.faults))
    context = {
        "scope_label": program.name,
        "proofs": shown,
        "holds": all(proof.holds for proof in found),
        "now": now,
    }
    return pages.render(request, "auditor/verification.html", context)
