"""What a reader saw, in words that no engine owns.

Every box is a fraction of the *shown* page (0..1, origin top left), so a browser can draw it on any
size. Money and quantities are `Decimal` in the document's currency and unit; dates are calendar
dates without a zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Proof(StrEnum):
    """How a value is known, strongest first."""

    STRUCTURED = "structured"  # from XML
    CHECKSUM = "checksum"  # NIP, GTIN, KSeF number
    ARITHMETIC = "arithmetic"  # takes part in sums that hold
    AGREED = "agreed"  # two engines saw the same
    READ = "read"  # one engine
    GUESSED = "guessed"

    @property
    def proven(self) -> bool:
        return self in (Proof.STRUCTURED, Proof.CHECKSUM, Proof.ARITHMETIC)


class DocumentKind(StrEnum):
    INVOICE = "invoice"
    CORRECTED_INVOICE = "corrected_invoice"
    CREDIT_NOTE = "credit_note"
    RECEIPT = "receipt"
    ADVANCE_INVOICE = "advance_invoice"
    OTHER = "other"  # pro forma, order, delivery note, payment slip: no proof of purchase


class TrustLevel(IntEnum):
    """Rungs that a file alone can reach; registration (3 to 5) is proven elsewhere."""

    PICTURE = 0  # no readable code
    NUMBER = (
        1  # KSeF number with right CRC, or a well-formed production KOD I that agrees with the text
    )
    XML_MATCHES_CODE = 2  # XML whose SHA-256 is the one in the print's KOD I


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page; `page` counts from 1, coordinates are fractions of the page."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float

    def union(self, other: Box) -> Box:
        """The smallest box around both, on this box's page."""
        return Box(
            self.page,
            min(self.x0, other.x0),
            min(self.y0, other.y0),
            max(self.x1, other.x1),
            max(self.y1, other.y1),
        )


@dataclass(frozen=True, slots=True)
class Word:
    """One word or phrase as an engine returned it; confidence 0..1."""

    text: str
    box: Box
    confidence: float
    engine: str


