"""Header fields from labels: number, dates, currency, KSeF number, correction, document kind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ocr import ksef_number, numbers
from ocr.labels import FIELD_LEXICON, KIND_LEXICON, Lexicon, squeeze
from ocr.lines import text_of
from ocr.numbers import FoundDate
from ocr.reading import DocumentKind, Proof, Value
from ocr.rows import Row, Token, box_of, confidence_of

_MAX_LABEL = 16  # tokens
_LONG_LABEL = 9  # squeezed letters: such a label is one even in the middle of a phrase
_PERIOD = re.compile(r"(?i)\s*(do|bis|to|au|tot|until|till|-|–|—)\s*")
_TELLING = 6  # squeezed letters: "datum" and "vom" may belong to anything
_FOOT = 0.88  # of the page's height: what stands below is about the form, not the purchase
_BELOW = 2.6  # heights from a label down to its value

_SKIP_BEFORE_NUMBER = re.compile(
    r"(nr|no|numer|nummer|number|n[°ºo]|#|:|№|vat|\(\d{1,4}\)|-|–|\*+|:?\*+|nr\.|no\.)\.?:?", re.IGNORECASE
)
_NUMBER_ENDS = re.compile(
    r"(z|vom|von|of|from|du|le|dn\.?|z\.|dnia|data|date|datum|dated|den|van|wystawion[ao]|issued|page|strona|"
    r"oryginał|kopia|original|duplikat|seite|d\.d\.|do|dotyczy|per|at|-|–|\|)[:.]?",
    re.IGNORECASE,
)
_NUMBER_SHAPE = re.compile(r"(?=.*\d)[\w/\\.\-–_#*()+ ]{1,40}")
_WEIGHT = {
    key: weight
    for weight, keys in (
        (1.0, "nr|numer|no|faktura|rechnung|invoice|facture|gutschrift|factuur|numer faktury vat"),
        (2.0, "faktura vat|faktura korygująca|faktura sprzedaży|document no|document number|invoice ref"),
    )
    for key in map(squeeze, keys.split("|"))
}


@dataclass(frozen=True, slots=True)
class Label:
    """A label found on the page and the tokens that may hold its value, nearest first."""

    meaning: str
    key: str
    tokens: tuple[Token, ...]
    values: tuple[tuple[Token, ...], ...]  # behind it, to the right, below, wrapped
    row: int
    pure: bool  # nothing stands before the label in its phrase


def labels_in(
    rows: Sequence[Row], lexicon: Lexicon = FIELD_LEXICON, skip: frozenset[int] = frozenset()
) -> list[Label]:
    """Every label of the lexicon with its candidate values, top to bottom."""
    return [
        label
        for index in range(len(rows))
        if index not in skip
        for label in _labels(rows, index, lexicon, skip)
    ]


def _labels(
    rows: Sequence[Row], index: int, lexicon: Lexicon, skip: frozenset[int]
) -> Iterator[Label]:
    phrases = rows[index].phrases()
    for place, phrase in enumerate(phrases):
        tokens = phrase.tokens
        hits = list(_hits(tokens, lexicon))
        for n, (start, end, key, meaning) in enumerate(hits):
            stop = hits[n + 1][0] if n + 1 < len(hits) else len(tokens)
            values: list[tuple[Token, ...]] = []
            if behind := tokens[end:stop]:
                values.append(behind)
            if n + 1 == len(hits):
                if not behind or all(not any(c.isalnum() for c in t.text) for t in behind):
                    right = phrases[place + 1].tokens if place + 1 < len(phrases) else ()
                    if right:
                        values.append(right)
                values.extend(_below(rows, index, tokens[start:], skip))
            yield Label(meaning, key, tokens[start:end], tuple(values), index, start == 0)


def _hits(tokens: Sequence[Token], lexicon: Lexicon) -> Iterator[tuple[int, int, str, str]]:
    """Labels in one phrase: at its start, behind a value, or long ones anywhere."""
    fuzzy = any(t.doubt for t in tokens)
    i = 0
    while i < len(tokens):
        found: tuple[int, str, str] | None = None
        keys = [t.key for t in tokens[i : i + _MAX_LABEL]]
        for j in range(len(keys), 0, -1):
            if not keys[j - 1]:
                continue
            key = "".join(keys[:j])
            if len(key) > lexicon.longest + 2:
                continue
            meaning = lexicon.find(key, fuzzy=fuzzy)
            if meaning is None:
                continue
            colon = tokens[i + j - 1].text.rstrip("*").endswith(":") or (
                i + j < len(tokens) and tokens[i + j].text == ":"
            )
            if i == 0 or colon or len(key) >= _LONG_LABEL or _after_value(tokens, i, j):
                found = (i + j, key, meaning)
                break
        if found is None:
            i += 1
            continue
        end, key, meaning = found
        while end < len(tokens) and not any(c.isalnum() for c in tokens[end].text):
            end += 1
        yield i, end, key, meaning
        i = end


def _after_value(tokens: Sequence[Token], i: int, count: int) -> bool:
    """Whether a value ends before the token, so that a short label may follow."""
    before = tokens[i - 1].text
    ended = any(c.isdigit() for c in before) or before.endswith(",")
    return ended and count == 1 and len(tokens[i].text) <= 4 and tokens[i].text.isalpha()


def _below(
    rows: Sequence[Row], index: int, label: Sequence[Token], skip: frozenset[int]
) -> Iterator[tuple[Token, ...]]:
    """The phrase under the label, and a label's own second row that ends in `: value`."""
    x0, x1 = min(t.x0 for t in label), max(t.x1 for t in label)
    tall = label[0].height
    floor = max((t.y0 + t.y1) / 2 for t in label)
    for step in (1, 2, 3):
        if index + step >= len(rows) or index + step in skip:
            return
        row = rows[index + step]
        if row.page != label[0].page or row.middle - floor > _BELOW * tall:
            return
        for phrase in row.phrases():
            if phrase.x0 < x1 and phrase.x1 > x0 - tall:
                yield phrase.tokens
                colon = [n for n, t in enumerate(phrase.tokens) if t.text.endswith(":")]
                if colon and colon[-1] + 1 < len(phrase.tokens):
                    yield phrase.tokens[colon[-1] + 1 :]


