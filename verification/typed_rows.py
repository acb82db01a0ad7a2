"""Rows of a paper that no reader saw and a person typed: which row of a correction names them.

Such a row knows its product and nothing of what is printed. It takes the marks of the correction's
row that surely names this product (GTIN, a learned name, the manufacturer's number) where the two
are each other's only fit; every other is left to a person, who sees it on the desk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlmodel import Session

from claims.purchase_tables import Purchase
from claims.tables import ClaimLine
from ocr.reading import Line
from ocr.same_goods import same_product
from programs import catalogues
from programs.matching import Catalogue, MatchReason, match
from verification.correcting import TYPED

_SURE = frozenset(
    {MatchReason.GTIN, MatchReason.ALIAS_INDEX, MatchReason.ALIAS_TEXT, MatchReason.SKU}
)


def typed_among(rows: Sequence[ClaimLine]) -> list[ClaimLine]:
    """The rows that no reading shows.

    What an appeal added to a row that a reading shows is that row's own, not another.
    """
    named = {(row.product_id, row.description) for row in rows if row.match_reason != TYPED}
    return [
        row
        for row in rows
        if row.match_reason == TYPED and (row.product_id, row.description) not in named
    ]


def identified(
    session: Session,
    *,
    purchase_id: UUID,
    typed: Sequence[tuple[UUID | None, Line]],
    seen: Sequence[Line],
    correction: Sequence[Line],
) -> list[Line]:
    """The typed lines, each with the marks of the correction's row that is its only fit.

    `typed` are they with their products, `seen` the lines that the reading of the paper shows.
    """
    if not typed:
        return []
    purchase = session.get_one(Purchase, purchase_id)
    catalogue = catalogues.load_catalogue(
        session, program_id=purchase.program_id, seller_nip=purchase.seller_nip
    )
    rows = [row for row in correction if not any(same_product(line, row) for line in seen)]
    products = [_product_of(row, catalogue) for row in rows]
    made = []
    for product_id, line in typed:
        fits = [row for row, known in zip(rows, products, strict=True) if known == product_id]
        alone = sum(other == product_id for other, _ in typed) == 1
        one = fits[0] if fits and all(same_product(fits[0], row) for row in fits) else None
        if one is None or not alone or product_id is None:
            made.append(line)
            continue
        made.append(
            replace(
                line,
                description=one.description or line.description,
                gtin=one.gtin,
                article_no=one.article_no,
            )
        )
    return made


def _product_of(row: Line, catalogue: Catalogue) -> UUID | None:
    found = match(
        description=row.description.value if row.description else "",
        seller_index=row.article_no.value if row.article_no else None,
        gtin=row.gtin.value if row.gtin else None,
        catalogue=catalogue,
    ).best
    return found.product_id if found is not None and found.reason in _SURE else None
