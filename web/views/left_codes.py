"""Codes on a picture of labels that brought nothing: which, why, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from claims.tables import ClaimEvent
from verification.label_claims import LEFT, MOST, LabelReason
from web.error_texts import N_

Gettext = Callable[[str], str]
WHY: Mapping[LabelReason, str] = {
    LabelReason.REFUSED: N_("nie możemy go zaliczyć"),
    LabelReason.ALREADY_YOURS: N_("zaliczony wcześniej"),
    LabelReason.BRINGS_NOTHING: N_("nie przynosi dziś punktów; zachowaj go"),
    LabelReason.TOO_MANY: N_("za dużo błędnych kodów: spróbuj za godzinę"),
    LabelReason.OVER_SHEET: N_("jeszcze niesprawdzony"),
}
TO_DO: Mapping[LabelReason, str] = {
    LabelReason.REFUSED: N_(
        "Sprawdź, czy kod jest z produktu tego programu. Jeśli jest, zgłoś go nam: "
        "wyjaśnimy to z producentem."
    ),
    LabelReason.OVER_SHEET: N_(
        "Z jednego zdjęcia zaliczamy najwyżej %(most)s kody. "
        "Pozostałe zeskanuj na liście kodów albo sfotografuj osobno."
    ),
}


@dataclass(frozen=True, slots=True)
class LeftCode:
    """A code without points, of which so much is shown that its label is found again."""

    shown: str
    reason: LabelReason
    why: str


@dataclass(frozen=True, slots=True)
class LeftCodes:
    codes: tuple[LeftCode, ...]
    to_do: tuple[str, ...]


def of_events(events: Sequence[ClaimEvent], gettext: Gettext) -> LeftCodes | None:
    """Those of a claim's last picture; `None` where every code of it was paid."""
    named = next((event.facts[LEFT] for event in reversed(events) if LEFT in event.facts), None)
    if named is None:
        return None
    read = [(str(item["shown"]), LabelReason(item["reason"])) for item in named]
    left = tuple(LeftCode(shown, reason, gettext(WHY[reason])) for shown, reason in read)
    reasons = dict.fromkeys(reason for _, reason in read)
    return LeftCodes(
        left, tuple(gettext(TO_DO[why]) % {"most": MOST} for why in reasons if why in TO_DO)
    )
