"""A wholesaler's document for the manufacturer's people: without prices and foreign goods."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageFilter
from sqlmodel import Session

from claims.tables import ClaimLine
from ocr.reading import Word
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


def hides_others(review: Review, desk: Desk) -> bool:
    """Whether this person sees the programme's goods only: other brands are the wholesaler's
    business, whatever was agreed about prices. Nobody's document has no such secret."""
    return desk.of_manufacturer and review.partner_id is not None


def shown_parts(page: PageView, lines: Sequence[ClaimLine], *, prices: bool = False) -> list[Rect]:
    """The header, and of the programme's lines the name and the quantity: nothing else.

    With `prices` the programme's rows are shown whole.
    """
    own = {line.position for line in lines if line.product_id is not None}
    return [
        *page.header,
        *(rect for rect in (page.lines if prices else page.values) if _position(rect) in own),
    ]


def shown_words(words: Sequence[Word], page: PageView, parts: Sequence[Rect]) -> list[Word]:
    """The words of one page that stand in what is shown of it."""
    return [
        word
        for word in words
        if word.box.page == page.number
        and any(
            part.x - PAD <= x <= part.x + part.width + PAD
            and part.y - PAD <= y <= part.y + part.height + PAD
            for part in parts
            for x in [(word.box.x0 + word.box.x1) / 2 * page.width]
            for y in [(word.box.y0 + word.box.y1) / 2 * page.height]
        )
    ]


def _position(rect: Rect) -> int:
    return int(rect.target.rpartition("-")[2])


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
