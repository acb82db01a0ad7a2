"""Totals and tax tables: every candidate with its label, then the set that adds up."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ocr import numbers
from ocr.equations import rate_of
from ocr.implied_tax import plausible
from ocr.labels import DIFFERENCE, TOTAL_LEXICON, squeeze
from ocr.reading import Proof, RateTotal, Value
from ocr.rows import Row, Token
from ocr.token_values import amount_of
from ocr.totals_charges import by_base, charges, with_charges
from ocr.totals_wrapped import whole_row

_CENT = Decimal("0.01")
_HIGHEST_TAX = Decimal("0.3")  # of the net value; the highest rate of the European Union is 27 %
_RATE_IN = re.compile(r"\(?\d{1,2}(?:[.,]\d{1,3})?\s?%\)?[:;,]?|%|\(?\d{1,2}\)?:?")
_MONEY_WORD = re.compile(
    r"(?i)\(?(eur|pln|usd|gbp|chf|czk|zł|zl|€|\$|£|złotych|euro|inr|rs\.?)\)?[:.;]?"
)
_TAX_WORDS = frozenset({"vat", "mwst", "tva", "btw", "gst"})
_OF_WHAT = frozenset({"od", "auf", "von", "of", "on", "sur", "van"})
_LESS = "zmniejsz"
_ORDER = ("net", "vat", "gross")
PAYS = ("dozaplaty", "payable", "amountdue", "totaldue", "betalen", "apayer", "zahl", "pagar")
# What may as well be the customer's account: worth something only where it agrees with the total.
_LOOSE = frozenset({"saldo", "balance", "solde", "outstanding", "openstaand", "payable", "topay"})
_FEWEST_ITEMS = 2
_SLOPPY = 2.0  # the weight under which only a part of a label was known


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount beside a label; `weight` tells how well the label says what it is."""

    meaning: str
    value: Value[Decimal]
    weight: float
    row: int
    rate: str = ""
    loose: bool = False  # the label may name another sum than this document's
    base: Decimal | None = None  # what a tax is said to be taken of


@dataclass(frozen=True, slots=True)
class Totals:
    """The document's sums as far as they were found."""

    net: Value[Decimal] | None = None
    vat: Value[Decimal] | None = None
    gross: Value[Decimal] | None = None
    due: Value[Decimal] | None = None
    paid: Value[Decimal] | None = None
    rates: tuple[RateTotal, ...] = ()
    goods: frozenset[Decimal] = frozenset()  # the net before named charges and reductions


def amounts_in(row: Row, mark: str) -> Iterator[tuple[Decimal, int, int, bool]]:
    """Amounts of a row: value, first token, token behind, whether decimals were printed."""
    tokens = row.tokens
    i = 0
    while i < len(tokens):
        for j in range(min(len(tokens), i + 4), i, -1):
            part = tokens[i:j]
            if any(b.x0 - a.x1 > 0.6 * b.height for a, b in itertools.pairwise(part)):
                continue
            text = " ".join(t.text for t in part).strip("*=:;|")
            if j - i > 1 and not re.fullmatch(
                r"[-−–+]?\s?\d{1,3}(\s\d{3})*([.,]\d{1,4})?[-]?", text
            ):
                continue
            if not re.search(r"\d", text) or text.endswith("%") or numbers.dates(text):
                continue
            value = numbers.amount(text, mark)
            if value is None:
                continue
            yield value, i, j, bool(re.search(r"[.,]\d{1,4}\D*$", text))
            i = j - 1
            break
        i += 1


