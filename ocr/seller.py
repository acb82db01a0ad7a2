"""The firm whose paper it is, where no heading names it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ocr import numbers
from ocr.addressee import is_greeted
from ocr.addresses import LEGAL_FORM, POSTCODE, is_address, is_number
from ocr.labels import (
    FIELD_LEXICON,
    PARTY_LEXICON,
    TOTAL_LEXICON,
    squeeze,
)
from ocr.parties import Block, form_begun, is_owner, is_whole_firm
from ocr.reading import Value
from ocr.rows import Row, Token
from ocr.tax_numbers import OURS, YOURS
from ocr.token_values import text_of

_BRITISH = re.compile(r"(?<!\w)[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}(?!\w)")
_BANK = re.compile(r"(?i)bank|sparkasse|banque|banca|banco|caisse|cassa|kasse|credit|kredit")
_OFFICE = re.compile(r"(?i)\w*gericht\b|finanzamt|sparkasse|urząd skarbowy|sąd rejonowy")
_REGISTER = re.compile(
    r"(?i)(kvk|hrb|krs|bdo|regon|rejestr|siren|rcs|company (no|reg)|registered)\b.*\d"
)
# What the law makes firms print at the foot of their letters, under or behind their name.
_IMPRINT = re.compile(
    r"(?i)(si[eè]ge social|(sarl|sasu?|eurl|s\.?a\.?|soci[eé]t[eé] \S+) au capital|"
    r"registered office|registered in (england|scotland|ireland)|sitz der gesellschaft|"
    r"siedziba spółki|sede legale|maatschappelijke zetel|domicilio social)"
)
_ACCOUNT = 15  # digits: the shortest numbers of international accounts
_LONG_NAME = 9  # words: more are a sentence
_WHOSE = YOURS | OURS
COUNTRIES = frozenset(
    map(
        squeeze,
        (
            *(
                "Polska",
                "Poland",
                "Polen",
                "Deutschland",
                "Germany",
                "Niemcy",
                "Österreich",
                "Austria",
            ),
            *(
                "Schweiz",
                "Switzerland",
                "France",
                "Frankreich",
                "Nederland",
                "Netherlands",
                "Italia",
            ),
            *(
                "The Netherlands",
                "Belgique",
                "België",
                "Belgium",
                "United Kingdom",
                "Great Britain",
            ),
            *("England", "Scotland", "Ireland", "Italy", "España", "Spain", "Portugal", "Česko"),
            *("Česká republika", "Czech Republic", "Slovensko", "Slovakia", "United States", "USA"),
            *("Rzeczpospolita Polska", "Luxembourg", "Danmark", "Denmark", "Sverige", "Sweden"),
        ),
    )
)
_SENDER = re.compile(r"\s[·●•|∙,]\s|\s[-–]\s")


def guess_seller(
    rows: Sequence[Row],
    buyer: Block | None,
    blocks: Sequence[Block],
    tables: frozenset[int],
    own: Sequence[Token] = (),
    others: Sequence[Token] = (),
) -> Value[str] | None:
    """The firm whose paper this is, by several marks that the page may bear.

    `own` are tax numbers that belong to nobody else on the page, `others` those of somebody else.
    """
    top = [
        (index, phrase)
        for index, row in enumerate(rows)
        if index not in tables
        for phrase in row.phrases(1.0)
        if row.page == 1 or _sender(phrase)[2]  # the foot of a letter may be on its last page
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
        squeeze(line.text)
        for block in blocks
        for line in block.lines
        if len(line.tokens) < 7 or line is block.lines[0]
    }
    others_names = [b.lines[0] for b in blocks if b.lines and b.role != "seller"]
    if buyer is None or not buyer.lines:
        buyer = None
    best: tuple[float, Value[str]] | None = None
    signed = [squeeze(p.text) for _, p in top if any(t is n for t in p.tokens for n in own)]
    senders = [squeeze(head) for head, _, sender in (_sender(p) for _, p in top) if sender]
    for index, phrase in top:
        head, tokens, sender = _sender(phrase)
        key = squeeze(head)
        if any(phrase.tokens[-1] is line.tokens[-1] for line in others_names):
            continue
        if len(key) < 4 or key in barred or is_number(head) or _bad_name(phrase, head, tokens):
            continue
        score = 4.0 if sender else 0.0
        score += 3.0 if LEGAL_FORM.search(head) else 0.0
        score += 2.5 if any(d in key or key in d for d in domains) else 0.0
        repeats = sum(n for k, n in counts.items() if key in k) - 1
        score += min(repeats, 2) * 1.2
        score += 1.5 if _has_address(rows, index, phrase) else 0.0
        score += 3.0 if any(key != s and key.startswith(s) for s in senders) else 0.0
        score += max(0.0, 1.2 - 3 * phrase.y0) + min(phrase.height, 0.04) * 20
        score += 2.0 if any(_stands_with(phrase, number) for number in own) else 0.0
        score += 1.5 if _writes_under(rows, index, phrase, own) else 0.0
        score += 3.0 if any(key != s and s.startswith(key) for s in signed) else 0.0
        score -= 3.0 if any(_stands_with(phrase, number) for number in others) else 0.0
        score += 5.0 if _over_imprint(rows, index, phrase) else 0.0
        score += 1.5 if _is_registered(rows, index, phrase) else 0.0
        score -= 3.0 if _BANK.search(head) else 0.0
        score -= 4.0 if is_greeted(rows, index, phrase) else 0.0
        score -= 3.0 if len(tokens) > 7 else 0.0
        score -= 2.5 if buyer is None and _looks_like_recipient(rows, index, phrase) else 0.0
        if best is None or score > best[0]:
            owner = _rest_below(rows, index, phrase) if not sender else ()
            begun = _begun_above(rows, index, phrase)
            name = " ".join([*(t.text for t in begun), head, *(t.text for t in owner)])
            best = (score, text_of(name, [*begun, *tokens, *owner]))
    return best[1] if best and best[0] >= 2.0 else None


def _stands_with(phrase: Row, number: Token) -> bool:
    """Whether a tax number stands in the block of a name: on one edge with it, or on its rows."""
    if number.page != phrase.page:
        return False
    away = abs((number.y0 + number.y1) / 2 - phrase.middle) / phrase.height
    column = phrase.x0 - 0.01 < number.x0 < max(phrase.x1, phrase.x0 + 0.2)
    return away < 1.6 or (away < 8.0 and column)


def _writes_under(rows: Sequence[Row], index: int, phrase: Row, own: Sequence[Token]) -> bool:
    """Whether the line straight under a name, on its left edge, gives the issuer's tax number."""
    if index + 1 >= len(rows) or rows[index + 1].page != phrase.page:
        return False
    below = rows[index + 1]
    near = below.middle - phrase.middle < 2.2 * phrase.height
    straight = abs(below.tokens[0].x0 - phrase.x0) < 0.01
    return near and straight and any(t is number for t in below.tokens for number in own)


