"""Compares what was read with the truth, by the rules of the reference data's own scorer. Pure.

Records are in the schema that `ocr.truth_schema` writes. Beyond that scorer: wrong values among
those that the reading calls proven, which is the measure that matters most.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from rapidfuzz import fuzz

Record = Mapping[str, Any]

_ALIKE = 0.80
_AMOUNT = Decimal("0.01")
_MONEY = frozenset({"total_net", "total_vat", "total_gross"})
_CODES = frozenset({"invoice_number", "receipt_number", "cash_register_id", "ksef_number"})
_VAT_IDS = frozenset({"seller_vat_id", "buyer_vat_id"})
_COMPANY_FORMS = (
    ("spolka z ograniczona odpowiedzialnoscia", "sp z o o"),
    ("spolka akcyjna", "s a"),
    ("sp z oo", "sp z o o"),
    ("spolka komandytowa", "sp k"),
    ("spzoo", "sp z o o"),
)
_PROVEN = frozenset({"structured", "checksum", "arithmetic"})
_PROVEN_LINE_FIELDS = (
    "quantity",
    "unit_price_net",
    "unit_price_gross",
    "line_net",
    "line_gross",
    "vat_rate",
)


@dataclass
class Score:
    """Sums over the documents of one set."""

    documents: int = 0
    predicted: int = 0
    fields: dict[str, list[int]] = field(default_factory=dict)  # name → [right, all]
    wrong_values: int = 0  # given, and not the truth
    header_right: int = 0
    lines_matched: int = 0
    lines_predicted: int = 0
    lines_true: int = 0
    lined_documents: int = 0
    lined_documents_right: int = 0
    straight_through: int = 0
    proven_values: int = 0
    proven_wrong: list[str] = field(default_factory=list)
    given_values: int = 0  # header fields and numbers of lines that can be compared

    @property
    def fields_right(self) -> int:
        return sum(right for right, _ in self.fields.values())

    @property
    def fields_all(self) -> int:
        return sum(every for _, every in self.fields.values())

    @property
    def precision(self) -> float:
        return self.lines_matched / self.lines_predicted if self.lines_predicted else 0.0

    @property
    def recall(self) -> float:
        return self.lines_matched / self.lines_true if self.lines_true else 0.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def add(score: Score, truth: Record, read: Record | None) -> None:
    """Count one document; `read` is None when there was no answer for it."""
    score.documents += 1
    score.predicted += read is not None
    read = read or {}
    right = True
    for name in truth["scored"]:
        counted = score.fields.setdefault(name, [0, 0])
        matches = field_right(name, truth, read)
        counted[0] += matches
        counted[1] += 1
        right &= matches
        score.wrong_values += not matches and read.get(name) not in (None, "")
        score.given_values += read.get(name) not in (None, "")
        if _proof(read, name) in _PROVEN:
            score.proven_values += 1
            if not matches:
                score.proven_wrong.append(
                    f"{truth['doc_id']}: {name} is {truth.get(name)!r}, read {read.get(name)!r}"
                )
    score.header_right += right
    if truth.get("lines_scored"):
        right &= _add_lines(score, truth, read)
    score.straight_through += right


def _add_lines(score: Score, truth: Record, read: Record) -> bool:
    true_lines: Sequence[Record] = truth["lines"]
    read_lines: Sequence[Record] = read.get("lines") or []
    pairs = matched(true_lines, read_lines)
    score.lines_matched += len(pairs)
    score.lines_predicted += len(read_lines)
    score.lines_true += len(true_lines)
    whole = len(pairs) == len(true_lines) == len(read_lines)
    score.lined_documents += 1
    score.lined_documents_right += whole
    _add_proven_lines(score, truth["doc_id"], true_lines, read_lines, dict(map(_turned, pairs)))
    return whole


def _turned(pair: tuple[int, int]) -> tuple[int, int]:
    return pair[1], pair[0]


def _add_proven_lines(
    score: Score,
    doc_id: str,
    true_lines: Sequence[Record],
    read_lines: Sequence[Record],
    true_of: dict[int, int],
) -> None:
    """A proven value must be that of its line; on a line that is not in the document it is wrong.

    A read line without a partner by the strict rule is compared with the free true line of the same
    amount, else of the most similar description, so that one wrong value counts once.
    """
    free = [index for index in range(len(true_lines)) if index not in true_of.values()]
    for place, line in enumerate(read_lines):
        index = true_of.get(place)
        if index is None and free:
            nearest = max(free, key=lambda i: _kinship(true_lines[i], line))
            if _kinship(true_lines[nearest], line) >= 0.6:
                free.remove(nearest)
                index = nearest
        for name in _PROVEN_LINE_FIELDS:
            true_line = true_lines[index] if index is not None else {}
            given = line.get(name) not in (None, "")
            score.given_values += given and (index is None or true_line.get(name) is not None)
            if _proof(line, name) not in _PROVEN:
                continue
            true = true_line.get(name)
            if index is not None and true is None:
                continue  # Not printed, or not in the labels: nobody can say.
            score.proven_values += 1
            if true is None or not _number_right(name, true, line.get(name)):
                score.proven_wrong.append(
                    f"{doc_id}: line {place + 1} {name} is {true!r}, read {line.get(name)!r}"
                )


def field_right(name: str, truth: Record, read: Record) -> bool:
    """Whether a header field is right; a missing one is not."""
    if name == "line_count":  # of an e-invoice whose rows are counted but not written down
        return bool(truth[name] == len(read.get("lines") or ()))
    true, value = truth.get(name), read.get(name)
    if value in (None, ""):
        return False
    if name in _MONEY:
        a, b = number(true), number(value)
        return a is not None and b is not None and abs(a - b) < Decimal("0.005")
    if name in _VAT_IDS:
        return _vat_id(true) == _vat_id(value)
    if name in _CODES:
        return _code(true) == _code(value)
    if name == "seller_name":
        a_name, b_name = _company(true), _company(value)
        if truth.get("seller_name_match") == "contains":
            inside = bool(a_name) and a_name in b_name
            return inside or fuzz.partial_ratio(a_name, b_name) >= 90
        return a_name == b_name or _ratio(a_name, b_name) >= 0.9
    return str(true).strip().casefold() == str(value).strip().casefold()


def matched(true_lines: Sequence[Record], read_lines: Sequence[Record]) -> list[tuple[int, int]]:
    """Pairs of places (true, read): most alike first, then nearest in order; each used once."""
    candidates = []
    for i, true in enumerate(true_lines):
        for j, read in enumerate(read_lines):
            alike = line_alike(true, read)
            if alike > 0:
                candidates.append((alike, -abs(i - j), i, j))
    candidates.sort(reverse=True)
    pairs: list[tuple[int, int]] = []
    used_true: set[int] = set()
    used_read: set[int] = set()
    for _, _, i, j in candidates:
        if i not in used_true and j not in used_read:
            used_true.add(i)
            used_read.add(j)
            pairs.append((i, j))
    return pairs


def line_alike(true: Record, read: Record) -> float:
    """How alike the descriptions are (0..1); 0 where quantity, amount or description differ."""
    amount = _amount(true, true)
    if amount is not None:
        other = _amount(read, true)
        if other is None or abs(amount - other) > _AMOUNT:
            return 0.0
    quantity = number(true.get("quantity"))
    if quantity is not None:
        other = number(read.get("quantity"))
        slack = max(Decimal("0.001"), abs(quantity) * Decimal("0.0005"))
        if other is None or abs(quantity - other) > slack:
            return 0.0
    alike = _alike(true, read)
    return alike if alike >= _ALIKE else 0.0


def number(value: object) -> Decimal | None:
    """The number in a text with point or comma, with or without blanks and currency."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    text = re.sub(r"[^\d,.\-]", "", str(value))
    decimal_comma = "," in text and ("." not in text or text.rfind(",") > text.rfind("."))
    text = text.replace(".", "").replace(",", ".") if decimal_comma else text.replace(",", "")
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def worst(scores: Sequence[Score], count: int = 10) -> list[tuple[str, int]]:
    """The header fields that are wrong most often, over all sets."""
    wrong: Counter[str] = Counter()
    for score in scores:
        for name, (right, every) in score.fields.items():
            wrong[name] += every - right
    return [(name, n) for name, n in wrong.most_common(count) if n]