def labelled_amounts(rows: Sequence[Row], mark: str, skip: frozenset[int]) -> list[Amount]:
    """Every amount that a label of totals stands before, on its row or above it."""
    found: list[Amount] = _differences(rows, mark)
    used: set[int] = set()
    each = bool(found)  # every item states its own difference: none is the document's
    for index, row in enumerate(rows):
        if index in skip or index in used:
            continue
        row = whole_row(rows, index, skip)
        if row is not rows[index] and any(
            _has_digit(t) and t not in rows[index].tokens for t in row.tokens
        ):
            used.add(index + 1)
        edge = 0
        base: tuple[Decimal, int] | None = None
        amounts = list(amounts_in(row, mark))
        if not (each and _differs(row, amounts)):
            found.extend(_triple(row, amounts, index))
        for value, start, end, decimals in amounts:
            behind = row.tokens[end].text if end < len(row.tokens) else ""
            ends = row.tokens[end - 1].text.endswith(":") and value != amounts[-1][0]
            if behind.startswith("%") or ends:
                continue  # a rate inside the label: `Umsatzsteuer 19 %  25,46`, `VAT 23.0:  37,87`
            label = row.tokens[edge:start]
            if len(label) > 1 and label[-1].key in _OF_WHAT and value != amounts[-1][0]:
                base = value, start - 1
                continue  # what a tax is taken of; the tax stands behind it
            if base is not None:
                label = row.tokens[edge : base[1]]
            opened = [
                n for n, t in enumerate(label) if t.text.startswith("(") and ")" not in t.text
            ]
            if opened and row.tokens[end - 1].text.endswith(")"):
                label = label[opened[-1] :]  # a remark: only its own words say what it is
            else:
                label, edge = tuple(_outside_brackets(label)), end
            if re.fullmatch(r"(dni|days|tage|jours|r\.|szt\.?)", behind):
                continue
            meaning, weight = meaning_of(label)
            if not meaning:
                continue
            if not decimals:
                if weight < 3.0:
                    continue  # a bare count behind words that only end or begin like a label
                weight -= 0.8
            if any(t.key.startswith(_LESS) for t in label):
                value = -abs(value)  # `Kwota zmniejszenia podatku: 57,50`
            rate = _rate_of(label) if meaning == "vat" else ""
            amount = amount_of(value, row.tokens[start:end])
            key = "".join(t.key for t in label)
            loose = key in _LOOSE or weight < _SLOPPY
            taken_of = base[0] if base is not None and meaning == "vat" else None
            base = None
            found.append(Amount(meaning, amount, weight, index, rate, loose, taken_of))
            if meaning == "gross" and (key == "naleznosc" or any(word in key for word in PAYS)):
                found.append(Amount("due", amount, weight - 0.5, index, "", True))
    return found


def _has_digit(token: Token) -> bool:
    return any(map(str.isdigit, token.text))


def _rate_of(label: Sequence[Token]) -> str:
    """The rate that the label of a tax names: `VAT 8%`."""
    hit = re.search(r"(?<![\d.,])\d{1,2}(?:[.,]\d{1,2})?\s?%", " ".join(t.text for t in label))
    return (numbers.vat_rate(hit[0]) or "") if hit else ""


def _outside_brackets(label: Sequence[Token]) -> list[Token]:
    """A label without a remark that was closed before its amount: `VAT (23% on 100.00)`."""
    closed = [n for n, t in enumerate(label) if t.text.endswith(")") and "(" not in t.text]
    if not closed:
        return list(label)
    opened = [n for n, t in enumerate(label[: closed[-1]]) if t.text.startswith("(")]
    begin = opened[-1] if opened else 0
    return [*label[:begin], *label[closed[-1] + 1 :]]


def _differs(row: Row, amounts: Sequence[tuple[Decimal, int, int, bool]]) -> bool:
    label = row.tokens[: amounts[0][1]] if amounts else ()
    return "".join(t.key for t in label) in DIFFERENCE


def _differences(rows: Sequence[Row], mark: str) -> list[Amount]:
    """The sums of what the items of a correction differ by, where each item says so.

    Nothing where the last such row is the sum of the others: that one is the document's.
    """
    told: list[list[Amount]] = []
    for index, row in enumerate(rows):
        if row.tokens[0].key not in DIFFERENCE:
            continue
        amounts = list(amounts_in(row, mark))
        if _differs(row, amounts) and (parts := list(_triple(row, amounts, index))):
            told.append(parts)
    if len(told) < _FEWEST_ITEMS:
        return []
    sums = [sum((t[n].value.value for t in told), Decimal(0)) for n in range(3)]
    last = [a.value.value for a in told[-1]]
    if all(total == 2 * value for total, value in zip(sums, last, strict=True)):
        return []
    return [
        replace(part, value=replace(part.value, value=total, box=None, raw="Σ"))
        for part, total in zip(told[-1], sums, strict=True)
    ]


def _triple(
    row: Row, amounts: Sequence[tuple[Decimal, int, int, bool]], index: int
) -> Iterator[Amount]:
    """A sum row `Razem  net  tax  gross` whose numbers add up, under whatever columns."""
    label = row.tokens[: amounts[0][1]] if len(amounts) > 2 else ()
    # A correction sums up what was, what is and, as its own worth, the difference.
    differs = "".join(t.key for t in label) in DIFFERENCE
    if not differs and (not label or meaning_of(label)[0] not in ("sum", "gross", "net")):
        return
    for a, b, c in itertools.combinations(amounts[:6], 3):
        if a[0] + b[0] == c[0] and b[0] != 0 and abs(b[0]) < abs(a[0]):
            for meaning, found in zip(_ORDER, (a, b, c), strict=True):
                tokens = row.tokens[found[1] : found[2]]
                yield Amount(meaning, amount_of(found[0], tokens), 4.0 if differs else 2.8, index)
            return


