"""What the customer pays, on slips without a fiscal memory: the best label, and who agrees."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from ocr.reading import Proof, Value
from ocr.receipt_plain_labels import (
    BEFORE_TAX,
    CHANGE,
    CUT,
    LABELS,
    NOT_THE_SUM,
    PAID,
    ROUNDING,
    SAVED,
    SERVICE,
    SUBTOTAL,
    TAX,
    TAX_PART,
    label_text,
)
from ocr.receipt_rows import Row
from ocr.receipt_text import amounts, says

# `78 10`, `.78-10`: the point was seen as a dash, leaders before it as a point.
_SPLIT = re.compile(r"(?<!\d)(?<!\d[.,])(\d{1,6})[ -](\d{2})\s*$")
_DASHED = re.compile(r"\W*(\d{1,6})-(\d{2})\W*")  # alone in its row
_MONEY_SIGN = re.compile(r"(?<=RM)[O0](?=[.,])|(?<=RM)O")
_CENTS = re.compile(r"(?<!\d)0?[.,](0\d)(?!\d)")
# `Qty : 3  Total 12.00`: how many there are, in the row of the sum.
_COUNT = re.compile(
    r"(TOTAL\s*)?\b(NO\.?\s?OF\s*)?(QTY|QUANTITY|ITEMS?(\(S\))?)\W{0,4}\d{1,4}(?![\d.,])\s*"
)
_LOST_FIGURE = re.compile(r"(?:^|[^A-Z])[A-Z|!](?=\d{1,3}[.,]\d\d\W*$)")  # `y53.35`
_CHANGE_GIVEN = re.compile(r"^\W*(CHANGE|RUCKGELD|ZURUCK)\b")
_DASH = re.compile(r"(?<=[:=])\s*-\s+(?=\d)")  # `Total: - 51.88`: no minus
# `Total 6% supplies (Inc. GST)`: so the law wants it where rates differ.
_SUPPLIES = re.compile(r"(\d{1,2})\s?%\s*SUP\s?PLIES")
_WITHOUT_TAX = re.compile(r"\bEXC")
_GST = re.compile(r"\b(GST|SST|G5T)\b")
_MINUS_SIGN = re.compile(r"-\s?(?:[£€$]|RM|EUR)\s?(?=\d)")  # `-£24.99`
_NET = re.compile(r"^\W*NET\b(?!\W*TOTAL)")
_CASH_ROUNDS = Decimal("0.05")
_RATE = re.compile(r"(?<![\d.,])(\d{1,2})(?:[.,]0+)?\s?%")
_USUAL_RATE = Decimal(6)  # of the only tax whose summary most slips print without its rate
_TAX_SLACK = Decimal("0.006")
_ROWS_BEHIND = 2
_MOST_PARTS = 3
_ZERO = Decimal(0)

Candidate = tuple[int, int, Decimal, Row]  # rank, place, amount


def read_total(rows: Sequence[Row], goods: Decimal | None = None) -> Value[Decimal] | None:
    """The best labelled amount, unless others agree on another; `goods` is the sum of the items.

    Where no label is legible, the amount on which two of payment, taxes, items and the sum before
    tax agree, else what was paid.
    """
    if (slipped := _in_slipped_column(rows)) is not None:
        return slipped
    sums = _Sums(goods)
    for place in range(len(rows)):
        sums.look_at(rows, place)
    witnesses = sums.witnesses
    # A sum before tax is what the customer pays only where payment or taxes say so.
    if not sums.candidates and (refund := sums.refund()) is not None:
        return refund
    candidates = sums.candidates or [s for s in sums.subtotals if s[2] in (*witnesses, *sums.taxed)]
    if not candidates:
        return sums.agreed() or sums.paid_exactly()
    _, place, value, row = max(
        candidates,
        key=lambda c: (
            c[0]
            + 2 * (c[2] in witnesses)
            + (sum(o[2] == c[2] for o in candidates) > 1)
            + (c[2] == goods),
            c[1],
        ),
    )
    place, value, row = sums.with_taxes(place, value, row)
    if place < sums.off_at and (rounded := sums.rounded(value)) is not None:
        value, row = rounded
    told = sums.told_again(value, row)
    sure = told in witnesses and not sums.names_another(told)
    proof = Proof.ARITHMETIC if sure else Proof.READ
    return Value(told, proof, row.confidence, row.box, row.text)


def has_change(rows: Sequence[Row]) -> bool:
    """Whether money was given and change came back: so print tills, and no invoices."""
    texts = [label_text(row.text) for row in rows]
    given = any(PAID.search(text) and _money_of(text) for text in texts)
    return given and any(_CHANGE_GIVEN.search(text) and _money_of(text) for text in texts)


class _Sums:
    """Amounts of a slip by what they say of its sum."""

    def __init__(self, goods: Decimal | None) -> None:
        self.goods = goods
        self.candidates: list[Candidate] = []
        self.subtotals: list[Candidate] = []
        self.taxed: list[Decimal] = []  # net and tax of one rate together
        self.taxes: list[tuple[Decimal, Decimal]] = []  # rate per cent and what it took
        self.gross: list[Decimal] = []  # of one rate, on rows where net + tax = gross
        self.supplies: dict[str, Decimal] = {}  # of one rate, with its tax
        self.paid: list[Decimal] = []
        self.paid_on: Row | None = None
        self.paid_at = -1
        self.change = _ZERO
        self.off: Decimal | None = None  # how much was rounded off or up
        self.off_at = 0
        self.behind: list[tuple[Decimal, Row]] = []  # on the rows under the rounding
        self.parts: dict[str, Decimal] = {}  # what is added to the sum before tax
        self.returned: list[Candidate] = []  # below nothing: goods came back
        self.minus: list[tuple[Decimal, Row]] = []
        self.taxes_at: list[tuple[int, Decimal]] = []  # place and what it adds
        self._in_taxes = False

    def look_at(self, rows: Sequence[Row], place: int) -> None:
        row = rows[place]
        text = _COUNT.sub("", label_text(_MONEY_SIGN.sub("0", row.text)))
        found = _money_of(text)
        if TAX_PART.search(text):
            self._in_taxes = True
            return
        if CHANGE.search(text):
            self.change = abs(found[-1]) if found else self.change
            return
        if found and found[-1] < 0:
            self.minus.append((found[-1], row))
        if self._in_taxes and len(found) == 2:
            self.taxed.append(found[0] + found[1])
        if found and found[-1] > 0 and (len(found) == 2 or TAX.search(text)):
            rate = _RATE.search(text)
            if rate or self._in_taxes or _GST.search(text):
                self.taxes.append((Decimal(rate[1]) if rate else _USUAL_RATE, found[-1]))
        if "%" in text and len(found) > 2 and found[-3] + found[-2] == found[-1]:
            self.gross.append(found[-1])
        if ROUNDING.search(text) and any(c[1] < self.paid_at for c in self.candidates):
            # Behind the payment it is the cash that is rounded, not the sum.
            if cents := _CENTS.search(text):
                self.off = Decimal(cents[1]).scaleb(-2)
            return
        if ROUNDING.search(text) and (cents := _CENTS.search(text)):
            self.off = Decimal(cents[1]).scaleb(-2)
            self.off_at = place
        elif self.off is not None and found and len(self.behind) < _ROWS_BEHIND:
            # Cash is rounded where the total is not.
            self.behind += [] if PAID.search(text) else [(found[-1], row)]
        if found and (hit := _SUPPLIES.search(text)) and not _WITHOUT_TAX.search(text):
            self.supplies[hit[1]] = found[-1]
        other = NOT_THE_SUM.search(text)
        rank = 0 if other else next((r for r, p in LABELS if p.search(text)), 0)
        if found and (BEFORE_TAX.search(text) or (rank and SUBTOTAL.search(text))):
            self.subtotals.append((0, place, found[-1], row))
            return
        if rank and not found and place + 1 < len(rows):
            found = _alone(rows[place + 1]) or (_alone(rows[place - 1]) if place else [])
        if rank and found and found[-1] < 0:
            self.returned.append((rank, place, found[-1], row))
            return
        if rank and found and found[-1] > 0:
            if not self._in_taxes or len(found) == 1 or sum(found[:-1], _ZERO) == found[-1]:
                # Net and tax of all rates without their sum say nothing.
                self.candidates.append((rank - 3 * self._in_taxes, place, found[-1], row))
            return
        if SAVED.search(text):
            return
        pays = PAID.search(text) or says(row.text, "CASH", "VISA", "MASTERCARD")
        if pays and not found and place + 1 < len(rows) and self._is_label(text):
            found = _alone(rows[place + 1])
        if found and pays:
            self.paid.append(abs(found[-1]))
            self.paid_on, self.paid_at = row, place
        elif found and not self._in_taxes:
            self._note_part(text, found[-1], place)

    @staticmethod
    def _is_label(text: str) -> bool:
        """Whether a row holds the name of a payment and nothing else."""
        return len(text.split()) == 1 and PAID.search(text) is not None

    def _note_part(self, text: str, amount: Decimal, place: int) -> None:
        if SERVICE.search(text):
            self.parts.setdefault("service", amount)
        elif CUT.search(text):
            self.parts.setdefault("cut", -abs(amount))
        elif TAX.search(text) and amount > 0 and not _SUPPLIES.search(text):
            self.parts.setdefault("tax", amount)
            self.taxes_at.append((place, amount))

    @property
    def witnesses(self) -> list[Decimal]:
        """Amounts that were paid, with and without the change, and the gross sums of all rates."""
        paid = self._given() + self.paid
        if len(self.paid) > 1:  # in part with a voucher, the rest by card
            paid.append(sum(self.paid, _ZERO) - self.change)
        return [*paid, sum(self.gross, _ZERO)] if self.gross else paid

    def _given(self) -> list[Decimal]:
        """What was given less the change."""
        return [amount - self.change for amount in self.paid if amount > self.change]

    def names_another(self, total: Decimal) -> bool:
        """Whether the items add up to another labelled sum, and nothing printed makes this of it.

        What is left to pay after a voucher, or what a table of taxes sums up, is not the sale.
        """
        if self.goods is None or self.goods == total:
            return False
        labelled = any(c[2] == self.goods for c in self.candidates)
        return labelled and total not in self._ends([self.goods], added=True)

    def rounded(self, value: Decimal) -> tuple[Decimal, Row] | None:
        """The sum after rounding, where it is printed again as such or was paid."""
        if not self.off:
            return None
        ends = (value - self.off, value + self.off)
        told = [(a, r) for a, r in self.behind if a in ends]
        told += [(c[2], c[3]) for c in self.candidates if c[2] in ends and c[1] > self.off_at]
        return told[0] if told and value not in self.witnesses else None

    def with_taxes(self, place: int, value: Decimal, row: Row) -> tuple[int, Decimal, Row]:
        """The total under the taxes that are added to a `NET TOTAL`, or the same."""
        for _, below, total, its in self.candidates:
            taxes = [tax for at, tax in self.taxes_at if place < at < below]
            if taxes and below > place and total == value + sum(taxes, _ZERO):
                return below, total, its
        for _, above, total, its in self.candidates if _NET.search(label_text(row.text)) else []:
            # `Total 5.60`, `VAT 1.05`, `Net 4.55`: what the sum consists of
            if above < place and any(above < at and total == value + t for at, t in self.taxes_at):
                return above, total, its
        return place, value, row

    def refund(self) -> Value[Decimal] | None:
        """A sum below nothing, where goods came back and other rows state it as well."""
        told: list[tuple[bool, Candidate]] = []
        for one in self.returned:
            value, row = one[2], one[3]
            others = [amount for amount, its in self.minus if its is not row]
            made = value in {a + b for a, b in itertools.combinations(others, 2)}
            if made or value in others or -value in self.paid or value == self._all_supplies():
                told.append((made, one))
        if not told:
            return None
        _, (_, _, value, row) = max(told, key=lambda one: (one[0], *one[1][:2]))
        return Value(value, Proof.READ, row.confidence, row.box, row.text)

    def _all_supplies(self) -> Decimal:
        return sum(self.supplies.values(), _ZERO)

    def paid_exactly(self) -> Value[Decimal] | None:
        """What was paid less the change, where the sum itself could not be read."""
        if len(self.paid) != 1 or self.paid_on is None or self.paid[0] <= self.change:
            return None
        row = self.paid_on
        return Value(self.paid[0] - self.change, Proof.READ, row.confidence, row.box, row.text)

    def agreed(self) -> Value[Decimal] | None:
        """The one amount on which two kinds of evidence agree; payment is the best of them."""
        paid, *others = self._kinds(None)
        told = set().union(*others)
        if self._lost_figure():
            paid = {
                v for v in told for p in self.paid if f"{v:.2f}".endswith(f"{p:.2f}") and v > p
            } or paid
        found = {v for v in paid if v in told and v > 0}
        if not found:
            found = {v for v in told if v > 0 and sum(v in kind for kind in others) > 1}
        if len(found) != 1:
            return None
        (value,) = found
        row = self.paid_on if value in paid else None
        if row is None:
            return Value(value, Proof.READ, 0.0)
        return Value(value, Proof.READ, row.confidence, row.box, row.text)

    def _lost_figure(self) -> bool:
        """Whether the payment lacks its first figure: a letter stands there, or goods cost more."""
        if self.paid_on is None:
            return False
        goods = [s[2] for s in self.subtotals] + ([self.goods] if self.goods else [])
        less = bool(goods) and max(self.paid) < min(goods)
        return less or _LOST_FIGURE.search(label_text(self.paid_on.text)) is not None

    def told_again(self, value: Decimal, row: Row) -> Decimal:
        """The amount that taxes and payment, or two other labels, agree on, one figure away."""
        kinds = self._kinds(row)

        def votes(total: Decimal) -> int:
            told = [total in kind for kind in kinds]
            twice = told[1] and len(self.supplies) > 1  # all rates together are two statements
            return sum(told) + twice + (not told[4] and self._taxed_so(total))

        mine = votes(value)
        least = mine + 2  # what nobody confirms needs two others, what one confirms three
        near = {
            other
            for other in set().union(*kinds)
            if _one_figure_apart(value, other) and votes(other) >= least
        }
        if len(near) == 1:
            return near.pop()
        if any(value in kind for kind in kinds):
            return value
        paid = {v for v in self._given() if any(v in kind for kind in (kinds[1], *kinds[3:]))}
        if len(paid) != 1 or (mine and not self._taxed_so(*paid)):
            return value
        return paid.pop()

    def _taxed_so(self, total: Decimal) -> bool:
        """Whether a printed tax is, to the cent, what its rate takes of this sum."""
        return any(abs(total * rate / (100 + rate) - tax) <= _TAX_SLACK for rate, tax in self.taxes)

    def _kinds(self, row: Row | None) -> list[set[Decimal]]:
        """What payment, taxes, labels on other rows, sums before tax and items say of the sum."""
        paid = set(self._given()) | set(self.paid)
        before = {s[2] for s in self.subtotals}
        return [
            paid,
            {sum(told, _ZERO) for told in (self.gross, self.supplies.values()) if told},
            {c[2] for c in self.candidates if c[3] is not row},
            self._ends(before, added=True),
            self._ends([*self.taxed, sum(self.taxed, _ZERO)], added=False) if self.taxed else set(),
            self._ends([] if self.goods is None else [self.goods], added=True),
        ]

    def _ends(self, begins: Iterable[Decimal], *, added: bool) -> set[Decimal]:
        """The sums to which the slip's additions and its rounding lead."""
        parts = list(self.parts.values()) if added else []
        ends = {
            begin + sum(chosen, _ZERO)
            for begin in begins
            for count in range(min(len(parts), _MOST_PARTS) + 1)
            for chosen in itertools.combinations(parts, count)
        }
        off = self.off or _ZERO
        return {end + sign * off for end in ends for sign in (-1, 0, 1)}


