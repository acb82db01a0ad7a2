"""Codes on a picture of labels, tried within the limits of guessing; part of reading a claim."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from accounts import rates
from accounts.rates import TooManyAttempts
from claims import queries
from claims.extraction import PageImage
from core import clock
from core.runtime import App
from programs import codes
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
        account = str(queries.get_claim(session, claim_id).participant_id)
    permitted = [code for code in labels.codes if _spend(app, account, network)]
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
        for _ in right:
            rates.give_back(session, GUESSES, account=account, network=network, at=clock.now())


def _spend(app: App, account: str, network: str) -> bool:
    try:
        with app.database.unit_of_work() as session:
            rates.spend(session, GUESSES, account=account, network=network, at=clock.now())
    except TooManyAttempts:
        return False
    return True
