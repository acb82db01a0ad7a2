"""Codes on a picture of labels, tried within the limits of guessing; part of reading a claim."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from accounts import rates
from accounts.rates import TooManyAttempts
from claims import queries
from claims.extraction import PageImage
from core import clock
from core.runtime import App
from programs import codes
from programs import queries as program_queries
from programs.code_use import GUESSES
from verification import label_claims
from verification.label_claims import Labels
from workers.runtime import Task


def settle(
    app: App,
    task: Task,
    *,
    claim_id: UUID,
    labels: Labels,
    pages: Sequence[PageImage],
    network: str,
) -> None:
    """Every code is counted before it is looked up; what was no wrong guess is given back."""
    with app.database.unit_of_work() as session:
        claim = queries.get_claim(session, claim_id)
        # The person, as for typed codes: one count for both ways.
        account = str(program_queries.get_participant(session, claim.participant_id).person_id)
    counted = {code: _spend(app, account, network) for code in labels.codes}
    permitted = [code for code, at in counted.items() if at is not None]
    with task.finishing() as session:
        right = label_claims.complete(
            session,
            claim_id=claim_id,
            labels=labels,
            permitted=permitted,
            pages=pages,
            key=app.settings.derive_key(codes.PURPOSE),
            at=clock.now(),
        )
    with app.database.unit_of_work() as session:
        for code in right:
            if (at := counted[code]) is not None:
                rates.give_back(session, GUESSES, account=account, network=network, at=at)


def _spend(app: App, account: str, network: str) -> datetime | None:
    """When one guess was counted; `None` where the limit is used up."""
    at = clock.now()
    try:
        with app.database.unit_of_work() as session:
            rates.spend(session, GUESSES, account=account, network=network, at=at)
    except TooManyAttempts:
        return None
    return at
