"""A purchase as plain data, and the arithmetic that every drawing of it shares."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from demo.documents.line import RATE_LETTERS, PurchaseLine, cents, rate_percent, tax_within
from demo.documents.party import Party, ThirdParty

__all__ = [
    "RATE_LETTERS",
    "Advance",
    "Correction",
    "Encoding",
    "InvoiceType",
    "KsefRecord",
    "Original",
    "Party",
    "Purchase",
    "PurchaseLine",
    "RateSum",
    "ThirdParty",
    "Till",
    "cents",
    "rate_percent",
    "row_sums",
    "share_gross",
    "tax_within",
]


class InvoiceType(StrEnum):
    """RodzajFaktury of the national e-invoice system."""

    VAT = "VAT"
    SIMPLIFIED = "UPR"
    ADVANCE = "ZAL"
    FINAL = "ROZ"
    CORRECTION = "KOR"
    ADVANCE_CORRECTION = "KOR_ZAL"
    FINAL_CORRECTION = "KOR_ROZ"

    @property
    def corrects(self) -> bool:
        return self.name.endswith("CORRECTION")


class Encoding(StrEnum):
    """The eight ways in which issuers write a correction."""

    BEFORE_AFTER = "A"
    PRICE_DIFFERENCE = "B"
    QUANTITY_DIFFERENCE = "C"
    BUYER_DATA = "D"
    COLLECTIVE = "E"
    COLLECTIVE_WITH_ROW = "F"
    WRONG_BUYER = "G"
    STORNO = "H"


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The invoice that a correction names; without a KSeF number it was issued outside KSeF."""

    number: str
    issued_on: date
    ksef_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What makes an invoice a correction; the rows themselves are the purchase's lines."""

    encoding: Encoding
    originals: tuple[Original, ...]
    reason: str = ""
    effect: int = 2  # TypKorekty: 1 the original's date, 2 the correction's, 3 other
    period: str = ""
    former_buyer: Party | None = None
    right_number: str = ""  # NrFaKorygowany
    total_before: Decimal | None = None  # P_15ZK on KOR_ZAL and KOR_ROZ
    # Differences where there are no rows to take them from (E, F): rate → net amount.
    net_by_rate: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """An advance invoice that a final invoice settles."""

    number: str
    gross: Decimal
    ksef_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Till:
    """What a fiscal printer adds: the register, its counters, the cashier, the payment."""

    register_id: str  # unique number: three letters and eight or ten digits
    print_number: str  # above the lines; with the register unique nationwide
    receipt_number: str  # the smaller counter below the sum
    till: str = "1"
    cashier: str = "01"
    time: str = "12:00"
    system_number: str = ""
    payment: str = "GOTÓWKA"
    cash_given: Decimal | None = None
    buyer_nip: str = ""
    non_fiscal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KsefRecord:
    """How the invoice was sent to the e-invoice system, and how its XML is written."""

    number: str = ""  # empty: issued off-line, not yet sent
    host: str = "qr.ksef.mf.gov.pl"
    form: int = 3  # FA(3) or FA(2)
    prefix: str = ""  # namespace prefix: "", "tns", "ns0"
    newline: str = "\n"
    indent: str = "  "
    decimals: str = "short"  # "short" 1, "fixed" 1.0000
    system: str = "Program Faktura"
    link: str = ""  # a false KOD I link to print instead of the right one