@dataclass(frozen=True, slots=True)
class Value(Generic[T]):
    """A value, how it is known, how sure the engine was (0..1), where it stands, its raw text."""

    value: T
    proof: Proof = Proof.READ
    confidence: float = 1.0
    box: Box | None = None
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """A seller, buyer or third party; `role` as printed or the number that KSeF gives it."""

    name: Value[str] | None = None
    vat_id: Value[str] | None = None  # Polish NIP: ten digits; foreign: with its country prefix
    address: Value[str] | None = None
    customer_number: Value[str] | None = None
    role: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the document. `position` counts from 1 in document order and is the line's key.

    Where a table prints a catalogue's price and a price after discount, the unit price is the one
    that was charged: quantity × price is the line's value. Where it prints only the former,
    `discount` is what the line's value is less. Receipt lines carry gross prices before separate
    discount rows.

    On corrections `unit_delta` and `value_delta` (net where it can be known) say what the row
    changes, so that a sum over all rows is right: the row that closes a before/after group carries
    the group's net change, its other rows zero. None there means that a person has to look.
    """

    position: int
    description: Value[str] | None = None
    quantity: Value[Decimal] | None = None
    unit: Value[str] | None = None
    unit_price_net: Value[Decimal] | None = None
    unit_price_gross: Value[Decimal] | None = None
    discount: Value[Decimal] | None = None
    line_net: Value[Decimal] | None = None
    line_gross: Value[Decimal] | None = None
    vat_rate: Value[str] | None = None  # "23", "8", "zw", "oo", "np I" …
    gtin: Value[str] | None = None
    article_no: Value[str] | None = None  # the seller's own index
    box: Box | None = None
    unit_delta: Decimal | None = None
    value_delta: Decimal | None = None
    line_vat: Value[Decimal] | None = None
    sale_date: Value[date] | None = None
    before: bool = False  # the state before a correction
    printed_number: str = ""  # the number that the document gives the row: may repeat or have gaps
    row_id: str = ""  # UU_ID of KSeF


@dataclass(frozen=True, slots=True)
class Discount:
    """A separate OPUST/RABAT row; `applies_to` is a line position or None.

    `amount` is what is taken off: positive, but negative for a surcharge.
    """

    amount: Value[Decimal]
    applies_to: int | None = None
    label: str = ""
    vat_rate: str | None = None


@dataclass(frozen=True, slots=True)
class RateTotal:
    """One row of the VAT table."""

    vat_rate: str
    net: Value[Decimal] | None = None
    vat: Value[Decimal] | None = None
    gross: Value[Decimal] | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """A QR or bar code as zxing-cpp found it; `kind` tells what it means to us."""

    text: str
    format: str
    kind: str = "other"  # ksef_kod1, ksef_kod2, product_code, gtin, payment, other
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Worth telling a person or a rule; `code` is a stable kebab-case word, facts fill its text."""

    code: str
    severity: Severity = Severity.WARNING
    facts: tuple[tuple[str, str], ...] = ()
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class CorrectionReference:
    """The original that a correction names."""

    number: str
    issue_date: date | None = None
    ksef_number: str | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """Another thing that the document names, word for word; `line` is a position or None."""

    kind: str  # delivery_note, order, batch, advance_invoice, advance_ksef, rate, note
    value: str
    label: str = ""  # the key of a free note
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """What a correcting invoice does; `encoding` is A to H of the eight known encodings."""

    encoding: str
    originals: tuple[CorrectionReference, ...] = ()
    reason: str = ""
    needs_person: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """The shown page in pixels; `turned` is the clockwise turn in degrees that made it upright."""

    number: int
    width_px: int
    height_px: int
    turned: int = 0
    engine: str = ""  # what recognised it: "pdf-text", "tesseract", "rapidocr", "xml"


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read from one document."""

    kind: DocumentKind
    # "ksef-xml", "facturx", "ubl", "pdf-text", "scan", "photo"; combined: "scan+neural"; "+again"
    # behind it when an engine crashed and the document was read once more without its library
    route: str
    engine: str  # name and version of the engine or engines
    seller: Party = Party()
    buyer: Party = Party()
    third_parties: tuple[Party, ...] = ()
    invoice_number: Value[str] | None = None
    invoice_type: str = ""  # RodzajFaktury of KSeF, else ""
    ksef_number: Value[str] | None = None
    receipt_number: Value[str] | None = None
    print_number: Value[str] | None = (
        None  # "nr wydruku": with the register's number unique nationwide
    )
    cash_register_id: Value[str] | None = None
    system_number: Value[str] | None = None
    issue_date: Value[date] | None = None
    sale_date: Value[date] | None = None
    issue_time: Value[str] | None = None  # "14:07", receipts
    currency: Value[str] | None = None
    total_net: Value[Decimal] | None = None
    total_vat: Value[Decimal] | None = None
    total_gross: Value[Decimal] | None = None
    amount_due: Value[Decimal] | None = None
    rate_totals: tuple[RateTotal, ...] = ()
    lines: tuple[Line, ...] = ()
    discounts: tuple[Discount, ...] = ()
    correction: Correction | None = None
    references: tuple[Reference, ...] = ()
    codes: tuple[Code, ...] = ()
    trust: TrustLevel = TrustLevel.PICTURE
    trust_evidence: tuple[str, ...] = ()
    document_sha256: str = ""
    pages: tuple[Page, ...] = ()
    words: tuple[Word, ...] = ()
    findings: tuple[Finding, ...] = ()
    language: str = "pl"
    seconds: float = 0.0


class UnreadableReason(StrEnum):
    """Why a file cannot be read at all; each has a translated hint that a person can act on."""

    EMPTY = "empty"
    UNSUPPORTED_TYPE = "unsupported-type"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    TOO_LARGE = "too-large"  # bytes, pixels or memory
    TOO_MANY_PAGES = "too-many-pages"
    TOO_COMPLEX = "too-complex"  # CPU time, glyphs, depth
    TOO_SLOW = "too-slow"
    PARSER_CRASHED = "parser-crashed"
    FORBIDDEN_XML = "forbidden-xml"  # DTD, entities


class Unreadable(Exception):
    """A file that cannot be read; carries the typed reason and facts for its sentence."""

    def __init__(self, reason: UnreadableReason, **facts: str | int) -> None:
        super().__init__(reason.value, facts)
        self.reason = reason
        self.facts = facts


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One uploaded file: its bytes and, only for messages, the name that the person gave it."""

    data: bytes
    name: str = ""


@dataclass(frozen=True, slots=True)
class LayoutMemory:
    """What was confirmed on earlier documents of one seller. Plain data: the caller stores it."""

    seller_vat_id: str
    columns: tuple[tuple[str, str], ...] = ()  # normalised printed heading → field name of `Line`
    labels: tuple[tuple[str, str], ...] = ()  # normalised printed label → header field name
    documents_seen: int = 0


@dataclass(frozen=True, slots=True)
class Hints:
    """What the caller knows; never trusted over the page."""

    today: date | None = None
    layouts: tuple[LayoutMemory, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadResult:
    """A reading and the upright page images (JPEG or PNG, no EXIF) that its boxes refer to."""

    reading: Reading
    page_images: tuple[bytes, ...] = ()
    layout: LayoutMemory | None = None