def _kinship(true: Record, read: Record) -> float:
    amount, other = _amount(true, true), _amount(read, true)
    same = amount is not None and other is not None and abs(amount - other) <= _AMOUNT
    return _alike(true, read) + same


def _amount(line: Record, like: Record) -> Decimal | None:
    """Net where the truth states it, else gross; the other one where the first is missing."""
    order = ("line_net", "line_gross")
    for name in order if like.get("line_net") is not None else order[::-1]:
        value = number(line.get(name))
        if value is not None:
            return value
    return None


def _number_right(name: str, true: object, value: object) -> bool:
    a, b = number(true), number(value)
    if a is None or b is None:  # rates such as "zw"
        return str(true).strip().casefold() == str(value).strip().casefold()
    slack = _AMOUNT if name in ("line_net", "line_gross") else Decimal("0.005")
    if name == "quantity":
        slack = max(Decimal("0.001"), abs(a) * Decimal("0.0005"))
    return abs(a - b) <= slack


def _alike(true: Record, read: Record) -> float:
    return _ratio(_text(true.get("description")), _text(read.get("description")))


def _ratio(a: str, b: str) -> float:
    return max(fuzz.ratio(a, b), fuzz.token_sort_ratio(a, b)) / 100


def _text(value: object) -> str:
    if value is None:
        return ""
    text = unicodedata.normalize("NFKC", str(value)).casefold()
    text = text.replace("ł", "l").replace("ß", "ss")
    text = unicodedata.normalize("NFD", text)
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^\w%]+", " ", text).replace("_", " ").split())


def _company(value: object) -> str:
    text = _text(value)
    for form, short in _COMPANY_FORMS:
        text = text.replace(form, short)
    return text


def _code(value: object) -> str:
    return re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", str(value or "")).upper())


def _vat_id(value: object) -> str:
    code = _code(value)
    return code[2:] if re.fullmatch(r"PL\d{10}", code) else code


def _proof(record: Record, name: str) -> str:
    known = record.get("values", {}).get(name) or {}
    return str(known.get("proof", ""))
