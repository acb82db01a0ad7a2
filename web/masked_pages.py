"""A wholesaler's document for the manufacturer's people: without prices and foreign goods."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageFilter
from sqlmodel import Session

from claims.tables import ClaimLine
from programs import queries as program_queries
from verification.tables import Review
from web.clerks import Desk
from web.views.paper import PageView, Rect

PAD = 6  # pixels around what is shown


def hides_prices(session: Session, review: Review, desk: Desk) -> bool:
    """Whether this person may not see the wholesaler's prices: its secret unless it agreed."""
    if not desk.of_manufacturer or review.partner_id is None:
        return False
    program = program_queries.get_program(session, review.program_id)
    return not program_queries.settings_of(program).prices_visible


def shown_parts(page: PageView, lines: Sequence[ClaimLine]) -> list[Rect]:
    """The header, and of the programme's lines the name and the quantity: nothing else."""
    own = {line.position for line in lines if line.product_id is not None}
    return [
        *page.header,
        *(rect for rect in page.values if int(rect.target.rpartition("-")[2]) in own),
    ]


def mask(data: bytes, parts: Sequence[Rect]) -> bytes:
    """The picture with only these parts of it readable, as JPEG."""
    with Image.open(io.BytesIO(data)) as opened:
        page = opened.convert("RGB")
    # Small enough first: what is blurred cannot be sharpened back to digits.
    tiny = page.resize((max(1, page.width // 48), max(1, page.height // 48)), Image.Resampling.BOX)
    masked = tiny.resize(page.size, Image.Resampling.BILINEAR).filter(ImageFilter.GaussianBlur(8))
    for part in parts:
        box = (
            max(0, part.x - PAD),
            max(0, part.y - PAD),
            min(page.width, part.x + part.width + PAD),
            min(page.height, part.y + part.height + PAD),
        )
        masked.paste(page.crop(box), box[:2])
    out = io.BytesIO()
    masked.save(out, "JPEG", quality=85)
    return out.getvalue()