def _in_slipped_column(rows: Sequence[Row]) -> Value[Decimal] | None:
    """The sum where all amounts stand one row over or under their labels: on paper that was bent.

    Sum, payment and change have to fit, and the three labels to stand on rows one after another.
    """
    for place in range(len(rows) - 2):
        texts = [label_text(row.text) for row in rows[place : place + 3]]
        names = any(p.search(texts[0]) for _, p in LABELS) and not NOT_THE_SUM.search(texts[0])
        if not names or not PAID.search(texts[1]) or not _CHANGE_GIVEN.search(texts[2]):
            continue
        beside = [_money_of(text) for text in texts]
        ends = [_alone(row) for row in (*rows[max(place - 1, 0) : place], *rows[place + 3 :][:1])]
        over, under = (ends[0] if place else []), ends[-1] if len(rows) > place + 3 else []
        for column, at in (([over, *beside[:2]], place - 1), ([*beside[1:], under], place + 1)):
            lacks = beside[2] if at < place else beside[0]
            if lacks or not all(len(found) == 1 for found in column):
                continue
            total, given, change = (found[0] for found in column)
            if total > 0 and change > 0 and total == given - change:
                row = rows[at]
                return Value(total, Proof.READ, row.confidence, row.box, row.text)
    return None


def _one_figure_apart(one: Decimal, other: Decimal) -> bool:
    """Whether a single figure differs, or a first one was lost; cash is rounded by less."""
    a, b = f"{one:.2f}", f"{other:.2f}"
    width = max(len(a), len(b))
    figures = sum(x != y for x, y in zip(a.zfill(width), b.zfill(width), strict=True))
    return figures == 1 and abs(one - other) >= _CASH_ROUNDS


def _money_of(text: str) -> list[Decimal]:
    text = _MINUS_SIGN.sub("-", text)
    text = _DASH.sub(" ", re.sub(r"(?<=[A-Z€$])(?=\d)", " ", text))
    found = [a.value for a in amounts(text)]
    if not found and (hit := _SPLIT.search(text)):
        found = [Decimal(f"{hit[1]}.{hit[2]}")]
    return found


def _alone(row: Row) -> list[Decimal]:
    """The amount of a row that holds nothing else: its label stands on the row beside it."""
    if re.search(r"[A-Za-z](?<!R)(?<!RM)", row.text):
        return []
    found = [a.value for a in amounts(row.text)]
    if not found and (hit := _DASHED.fullmatch(row.text)):
        found = [Decimal(f"{hit[1]}.{hit[2]}")]
    return found if len(found) == 1 else []
