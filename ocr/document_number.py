"""The document's own number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ocr import captions, ksef_number, numbers
from ocr.addresses import is_address, is_postal
from ocr.fields import ENUMERATOR, Label
from ocr.labels import COPY_MARKS, FIELD_LEXICON, squeeze
from ocr.reading import Value
from ocr.rows import Row, Token
from ocr.token_values import text_of
from ocr.wrapped import joined

_SKIP_BEFORE_NUMBER = re.compile(
    r"(nr|no|numer|nummer|number|num[eé]ro|n[uú]mero|n[uú]m\.?|n\.º|n\.|n[°ºo]|#|:|№|vat|\(\d{1,4}\)|-|–|/|\*+|:?\*+|nr\.|no\.)\.?:?",
    re.IGNORECASE,
)


_NUMBER_ENDS = re.compile(
    r"(z|vom|von|of|from|du|le|dn\.?|z\.|dnia|data|date|datum|dated|den|van|wystawion[ao]|issued|page|strona|"
    r"oryginał|kopia|original|duplikat|seite|d\.d\.|do|dotyczy|per|at|-|–|\|)[:.]?",
    re.IGNORECASE,
)


_BRITISH_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}$")
_NUMBER_SHAPE = re.compile(r"(?=.*\d)[\w/\\.\-–_#*()+ ]{1,40}")


_WEIGHT = {
    key: weight
    for weight, keys in (
        (1.0, "nr|numer|no|faktura|rechnung|invoice|facture|gutschrift|factuur|numer faktury vat"),
        (1.0, "numero|num|nummer|number|fattura|factura|fatura"),
        (
            2.0,
            "faktura vat|faktura korygująca|faktura sprzedaży|document no|document number",
        ),
    )
    for key in map(squeeze, keys.split("|"))
}


_TITLE = re.compile(
    r"(?i)\w*(faktur[ay]|rechnung|invoice|facture|factuur|gutschrift|credit note|avoir|korekt[ay]|"
    r"rachunek|fattura|factura)\b(?P<between>[^:]{0,40}?)"
    r"(?<!\w)(nr|no|n[°ºo]|numer|nummer|number|#)(?!\w)\.?\s*:?\s+"
)


def titles(rows: Sequence[Row], skip: frozenset[int] = frozenset()) -> list[Label]:
    """Titles with words between kind and number: `Handelsrechnung (380) Nr. 123`."""
    found: list[Label] = []
    for index, row in enumerate(rows):
        if index in skip or row.page > 1:
            continue
        # The boxes of an engine are as low as the letters: blanks are wider, in heights of them.
        for phrase in row.phrases(2.0 if all(t.doubt for t in row.tokens) else 1.5):
            match = _TITLE.match(phrase.text + " ")
            if match is None or FIELD_LEXICON.exact.get(squeeze(match[0])) not in (None, "number"):
                continue
            count = len(match[0].split())
            values = (phrase.tokens[count:],)
            found.append(
                Label("title", squeeze(match[0]), phrase.tokens[:count], values, index, True)
            )
    return found


_OFFER = re.compile(
    r"(?i)(zam[óo]wienie od odbiorcy|oferta|faktura pro[ -]?forma)\s+((nr|numer|no)\b\.?\s*:?\s+)?"
)


_BARE_LABEL = re.compile(
    r"(?i)(nr|no|numer|number|nummer|numero|num[ée]ro|dokument|document)\.?\s?:"
)
_NUMBERED = re.compile(r"(?=\S*\d)(?:[A-Z]{1,5}[-/]?)?\w{1,10}(?:[-/.]\w{1,10}){0,4}")
_HEAD = 0.4  # of the page's width, from its top
_UNDER = 2.6  # heights from a number down to its day
_EDGE = 0.004  # of the page's width
_BARE_WORD = re.compile(r"(?i)(nr|numer)\.?")
_BARE_TITLE = frozenset(
    {"faktura", "invoice", "rechnung", "facture", "fattura", "factuur", "factura", "taxinvoice"}
    | {"abschlagsrechnung", "schlussrechnung", "teilrechnung", "honorarnote", "salesinvoice"}
)


def _is_title(phrase: Row) -> bool:
    """Whether a phrase is a title without a number: `FAKTURA`, `FAKTURA VAT`."""
    key = "".join(t.key for t in phrase.tokens)
    told = key.startswith("faktura") and FIELD_LEXICON.exact.get(key) == "number"
    return key in _BARE_TITLE or (told and not key.endswith(("nr", "numer", "#")))


def _under_title(rows: Sequence[Row], index: int) -> bool:
    """Whether nothing but words such as `ORYGINAŁ` stands between a title and this row."""
    above = index - 1
    while above >= 0 and squeeze(rows[above].text) in COPY_MARKS:
        above -= 1
    return above >= 0 and any(_is_title(p) for p in rows[above].phrases())


def _beside_title(rows: Sequence[Row], index: int) -> Iterator[Label]:
    """`Nr: FS-617` within two rows of a bare title: alone it might number anything."""
    near = rows[max(0, index - 2) : index + 3]
    if not any(_is_title(p) for r in near for p in r.phrases()) and not _under_title(rows, index):
        return
    for place, phrase in enumerate(rows[index].phrases()):
        label = phrase.tokens[0]
        above = captions.over(rows, index, phrase.tokens)
        under = bool(above) and _is_title(Row(phrase.page, above))
        under = under or (place == 0 and _under_title(rows, index))
        bare = _BARE_WORD.fullmatch(label.text) and under
        if len(phrase.tokens) > 1 and (bare or _BARE_LABEL.fullmatch(label.text)):
            yield Label("title", label.key, (label,), (phrase.tokens[1:],), index, True)


def _over_title(rows: Sequence[Row], index: int) -> Iterator[Label]:
    """`FV/12/2026` straight over a small title that has no number of its own."""
    for phrase in rows[index].phrases():
        above = captions.over(rows, index, phrase.tokens) if _is_title(phrase) else ()
        if len(above) == 1 and _NUMBERED.fullmatch(above[0].text):
            yield Label("title", "", phrase.tokens, (above,), index, True)


def _with_day(rows: Sequence[Row], index: int, skip: frozenset[int]) -> Iterator[Label]:
    """`FV/12/2026` over its date, on one edge with it, at the head of a page with a bare title."""
    if index + 1 >= len(rows) or index + 1 in skip or rows[index].y1 > _HEAD:
        return
    near = rows[max(0, index - 3) : index + 4]
    titled = any(_is_title(p) for r in near for p in r.phrases())
    for phrase in rows[index].phrases():
        if len(phrase.tokens) > 1 or not _NUMBERED.fullmatch(phrase.text):
            continue
        below = [
            p
            for r in rows[index + 1 : index + 3]
            if r.page == phrase.page and r.middle - phrase.middle < _UNDER * phrase.height
            for p in r.phrases()
            if abs(p.x0 - phrase.x0) < _EDGE or abs(p.x1 - phrase.x1) < _EDGE
        ]
        if any(_is_own_day(p) or (titled and _whole_date(p.text)) for p in below):
            yield Label("title", "", phrase.tokens, (phrase.tokens,), index, True)


def _is_own_day(phrase: Row) -> bool:
    """Whether a phrase is `Rechnungsdatum: 18.03.2025`."""
    for count, _, meaning in FIELD_LEXICON.beginnings([t.key for t in phrase.tokens[:4]]):
        if meaning == "issue_date":
            return _whole_date(" ".join(t.text for t in phrase.tokens[count:]))
    return False


def offers(rows: Sequence[Row], skip: frozenset[int]) -> list[Label]:
    """Titles of papers that prove no purchase; asked where nothing else gives a number."""
    found: list[Label] = []
    for index, row in enumerate(rows):
        if index not in skip and row.page == 1:
            found.extend(_beside_title(rows, index))
            found.extend(_over_title(rows, index))
            found.extend(_with_day(rows, index, skip))
        phrase = row.phrases(1.5)[0]
        match = _OFFER.match(phrase.text + " ")
        if match is None or index in skip or row.page > 1:
            continue
        count = len(match[0].split())
        if phrase.tokens[count:]:
            values = (phrase.tokens[count:],)
            found.append(
                Label("title", squeeze(match[0]), phrase.tokens[:count], values, index, True)
            )
    return found


_DAYS = frozenset({"issue_date", "sale_date"})
_FIGURE_ALONE = 1.0  # a single figure that an engine saw is more likely a speck than a number


def invoice_number(labels: Sequence[Label], taken: frozenset[str]) -> Value[str] | None:
    """The document's number; `taken` are values known to be something else (NIPs, accounts)."""
    best: tuple[float, Value[str]] | None = None
    days = {id(t) for label in labels if label.meaning in _DAYS for v in label.values for t in v}
    for label in labels:
        if label.meaning not in ("number", "title"):
            continue
        weight = 2.6 if label.meaning == "title" else _WEIGHT.get(label.key, 3.0)
        weight += 0.4 if label.pure else 0.0
        for rank, tokens in enumerate(label.values):
            dated = rank == 0 and (weight > 2.5 or (label.pure and label.key.startswith("faktura")))
            if _whole_date(" ".join(t.text for t in tokens)) and id(tokens[0]) in days:
                continue  # the day that its own label names, beside a title
            if _is_label(tokens):
                continue
            text = " ".join(t.text for t in tokens)
            if is_postal(text) and rank + 1 < len(label.values):
                continue  # a town beside the label of a number that stands under it
            found = number_in(tokens, dated=dated) or (_wordy(tokens) if weight > 2.5 else None)
            if found is None or squeeze(found.value) in taken:
                continue
            if ksef_number.verdict(found.value) is not ksef_number.Verdict.BAD_FORMAT:
                continue
            score = weight - 0.5 * rank - 0.002 * label.row - 0.4 * (label.tokens[0].page - 1)
            if len(found.value) == 1 and any(token.doubt for token in tokens):
                score -= _FIGURE_ALONE
            if best is None or score > best[0]:
                best = (score, found)
            break
    return best[1] if best else None


