"""On which days a product takes part in its programme. Pure."""

from __future__ import annotations

from datetime import date
from typing import Protocol


class Dated(Protocol):
    """A product with its first and its last day; none where the programme's own days hold."""

    eligible_from: date | None
    eligible_to: date | None


def takes_part(product: Dated, on: date) -> bool:
    """Whether what was bought of it on a day counts."""
    return (product.eligible_from is None or product.eligible_from <= on) and (
        product.eligible_to is None or on <= product.eligible_to
    )