def meaning_of(label: Sequence[Token]) -> tuple[str, float]:
    """What a label means and how exactly it is known: whole, its end, or its start."""
    # `ust. 1` is a paragraph of a Polish law, `USt` a German tax.
    kept = [
        t
        for t in label
        if t.text != "ust." and not _RATE_IN.fullmatch(t.text) and not _MONEY_WORD.fullmatch(t.text)
    ]
    fuzzy = any(t.doubt for t in kept)
    keys = [k for t in kept if (k := squeeze(t.text.replace("%", "")))]
    keys = [k for k in keys if not k.isdigit()]
    if not keys:
        return "", 0.0
    whole = "".join(keys)
    if meaning := TOTAL_LEXICON.find(whole, fuzzy=fuzzy):
        return meaning, 3.0
    if meaning := _said_twice(kept):
        return meaning, 3.0
    for start in range(1, len(keys)):
        if meaning := TOTAL_LEXICON.find("".join(keys[start:]), fuzzy=False):
            before = TOTAL_LEXICON.exact.get("".join(keys[:start]), "")
            if before in ("charge", "discount") and meaning in ("net", "gross", "sum"):
                return (before, 2.0) if meaning == "net" else ("", 0.0)  # `Versandkosten netto`
            return meaning, 2.0
    for end in range(len(keys) - 1, 0, -1):
        key = "".join(keys[:end])
        if (len(key) > 4 or key in _TAX_WORDS) and (meaning := TOTAL_LEXICON.find(key)):
            return meaning, 1.2
    return "", 0.0


def _said_twice(label: Sequence[Token]) -> str:
    """The meaning of `Do zapłaty / Total due`: a label in two languages."""
    cut = next((n for n, t in enumerate(label) if t.text == "/"), 0)
    parts = ["".join(t.key for t in part) for part in (label[:cut], label[cut + 1 :])]
    first, second = (TOTAL_LEXICON.exact.get(part, "") for part in parts)
    return first if second else ""


def choose(
    amounts: Sequence[Amount],
    rates: Sequence[RateTotal],
    sums: Sequence[RateTotal],
    line_sums: dict[str, Decimal],
    printed: Collection[str] = (),
) -> Totals:
    """The totals that labels, tax tables and lines support together best.

    `printed` are the rates that the lines name.
    """
    options: dict[str, list[tuple[float, Value[Decimal] | None]]] = {
        m: [(0.0, None)] for m in _ORDER
    }

    def offer(meaning: str, value: Value[Decimal] | None, weight: float) -> None:
        if value is None:
            return
        for n, (known, other) in enumerate(options[meaning]):
            if other is not None and other.value == value.value:
                options[meaning][n] = (max(known, weight) + 0.3, other)
                return
        options[meaning].append((weight, value))

    for a in amounts:
        if a.meaning in _ORDER:
            offer(a.meaning, a.value, a.weight)
        elif a.meaning == "sum":
            offer("gross", a.value, a.weight - 1.4)
            offer("net", a.value, a.weight - 1.9)
        elif a.meaning == "due":
            offer("gross", a.value, a.weight - 1.2)
        elif a.meaning == "refund":
            offer("gross", replace(a.value, value=-abs(a.value.value)), a.weight - 1.2)
    by_rate = {a.rate: a for a in amounts if a.rate}
    if len(by_rate) > 1:  # `VAT 8%` and `VAT 23%` on rows of their own make the tax together
        taxes = [a.value for a in by_rate.values()]
        total = sum((v.value for v in taxes), Decimal(0))
        offer("vat", replace(taxes[0], value=total, raw="Σ"), 3.2)
    for row in sums:
        for meaning in _ORDER:
            offer(meaning, getattr(row, meaning), 2.6)
    complete = _distinct(rates)
    for meaning in _ORDER:
        found = [getattr(r, meaning) for r in complete]
        if found and all(v is not None for v in found):
            total = sum((v.value for v in found), Decimal(0))
            value = found[0] if len(found) == 1 else Value(total, found[0].proof, 1.0, None, "Σ")
            offer(meaning, value, 2.2)
    for meaning, summed, weight in by_base(amounts):
        offer(meaning, summed, weight)
    told = {*printed, *by_rate, *(r.vat_rate for r in (*rates, *complete))}
    percents = {rate * 100 for r in told if (rate := rate_of(r)) is not None}
    extras = charges(amounts)
    for whole in with_charges(options, extras, percents):
        offer("net", whole, 3.0)
    taxed = any(v is not None and v.value and weight >= 2.0 for weight, v in options["vat"])
    best: tuple[float, tuple[Value[Decimal] | None, ...]] = (-1.0, (None, None, None))
    for picked in itertools.product(*(sorted(options[m], key=lambda o: -o[0])[:7] for m in _ORDER)):
        net, vat, gross = (value for _, value in picked)
        score = sum(weight for weight, _ in picked)
        if net and vat and gross:
            holds = abs(net.value + vat.value - gross.value) <= _CENT
            score += 4.0 if holds else -2.0
            if net.value == gross.value and abs(vat.value) > _CENT:
                score -= 4.0  # a sum of gross prices over the tax that it contains is not the net
        elif net and gross and vat is None and net.value == gross.value:
            score -= 2.0 if taxed else 0.5
        elif net and gross and vat is None and _at_one_rate(net.value, gross.value):
            score += 2.0  # of sums before and after a discount the taxed one
        elif net and vat and gross is None and taxed:
            same = any(v is not None and v.value == net.value for _, v in options["gross"])
            score -= 1.0 if same else 0.0
        if vat and any(
            v is not None and abs(vat.value) > _HIGHEST_TAX * abs(v.value) + _CENT
            for v in (net, gross)
        ):
            score -= 6.0  # the same sum the other way round
        for meaning, value in zip(_ORDER, (net, vat, gross), strict=True):
            if value is not None and meaning in line_sums:
                near = abs(line_sums[meaning] - value.value) <= Decimal("0.05")
                score += 1.5 if near else 0.0
        if score > best[0]:
            best = (score, (net, vat, gross))
    net, vat, gross = best[1]
    if net is None and gross is not None and _closes(line_sums, gross.value):
        # Nothing but the amount to pay is printed under the lines.
        net = Value(line_sums["net"], gross.proof, gross.confidence, None, "Σ")
    if net is None and vat and gross and line_sums.get("net") == gross.value - vat.value:
        net = Value(line_sums["net"], gross.proof, gross.confidence, None, "Σ")
    paid = _best(amounts, "paid")
    due = _due(amounts, gross, paid) or _best(amounts, "refund")
    if net and gross and vat is None and _leaves_tax(net.value, gross.value, line_sums, percents):
        vat = Value(gross.value - net.value, Proof.GUESSED, gross.confidence, None, "")
    goods = frozenset(net.value - extra for extra in extras) if net else frozenset()
    return Totals(net, vat, gross, due, paid, tuple(complete), goods)