_TITLE = re.compile(
    r"(?i)\w*(faktur[ay]|rechnung|invoice|facture|factuur|gutschrift|credit note|avoir|korekt[ay]|rachunek"
    r"|fattura|factura)\b(?P<between>[^:]{0,40}?)(?<!\w)(nr|no|n[°ºo]|numer|nummer|number|#)(?!\w)\.?\s*:?\s+"
)


def titles(rows: Sequence[Row], skip: frozenset[int] = frozenset()) -> list[Label]:
    """Titles with words between kind and number: `Handelsrechnung (380) Nr. 123`."""
    found: list[Label] = []
    for index, row in enumerate(rows):
        if index in skip or row.page > 1:
            continue
        for phrase in row.phrases(1.5):
            match = _TITLE.match(phrase.text + " ")
            if match is None or FIELD_LEXICON.exact.get(squeeze(match[0])) not in (None, "number"):
                continue
            count = len(match[0].split())
            values = (phrase.tokens[count:],)
            found.append(Label("title", squeeze(match[0]), phrase.tokens[:count], values, index, True))
    return found


# -- numbers ------------------------------------------------------------------------------------


def invoice_number(labels: Sequence[Label], taken: frozenset[str]) -> Value[str] | None:
    """The document's number; `taken` are values known to be something else (NIPs, accounts)."""
    best: tuple[float, Value[str]] | None = None
    for label in labels:
        if label.meaning not in ("number", "title"):
            continue
        weight = 2.6 if label.meaning == "title" else _WEIGHT.get(label.key, 3.0)
        weight += 0.4 if label.pure else 0.0
        for rank, tokens in enumerate(label.values):
            found = number_in(tokens) or (_wordy(tokens) if weight > 2.5 else None)
            if found is None or squeeze(found.value) in taken:
                continue
            if ksef_number.verdict(found.value) is not ksef_number.Verdict.BAD_FORMAT:
                continue
            score = weight - 0.5 * rank - 0.002 * label.row - 0.4 * (label.tokens[0].page - 1)
            if best is None or score > best[0]:
                best = (score, found)
            break
    return best[1] if best else None


