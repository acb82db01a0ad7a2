"""How often people may try things; counted apart from the request's own transaction."""

from __future__ import annotations

from datetime import datetime

from starlette.requests import Request

from accounts import rates
from accounts.rates import Rate
from core import clock
from core.runtime import App
from programs import code_use
from web.pages import viewer_of

HOUR_S = 3600

# A site office shares one network: its limits are wide, those of one account narrow.
CODE_SENDING = Rate("code-sending", per_account=6, per_network=120, window_s=HOUR_S)
CODE_CHECKING = Rate("code-checking", per_account=20, per_network=500, window_s=HOUR_S)
PASSWORD_CHECKING = Rate("password-checking", per_account=15, per_network=150, window_s=900)
SECOND_FACTOR = Rate("second-factor", per_account=15, per_network=150, window_s=900)
PASSWORD_LINKS = Rate("password-links", per_account=4, per_network=60, window_s=HOUR_S)

CODE_GUESSES = code_use.GUESSES


def spend(request: Request, rate: Rate, account: str) -> datetime:
    """Count one attempt for an account and the caller's network, whatever becomes of the request.

    The moment as which it was counted, to give it back by. Raises `TooManyAttempts`.
    """
    app: App = request.app.state.opened
    network = viewer_of(request).network
    with app.database.unit_of_work() as session:
        at = clock.now()
        rates.spend(session, rate, account=account, network=network, at=at)
    return at


def give_back(request: Request, rate: Rate, account: str, *, at: datetime) -> None:
    """Take the attempt back that was counted at a moment and turned out to be a good one."""
    app: App = request.app.state.opened
    network = viewer_of(request).network
    with app.database.unit_of_work() as session:
        rates.give_back(session, rate, account=account, network=network, at=at)