@dataclass(frozen=True, slots=True, kw_only=True)
class RateSum:
    """One row of the VAT table."""

    rate: str
    net: Decimal
    vat: Decimal

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """One document of purchase, complete enough to be drawn in every format."""

    seller: Party
    buyer: Party
    number: str
    issued_on: date
    lines: tuple[PurchaseLine, ...]
    type: InvoiceType = InvoiceType.VAT
    sold_on: date | None = None
    due_on: date | None = None
    payment: str = "przelew"  # "przelew", "gotówka", "karta"
    paid: bool = False
    currency: str = "PLN"
    rate_to_pln: Decimal | None = None
    place: str = ""
    issuer: str = ""
    recipient: Party | None = None  # "Odbiorca", where the goods went
    third_parties: tuple[ThirdParty, ...] = ()
    order_number: str = ""
    delivery_notes: tuple[str, ...] = ()  # WZ
    notes: tuple[tuple[str, str], ...] = ()  # DodatkowyOpis: key, value
    marks: tuple[str, ...] = ()  # "ORYGINAŁ", "KOPIA", "DUPLIKAT"
    to_receipt: bool = False  # FP
    related: bool = False  # TP
    self_billed: bool = False  # P_17
    split_payment: bool = False  # P_18A
    vat_by_line: bool = False  # VAT added up from the rows instead of taken from the net sum
    correction: Correction | None = None
    advance_gross: Decimal | None = None  # on an advance invoice: the amount received
    advances: tuple[Advance, ...] = ()  # on a final invoice: what was paid before
    till: Till | None = None
    ksef: KsefRecord | None = None
    heading: str = ""  # another title, such as that of a pro forma, which proves no purchase

    @property
    def gross_priced(self) -> bool:
        return any(line.gross_priced for line in self.lines)

    @property
    def rate_sums(self) -> tuple[RateSum, ...]:
        """The VAT table: what this document charges; on corrections the differences."""
        full = row_sums(self)
        if self.correction is not None and self.correction.net_by_rate:
            return tuple(
                RateSum(rate=r, net=n, vat=cents(n * rate_percent(r) / 100))
                for r, n in self.correction.net_by_rate
            )
        if self.type is InvoiceType.ADVANCE and self.advance_gross is not None:
            return share_gross(full, self.advance_gross)
        if self.type is InvoiceType.FINAL and self.advances:
            rest = sum((s.gross for s in full), Decimal(0)) - sum(a.gross for a in self.advances)
            return share_gross(full, rest)
        return full

    @property
    def total_net(self) -> Decimal:
        return sum((s.net for s in self.rate_sums), Decimal(0))

    @property
    def total_vat(self) -> Decimal:
        return sum((s.vat for s in self.rate_sums), Decimal(0))

    @property
    def total_gross(self) -> Decimal:
        """P_15: the amount due, the advance on ZAL, the rest on ROZ, the difference on KOR."""
        return self.total_net + self.total_vat

    def with_(self, **changes: object) -> Purchase:
        """A copy with some facts changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


def row_sums(purchase: Purchase) -> tuple[RateSum, ...]:
    """The rows added up per rate, highest rate first; rows before a correction count negative."""
    net: dict[str, Decimal] = {}
    vat: dict[str, Decimal] = {}
    value: dict[str, Decimal] = {}
    gross_priced = purchase.gross_priced
    for line in purchase.lines:
        if line.value is None or line.net is None or line.vat is None:
            continue
        rate = line.vat_rate or "23"
        sign = -1 if line.before else 1
        net[rate] = net.get(rate, Decimal(0)) + sign * line.net
        vat[rate] = vat.get(rate, Decimal(0)) + sign * line.vat
        value[rate] = value.get(rate, Decimal(0)) + sign * line.value
    sums = []
    for rate in sorted(net, key=lambda r: (-rate_percent(r), r)):
        if purchase.vat_by_line:
            sums.append(RateSum(rate=rate, net=net[rate], vat=vat[rate]))
        elif gross_priced:
            tax = tax_within(value[rate], rate)
            sums.append(RateSum(rate=rate, net=value[rate] - tax, vat=tax))
        else:
            tax = cents(net[rate] * rate_percent(rate) / 100)
            sums.append(RateSum(rate=rate, net=net[rate], vat=tax))
    return tuple(sums)


def share_gross(full: tuple[RateSum, ...], gross: Decimal) -> tuple[RateSum, ...]:
    """Spread a gross amount over the rates of `full`, the last rate taking the odd cents."""
    whole = sum((s.gross for s in full), Decimal(0))
    left = gross
    shares = []
    for position, row in enumerate(full):
        part = left if position == len(full) - 1 else cents(gross * row.gross / whole)
        left -= part
        tax = tax_within(part, row.rate)
        shares.append(RateSum(rate=row.rate, net=part - tax, vat=tax))
    return tuple(shares)
