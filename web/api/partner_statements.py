"""The wholesaler's monthly statement over the API."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from verification.partner_statement import BranchMonth
from web.access import CLERK, ApiRouter
from web.clerks import CurrentClerk
from web.deps import Now, UnitOfWork
from web.routers.partner_results import read_month, statement

router = ApiRouter(area="sales", access=CLERK, prefix="/partner-statements")


class BookingState(BaseModel):
    """What one kind of operation did to the account in the month; `points` is signed."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    reason: str
    count: int
    points: int


class BranchStatement(BaseModel):
    """One branch in one programme: `opening` and the bookings give `closing`.

    `charge` is what the programme asks for the `late` decisions: settled outside the ledger.
    """

    model_config = ConfigDict(frozen=True, from_attributes=True)

    branch_name: str
    program_name: str
    decided: int
    median_s: int | None
    enrolled: int
    late: int
    charge: int
    opening: int
    bookings: list[BookingState]
    closing: int
    ties: bool

    @classmethod
    def of(cls, row: BranchMonth) -> BranchStatement:
        return cls.model_validate(row)


@router.get("/{month}")
def get_statement(
    session: UnitOfWork, counter: CurrentClerk, now: Now, month: str
) -> list[BranchStatement]:
    """The month (`2026-11`) of the branches that this key's person sees."""
    return [BranchStatement.of(row) for row in statement(session, counter, read_month(month, now))]
