"""What a line of the electrical trade says: words, and marks of a kind that must agree. Pure.

`B16` and `C16`, `30mA` and `300mA`, `3x1,5` and `3x2,5` are marks of one kind with other values,
so they contradict each other; `Wył.` and `Wyłącznik` are words, so they may be shortened.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

Mark = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """One text, taken apart.

    `words` are stems in their order, `shortened` those that ended with a dot; `marks` are
    (kind, value); `numbers` have no kind; `codes` mix letters and digits in an unknown way;
    `compounds` are words that the text joins into one, as in `RTV-SAT`; `with_` are the words after
    `z`: what a thing has that others have not.
    """

    words: tuple[str, ...]
    shortened: frozenset[str]
    marks: frozenset[Mark]
    numbers: frozenset[str]
    codes: frozenset[str]
    compounds: tuple[tuple[str, ...], ...] = ()
    with_: frozenset[str] = frozenset()


def fold(text: str) -> str:
    """Upper case, no diacritics, single blanks, `x` for a times sign: how texts compare."""
    text = text.replace("ł", "l").replace("Ł", "L").replace("×", "x")
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in plain if not unicodedata.combining(c)).upper()
    return " ".join(re.sub(r"[^A-Z0-9,./+-]+", " ", plain).split())


def fold_code(text: str) -> str:
    """A code without case, blanks and punctuation."""
    return re.sub(r"[^A-Z0-9]", "", fold(text))


_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


def plain_number(text: str) -> str:
    """Comma as point, without zeros that change nothing."""
    text = text.replace(",", ".")
    whole, point, part = text.partition(".")
    part = part.rstrip("0")
    return (whole.lstrip("0") or "0") + ("." + part if point and part else "")


def numbers_of(text: str) -> frozenset[str]:
    """Every number in a text, comma as point, without trailing zeros."""
    return frozenset(plain_number(n) for n in _NUMBER.findall(fold(text)))


_ENDING = re.compile(
    r"(?:OWEGO|EGO|EMU|YMI|IMI|YCH|ICH|AMI|ACH|EJ|YM|IM|OM|OW|A|E|Y|I|O|U)$",
)


def stem(word: str) -> str:
    """A Polish word without its ending: `BIALA`, `BIALE` and `BIALY` are one colour."""
    if len(word) < 5:
        return word
    cut = _ENDING.sub("", word)
    return cut if len(cut) >= 4 else word


# What the reader takes for a digit, where only a digit makes sense.
_SLIPS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<=\d)O(?=\d|MA\b|KA\b|A\b|AX\b|V\b|W\b|MM\b|X\d|\b)"), "0"),
    (re.compile(r"(?<![A-Z0-9])[IL](?=\d+(?:[.,]\d+)?\s?(?:MA|KA|AX|A|V|W|MM|X\d|P)\b)"), "1"),
    (re.compile(r"(?<=\bB)[IL](?=\d\b)|(?<=\bC)[IL](?=\d\b)"), "1"),
    (re.compile(r"(?<=\dX)[IL](?=\d\b)"), "1"),
    (re.compile(r"(?<![A-Z0-9])[IL](?=X\d)"), "1"),
    (re.compile(r"(?<![A-Z0-9])[IL](?=P\b)"), "1"),
    (re.compile(r"(?<=\bIP\d)O\b"), "0"),
)

# Abbreviations that no beginning of a word explains.
_SPELLED: tuple[tuple[re.Pattern[str], str], ...] = (
    # A blank lost before or after a dimension: `BOX2X12P/T`, `RAMKAX2`.
    (re.compile(r"(?<=[A-Z]{3})(?=\d+X\d)|(?<=\dX\d)(?=[A-Z])|(?<=\dX\d\d)(?=[A-Z])"), " "),
    (re.compile(r"(?<=[A-Z]{4})(?=X\d\b)"), " "),
    (re.compile(r"\bP ?/ ?T\b|\bPT\b|\bPOD ?TYNK[A-Z]*"), " PODTYNKOWY "),
    (re.compile(r"\bN ?/ ?T\b|\bNT\b|\bNA ?TYNK[A-Z]*"), " NATYNKOWY "),
    (re.compile(r"\bZ ?/ ?U\b|\bZ ?/ ?UZ\b|\bZ UZ\b"), " Z UZIEMIENIEM "),
    (re.compile(r"\bB ?/ ?U\b|\bB ?/ ?UZ\b"), " BEZ UZIEMIENIA "),
    (re.compile(r"\bROZN[A-Z]*[. -]*PRAD[A-Z]*"), " ROZNICOWOPRADOWY "),
    (re.compile(r"\bRCD\b|\bRCCB\b"), " WYLACZNIK ROZNICOWOPRADOWY "),
    (re.compile(r"\bNAD[. -]+PRAD[A-Z]*"), " NADPRADOWY "),
    (re.compile(r"\bRTV ?[/+-] ?SAT\b|\bRTVSAT\b"), " RTV SAT "),
    (re.compile(r"\bBIALO\b"), " BIALY "),
)

_ROOT = r"(?<![A-Z0-9])(?<!\d[.])"
_N = r"(\d+(?:\.\d+)?)"
_UNITS = (
    r"MA|KA|AX|A|KVAR|KVA|KV|VA|V|KWH|KW|W|MM2|MM|CM|MB|M|KG|G|K|LM|HZ|MOD[A-Z]*|N|LAT|"
    r"SZT|OP|KPL|ST|GB|DB|CD|BAR|L"
)
_SAME_UNIT = {"AX": "A", "MB": "M", "MM2": "MM"}
Found = Callable[[re.Match[str]], list[Mark]]


def _dimension(m: re.Match[str]) -> list[Mark]:
    return [("DIM", "X".join(plain_number(n) for n in re.split(r"[XG]", m[1].replace(" ", ""))))]


def _unit(m: re.Match[str]) -> list[Mark]:
    unit = "MOD" if m[2].startswith("MOD") else _SAME_UNIT.get(m[2], m[2])
    return [(unit, plain_number(m[1]))]


def _residual(m: re.Match[str]) -> list[Mark]:
    marks = [("A", plain_number(m[1])), ("POLES", m[2])]
    marks.append(("MA", str(int(m[3]) * (10 if len(m[3]) == 2 else 100))))
    return [*marks, ("RESIDUAL", m[4])] if m[4] else marks


def _inches(m: re.Match[str]) -> list[Mark]:
    """`1 1/4 CAL` in eighths of an inch: all that pipes and valves come in."""
    whole, part, of = m[1] or m[4], m[2], m[3]
    eighths = 8 * int(whole or 0) + (8 * int(part) // int(of) if part else 0)
    return [("INCH", str(eighths))]


def _sockets(m: re.Match[str]) -> list[Mark]:
    return [("USB", m[3] or "+".join(sorted((m[1], m[2]))))]


_THREAD = {"W": "IN", "GW": "IN", "WEW": "IN", "Z": "OUT", "GZ": "OUT", "ZEW": "OUT"}


def _threads(m: re.Match[str]) -> list[Mark]:
    """Inside and outside thread of both ends, in one order: a valve may be turned round."""
    return [("THREADS", "+".join(sorted((_THREAD[m[1]], _THREAD[m[2]]))))]


def _times(value: str) -> Found:
    return lambda _: [("TIMES", value)]


_PATTERNS: tuple[tuple[re.Pattern[str], Found], ...] = (
    (
        re.compile(
            r"(?<![A-Z0-9./])(?:(?:([1-4])[ -])?([1357])/([248])(?![0-9A-Z/.])(?: CAL[A-Z]*)?"
            r"|(\d{1,2}) ?CAL[A-Z]*)"
        ),
        _inches,
    ),
    (
        re.compile(
            r"(?<![A-Z0-9])(GW|GZ|WEW|ZEW|W|Z)[A-Z.]{0,8} ?[/-] ?(GW|GZ|WEW|ZEW|W|Z)(?![0-9])"
            r"(?:(?<=WEW)[A-Z.]*|(?<=ZEW)[A-Z.]*|(?![A-Z]))"
        ),
        _threads,
    ),
    (re.compile(r"\b(TX|PZ|PH) ?-?(\d{1,2})\b"), lambda m: [("DRIVE", m[1] + m[2])]),
    (re.compile(r"\b(PN|DN) ?(\d{1,3})\b"), lambda m: [(m[1], m[2])]),
    (
        re.compile(r"\bTYP[. ]*(AC|A|F|B)\b|(?<=\dP )(AC|A|F|B)\b"),
        lambda m: [("RESIDUAL", m[1] or m[2])],
    ),
    (
        re.compile(_ROOT + r"(\d+(?:\.\d+)?(?: ?[XG] ?\d+(?:\.\d+)?){1,2})(?:\s?MM2?)?(?![0-9])"),
        _dimension,
    ),
    (
        # 25/4/003-A: amperes, poles, amperes of the residual current, type.
        re.compile(r"\b(\d{2,3}) ?/ ?([24]) ?/ ?0[.]?(\d{1,2})(?: ?- ?(AC|A|F|B))?\b"),
        _residual,
    ),
    (
        re.compile(r"\b([BCD]) ?(\d{1,3}) ?A? ?/ ?([1-4])P?\b"),
        lambda m: [("CURVE", m[1] + m[2]), ("POLES", m[3])],
    ),
    (
        re.compile(r"(?<![A-Z0-9./])(\d{2,3}) ?A? ?/ ?([1-4])P?\b(?! ?[/.])"),
        lambda m: [("A", plain_number(m[1])), ("POLES", m[2])],
    ),
    (re.compile(r"\b(\d) ?P ?\+ ?N\b"), lambda m: [("POLES", m[1] + "+N")]),
    (re.compile(r"\b(\d) ?-? ?(?:P|BIEG[A-Z]*|POL|POLOW[A-Z]*)\b"), lambda m: [("POLES", m[1])]),
    (re.compile(r"\bJEDNOBIEG[A-Z]*"), lambda _: [("POLES", "1")]),
    (re.compile(r"\bDWUBIEG[A-Z]*"), lambda _: [("POLES", "2")]),
    (re.compile(r"\bTR(?:OJ|ZY)BIEG[A-Z]*"), lambda _: [("POLES", "3")]),
    (re.compile(r"\bCZTEROBIEG[A-Z]*"), lambda _: [("POLES", "4")]),
    (
        re.compile(r"\b(?:TYP|KL|KLASA|T)[. ]*(\d)(?: ?\+ ?T? ?(\d))?(?![0-9A-Z])"),
        lambda m: [("CLASS", m[1] + ("+" + m[2] if m[2] else ""))],
    ),
    (re.compile(r"\b([AC]) ?\+ ?([AC])\b|(?<=\bUSB[ -])([AC])\b"), _sockets),
    (re.compile(r"\bB ?\+ ?C\b"), lambda _: [("CLASS", "1+2")]),
    (
        re.compile(r"\b(?:K\.|(?:KAT|CAT|KATEGORI[A-Z]*)[. ]*)(\d) ?([AE]?)\b"),
        lambda m: [("CATEGORY", m[1] + m[2])],
    ),
    (re.compile(r"\bIP ?(\d\d)\b"), lambda m: [("IP", m[1])]),
    (re.compile(r"\b([BCD])[ -]?(\d{1,3})(?: ?A)?\b"), lambda m: [("CURVE", m[1] + m[2])]),
    (re.compile(r"\b(\d) ?-? ?(?:FAZ[A-Z]*|F)\b"), lambda m: [("PHASES", m[1])]),
    (re.compile(r"\b(\d) ?-? ?(?:KR|KROT[A-Z]*)\b"), lambda m: [("TIMES", m[1])]),
    (re.compile(r"\b(\d) ?X(?= ?[A-Z]|\s|$)"), lambda m: [("TIMES", m[1])]),
    (re.compile(r"\bX ?(\d)\b"), lambda m: [("TIMES", m[1])]),
    (re.compile(r"\b(?:POJ|POJED|POJEDY?N?C?Z?[A-Z]*)\b"), _times("1")),
    (re.compile(r"\b(?:PODW|PODWOJ[A-Z]*|DWUKROT[A-Z]*)\b"), _times("2")),
    (re.compile(r"\b(?:POTR|POTROJ[A-Z]*|TRZYKROT[A-Z]*)\b"), _times("3")),
    (re.compile(r"\b(?:POCZW|POCZWOR[A-Z]*|CZTEROKROT[A-Z]*)\b"), _times("4")),
    (re.compile(r"\b(?:PIECIOKR[A-Z]*|PIECIOK)\b"), _times("5")),
    (re.compile(r"\bSZESCIOKR[A-Z]*\b"), _times("6")),
    (re.compile(_ROOT + _N + r" ?(" + _UNITS + r")(?![A-Z0-9])"), _unit),
)
# Words that say nothing of the product.
_EMPTY = frozenset(
    re.split(
        " ",
        "Z ZE DO W NA I ORAZ DLA SZT OP OPAK KPL NR KAT PROMO PROMOCJA NOWOSC NOWY TOWAR INDEKS "
        "SYMBOL KOD EAN ART ELEKTR ELEKTRYCZNY KRAZEK ROLKA ZWOJ MB VAT PKWIU PL TYP MODEL SERIA "
        "KOLOR KOL",
    )
)
_TIMES = {
    "POJEDYNCZY": "1",
    "PODWOJNY": "2",
    "POTROJNY": "3",
    "POCZWORNY": "4",
    "PIECIOKROTNY": "5",
    "SZESCIOKROTNY": "6",
}


def _misspelled_times(word: str) -> str | None:
    """How many times, of a word that is nearly one of those; as marks no index has them."""
    if len(word) < 6:
        return None
    near = process.extractOne(word, list(_TIMES), scorer=fuzz.ratio, score_cutoff=78)
    return _TIMES[near[0]] if near else None


_INCH_SIGN = re.compile(r"(?<=\d)\s?(?:\"|''|″|”|“)(?!\w)")
_WITH = re.compile(r"\bZE? ([A-Z]{4,})\b")
_JOINED = re.compile(r"\b[A-Z]{2,}(?:[-/][A-Z]{2,})+\b")
_CHUNK = re.compile(r"[A-Z0-9]+(?:\.\d+)?\.?")


@lru_cache(maxsize=65_536)
def take_apart(text: str) -> Said:
    """What a text says, for comparing. Any text will do; an empty one says nothing."""
    text = _INCH_SIGN.sub(" CAL ", text)
    rest = re.sub(r"(?<=\d),(?=\d)", ".", fold(text)).replace(",", " ")
    compounds = tuple(
        tuple(sorted(stem(part) for part in re.split(r"[-/]", hit)))
        for hit in _JOINED.findall(rest)
    )
    for slip, digit in _SLIPS:
        rest = slip.sub(digit, rest)
    for short, spelled in _SPELLED:
        rest = short.sub(spelled, rest)
    with_ = frozenset(stem(word) for word in _WITH.findall(rest))
    marks: set[Mark] = set()
    for pattern, found in _PATTERNS:
        for hit in pattern.finditer(rest):
            marks.update(found(hit))
        rest = pattern.sub(" ", rest)
    words: list[str] = []
    shortened: set[str] = set()
    numbers: set[str] = set()
    codes: set[str] = set()
    for chunk in _CHUNK.findall(rest):
        bare = chunk.rstrip(".")
        if bare.replace(".", "").isdigit():
            numbers.add(plain_number(bare))
        elif any(c.isdigit() for c in bare):
            codes.add(bare)
        elif times := _misspelled_times(bare):
            marks.add(("TIMES", times))
        elif bare not in _EMPTY and (len(bare) > 1 or chunk.endswith(".")):
            root = stem(bare)
            if root not in words:
                words.append(root)
            if chunk.endswith("."):
                shortened.add(root)
    return Said(
        tuple(words),
        frozenset(shortened),
        frozenset(marks),
        frozenset(numbers),
        frozenset(codes),
        compounds,
        with_ & frozenset(words),
    )