def _begun_above(rows: Sequence[Row], index: int, phrase: Row) -> tuple[Token, ...]:
    """The firm's name over a row that begins with its legal form: `OGRODEX` over `Sp. z o.o.`."""
    form = LEGAL_FORM.match(phrase.text)
    if form is None or not index or phrase.text[form.end() :].strip(" .").count(" ") > 2:
        return ()
    above = (p for p in rows[index - 1].phrases(1.0) if abs(p.x0 - phrase.x0) < 0.01)
    names = (p for p in above if p.text[-1] != ":" and not any(c.isdigit() for c in p.text))
    return next((p.tokens for p in names), ())


def _rest_below(rows: Sequence[Row], index: int, phrase: Row) -> tuple[Token, ...]:
    """What the next row adds to the name: the end of its legal form, or the sole trader's name.

    `… Z OGRANICZONĄ` over `ODPOWIEDZIALNOŚCIĄ`; `P.H.U. PRĄD` over `Jacek Sikora`.
    """
    under = [
        next((p for p in row.phrases(1.0) if abs(p.x0 - phrase.x0) < 0.01), None)
        for row in rows[index + 1 : index + 3]
    ]
    lines = [phrase, *(p for p in under if p is not None)]
    if len(lines) > 1 and form_begun(phrase.text) and not is_address(lines[1].text):
        return lines[1].tokens
    if len(lines) < 3 or is_whole_firm(phrase.text) or not is_owner(lines, 1):
        return ()
    return lines[1].tokens


def _has_address(rows: Sequence[Row], index: int, phrase: Row) -> bool:
    """Whether a street or a town stands under the name, on its left or right edge."""
    for row in rows[index + 1 : index + 5]:
        if row.page != phrase.page or row.middle - phrase.middle > 7 * phrase.height:
            break
        for other in row.phrases(1.0):
            aligned = abs(other.x0 - phrase.x0) < 0.01 or abs(other.x1 - phrase.x1) < 0.01
            if aligned and is_address(other.text):
                return True
    return False


def _is_registered(rows: Sequence[Row], index: int, phrase: Row) -> bool:
    """Whether the block under a name gives its number in a trade register, as its writer must."""
    return any(
        abs(other.x0 - phrase.x0) < 0.01 and _REGISTER.match(other.text) is not None
        for row in rows[index + 1 : index + 8]
        if row.page == phrase.page and row.middle - phrase.middle < 9 * phrase.height
        for other in row.phrases(1.0)
    )


def _over_imprint(rows: Sequence[Row], index: int, phrase: Row) -> bool:
    """Whether the line straight under a name is its writer's imprint, on an edge or centred."""
    if (
        index + 1 >= len(rows)
        or rows[index + 1].page != phrase.page
        or _IMPRINT.search(phrase.text)
    ):
        return False
    below = rows[index + 1]
    if below.middle - phrase.middle > 2.4 * max(phrase.height, below.height):
        return False
    if len(rows[index].phrases(1.0)) > 1 or _IMPRINT.match(below.text) is None:
        return False
    return below.tokens[0].x0 - 0.01 < phrase.x0 and phrase.x1 < below.tokens[-1].x1 + 0.01


