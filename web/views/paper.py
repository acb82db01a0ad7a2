"""The document beside the questions: pages with boxes, or a clean drawing of what was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from claims.document_tables import DocumentPage
from claims.tables import ClaimLine
from ocr.reading import Box, Line, Reading, Value


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle in pixels of its shown page; `target` is the field that it belongs to."""

    target: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PageView:
    number: int
    width: int
    height: int
    src: str
    lines: tuple[Rect, ...]
    values: tuple[Rect, ...]
    header: tuple[Rect, ...]


@dataclass(frozen=True, slots=True)
class PaperLine:
    position: int
    description: str
    index: str
    quantity: Decimal | None
    unit: str
    price: Decimal | None
    net: Decimal | None


@dataclass(frozen=True, slots=True)
class PaperView:
    """A document without a picture, drawn from its fields."""

    seller: str
    seller_nip: str
    seller_address: str
    buyer: str
    buyer_nip: str
    number: str
    ksef_number: str
    issued_on: date | None
    sold_on: date | None
    total_gross: Decimal | None
    currency: str
    lines: tuple[PaperLine, ...]


@dataclass(frozen=True, slots=True)
class CropView:
    """The part of a page that a line was read from: a window on the page's picture."""

    src: str
    page_width: int
    page_height: int
    x: int
    y: int
    width: int
    height: int
    mark: Rect | None


def page_views(
    pages: Sequence[DocumentPage],
    lines: Sequence[ClaimLine],
    reading: Reading | None,
    base: str,
    drawn: Mapping[int, Box] | None = None,
) -> tuple[PageView, ...]:
    """The pages in order with the rectangles of lines, of their values and of the header.

    `drawn` are boxes that a person drew again, by line: what was read in the old one is unmarked.
    """
    drawn = drawn or {}
    read = {line.position: line for line in reading.lines} if reading else {}
    made = []
    for page in pages:
        rows, values = [], []
        for line in lines:
            box = drawn.get(line.position) or box_of(line)
            if box is None or box.page != page.number:
                continue
            rows.append(_rect(f"line-{line.position}", box, page))
            if line.position in drawn:
                continue
            for name, value in _values(read.get(line.position)):
                if value.box is not None and value.box.page == page.number:
                    values.append(_rect(f"{name}-{line.position}", value.box, page))
        header = [
            _rect(name, value.box, page)
            for name, value in _header(reading)
            if value.box is not None and value.box.page == page.number
        ]
        made.append(
            PageView(
                number=page.number,
                width=page.width_px,
                height=page.height_px,
                src=f"{base}/{page.number}",
                lines=tuple(rows),
                values=tuple(values),
                header=tuple(header),
            )
        )
    return tuple(made)


def box_of(line: ClaimLine) -> Box | None:
    if not line.box:
        return None
    found = line.box
    return Box(int(found["page"]), found["x0"], found["y0"], found["x1"], found["y1"])


def _rect(target: str, box: Box, page: DocumentPage) -> Rect:
    x, y = round(box.x0 * page.width_px), round(box.y0 * page.height_px)
    return Rect(
        target,
        x,
        y,
        max(1, round(box.x1 * page.width_px) - x),
        max(1, round(box.y1 * page.height_px) - y),
    )


def _values(line: Line | None) -> list[tuple[str, Value[object]]]:
    if line is None:
        return []
    found: list[tuple[str, Value[object] | None]] = [
        ("quantity", line.quantity),  # type: ignore[list-item]
        ("product", line.description),  # type: ignore[list-item]
    ]
    return [(name, value) for name, value in found if value is not None]


def _header(reading: Reading | None) -> list[tuple[str, Value[object]]]:
    if reading is None:
        return []
    found: list[tuple[str, Value[object] | None]] = [
        ("seller", reading.seller.vat_id),  # type: ignore[list-item]
        ("buyer", reading.buyer.vat_id),  # type: ignore[list-item]
        ("number", reading.invoice_number or reading.receipt_number),  # type: ignore[list-item]
        ("day", reading.sale_date or reading.issue_date),  # type: ignore[list-item]
    ]
    return [(name, value) for name, value in found if value is not None]


MARGIN = 0.4  # around a window, of the line's height
WIDEST = 24  # a window at most so many of its line's heights wide: then words are at reading size


def crops(pages: Sequence[PageView]) -> dict[tuple[int, str], CropView]:
    """A window on the page for each line and field: (position, "product" or "quantity")."""
    made = {}
    for page in pages:
        marks = {rect.target: rect for rect in page.values}
        for row in page.lines:
            position = int(row.target.removeprefix("line-"))
            for name in ("product", "quantity"):
                mark = marks.get(f"{name}-{position}")
                made[position, name] = _window(page, row, mark)
    return made


def _window(page: PageView, row: Rect, mark: Rect | None) -> CropView:
    """Around the marked value, with what stands beside it; the whole row where it is short."""
    line_height = min(row.height, mark.height) if mark else row.height
    margin = max(4, round(line_height * MARGIN))
    left, right = max(0, row.x - margin), min(page.width, row.x + row.width + margin)
    widest = WIDEST * line_height
    if mark is not None and right - left > widest:
        spare = max(0, widest - mark.width) // 2
        # A description is followed by its quantity, a quantity follows its description.
        lead = margin if mark.target.startswith("product") else round(spare * 1.4)
        left = max(left, mark.x - lead)
        right = min(right, max(left + widest, mark.x + mark.width + margin))
        left = max(row.x - margin, min(left, right - widest), 0)
    top = max(0, row.y - margin)
    return CropView(
        src=page.src,
        page_width=page.width,
        page_height=page.height,
        x=left,
        y=top,
        width=right - left,
        height=min(page.height - top, row.height + 2 * margin),
        mark=mark,
    )


def paper_view(reading: Reading, *, own: Set[int] | None = None, prices: bool = True) -> PaperView:
    """What a structured document says, for people; with `own`, of those lines only, no total."""

    def text(value: Value[str] | None) -> str:
        return value.value if value else ""

    def amount(value: Value[Decimal] | None) -> Decimal | None:
        return value.value if value else None

    return PaperView(
        seller=text(reading.seller.name),
        seller_nip=text(reading.seller.vat_id),
        seller_address=text(reading.seller.address),
        buyer=text(reading.buyer.name),
        buyer_nip=text(reading.buyer.vat_id),
        number=text(reading.invoice_number or reading.receipt_number),
        ksef_number=text(reading.ksef_number),
        issued_on=reading.issue_date.value if reading.issue_date else None,
        sold_on=reading.sale_date.value if reading.sale_date else None,
        total_gross=amount(reading.total_gross) if own is None else None,
        currency=text(reading.currency) or "PLN",
        lines=tuple(
            PaperLine(
                position=line.position,
                description=text(line.description),
                index=text(line.article_no),
                quantity=amount(line.quantity),
                unit=text(line.unit),
                price=amount(line.unit_price_net or line.unit_price_gross) if prices else None,
                net=amount(line.line_net or line.line_gross) if prices else None,
            )
            for line in reading.lines
            if not line.before and (own is None or line.position in own)
        ),
    )