def _leaves_tax(
    net: Decimal, gross: Decimal, line_sums: dict[str, Decimal], percents: Collection[Decimal]
) -> bool:
    """Whether gross − net is a tax: by its rate, or as the lines say both sums."""
    both = (line_sums.get("net"), line_sums.get("gross")) == (net, gross)
    return both or plausible(net, gross, percents)


def _at_one_rate(net: Decimal, gross: Decimal) -> bool:
    """Whether the gross is the net at a whole rate of tax, to the cent."""
    if not 0 < net < gross:
        return False
    rate = ((gross - net) / net * 100).quantize(Decimal(1))
    return abs(net * rate / 100 - (gross - net)) <= _CENT


def _due(
    amounts: Sequence[Amount], gross: Value[Decimal] | None, paid: Value[Decimal] | None
) -> Value[Decimal] | None:
    """What is to be paid for this document: first what agrees with its total, paid sums taken off.

    A label that may name the customer's account (`Saldo`) counts only where it agrees.
    """
    fits: set[Decimal] = set()
    if gross is not None:
        fits = {gross.value, *((gross.value - abs(paid.value),) if paid is not None else ())}
    found = [a for a in amounts if a.meaning == "due" and (not a.loose or a.value.value in fits)]
    best = max(found, key=lambda a: (a.value.value in fits, a.weight, -a.row), default=None)
    return best.value if best else None


def _closes(line_sums: dict[str, Decimal], gross: Decimal) -> bool:
    """Whether the lines print net and gross values and the latter add up to the total."""
    told = line_sums.get("gross")
    return told is not None and "net" in line_sums and told == gross != line_sums["net"]


def _distinct(rates: Sequence[RateTotal]) -> list[RateTotal]:
    """Rows without their copies: a tax table printed twice says the same twice."""
    seen: dict[tuple[str, ...], RateTotal] = {}
    for row in rates:
        values = [v.value if v is not None else None for v in (row.net, row.vat, row.gross)]
        seen.setdefault((row.vat_rate, *map(str, values)), row)
    return list(seen.values())


def _best(amounts: Sequence[Amount], meaning: str) -> Value[Decimal] | None:
    found = [a for a in amounts if a.meaning == meaning]
    return max(found, key=lambda a: (a.weight, -a.row)).value if found else None
