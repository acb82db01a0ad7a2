"""Seller, buyer and others: blocks under their headings, and a seller that no heading names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from stdnum.eu import vat as eu_vat

from ocr.identifiers import iban_valid, nip_normalised, nip_valid, vat_id_normalised
from ocr.labels import ADDRESS_LABELS, FIELD_LEXICON, NAME_LABELS, PARTY_LEXICON, TOTAL_LEXICON, squeeze
from ocr.lines import text_of
from ocr.reading import Party, Proof, Value
from ocr.rows import Row, Token

_LEGAL_FORM = re.compile(
    r"(?i)(?<!\w)(sp\.?\s?z\.?\s?o\.?\s?o\.?|spółka z o\.?\s?o\.?|spółka|s\.\s?a\.|sp\.\s?j\.?|sp\.\s?k\.?|s\.\s?c\.|p\.?h\.?u\.?|f\.?h\.?u?\.?|p\.?p\.?h\.?u?\.?|"
    r"gmbh|mbh|ag|kg|ohg|e\.\s?k\.|gbr|ug|e\.v\.|ltd\.?|limited|inc\.?|llc|plc|corp\.?|pvt\.?|co\.|"
    r"s\.?a\.?r\.?l\.?|s\.?a\.?s\.?|eurl|b\.?v\.?|n\.?v\.?|s\.?r\.?l\.?|s\.?p\.?a\.?|s\.r\.o\.?|a\.s\.|kft\.?|oy|aps|a/s)(?!\w)"
)
_POSTCODE = re.compile(
    r"(?<![\d-])(\d{2}-\d{3}|[A-Z]{1,2}[- ]?\d{4,5}|\d{4,5}(\s?[A-Z]{2})?)\s+[A-ZŁŚŻŹĆÓĘĄŃÄÖÜÉ]"
)
_STREET = re.compile(
    r"(?i)(?<!\w)(ul\.|al\.|os\.|pl\.|aleja|plac|rynek|stra(ss|ß)e|str\.|rue|avenue|road|street|laan|weg|allee|platz|gasse)(?!\w)|\w(stra(ss|ß)e|str\.|weg|allee|platz|gasse|straat|laan)\s*\d"
)
_SENDER = re.compile(r"\s[·●•|∙,]\s|\s[-–]\s")
_BARE_NIP = re.compile(
    r"(?<![\d-])(\d{3}-\d{3}-\d{2}-\d{2}|\d{3}-\d{2}-\d{2}-\d{3}|\d{10})(?![\d-])"
)
_VAT_TEXT = re.compile(
    r"(?<![A-Za-z])(?:(?P<country>[A-Z]{2})[\s:.-]{0,2})?(?P<body>(?:[A-Z0-9]{1,2}\s?)?\d(?:[\s.\-/]?[0-9A-Z+*]){6,15})(?![A-Za-z0-9])"
)
_EU = frozenset(
    "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK GB XI CH NO UA".split()
)
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


@dataclass(slots=True)
class Block:
    """The phrases under one party heading."""

    role: str
    heading: Row
    left: float
    right: float
    lines: list[Row] = field(default_factory=list)
    end: float = 0.0


def find_blocks(rows: Sequence[Row], tables: frozenset[int]) -> list[Block]:
    """Blocks under headings such as `Sprzedawca`; `tables` are row numbers of tables."""
    heads: list[tuple[int, Row, str, int]] = []
    for index, row in enumerate(rows):
        if index in tables:
            continue
        for phrase in row.phrases():
            if found := _heading(phrase):
                heads.append((index, phrase, *found))
    blocks: list[Block] = []
    for number, (index, phrase, role, used) in enumerate(heads):
        if role == "end":
            continue
        near = [
            other
            for other_index, other, _, _ in heads
            if other is not phrase
            and other.page == phrase.page
            and abs(other.middle - phrase.middle) < 0.45
            and other.x0 > max(phrase.x1, phrase.x0 + 0.15)
        ]
        right = min((o.x0 for o in near), default=2.0) - 0.01
        left = phrase.x0 - 0.015
        block = Block(role, phrase, left, right)
        rest = phrase.tokens[used:]
        if rest:
            block.lines.append(Row(phrase.page, rest))
        elif beside := _beside(rows[index], phrase, right):
            block.lines.append(beside)
        _gather(block, rows, index, heads, number, tables)
        blocks.append(block)
    return blocks


def _heading(phrase: Row) -> tuple[str, int] | None:
    """Role and how many tokens the heading takes, if the phrase is or begins with one."""
    tokens = phrase.tokens
    fuzzy = any(t.doubt for t in tokens)
    keys = [t.key for t in tokens[:7]]
    for end in range(len(keys), 0, -1):
        key = "".join(keys[:end]).rstrip("0123456789")
        role = PARTY_LEXICON.find(key, fuzzy=fuzzy) if key else None
        if role is None:
            continue
        whole = end == len(tokens)
        colon = tokens[end - 1].text.endswith(":") or (
            end < len(tokens) and tokens[end].text == ":"
        )
        if whole or colon:
            if role == "end" and not whole:
                return None
            end += end < len(tokens) and tokens[end].text == ":"
            return role, end
    return None


def _beside(row: Row, phrase: Row, right: float) -> Row | None:
    for other in row.phrases():
        if phrase.x1 <= other.x0 < min(right, phrase.x1 + 0.35) and _heading(other) is None:
            return other
    return None


def _gather(
    block: Block,
    rows: Sequence[Row],
    index: int,
    heads: Sequence[tuple[int, Row, str, int]],
    number: int,
    tables: frozenset[int],
) -> None:
    stops = [h for n, h in enumerate(heads) if n != number]
    floor = block.heading.middle
    tall = block.heading.height
    for step, row in enumerate(rows[index + 1 :], start=index + 1):
        if row.page != block.heading.page or step in tables:
            break
        parts = [p for p in row.phrases() if block.left <= p.x0 < block.right]
        if not parts:
            if row.middle - floor > 9 * tall:
                break
            continue
        stop = next(
            (
                h
                for h in stops
                if h[0] == step and any(h[1].tokens[0] is p.tokens[0] for p in parts)
            ),
            None,
        )
        if stop is not None:
            if stop[2] == "end" and not block.lines:
                continue
            break
        if row.middle - floor > (9 if not block.lines else 6.5) * max(tall, row.height):
            break
        if len(block.lines) > 40:
            break
        block.lines.append(Row(row.page, tuple(t for p in parts for t in p.tokens)))
        floor = row.middle
        block.end = row.y1


# -- tax numbers --------------------------------------------------------------------------------


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
    for index, row in enumerate(rows):
        used: set[int] = set()
        for start, end, role in _vat_labels(row):
            tokens = row.tokens[end : end + 8]
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
        for token in row.tokens:
            match = _BARE_NIP.fullmatch(token.text.strip(".,;:()"))
            if match and id(token) not in used and nip_valid(match[0]) and "-" in match[0]:
                nip = nip_normalised(match[0]) or ""
                value = text_of(nip, [token], Proof.CHECKSUM)
                found.append(TaxNumber(value, index, token, "", False))
    found.extend(_under_labels(rows, found))
    return found


def _vat_labels(row: Row) -> list[tuple[int, int, str]]:
    """Where labels of tax numbers stand in the row: first token, token behind, role named."""
    tokens = row.tokens
    fuzzy = any(t.doubt for t in tokens)
    found: list[tuple[int, int, str]] = []
    i = 0
    while i < len(tokens):
        for j in range(min(len(tokens), i + 6), i, -1):
            key = "".join(t.key for t in tokens[i:j])
            if not key or FIELD_LEXICON.find(key, fuzzy=fuzzy and len(key) > 6) != "vat_id":
                continue
            role = "buyer" if "nabywcy" in key or "kupujacego" in key else ""
            role = "seller" if "sprzedawcy" in key else role
            while j < len(tokens) and not any(c.isalnum() for c in tokens[j].text):
                j += 1
            found.append((i, j, role))
            i = j - 1
            break
        i += 1
    return found


def _under_labels(rows: Sequence[Row], known: Sequence[TaxNumber]) -> list[TaxNumber]:
    """Numbers directly under a label that has nothing beside it, as in footers set in columns."""
    found: list[TaxNumber] = []
    rows_known = {n.row for n in known}
    for index, row in enumerate(rows[:-1]):
        for start, end, role in _vat_labels(row):
            label = row.tokens[start:end]
            below = rows[index + 1]
            if index + 1 in rows_known or below.page != row.page:
                continue
            if below.middle - row.middle > 2.2 * row.height:
                continue
            for phrase in below.phrases():
                if phrase.x0 < label[-1].x1 and phrase.x1 > label[0].x0:
                    read = vat_id_in(phrase.tokens)
                    if read:
                        found.append(TaxNumber(read[0], index + 1, phrase.tokens[0], role, True))
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
        if iban_valid(text) and len(text) > 20:
            break
        bare = re.sub(r"[\s.\-/:,]", "", text.upper())
        # `NL: NL8204…`: the country stands twice.
        bare = re.sub(r"^([A-Z]{2})\1", r"\1", bare)
        country = bare[:2] if bare[:2] in _EU else ""
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
            if country or not 7 <= len(digits) <= 12 or not digits.isdigit():
                continue
            best = text_of(digits, part), count
            continue
        normal = vat_id_normalised(bare)
        if normal:
            proof = Proof.CHECKSUM if eu_vat.is_valid(normal) else Proof.READ
            best = text_of(normal, part, proof), count
            if len(digits) == max(_EU_LENGTHS.get(country, (0,))):
                break
    return best


# -- names --------------------------------------------------------------------------------------


def party_of(block: Block, taxes: Sequence[TaxNumber]) -> Party:
    """Name, tax number and address of a block."""
    inside = [n for n in taxes if any(n.token is t for line in block.lines for t in line.tokens)]
    good = [n for n in inside if n.value.proof is Proof.CHECKSUM] or inside
    vat_id = good[0].value if good else None
    name, used = _name(block.lines)
    address = [
        line for i, line in enumerate(block.lines) if i not in used and _is_address(line.text)
    ]
    tokens = [t for line in address[:3] for t in line.tokens]
    return Party(
        name=name,
        vat_id=vat_id,
        address=text_of(" ".join(t.text for t in tokens), tokens) if tokens else None,
        role=block.role,
    )


def _label_of(line: Row) -> tuple[str, int]:
    """The squeezed label at the start of a line (up to its colon) and how many tokens it takes."""
    for end, token in enumerate(line.tokens[:8], start=1):
        if token.text.endswith(":"):
            return "".join(t.key for t in line.tokens[:end]), end
    return "", 0


def _name(lines: Sequence[Row]) -> tuple[Value[str] | None, set[int]]:
    for index, line in enumerate(lines):
        label, end = _label_of(line)
        if label in NAME_LABELS:
            tokens = list(line.tokens[end:])
            used = {index}
            for follow in range(index + 1, min(index + 4, len(lines))):
                text = lines[follow].text
                if _label_of(lines[follow])[1] or _is_address(text) or _is_label(lines[follow]):
                    break
                tokens.extend(lines[follow].tokens)
                used.add(follow)
            if tokens:
                return text_of(" ".join(t.text for t in tokens), tokens), used
    tokens = []
    used = set()
    widest = max((line.x1 for line in lines[:8]), default=0.0)
    for index, line in enumerate(lines[:6]):
        text = line.text
        if _label_of(line)[1] or _is_label(line) or _is_address(text) or _is_number(text):
            if tokens:
                break
            continue
        if tokens and (
            _LEGAL_FORM.search(" ".join(t.text for t in tokens))
            or len(used) >= 3
            or tokens[-1].x1 < 0.97 * widest
        ):
            break
        tokens.extend(line.tokens)
        used.add(index)
    if not tokens:
        return None, used
    return text_of(" ".join(t.text for t in tokens).strip(" ,;:"), tokens), used


def _is_label(line: Row) -> bool:
    keys = [t.key for t in line.tokens[:4]]
    for end in range(len(keys), 0, -1):
        key = "".join(keys[:end])
        if key in ADDRESS_LABELS and end == len(line.tokens):
            return True
        meaning = FIELD_LEXICON.exact.get(key)
        if meaning in ("vat_id", "tax_no", "account", "contact", "customer_no", "issue_date"):
            rest = line.tokens[end:]
            if not rest or any(c.isdigit() for c in rest[0].text) or rest[0].text[:1] in ":.":
                return True
    return False


def _is_address(text: str) -> bool:
    return bool(
        _POSTCODE.search(text) or _STREET.search(text) or re.match(r"(?i)\s*(ul|al|os)\.?\s", text)
    )


def _is_number(text: str) -> bool:
    letters = sum(c.isalpha() for c in text)
    return sum(c.isdigit() for c in text) > letters or "@" in text or "www." in text or letters < 2


# -- a seller that no heading names -------------------------------------------------------------


def guess_seller(
    rows: Sequence[Row], buyer: Block | None, blocks: Sequence[Block], tables: frozenset[int]
) -> Value[str] | None:
    """The firm whose paper this is, by several marks that the page may bear."""
    top = [
        (index, phrase)
        for index, row in enumerate(rows)
        if row.page == 1 and index not in tables
        for phrase in row.phrases(1.0)
    ]
    domains = {
        part
        for _, phrase in top
        for domain in re.findall(r"(?i)(?:@|www\.|://)([\w.-]{3,})", phrase.text)
        for part in [re.sub(r"[^a-z0-9]", "", domain.casefold().rsplit(".", 1)[0].split(".")[-1])]
        if len(part) > 2 and part not in PARTY_LEXICON.exact
    }
    counts: dict[str, int] = {}
    for _, phrase in top:
        for key in {squeeze(phrase.text), squeeze(_after_label(phrase))}:
            if len(key) > 3:
                counts[key] = counts.get(key, 0) + 1
    barred = {
        squeeze(line.text) for block in blocks for line in block.lines if len(line.tokens) < 7
    }
    if buyer is None or not buyer.lines:
        buyer = None
    best: tuple[float, Value[str]] | None = None
    senders = [squeeze(head) for head, _, sender in (_sender(p) for _, p in top) if sender]
    for index, phrase in top:
        head, tokens, sender = _sender(phrase)
        key = squeeze(head)
        if len(key) < 4 or key in barred or _is_number(head) or _bad_name(phrase, head):
            continue
        score = 4.0 if sender else 0.0
        score += 3.0 if _LEGAL_FORM.search(head) else 0.0
        score += 2.5 if any(d in key or key in d for d in domains) else 0.0
        repeats = sum(n for k, n in counts.items() if key in k) - 1
        score += min(repeats, 2) * 1.2
        score += 3.0 if any(key != s and key.startswith(s) for s in senders) else 0.0
        score += max(0.0, 1.2 - 3 * phrase.y0) + min(phrase.height, 0.04) * 20
        score -= 3.0 if len(tokens) > 7 else 0.0
        score -= 2.5 if buyer is None and _looks_like_recipient(rows, index, phrase) else 0.0
        if best is None or score > best[0]:
            best = (score, text_of(head, tokens))
    return best[1] if best and best[0] >= 2.0 else None


def _sender(phrase: Row) -> tuple[str, list[Token], bool]:
    """The first part of a sender's line `Firm · Street 1 · 12345 Town`, else the whole phrase."""
    text = phrase.text
    parts = _SENDER.split(text)
    if len(parts) >= 2 and _POSTCODE.search(text):
        head = parts[0].strip()
        if not any(c.isdigit() for c in head):
            count = len(head.split())
            return head, list(phrase.tokens[:count]), True
    comma = text.split(",")
    if len(comma) >= 3 and _POSTCODE.search(text) and not any(c.isdigit() for c in comma[0]):
        count = len(comma[0].split())
        return comma[0].strip(), list(phrase.tokens[:count]), True
    return text.strip(" ,;:|"), list(phrase.tokens), False


def _after_label(phrase: Row) -> str:
    return phrase.text.split(":", 1)[-1]


def _bad_name(phrase: Row, head: str) -> bool:
    if ":" in head or _is_address(head):
        return True
    keys = [t.key for t in phrase.tokens[:5]]
    for end in range(len(keys), 0, -1):
        key = "".join(keys[:end])
        if key in FIELD_LEXICON.exact or key in PARTY_LEXICON.exact or key in TOTAL_LEXICON.exact:
            rest = phrase.tokens[end:]
            return not rest or any(c.isdigit() for t in rest for c in t.text)
    return False


def _looks_like_recipient(rows: Sequence[Row], index: int, phrase: Row) -> bool:
    """An address block on the left, under a sender's line or alone, is the window's: the buyer."""
    below = [
        p.text
        for row in rows[index + 1 : index + 8]
        if row.page == phrase.page and row.middle - phrase.middle < 9 * phrase.height
        for p in row.phrases(1.0)
        if abs(p.x0 - phrase.x0) < 0.02
    ]
    postal = any(_POSTCODE.search(t) for t in below)
    contact = any(re.search(r"(?i)tel|fon|fax|@|www|http|ust|nip|vat|iban", t) for t in below)
    return postal and not contact and phrase.x0 < 0.45