def number_in(tokens: Sequence[Token]) -> Value[str] | None:
    """A document number at the start of `tokens`, without labels before and dates behind."""
    start = 0
    while start < len(tokens) and _SKIP_BEFORE_NUMBER.fullmatch(tokens[start].text):
        start += 1
    kept: list[Token] = []
    ended = False
    for token in tokens[start : start + 8]:
        if kept and _NUMBER_ENDS.fullmatch(token.text):
            ended = token.text.casefold().rstrip(":.") not in ("-", "–", "|")
            break
        if token.text.endswith(":") and token.text != ":":
            break
        if any(c.isdigit() for t in kept for c in t.text) and _whole_date(token.text):
            break
        kept.append(token)
    if not ended:
        while kept and not any(c.isdigit() for c in kept[-1].text):
            kept.pop()
    if len(kept) > 5:
        kept = kept[:1] if any(c.isdigit() for c in kept[0].text) else []
    text = " ".join(t.text for t in kept).strip(" .,;:*|")
    if not text or not _NUMBER_SHAPE.fullmatch(text):
        return None
    if numbers.dates(text) and all(c.isdigit() or c in ".-/ " for c in text) and _whole_date(text):
        return None
    if numbers.amount(text) is not None and re.search(r"[.,]\d\d$", text):
        return None
    words = [t.text for t in kept if not any(c.isdigit() for c in t.text)]
    if len(words) > 2 or sum(len(w) for w in words) > 14:
        return None
    return text_of(text, kept)


def _wordy(tokens: Sequence[Token]) -> Value[str] | None:
    """A number without a digit, as test programs give: letters in parts, alone in their phrase."""
    if len(tokens) == 1 and re.fullmatch(r"\w+([/\-_.]\w+)+", tokens[0].text):
        return text_of(tokens[0].text, tokens)
    return None


def _whole_date(text: str) -> bool:
    found = numbers.dates(text)
    return bool(found) and found[0].start == 0 and found[0].end == len(text) and len(text) > 8


def ksef(rows: Sequence[Row], labels: Sequence[Label]) -> tuple[Value[str] | None, list[str]]:
    """The document's own KSeF number and the numbers of invoices that it corrects."""
    corrected: list[str] = []
    own: Value[str] | None = None
    foreign = {label.row for label in labels if label.meaning == "corrected_ksef"}
    for label in labels:
        if label.meaning == "corrected_ksef" and label.values:
            # Only a reference: samples and old papers carry numbers whose checksum is wrong.
            text = "".join(t.text for t in label.values[0])
            if re.fullmatch(r"[0-9A-Z]{9,10}-\d{8}-[0-9A-F-]{12,13}-[0-9A-F]{2}", text):
                corrected.append(text)
    for index, row in enumerate(rows):
        for found in ksef_number.find(row.text):
            near = any(0 <= index - f <= 2 for f in foreign)
            tokens = [t for t in row.tokens if found.text[:10] in t.text.upper()] or row.tokens
            if near or found.text in corrected:
                if found.text not in corrected:
                    corrected.append(found.text)
            elif own is None or index < 12:
                own = own or Value(
                    found.text, Proof.CHECKSUM, confidence_of(tokens), box_of(tokens), ""
                )
    return own, corrected


# -- dates --------------------------------------------------------------------------------------


