"""Tax numbers on the page: labelled ones of any country, bare Polish ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stdnum.es import nif as es_nif
from stdnum.eu import vat as eu_vat
from stdnum.gb import vat as gb_vat

from ocr.identifiers import iban_valid, nip_normalised, nip_valid, vat_id_normalised
from ocr.labels import FIELD_LEXICON, TOTAL_LEXICON
from ocr.reading import Proof, Value
from ocr.rows import Row, Token
from ocr.token_values import text_of

_BARE_NIP = re.compile(
    r"(?<![\d-])(\d{3}-\d{3}-\d{2}-\d{2}|\d{3}-\d{2}-\d{2}-\d{3}|\d{10})(?![\d-])"
)
_BARE_VAT_ID = re.compile(r"[A-Z]{2}[0-9A-Z]{8,12}")
_SPANISH = re.compile(r"[A-Z]\d{7}[0-9A-Z]|\d{8}[A-Z]")
_MONEY = re.compile(r"\d{1,3}(?:[., ]?\d{3})*[.,]\d\d")
_DAY = re.compile(r"[0-3]?\d([./-])[01]?\d\1(?:19|20)\d\d|(?:19|20)\d\d([./-])[01]?\d\2[0-3]?\d")
# Parts of squeezed labels that say whose number it is.
_OF_BUYER = (
    *("nabywcy", "kupujacego", "odbiorcy", "klienta", "kontrahenta", "platnika"),
    *("client", "customer", "buyer", "kunde", "your", "ihre", "votre"),
)
_OF_SELLER = ("sprzedawcy", "wystawcy", "seller", "supplier", "lieferant")

_EU_LENGTHS = {
    "PL": (10,),
    "DE": (8, 9, 10, 11),
    "FR": (11,),
    "AT": (9, 10),
    "BE": (10,),
    "NL": (12,),
    "CZ": (8, 9, 10),
    "SK": (10,),
    "HU": (8,),
    "IT": (11,),
    "ES": (9,),
    "DK": (8,),
    "SE": (12,),
    "FI": (8,),
    "IE": (8, 9),
    "LT": (9, 12),
    "LV": (11,),
    "EE": (9,),
    "RO": tuple(range(2, 11)),
    "BG": (9, 10),
    "HR": (11,),
    "SI": (8,),
    "PT": (9,),
    "LU": (8,),
    "GB": (9, 12),
    "EL": (9,),
    "CY": (9,),
    "MT": (8,),
    "XI": (9, 12),
}
YOURS = frozenset(
    {"ihre", "your", "votre", "uw", "kunden", "panstwa", "customers", "twoj", "vostra"}
)
OURS = frozenset({"unsere", "unser", "our", "notre", "onze", "ons", "nasz", "nostra"})
_BUYERS = frozenset(
    {"kunde", "kunden", "customer", "client", "kaufer", "nabywcy", "nabywca", "buyer"}
)
_COUNTRIES = frozenset(_EU_LENGTHS) | {"CH", "NO", "UA"}


@dataclass(frozen=True, slots=True)
class TaxNumber:
    """A tax number with where it stands and whom its label names ("" where it does not)."""

    value: Value[str]
    row: int
    token: Token
    role: str
    labelled: bool


def tax_numbers(rows: Sequence[Row]) -> list[TaxNumber]:
    """All labelled tax numbers, and bare Polish ones whose checksum is right."""
    found: list[TaxNumber] = []
    labels = [_vat_labels(row) for row in rows]
    for index, row in enumerate(rows):
        used: set[int] = set()
        for start, end, role in labels[index]:
            tokens = row.tokens[end : end + 8] or _wrapped(rows, index, row.tokens[start])
            if not tokens:
                continue
            read = vat_id_in(tokens)
            if read is None and index + 1 < len(rows):
                below = [
                    t
                    for t in rows[index + 1].tokens
                    if t.page == row.page and t.x1 > row.tokens[start].x0 - 0.01
                ]
                near = below and below[0].y0 - row.y1 < row.height
                read = vat_id_in(below[:6]) if near else None
                tokens = tuple(below)
            if read is None:
                continue
            value, count = read
            used.update(id(t) for t in tokens[:count])
            found.append(TaxNumber(value, index, tokens[0], role, True))
            for other in _beside(row, start, tokens[count - 1]):
                used.update(id(t) for t in other.token_run)
                found.append(TaxNumber(other.value, index, other.token_run[0], "", True))
        for token in row.tokens:
            match = _BARE_NIP.fullmatch(token.text.strip(".,;:()"))
            told = match is not None and ("-" in match[0] or _among_contacts(row, token))
            if match and told and id(token) not in used and nip_valid(match[0]):
                nip = nip_normalised(match[0]) or ""
                value = text_of(nip, [token], Proof.CHECKSUM)
                found.append(TaxNumber(value, index, token, "", False))
    found.extend(_under_labels(rows, labels, found))
    taken = {id(t) for t in _tokens_of(rows, found)}
    found.extend(
        TaxNumber(bare, index, token, "", False)
        for index, row in enumerate(rows)
        for token in row.tokens
        if id(token) not in taken and (bare := _bare_vat_id(token))
    )
    return found


def _among_contacts(row: Row, token: Token) -> bool:
    """Whether a number stands among a firm's addresses of mail and web, as in footers."""
    phrase = next(p for p in row.phrases() if token in p.tokens)
    return "@" in phrase.text and re.search(r"www\.|://", phrase.text) is not None


