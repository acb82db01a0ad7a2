"""Results and points of a wholesaler, with the monthly statement as page, PDF and CSV."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import Any

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from core.clock import local_date
from core.errors import Invalid
from programs import joining
from verification.partner_statement import BranchMonth, of_month
from web import pages
from web.access import CLERK, Router
from web.clerks import Counter, CurrentClerk
from web.deps import Now, UnitOfWork
from web.error_texts import N_
from web.statement_pdf import render
from web.views.sales import month_words

router = Router(access=CLERK)

REASONS = {
    "decision": N_("za sprawdzone zgłoszenia, dzień po decyzji"),
    "enrolment": N_("za zapisanych, z ich pierwszą zaliczoną fakturą"),
    "reversed": N_("cofnięte decyzje"),
    "other": N_("inne"),
}


def read_month(text: str, now: datetime) -> date:
    """`2026-11` as its first day; empty is this month. Raises `Invalid`."""
    today = local_date(now)
    if not text:
        return today.replace(day=1)
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise Invalid("no month", field="month") from error
    if not date(2020, 1, 1) <= found <= today:
        raise Invalid("no month of ours", field="month")
    return found


def statement(session: Session, counter: Counter, month: date) -> list[BranchMonth]:
    """The month of the branches that this person sees."""
    return of_month(
        session,
        branches=counter.desk.branches,
        programs=joining.list_programs(session, partner_id=counter.partner.id),
        month=month,
    )


def _months(now: datetime, language: str) -> list[tuple[str, str]]:
    """The last twelve as the address has them, with their names."""
    day = local_date(now).replace(day=1)
    found = []
    for _ in range(12):
        found.append((f"{day:%Y-%m}", month_words(day, language)))
        day = day.replace(year=day.year - (day.month == 1), month=(day.month - 2) % 12 + 1)
    return found


@router.get("/results")
def show_results(
    request: Request, session: UnitOfWork, counter: CurrentClerk, now: Now, month: str = ""
) -> Response:
    """What the branches decided, whom they enrolled and what their points did."""
    _ = pages.say(request)
    chosen = read_month(month, now)
    rows = statement(session, counter, chosen)
    timed = [row.median_s for row in rows if row.median_s is not None]
    context = {
        "scope_label": counter.desk.scope_label,
        "month": f"{chosen:%Y-%m}",
        "months": _months(now, pages.viewer_of(request).language),
        "rows": rows,
        "reasons": {name: _(words) for name, words in REASONS.items()},
        "decided": sum(row.decided for row in rows),
        "enrolled": sum(row.enrolled for row in rows),
        "earned": sum(one.points for row in rows for one in row.bookings),
        "balance": sum(row.closing for row in rows),
        "median_hours": min(timed) / 3600 if timed else None,
        "ties": all(row.ties for row in rows),
        "branches": [(str(branch.id), branch.name) for branch in counter.desk.branches],
    }
    return pages.render(request, "partner/results.html", context)


@router.get("/results/statement.csv")
def statement_csv(
    request: Request, session: UnitOfWork, counter: CurrentClerk, now: Now, month: str = ""
) -> Response:
    """The statement as a table: one line per booking, with opening and closing balance."""
    _ = pages.say(request)
    chosen = read_month(month, now)
    out = io.StringIO()
    sheet = csv.writer(out, delimiter=";", lineterminator="\r\n")
    sheet.writerow([_("Program"), _("Oddział"), _("Pozycja"), _("Liczba"), _("Punkty")])
    for row in statement(session, counter, chosen):
        head: list[Any] = [row.program_name, row.branch_name]
        sheet.writerow([*head, _("Saldo początkowe"), "", row.opening])
        for one in row.bookings:
            sheet.writerow([*head, _(REASONS[one.reason]), one.count, one.points])
        sheet.writerow([*head, _("Saldo końcowe"), "", row.closing])
        sheet.writerow([*head, _("Po terminie, do rozliczenia poza księgą"), row.late, -row.charge])
    return Response(
        out.getvalue().encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="wyciag-{chosen:%Y-%m}.csv"'},
    )


@router.get("/results/statement.pdf")
def statement_pdf(
    request: Request, session: UnitOfWork, counter: CurrentClerk, now: Now, month: str = ""
) -> Response:
    """The statement on paper."""
    _ = pages.say(request)
    chosen = read_month(month, now)
    made = render(
        statement(session, counter, chosen),
        partner=counter.partner.name,
        nip=counter.partner.nip,
        month=chosen,
        reasons={name: _(words) for name, words in REASONS.items()},
        at=now,
        language=pages.viewer_of(request).language,
    )
    return Response(
        made,
        media_type="application/pdf",
        headers={"content-disposition": f'attachment; filename="wyciag-{chosen:%Y-%m}.pdf"'},
    )