def _is_label(tokens: Sequence[Token]) -> bool:
    """Whether words are another field's label, as of the next column: `Kunde-Nr`."""
    own = tokens[1:] if tokens and ENUMERATOR.fullmatch(tokens[0].text) else tokens
    key = "".join(t.key for t in own)
    return key in FIELD_LEXICON.exact and not any(map(str.isdigit, key))


# A label that engines glue to the number: `Nr6883/07/2026`, `nrFV/12/26`, but not `NOWA/12/26`.
_GLUED_LABEL = re.compile(
    r"^(?:nr\.?/no\.?:?(?=\w)|(?:NR|NO|Nº)[.:]?(?=\d)|[Nn][roº][.:]?(?=[A-Z\d])|NR(?=[A-Z]{1,4}[/-]\d))"
)


_NUMERO = re.compile(r"^[Nn][°º]:?(?=\d)")  # `Facture n°562044999`
_SPECK = re.compile(r"^\d (?=[A-Z]+/\d)")  # what an engine saw in the gap before the number


def number_in(tokens: Sequence[Token], *, dated: bool = False) -> Value[str] | None:
    """A document number at the start of `tokens`, without labels before and dates behind.

    `dated` allows numbers such as 7/11/2026, which alone might be a date.
    """
    start = 0
    while start < len(tokens) and _SKIP_BEFORE_NUMBER.fullmatch(tokens[start].text):
        start += 1
    keys = [t.key for t in tokens[start : start + 4]]
    own = [n for n, _, m in FIELD_LEXICON.beginnings(keys) if m == "number" and n < len(tokens)]
    start += own[0] if own and not any(map(str.isdigit, "".join(keys[: own[0]]))) else 0
    kept: list[Token] = []
    ended = False
    for place, token in enumerate(tokens[start : start + 8], start):
        if kept and _NUMBER_ENDS.fullmatch(token.text):
            ended = token.text.casefold().rstrip(":.") not in ("-", "–", "|")
            break
        if token.text.endswith(":") and token.text != ":":
            break
        if any(c.isdigit() for t in kept for c in t.text) and (
            _whole_date(token.text) or _written_date(tokens[place : place + 3])
        ):
            break
        kept.append(token)
    if not ended:
        while kept and not any(c.isdigit() for c in kept[-1].text):
            kept.pop()
    if sum(t.text != "/" for t in kept) > 5:
        if is_address(" ".join(t.text for t in tokens)):
            return None  # `9 Quarry Road, Leeds`
        kept = kept[:1] if any(c.isdigit() for c in kept[0].text) else []
    text = _NUMERO.sub("", joined(kept).strip(" .,;:*|"))
    if any(token.doubt for token in kept):
        text = _SPECK.sub("", _GLUED_LABEL.sub("", text))
    if not text or not _NUMBER_SHAPE.fullmatch(text):
        return None
    if _whole_date(text) and not (dated and "/" in text):
        return None
    if numbers.amount(text) is not None and re.search(r"[.,]\d\d$", text):
        return None
    if is_address(text) or _BRITISH_POSTCODE.search(text):
        return None
    words = [t.text for t in kept if t.text != "/" and not any(c.isdigit() for c in t.text)]
    if len(words) > 2 or sum(len(w) for w in words) > 14:
        return None
    return text_of(text, kept)


def _wordy(tokens: Sequence[Token]) -> Value[str] | None:
    """A number without a digit, as test programs give: letters in parts, alone in their phrase."""
    text = tokens[0].text if len(tokens) == 1 else ""
    if re.fullmatch(r"\w+([/\-_.]\w+)+", text) and not _whole_date(text):
        return text_of(tokens[0].text, tokens)
    return None


def _whole_date(text: str) -> bool:
    found = numbers.dates(text)
    return bool(found) and found[0].start == 0 and found[0].end == len(text) and len(text) > 8


def _written_date(tokens: Sequence[Token]) -> bool:
    """Whether a date with its month in letters begins here: `1 listopada 2026`."""
    text = " ".join(t.text for t in tokens)
    found = numbers.dates(text)
    return bool(found) and found[0].start == 0 and any(map(str.isalpha, text[: found[0].end]))