def month_first(rows: Sequence[Row]) -> bool:
    """Whether the document writes 02/17/2026: some date with slashes has no other reading."""
    american = european = 0
    for row in rows:
        for m in re.finditer(r"(?<!\d)(\d{1,2})/(\d{1,2})/(?:20)?\d\d(?!\d)", row.text):
            american += int(m[2]) > 12 >= int(m[1])
            european += int(m[1]) > 12 >= int(m[2])
    return american > european


def issue_date(
    rows: Sequence[Row], labels: Sequence[Label], number: Value[str] | None, american: bool
) -> Value[date] | None:
    """The date of issue: by a telling label, behind the number, by a weak label, or loose."""
    return (
        labelled_date(labels, "issue_date", american, _TELLING)
        or _behind_number(rows, number, american)
        or labelled_date(labels, "issue_date", american)
        or loose_date(rows, labels, american)
    )


def _behind_number(
    rows: Sequence[Row], number: Value[str] | None, american: bool
) -> Value[date] | None:
    if number is None or number.box is None:
        return None
    for row in rows:
        if row.page != number.box.page:
            continue
        tokens = [
            t
            for t in row.tokens
            if t.box.x0 >= number.box.x1 - 0.001
            and t.box.y0 < number.box.y1
            and t.box.y1 > number.box.y0
        ]
        phrase = Row(row.page, tuple(tokens)).phrases(2.0)[0].tokens if tokens else ()
        if found := date_in(phrase[:8], american):
            return found
    return None


def sale_date(labels: Sequence[Label], american: bool) -> Value[date] | None:
    """The date of sale; of a period its end."""
    first = labelled_date(labels, "sale_date", american)
    if first is None:
        return None
    for label in labels:
        for tokens in label.values if label.meaning == "sale_date" else ():
            text = " ".join(t.text for t in tokens)
            found = numbers.dates(text, month_first=american)
            between = text[found[0].end : found[1].start] if len(found) > 1 else ""
            if found and found[0].value == first.value and _PERIOD.fullmatch(between):
                return _dated(found[1], tokens)
    return first


def labelled_date(
    labels: Sequence[Label], meaning: str, american: bool, telling: int = 0
) -> Value[date] | None:
    """The date behind the best label of this meaning that has at least `telling` letters."""
    best: tuple[float, Value[date]] | None = None
    for label in labels:
        if label.meaning != meaning or len(label.key) < telling:
            continue
        for rank, tokens in enumerate(label.values):
            found = date_in(tokens, american)
            if found is None:
                continue
            score = min(len(label.key), 14) / 7 - 0.6 * rank - 0.3 * (label.tokens[0].page - 1)
            score += 0.5 if label.pure else 0.0
            score -= 1.0 if label.tokens[0].box.y0 > _FOOT else 0.0
            if rank and any(t.text.endswith(":") for t in tokens[:3]):
                score -= 1.0  # that value has its own label
            if best is None or score > best[0]:
                best = (score, found)
            break
    return best[1] if best else None


def date_in(tokens: Sequence[Token], american: bool) -> Value[date] | None:
    """The first date in the tokens."""
    text = " ".join(t.text for t in tokens)
    found = numbers.dates(text, month_first=american)
    return _dated(found[0], tokens) if found else None


def _dated(found: FoundDate, tokens: Sequence[Token]) -> Value[date]:
    offset, used = 0, []
    for token in tokens:
        if offset < found.end and offset + len(token.text) > found.start:
            used.append(token)
        offset += len(token.text) + 1
    raw = " ".join(t.text for t in used)
    return Value(found.value, Proof.READ, confidence_of(used), box_of(used), raw)


