"""Marks of a trade's texts: dimensions, ratings, poles, packs, each of its own kind. Pure.

`B16` and `C16`, `30mA` and `300mA`, `3x1,5` and `3x2,5` are marks of one kind with other values.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

Mark = tuple[str, str]
Found = Callable[[re.Match[str]], list[Mark]]


def fold(text: str) -> str:
    """Upper case, no diacritics, single blanks, `x` for a times sign: how texts compare."""
    text = text.replace("ł", "l").replace("Ł", "L").replace("×", "x")
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in plain if not unicodedata.combining(c)).upper()
    return " ".join(re.sub(r"[^A-Z0-9,./+-]+", " ", plain).split())


def plain_number(text: str) -> str:
    """Comma as point, without zeros that change nothing."""
    text = text.replace(",", ".")
    whole, point, part = text.partition(".")
    part = part.rstrip("0")
    return (whole.lstrip("0") or "0") + ("." + part if point and part else "")


_INCH_SIGN = re.compile(r"(?<=\d)\s?(?:\"|''|″|”|“)(?!\w)|(?<=/\d)\s?(?:\"|''|″|”|“)(?=[xX*-])")
_HALVES = re.compile(r"(?<=\d)(?=[½¼¾])")
_STARS = re.compile(r"(?<=[\d\"”″'])\s?[*]\s?(?=\d)")


def opened(text: str) -> str:
    """The folded text with inches as `CAL`, fractions as `1/2`, decimals with a point."""
    text = _HALVES.sub(" ", text).replace("½", "1/2").replace("¼", "1/4").replace("¾", "3/4")
    text = _INCH_SIGN.sub(" CAL ", _STARS.sub("x", text))
    text = re.sub(r"(?<=\d),(?=\d)", ".", fold(text)).replace(",", " ")
    for written, usual in _PLASTICS:
        text = written.sub(usual, text)
    return text


# Names of plastics, with and without a dash.
_PLASTICS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\bPE-?RT\b"), "PERT"),
    (re.compile(r"\bPE-?X[ABC]?\b"), "PEX"),
    (re.compile(r"\bPP-?R\b"), "PPR"),
)


# What the reader takes for a digit, where only a digit makes sense.
_SLIPS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<=\d)O(?=\d|MA\b|KA\b|A\b|AX\b|V\b|W\b|MM\b|X\d|\b)"), "0"),
    (re.compile(r"(?<![A-Z0-9])[IL](?=\d+(?:[.,]\d+)?\s?(?:MA|KA|AX|A|V|W|MM|X\d|P|M)\b)"), "1"),
    (re.compile(r"(?<=\bB)[IL](?=\d\b)|(?<=\bC)[IL](?=\d\b)"), "1"),
    (re.compile(r"(?<=\dX)[IL](?=\d\b|[.]\d)"), "1"),
    (re.compile(r"(?<![A-Z0-9])[IL](?=X\d|/[248]\b|00?\b)"), "1"),
    (re.compile(r"(?<![A-Z0-9])[IL](?=P\b)"), "1"),
    (re.compile(r"(?<=\bIP\d)O\b"), "0"),
    (re.compile(r"\bLP(?=\d\d\b)"), "IP"),
)

# Ways of writing that no beginning of a word explains.
_SPELLED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<!\d)2 ?P ?\+ ?(?:Z|PE|U)\b"), " Z UZIEMIENIEM "),
    (re.compile(r"\bG ?[-/] ?K\b|\bK ?[-/] ?G\b|\bGIPS[A-Z]*[. -]+KARTON[A-Z]*"), " GK "),
    # A blank lost before or after a dimension: `BOX2X12P/T`, `RAMKAX2`.
    (re.compile(r"(?<=[A-Z]{3})(?=\d+X\d)|(?<=\dX\d)(?=[A-Z])|(?<=\dX\d\d)(?=[A-Z])"), " "),
    (re.compile(r"(?<=[A-Z]{4})(?=X\d\b)"), " "),
    (re.compile(r"\bP ?/ ?T\b|\bPT\b|\bPOD ?TYNK[A-Z]*"), " PODTYNKOWY "),
    (re.compile(r"\bN ?/ ?T\b|\bNT\b|\bNA ?TYNK[A-Z]*"), " NATYNKOWY "),
    (re.compile(r"\bZ ?/ ?U\b|\bZ ?/ ?UZ\b|\bZ UZ\b"), " Z UZIEMIENIEM "),
    (re.compile(r"\bB ?/ ?U\b|\bB ?/ ?UZ\b"), " BEZ UZIEMIENIA "),
    (re.compile(r"^(?!.*\bIP ?\d)(.*)\bBRYZG[A-Z]*"), r"\1 IP44 "),
    (re.compile(r"\bBRYZG[A-Z]*"), " "),
    (
        re.compile(r"\bROZN[A-Z]*[. -]*PRAD[A-Z]*|\bROZNICOWY\b"),
        " ROZNICOWOPRADOWY ",
    ),
    (re.compile(r"\bROZNICOWK[A-Z]*|\bRCD\b|\bRCCB\b"), " WYLACZNIK ROZNICOWOPRADOWY "),
    (re.compile(r"\bBEZP[A-Z]*[. ]+AUT[A-Z]*"), " WYLACZNIK NADPRADOWY "),
    (re.compile(r"\bNAD[. -]+PRAD[A-Z]*"), " NADPRADOWY "),
    # A switch of the wall, not of the fuse box, though sellers call both `wyl.`
    (re.compile(r"\bW?Y?L[A-Z]*[. ]+(?=SCHOD|SWIECZ|KRZYZ)"), " LACZNIK "),
    (
        re.compile(r"\b(?:WLACZ[A-Z]*|LACZ[A-Z]*|WYL[A-Z]*)[. ]+POJ(?:ED[A-Z]*)?\b"),
        " LACZNIK JEDNOBIEGUNOWY ",
    ),
    (re.compile(r"\bJEDNOB\b"), " JEDNOBIEGUNOWY "),
    (re.compile(r"\bRTV ?[/+-] ?SAT\b|\bRTVSAT\b"), " RTV SAT "),
    (re.compile(r"\b(?:KOLK|KOLEK|LACZ|DYBEL)[A-Z]*[. ]+DO (?:STYROP|IZOL|TERMOIZOL)[A-Z]*"),
     " LACZNIK IZOLACJI "),
    (re.compile(r"\bGW[A-Z]*[. ]+ZEW[A-Z]*|\bMALE\b|\bAG\b"), " GZ "),
    (re.compile(r"\bGW[A-Z]*[. ]+WEW[A-Z]*|\bFEMALE\b|\bIG\b"), " GW "),
    (re.compile(r"\bT-STUCK\b"), " TSTUCK "),
    (re.compile(r"\bBALL VALVES?\b"), " ZAWOR KULOWY "),
    (re.compile(r"\bWALL PLUGS?\b"), " KOLEK "),
    (re.compile(r"\bWOOD SCREWS?\b"), " WKRET DREWNA "),
    (re.compile(r"\bPOWER SUPPLY\b"), " ZASILACZ "),
    (re.compile(r"\bFLOW ?METERS?\b"), " PRZEPLYWOMIERZ "),
    (re.compile(r"\bCABLE TIES?\b"), " OPASKA KABLOWA "),
    (re.compile(r"\bTWO[ -]WAY SWITCH\b"), " LACZNIK SCHODOWY "),
    (re.compile(r"\bFUR\b|\bFOR\b"), " DLA "),
    (re.compile(r"\bBIALO\b"), " BIALY "),
)  # fmt: skip


def spelled(text: str) -> str:
    """Slips of the reader mended where only a digit makes sense, and odd spellings made usual."""
    for slip, digit in _SLIPS:
        text = slip.sub(digit, text)
    for short, usual in _SPELLED:
        text = short.sub(usual, text)
    return text


_ROOT = r"(?<![A-Z0-9])(?<!\d[.])"
_N = r"(\d+(?:\.\d+)?)"
_UNITS = (
    r"MA|KA|AX|A|KVAR|KVA|KV|VA|V|KWH|KW|W|MM2|MM|CM|MB|ML|M|KG|G|K|LM|HZ|MOD[A-Z]*|N|LAT|"
    r"SZTUK|SZT|STK|STUCK|PCS|OP|KPL|ST|GB|DB|CD|BAR|LITR[A-Z]*|LTR|L"
)
_SAME_UNIT = {
    "AX": "A", "MB": "M", "MM2": "MM", "LTR": "L", "SZTUK": "SZT", "STK": "SZT", "STUCK": "SZT",
    "PCS": "SZT",
}  # fmt: skip
# Units that are another one many times over.
_THOUSANDTHS = {"ML": "L", "G": "KG"}
_TENFOLD = {"CM": "MM"}


def _moved(value: str, places: int) -> str:
    """A decimal number with its point moved, without zeros that change nothing."""
    return plain_number(f"{float(value) * 10**places:.6f}")


def _unit(m: re.Match[str]) -> list[Mark]:
    unit = "MOD" if m[2].startswith("MOD") else "L" if m[2].startswith("LITR") else m[2]
    if unit in _THOUSANDTHS:
        return [(_THOUSANDTHS[unit], _moved(m[1], -3))]
    if unit in _TENFOLD:
        return [(_TENFOLD[unit], _moved(m[1], 1))]
    return [(_SAME_UNIT.get(unit, unit), plain_number(m[1]))]


_PIECE = r"(?:[1-4] [1357]/[248]|[1357]/[248]|\d+(?:\.\d+)?)(?: CAL[A-Z]*)?"


def _side(text: str) -> tuple[float, str]:
    """One side of a dimension for sorting and comparing; inches in eighths."""
    if "CAL" not in text and not re.search(r"[1357]/[248]$", text):
        return float(text), plain_number(text)
    whole, _, part = re.sub(r" ?CAL[A-Z]*", "", text).strip().rpartition(" ")
    over, _, under = part.partition("/")
    eighths = 8 * int(whole or 0) + int(8 * float(over) / float(under or 1))
    return eighths * 3.175, f"I{eighths}"


def _dimension(m: re.Match[str]) -> list[Mark]:
    return _in_order([_side(side.strip()) for side in re.split(r"[XG-]", m[1])])


def _slashed(m: re.Match[str]) -> list[Mark]:
    return _in_order([_side(side) for side in m[1].split("/")])


def _in_order(sides: list[tuple[float, str]]) -> list[Mark]:
    """Sides in one order, for a tie of `3,6x200` is one of `200x3,6`; a tee may be turned round."""
    if len(sides) == 2:
        sides.sort()
        if sides[0] == sides[1] and sides[0][0] >= 200 and sides[0][0] % 10 == 0:
            sides = [(0, _moved(sides[0][1], -1))] * 2  # A panel of 600x600 mm is one of 60x60 cm.
    else:
        sides = min(sides, sides[::-1])
    return [("DIM", "X".join(value for _, value in sides))]


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


def _metric(m: re.Match[str]) -> list[Mark]:
    """`M30x1,5`: the thread, and its pitch where it is said."""
    return [("METRIC", m[1]), *([("PITCH", plain_number(m[2]))] if m[2] else [])]


def _volts(m: re.Match[str]) -> list[Mark]:
    """A cable's two voltages, `0,6/1 kV` in volts too."""
    return [("V", _moved(v, 3 if m[3] == "KV" else 0)) for v in (m[1], m[2])]