def _tokens_of(rows: Sequence[Row], known: Sequence[TaxNumber]) -> Iterator[Token]:
    """The words that numbers known already take."""
    for number in known:
        box = number.value.box
        if box is not None:
            for token in rows[number.row].tokens:
                if box.x0 <= (token.box.x0 + token.box.x1) / 2 <= box.x1:
                    yield token


@dataclass(frozen=True, slots=True)
class _Further:
    value: Value[str]
    token_run: tuple[Token, ...]


def _beside(row: Row, label: int, last: Token) -> list[_Further]:
    """Further numbers of a row that begins with its label: both parties share a table's row."""
    if label:
        return []
    found: list[_Further] = []
    for phrase in row.phrases():
        if phrase.x0 <= last.x1:
            continue
        read = vat_id_in(phrase.tokens)
        if read is None or read[1] != len(phrase.tokens) or read[0].proof is not Proof.CHECKSUM:
            return []
        found.append(_Further(read[0], phrase.tokens))
    return found


def _bare_vat_id(token: Token) -> Value[str] | None:
    """A tax number that stands without a label: its country and its check digits tell it."""
    text = token.text.strip(".,;:()")
    if not _BARE_VAT_ID.fullmatch(text) or text[:2] not in _EU_LENGTHS:
        return None
    if len(text) - 2 not in _EU_LENGTHS[text[:2]] or sum(map(str.isdigit, text)) < 7:
        return None
    normal = vat_id_normalised(text)
    return text_of(normal, [token], Proof.CHECKSUM) if normal and _checks_out(normal) else None


def _checks_out(vat_id: str) -> bool:
    """Whether the check digits of the number's own country are right."""
    if vat_id.startswith("GB"):
        return bool(gb_vat.is_valid(vat_id))
    return bool(eu_vat.is_valid(vat_id))


def _wrapped(rows: Sequence[Row], index: int, label: Token) -> tuple[Token, ...]:
    """The next line of a text that ends with the label: it begins on the same left edge."""
    row = rows[index]
    if index + 1 == len(rows) or rows[index + 1].middle - row.middle > 2.2 * row.height:
        return ()
    begun = next(p.x0 for p in row.phrases() if label in p.tokens)
    if begun > label.x0 - row.height:
        return ()  # the label stands alone: its value is under it
    return next((p.tokens for p in rows[index + 1].phrases() if abs(p.x0 - begun) < 0.01), ())


def _vat_labels(row: Row) -> list[tuple[int, int, str]]:
    """Where labels of tax numbers stand in the row: first token, token behind, role named."""
    tokens = row.tokens
    fuzzy = any(t.doubt for t in tokens)
    found: list[tuple[int, int, str]] = []
    i = 0
    words = [t.key for t in tokens]
    while i < len(tokens):
        for count, key, meaning in FIELD_LEXICON.beginnings(words[i : i + 6], fuzzy=fuzzy):
            if meaning == "number":
                i += count - 1  # the VAT of `Faktura VAT 15/03/2026` labels no tax number
                break
            if meaning != "vat_id":
                continue
            j = i + count
            role = "buyer" if any(word in key for word in _OF_BUYER) else ""
            role = "seller" if any(word in key for word in _OF_SELLER) else role
            while j < len(tokens) and not any(c.isalnum() for c in tokens[j].text):
                j += 1
            if _is_total(tokens[i : j + 1]):
                break  # `VAT 23,00`, `VAT total: 23,00`
            if j < len(tokens) and tokens[j].key in _BUYERS:
                role, j = "buyer", j + 1  # `USt-IdNr. Kunde: DE…`
            before = tokens[i - 1].key if i else ""
            role = role or ("buyer" if before in YOURS else "seller" if before in OURS else "")
            found.append((i, j, role))
            i = j - 1
            break
        i += 1
    return found


