"""How wrong automatic decisions can be, judged by the few that people looked at again. Pure."""

from __future__ import annotations

import math

CONFIDENCE = 0.95


def upper_bound(errors: int, looked_at: int, *, confidence: float = CONFIDENCE) -> float:
    """The largest share of errors that such a sample does not yet rule out, 0..1.

    One-sided Clopper-Pearson limit (Biometrika 26, 1934): the share p at which `errors` or fewer
    in `looked_at` draws have the probability 1 - confidence. Exact for the binomial law, so never
    too low. Nothing looked at: everything may be wrong.
    """
    if not 0 <= errors <= looked_at:
        raise ValueError("errors are among what was looked at")
    if errors == looked_at:
        return 1.0
    risk = 1 - confidence
    if errors == 0:
        return float(-math.expm1(math.log(risk) / looked_at))
    low, high = errors / looked_at, 1.0
    while high - low > 1e-12:
        middle = (low + high) / 2
        if _at_most(errors, looked_at, middle) > risk:
            low = middle
        else:
            high = middle
    return high


def looks_needed(ceiling: float, *, errors: int = 0, confidence: float = CONFIDENCE) -> int:
    """How many must be looked at before a share below `ceiling` is shown, with so many errors."""
    if not 0 < ceiling < 1:
        raise ValueError("a ceiling is a share between 0 and 1")
    low, high = errors, errors + 1
    while upper_bound(errors, high, confidence=confidence) > ceiling:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        if upper_bound(errors, middle, confidence=confidence) > ceiling:
            low = middle
        else:
            high = middle
    return high


def _at_most(errors: int, draws: int, share: float) -> float:
    """The probability of at most `errors` errors in so many draws."""
    yes, no = math.log(share), math.log1p(-share)
    ways = math.lgamma(draws + 1)
    return math.fsum(
        math.exp(
            ways
            - math.lgamma(hits + 1)
            - math.lgamma(draws - hits + 1)
            + hits * yes
            + (draws - hits) * no
        )
        for hits in range(errors + 1)
    )
