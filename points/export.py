"""Makes the file of an account's statement: its rows, the chain they continue, our signature."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from points import addresses, chain, ledger, signed, statements
from points.signed import End, Row

# More operations than a participant makes in a hundred years of purchases.
MOST_ROWS = 100_000
# So many fit a paper that somebody may want to hold; its opening balance says what came before.
MOST_PRINTED = 5_000


def make(
    session: Session,
    *,
    account: str,
    program: str,
    holder: str,
    language: str,
    seed: bytes,
    at: datetime,
    most: int = MOST_ROWS,
) -> bytes:
    """The newest `most` operations of an account as a signed file (points.signed), oldest first."""
    found = statements.list_rows(session, address=account, limit=most + 1)
    rows = found[:most][::-1]
    earlier = found[most] if len(found) > most else None
    opening = End(
        balance=earlier.balance if earlier else 0,
        hash=(earlier.hash if earlier else chain.genesis(account)).hex(),
    )
    owner = addresses.participant_of(account)
    return signed.sign(
        signed.statement(
            program=program,
            holder=holder,
            account=account,
            language=language,
            made_at=at,
            debt=-ledger.balance(session, addresses.debt(owner)) if owner else 0,
            opening=opening,
            rows=[
                Row(
                    row=number,
                    posted_at=row.at,
                    kind=row.kind.value,
                    reference=row.reference,
                    counterparty=row.counterparty,
                    points=row.points,
                    balance=row.balance,
                    hash=row.hash.hex(),
                )
                for number, row in enumerate(rows, start=1)
            ],
        ),
        seed=seed,
    )