def _is_total(words: Sequence[Token]) -> bool:
    """Whether what looks like a tax number's label begins a total, or has an amount behind it."""
    last = words[-1].text
    key = "".join(t.key for t in words)
    return _MONEY.fullmatch(last) is not None or TOTAL_LEXICON.exact.get(key) in ("vat", "net")


def _under_labels(
    rows: Sequence[Row],
    labels: Sequence[list[tuple[int, int, str]]],
    known: Sequence[TaxNumber],
) -> list[TaxNumber]:
    """Numbers directly under a label that has nothing beside it, as in footers set in columns."""
    found: list[TaxNumber] = []
    tokens_known = {id(n.token) for n in known}
    for index, row in enumerate(rows[:-1]):
        for start, end, role in labels[index]:
            label = row.tokens[start:end]
            for step, below in enumerate(rows[index + 1 : index + 4], start=index + 1):
                if below.page != row.page or below.middle - row.middle > 2.2 * row.height:
                    break
                under = [p for p in below.phrases() if p.x0 < label[-1].x1 and p.x1 > label[0].x0]
                if not under:
                    continue  # cells of one table may stand a little higher than their neighbours
                for phrase in under:
                    read = vat_id_in(phrase.tokens)
                    if read and id(phrase.tokens[0]) not in tokens_known:
                        found.append(TaxNumber(read[0], step, phrase.tokens[0], role, True))
                break
    return found


def vat_id_in(tokens: Sequence[Token]) -> tuple[Value[str], int] | None:
    """A tax number at the start of the tokens and how many of them it takes.

    Spaces and dots inside are dropped. A Polish number becomes ten digits; any other keeps its
    country. The proof is CHECKSUM only where the country's own check digits are right.
    """
    if not tokens:
        return None
    best: tuple[Value[str], int] | None = None
    for count in range(1, min(len(tokens), 7) + 1):
        part = tokens[:count]
        if count > 1 and part[-1].x0 - part[-2].x1 > 1.2 * part[-1].height:
            break
        text = "".join(t.text for t in part).strip(".,;:()|")
        if count > 1 and not any(c.isdigit() for c in part[-1].text) and best is not None:
            break  # `GB886100915 - Tel: …`
        if (iban_valid(text) and len(text) > 20) or _MONEY.fullmatch(text) or _DAY.fullmatch(text):
            break
        bare = re.sub(r"[\s.\-/:,]", "", text.upper())
        # `NL: NL8204…`: the country stands twice.
        bare = re.sub(r"^([A-Z]{2})\1", r"\1", bare)
        country = bare[:2] if bare[:2] in _COUNTRIES else ""
        digits = bare[2:] if country else bare
        if not re.fullmatch(r"[0-9A-Z+*]{7,13}", digits) or sum(c.isdigit() for c in digits) < 7:
            continue
        if country and country in _EU_LENGTHS and len(digits) not in _EU_LENGTHS[country]:
            if len(digits) > max(_EU_LENGTHS[country]):
                break
            continue
        if country in ("", "PL"):
            nip = nip_normalised(bare)
            if nip:
                proof = Proof.CHECKSUM if nip_valid(nip) else Proof.READ
                return text_of(nip, part, proof), count
            if not country and _SPANISH.fullmatch(bare) and es_nif.is_valid(bare):
                return text_of(bare, part, Proof.CHECKSUM), count
            if country or not 7 <= len(digits) <= 12 or not digits.isdigit():
                continue
            best = text_of(digits, part), count
            continue
        normal = vat_id_normalised(bare)
        if normal:
            proof = Proof.CHECKSUM if _checks_out(normal) else Proof.READ
            best = text_of(normal, part, proof), count
            if len(digits) == max(_EU_LENGTHS.get(country, (0,))):
                break
    return best