def loose_date(
    rows: Sequence[Row], labels: Sequence[Label], american: bool
) -> Value[date] | None:
    """A date without its own label: behind a town, or the first of the page that is not another."""
    other = {"due_date", "sale_date", "order_no", "corrected_date", "delivery_no", "payment"}
    barred = {
        id(t)
        for label in labels
        if label.meaning in other
        for tokens in label.values[:2]
        for t in tokens
    }
    first: Value[date] | None = None
    for row in rows:
        if row.page > 1 or row.y0 > 0.9:
            break
        text = row.text
        for found in numbers.dates(text, month_first=american):
            dated = _dated(found, row.tokens)
            if re.search(r"(,|\bden|\bdnia|\bdn\.|\ble)$", text[: found.start].rstrip()):
                return dated
            used = [t for t in row.tokens if t.text in dated.raw.split()]
            if first is None and not any(id(t) in barred for t in used):
                first = Value(dated.value, Proof.GUESSED, dated.confidence, dated.box, dated.raw)
    return first


# -- the rest -----------------------------------------------------------------------------------


def currency(rows: Sequence[Row], labels: Sequence[Label], language: str) -> Value[str] | None:
    """The document's currency: labelled, else the one printed most beside amounts."""
    for label in labels:
        if label.meaning == "currency":
            for tokens in label.values:
                if code := numbers.currency(" ".join(t.text for t in tokens[:4])):
                    return text_of(code, tokens[:2])
    votes: dict[str, list[Token]] = {}
    for row in rows:
        for place, token in enumerate(row.tokens):
            code = numbers.currency(token.text)
            if code is None:
                continue
            near = row.tokens[max(0, place - 1) : place + 2]
            weight = 2 if any(c.isdigit() for t in near for c in t.text) else 1
            votes.setdefault(code, []).extend([token] * weight)
    if votes:
        best = max(votes, key=lambda code: len(votes[code]))
        return text_of(best, votes[best][:1])
    return Value("PLN", Proof.GUESSED, 0.5) if language == "pl" else None


_KIND_ORDER = ("corrected_invoice", "credit_note", "advance_invoice", "invoice", "receipt", "other")


def kind_of(
    rows: Sequence[Row], skip: frozenset[int] = frozenset(), lexicon: Lexicon = KIND_LEXICON
) -> DocumentKind:
    """What paper this is, from headings outside tables; an invoice where none says."""
    seen: set[str] = set()
    for index, row in enumerate(rows):
        if row.page > 1 and seen:
            break
        if index in skip:
            continue
        for phrase in row.phrases():
            tokens = phrase.tokens[:6]
            fuzzy = any(t.doubt for t in tokens)
            for end in range(len(tokens), 0, -1):
                key = "".join(t.key for t in tokens[:end])
                meaning = lexicon.find(key, fuzzy=fuzzy and len(key) > 7) if key else None
                if meaning is None:
                    continue
                if meaning == "other" and "proforma" not in key and (
                    end < len(phrase.tokens) and tokens[end - 1].text.endswith(":")
                ):
                    break  # `Zamówienie: 123` on an invoice is a reference, not the title
                seen.add("pro forma" if "proforma" in key else meaning)
                break
    if "pro forma" in seen:
        return DocumentKind.OTHER
    for meaning in _KIND_ORDER:
        if meaning in seen:
            return DocumentKind(meaning)
    return DocumentKind.INVOICE


_STOP_WORDS = {
    "pl": "faktura sprzedawca nabywca razem ilość wartość zapłaty data cena netto numer stawka podatku".split(),
    "de": "rechnung der die und betrag menge preis mwst summe kunde vom käufer verkäufer ust datum".split(),
    "en": "invoice date total amount description quantity price the number vat due customer address".split(),
    "fr": "facture total ht ttc tva client adresse quantité prix date de paiement échéance montant".split(),
    "nl": "factuur bedrag totaal btw klant datum aantal prijs van betalen factuurnummer nederland".split(),
}


def language_of(rows: Sequence[Row]) -> str:
    """The document's language by its common words; Polish where nothing tells."""
    words = {squeeze(t.text) for row in rows for t in row.tokens}
    score = {
        code: sum(squeeze(w) in words for w in common) for code, common in _STOP_WORDS.items()
    }
    best = max(score, key=lambda code: score[code])
    return best if score[best] else "pl"