def _packed(m: re.Match[str]) -> list[Mark]:
    """`op. 100` are pieces; a roll or a drum of a bare number holds metres."""
    return [("SZT" if m[1].startswith(("O", "P")) else "M", m[2])]


def _times(value: str) -> Found:
    return lambda _: [("TIMES", value)]


_COUNTED = (
    "KR|KROT[A-Z]*|OBW[A-Z]*|OBIEG[A-Z]*|SEKC[A-Z]*|FACH|WAY|GANG|DROZN[A-Z]*|STREF[A-Z]*|"
    "KANAL[A-Z]*|TOROW[A-Z]*"
)
# Marks that a shorter line gives by their number alone: `280` for `280 ml`, `op. 100`.
MEASURED = (_unit, _packed)
PATTERNS: tuple[tuple[re.Pattern[str], Found], ...] = (
    (
        re.compile(
            r"(?<![A-Z0-9])(GW|GZ|WEW|ZEW|W|Z)[A-Z.]{0,8} ?[/-] ?(GW|GZ|WEW|ZEW|W|Z)(?![0-9])"
            r"(?:(?<=WEW)[A-Z.]*|(?<=ZEW)[A-Z.]*|(?![A-Z]))"
        ),
        _threads,
    ),
    (re.compile(r"\b(GW|GZ)\b"), lambda m: [("THREAD", _THREAD[m[1]])]),
    (re.compile(r"\b(300|450|600|0\.6) ?/ ?(300|500|750|1000|1) ?(KV|V)?\b"), _volts),
    (re.compile(r"\bM(\d{1,3})(?: ?X ?(\d(?:\.\d+)?))?(?![0-9A-Z])"), _metric),
    (
        re.compile(
            r"\b(OPAK[A-Z]*|OP|PACZK[A-Z]*|PACK|KRAZ[A-Z]*|KRAG|KR|ZWOJ|ZW|ROLK[A-Z]*|BEB[A-Z]*|RING)"
            r"[. =-]*(\d{2,4})(?! ?[X.,/]?\d| ?[A-Z]*X)(?: ?(?:SZT[A-Z]*|MB|M|STK|PCS)\b)?"
        ),
        _packed,
    ),
    (
        # A side in inches: `20x3/4"`, `1/2"x3/8"`, `1/2 - 3/8`.
        re.compile(
            r"(?<![A-Z0-9./])(?=[0-9. X]*(?:[1357]/[248]|\d CAL))("
            + _PIECE
            + r"(?: ?(?:X|-(?=[ 1-4]*[1357]/[248])) ?"
            + _PIECE
            + r"){1,2})(?![0-9/])"
        ),
        _dimension,
    ),
    (
        re.compile(
            r"(?<![A-Z0-9./])(?:(?:([1-4])[ -])?([1357])/([248])(?![0-9A-Z/.])(?: CAL[A-Z]*)?"
            r"|(\d{1,2}) ?CAL[A-Z]*)"
        ),
        _inches,
    ),
    (re.compile(r"\b(TX|PZ|PH) ?-?(\d{1,2})\b"), lambda m: [("DRIVE", m[1] + m[2])]),
    (re.compile(r"\b(PN|DN) ?(\d{1,3})\b"), lambda m: [(m[1], m[2])]),
    (
        re.compile(r"\bTYP[. ]*(AC|A|F|B)\b|(?<=\dP )(AC|A|F|B)\b"),
        lambda m: [("RESIDUAL", m[1] or m[2])],
    ),
    (
        re.compile(
            _ROOT + r"(\d+(?:\.\d+)?(?: ?[XG] ?\d+(?:\.\d+)?){1,2})(?:\s?(?:MM2?)\b)?(?![0-9])"
        ),
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
    (re.compile(r"(?<![A-Z0-9./])(\d\d/\d\d(?:/\d\d)?)(?![0-9A-Z/])"), _slashed),
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
    (re.compile(r"\b(\d{1,2}) ?-? ?(?:" + _COUNTED + r")\b"), lambda m: [("TIMES", m[1])]),
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