def _sender(phrase: Row) -> tuple[str, list[Token], bool]:
    """The first part of a sender's line `Firm · Street 1 · 12345 Town`, else the whole phrase."""
    text = phrase.text
    if held := _behind_label(phrase):
        return " ".join(t.text for t in held).strip(" ,;:|"), held, False
    parts = _SENDER.split(text)
    if len(parts) >= 2 and POSTCODE.search(text):
        head = parts[0].strip()
        if not any(c.isdigit() for c in head):
            count = len(head.split())
            return head, list(phrase.tokens[:count]), True
    if held := _behind_account(phrase):
        return " ".join(t.text for t in held).strip(" ,;"), held, True
    comma = text.split(",")
    if len(comma) >= 3 and POSTCODE.search(text) and not any(c.isdigit() for c in comma[0]):
        count = len(comma[0].split())
        return comma[0].strip(), list(phrase.tokens[:count]), True
    forms = [m for m in LEGAL_FORM.finditer(text) if not any(map(str.isdigit, text[: m.end()]))]
    firm = text[: forms[-1].end()] if forms and forms[-1].start() else ""
    rest = text[len(firm) :]
    if firm and (is_address(rest) or _BRITISH.search(rest)) and not any(c.isdigit() for c in firm):
        return firm.strip(), list(phrase.tokens[: len(firm.split())]), True
    return text.strip(" ,;:|"), list(phrase.tokens), False


def _behind_label(phrase: Row) -> list[Token]:
    """The firm behind a label that names no other party: `Account name: Firm Ltd`."""
    cut = next((n for n, t in enumerate(phrase.tokens[:5], 1) if t.text.endswith(":")), 0)
    label = "".join(t.key for t in phrase.tokens[:cut])
    rest = list(phrase.tokens[cut:])
    text = " ".join(t.text for t in rest)
    form = LEGAL_FORM.search(text)
    if (
        not cut
        or label in PARTY_LEXICON.exact
        or form is None
        or form.end() - form.start() == len(text)
    ):
        return []
    firm = len(rest) < _LONG_NAME and not _BANK.search(text) and not any(map(str.isdigit, text))
    return rest if firm else []


def _behind_account(phrase: Row) -> list[Token]:
    """The firm between the number of an account and its address: `11 2222 …, Firm Ltd, Town`."""
    parts: list[list[Token]] = [[]]
    for token in phrase.tokens:
        parts[-1].append(token)
        if token.text.endswith((",", ";")):
            parts.append([])
    for before, part, behind in zip(parts, parts[1:], parts[2:], strict=False):
        text = " ".join(t.text for t in part)
        form = LEGAL_FORM.search(text)
        digits = sum(c.isdigit() for t in before for c in t.text)
        if digits >= _ACCOUNT and form is not None and form.start() and behind:
            return part if not any(map(str.isdigit, text)) and not _BANK.search(text) else []
    return []


def _after_label(phrase: Row) -> str:
    return phrase.text.split(":", 1)[-1]


def _bad_name(phrase: Row, head: str, tokens: Sequence[Token]) -> bool:
    if ":" in head or is_address(head) or numbers.dates(head) or _OFFICE.search(head):
        return True  # `Lublin, 8 listopada 2026 r.`
    if squeeze(head) in COUNTRIES or (head[:1] == "(" and head[-1:] == ")"):
        return True
    keys = [t.key for t in tokens[:5]]
    if keys and keys[0] in _WHOSE and _is_known(keys[1:]):
        return True  # `Our VAT Reg No`
    for end in range(len(keys), 0, -1):
        key = "".join(keys[:end])
        if key in FIELD_LEXICON.exact or key in PARTY_LEXICON.exact or key in TOTAL_LEXICON.exact:
            rest = phrase.tokens[end:]
            return not rest or any(c.isdigit() for t in rest for c in t.text)
    return False


def _is_known(keys: Sequence[str]) -> bool:
    return "".join(keys) in FIELD_LEXICON.exact


def _looks_like_recipient(rows: Sequence[Row], index: int, phrase: Row) -> bool:
    """An address block on the left, under a sender's line or alone, is the window's: the buyer."""
    below = [
        p.text
        for row in rows[index + 1 : index + 8]
        if row.page == phrase.page and row.middle - phrase.middle < 9 * phrase.height
        for p in row.phrases(1.0)
        if abs(p.x0 - phrase.x0) < 0.02
    ]
    postal = any(POSTCODE.search(t) for t in below)
    contact = any(
        re.search(r"(?i)tel|fon|fax|@|www|http|ust|nip|vat|iban|steuern", t) for t in below
    )
    return postal and not contact and phrase.x0 < 0.45
