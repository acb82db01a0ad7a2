"""Says which values of a document a finding is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from ocr.reading import Finding, Line, Reading

_SELLER, _BUYER = "seller_vat_id", "buyer_vat_id"
# Code → fields of the header; what a fact decides is in `paths`.
HEADER: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "seller-without-number": (_SELLER,),
        "seller-is-buyer": (_SELLER, _BUYER),
        "buyer-without-number": (_BUYER,),
        "buyer-corrected": (_BUYER,),
        "number-missing": ("invoice_number",),
        "number-corrected": ("invoice_number",),
        "sale-period": ("sale_date",),
        "sale-dates-differ": ("sale_date",),
        "dates-unclear": ("issue_date",),
        "issued-before-ksef": ("issue_date",),
        "currency-missing": ("currency",),
        "foreign-currency": ("currency",),
        "total-missing": ("total_gross",),
        "total-negative": ("total_gross",),
        "total-mismatch": ("total_net", "total_vat", "total_gross"),
        "line-sum-mismatch": ("total_net",),
        "sum-differs": ("total_gross",),
        "words-mismatch": ("total_gross",),
        "correction-sum-mismatch": ("total_net",),
        "kod1-seller-mismatch": (_SELLER,),
        "kod1-date-mismatch": ("issue_date",),
        "kod2-seller-mismatch": (_SELLER,),
        "ksef-number-checksum": ("ksef_number",),
        "ksef-number-seller-mismatch": ("ksef_number", _SELLER),
        "ksef-number-before-issue": ("ksef_number", "issue_date"),
        "ksef-number-in-future": ("ksef_number",),
        "ksef-numbers-differ": ("ksef_number",),
        "ksef-number-expected": ("ksef_number",),
    }
)
_PRICES, _WORTHS = ("unit_price_net", "unit_price_gross"), ("line_net", "line_gross")
# Code with the fact `line` → fields of that line.
LINE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "line-without-quantity": ("quantity",),
        "line-without-value": _WORTHS,
        "line-product-mismatch": ("quantity", *_PRICES, *_WORTHS),
        "line-tax-mismatch": ("vat_rate", *_WORTHS),
        "gtin-checksum": ("gtin",),
        "correction-row-renamed": ("description",),
        "correction-quantity-missing": ("quantity",),
        "correction-value-missing": _WORTHS,
        "correction-unit-changed": ("unit",),
        "correction-signs-unclear": ("quantity", *_PRICES, *_WORTHS),
        "correction-cancels-line": (*_PRICES, *_WORTHS),
    }
)
RATE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"rate-sum-mismatch": ("net",), "rate-tax-mismatch": ("net", "vat")}
)
BY_FACT = frozenset({"nip-checksum", "value-malformed", "print-differs-from-xml"})
# What forms call their fields, by their first letters or whole.
_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "P_1": "issue_date",
        "IssueDate": "issue_date",
        "IssueDateTime": "issue_date",
        "P_6": "sale_date",
        "OkresFa/P_6_Do": "sale_date",
        "sale date": "sale_date",
        "ActualDeliverySupplyChainEvent/OccurrenceDateTime": "sale_date",
        "P_15": "total_gross",
        "TaxInclusiveAmount": "total_gross",
        "GrandTotalAmount": "total_gross",
        "TaxExclusiveAmount": "total_net",
        "TaxBasisTotalAmount": "total_net",
        "LineExtensionAmount": "total_net",
        "TaxTotalAmount": "total_vat",
        "TaxAmount": "total_vat",
        "DoZaplaty": "amount_due",
        "PayableAmount": "amount_due",
        "DuePayableAmount": "amount_due",
    }
)
_LINE_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "P_8B": "quantity",
        "Quantity": "quantity",
        "BilledQuantity": "quantity",
        "P_9A": "unit_price_net",
        "PriceAmount": "unit_price_net",
        "BaseQuantity": "unit_price_net",
        "ChargeAmount": "unit_price_net",
        "BasisQuantity": "unit_price_net",
        "P_9B": "unit_price_gross",
        "P_10": "discount",
        "Amount": "discount",
        "ActualAmount": "discount",
        "P_11": "line_net",
        "LineExtensionAmount": "line_net",
        "LineTotalAmount": "line_net",
        "P_11A": "line_gross",
    }
)
_NUMBERED = re.compile(r"(.+)/(\d{1,5})")
_RATE_SUM = re.compile(r"P_1([34])_")


def paths(finding: Finding, reading: Reading) -> tuple[str, ...]:
    """The values that a finding is about, none when it is about the document as a whole.

    A path is a key of the written schema: `total_gross`, `lines[2].quantity`,
    `rate_totals[0].net`, counted from 0 as JSON counts.
    """
    facts = dict(finding.facts)
    places = {line.position: place for place, line in enumerate(reading.lines)}
    if finding.code in HEADER:
        return HEADER[finding.code]
    if finding.code in LINE:
        place = places.get(_number(facts.get("line", "")))
        if place is None:
            return ()
        return _of_line(place, reading.lines[place], LINE[finding.code])
    if finding.code in RATE:
        return tuple(
            f"rate_totals[{place}].{side}"
            for place, total in enumerate(reading.rate_totals)
            if total.vat_rate == facts.get("rate")
            for side in RATE[finding.code]
        )
    if finding.code == "nip-checksum":
        party = {"seller": _SELLER, "buyer": _BUYER}.get(facts.get("party", ""))
        return (party,) if party else ()
    if finding.code == "print-differs-from-xml":
        shown = (_number(text) for text in facts.get("positions", "").split())
        rows = (places[number] for number in shown if number in places)
        sides = ("description", "quantity")
        lines = (f"lines[{row}].{side}" for row in rows for side in sides)
        return (*facts.get("missing", "").split(), *lines)
    if finding.code == "value-malformed":
        return _malformed(facts.get("field", ""), places)
    return ()


def by_path(reading: Reading) -> dict[str, list[str]]:
    """Path → codes of the findings about it, in their order."""
    found: dict[str, list[str]] = {}
    for finding in reading.findings:
        for path in paths(finding, reading):
            codes = found.setdefault(path, [])
            if finding.code not in codes:
                codes.append(finding.code)
    return found


def _of_line(place: int, line: Line, fields: Iterable[str]) -> tuple[str, ...]:
    """Of prices and worths the one that the line has; the net one where it has none."""
    kept = []
    for field in fields:
        twin = field.replace("_gross", "_net")
        if field != twin and getattr(line, field) is None:
            continue
        if field in ("unit_price_net", "line_net") and getattr(line, field) is None:
            other = getattr(line, field.replace("_net", "_gross"))
            if other is not None:
                continue
        kept.append(f"lines[{place}].{field}")
    return tuple(kept)


def _malformed(field: str, places: Mapping[int, int]) -> tuple[str, ...]:
    numbered = _NUMBERED.fullmatch(field)
    if numbered and numbered[1] in _LINE_FIELDS:
        place = places.get(int(numbered[2]))
        return () if place is None else (f"lines[{place}].{_LINE_FIELDS[numbered[1]]}",)
    if match := _RATE_SUM.match(field):
        return ("total_net" if match[1] == "3" else "total_vat",)
    return (_FIELDS[field],) if field in _FIELDS else ()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
