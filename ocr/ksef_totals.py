"""The sums of a KSeF invoice per tax rate, and how they compare with its rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from ocr.ksef_rows import OSS
from ocr.reading import Line, Proof, RateTotal, Reading, Value
from ocr.xml_source import Node
from ocr.xml_values import Values

# P_13_x / P_14_x and the rate it stands for today; 22, 7 and 3 are older rates of the same sums.
_RATES = {
    "1": "23",
    "2": "8",
    "3": "5",
    "4": "4",
    "5": "OSS",
    "6_1": "0 KR",
    "6_2": "0 WDT",
    "6_3": "0 EX",
    "7": "zw",
    "8": "np I",
    "9": "np II",
    "10": "oo",
    "11": "marża",
}
# Where a row of a rate may be summed; FA(2) does not tell the kinds of 0 and np apart on the row.
_SUMS = {
    "23": ("1",),
    "22": ("1",),
    "8": ("2",),
    "7": ("2",),
    "5": ("3",),
    "4": ("4",),
    "3": ("4",),
    "0": ("6_1", "6_2", "6_3"),
    "0 KR": ("6_1",),
    "0 WDT": ("6_2",),
    "0 EX": ("6_3",),
    "zw": ("7",),
    "np": ("8", "9"),
    "np I": ("8",),
    "np II": ("9",),
    "oo": ("10",),
}
_WITHOUT_TAX = frozenset({"0 KR", "0 WDT", "0 EX", "zw", "np I", "np II", "oo"})
_CENT = Decimal("0.01")


def rate_totals(invoice: Node, rows: Iterable[Line], values: Values) -> tuple[RateTotal, ...]:
    """One entry per `P_13_*` that is there, zeros included; on corrections these are differences.

    VAT is in the invoice's currency (`P_14_xW` in PLN is another figure and left out).
    """
    printed = invoice.fields()
    used = {row.vat_rate.value for row in rows if row.vat_rate and not _abroad(row)}
    totals = []
    for suffix, rate in _RATES.items():
        net = values.decimal(printed.get(f"P_13_{suffix}", ""), f"P_13_{suffix}")
        vat = values.decimal(printed.get(f"P_14_{suffix}", ""), f"P_14_{suffix}")
        if net is None and vat is None:
            continue
        older = [r for r in sorted(used) if suffix in _SUMS.get(r, ()) and r.isdigit() and r != "0"]
        totals.append(RateTotal(older[0] if len(older) == 1 else rate, net, vat))
    return tuple(totals)


def summed(parts: Iterable[Value[Decimal] | None]) -> Value[Decimal] | None:
    """The sum of what is there, None when nothing is."""
    known = [part.value for part in parts if part is not None]
    return Value(sum(known, Decimal(0)), Proof.STRUCTURED) if known else None


def vat_total(rates: Iterable[RateTotal]) -> Value[Decimal] | None:
    """The sum of the tax; nought where all there is bears none, as `zw` and `oo`, and none is told.

    A margin scheme shows no tax although there is some: None.
    """
    known = list(rates)
    found = summed(rate.vat for rate in known)
    if found is None and known and all(rate.vat_rate in _WITHOUT_TAX for rate in known):
        return Value(Decimal(0), Proof.STRUCTURED)
    return found


def _abroad(row: Line) -> bool:
    return row.vat_rate is not None and row.vat_rate.raw.startswith(OSS)


def compare(reading: Reading, values: Values) -> None:
    """Note where rows and sums differ. Only for net-priced invoices that are no correction.

    On a final invoice the sums are only the rest after advances, on a correction differences, and
    gross-priced rows are rounded another way.
    """
    if reading.invoice_type not in ("VAT", "UPR"):
        return
    _compare_total(reading, values)
    rows = reading.lines
    for rate in reading.rate_totals:
        if rate.net and rate.vat and rate.vat_rate.isdigit():
            tax = rate.net.value * Decimal(rate.vat_rate) / 100
            # Rounded row by row: half a cent each, and some programs round up every time.
            if abs(tax - rate.vat.value) > _CENT * max(5, len(rows)):
                values.note("rate-tax-mismatch", rate=rate.vat_rate)
    if not rows or any(row.line_net is None or row.vat_rate is None for row in rows):
        return
    by_rate: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        if row.line_net and row.vat_rate:
            sums_of = ("5",) if _abroad(row) else _SUMS.get(row.vat_rate.value, ("5",))
            by_rate["+".join(sums_of)] += row.line_net.value
    stated = {_suffix(total): total.net.value for total in reading.rate_totals if total.net}
    for suffix, net in stated.items():
        if net and not any(suffix in sums.split("+") for sums in by_rate):
            values.note("rate-sum-mismatch", rate=_RATES[suffix], lines=Decimal(0), stated=net)
    for sums, net in by_rate.items():
        found = [stated[suffix] for suffix in sums.split("+") if suffix in stated]
        if stated and abs(sum(found, Decimal(0)) - net) > _CENT:
            values.note(
                "rate-sum-mismatch",
                rate=_RATES[sums.split("+")[0]],
                lines=net,
                stated=sum(found, Decimal(0)),
            )


def _suffix(total: RateTotal) -> str:
    if total.vat_rate in _RATES.values():
        return next(suffix for suffix, rate in _RATES.items() if rate == total.vat_rate)
    return _SUMS[total.vat_rate][0]


def _compare_total(reading: Reading, values: Values) -> None:
    net, vat, gross = reading.total_net, reading.total_vat, reading.total_gross
    if net is None or gross is None:
        return
    total = net.value + (vat.value if vat else Decimal(0))
    if abs(total - gross.value) > _CENT * 5:
        values.note("total-mismatch", lines=total, stated=gross.value)
