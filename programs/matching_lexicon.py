"""The trade's own words: what German, English and shortened names mean in Polish. Pure.

One word or a few stand for another: `Steckdose` and `socket` for `gniazdo`. German joins words, so
its pieces are listed: `Thermostatkopf` is `Thermostat` and `Kopf`. Both the names of a catalogue
and the lines of a document go through it, so two words for one thing are one word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType


def _entries(*rows: str) -> Mapping[str, tuple[str, ...]]:
    """`KOPF HEAD = GLOWICA`: each word on the left stands for all on the right; `=` alone: none."""
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        words, _, meaning = row.partition("=")
        found.update(dict.fromkeys(words.split(), tuple(meaning.split())))
    return MappingProxyType(found)


# Whole words, as they stand when case and diacritics are gone.
_WORDS = _entries(
    # Colours and finishes.
    "WEISS WEISSE WEISSER WHITE BIAL = BIALY",
    "SCHWARZ SCHWARZE SCHWARZER BLACK CZ CZARN = CZARNY",
    "GRAU GRAUE GREY GRAY SZAR = SZARY",
    "BLAU BLAUE BLUE NIEB NIEBIES = NIEBIESKI",
    "ROT ROTE CZERW = CZERWONY",
    "GRUN GRUEN GREEN ZIEL = ZIELONY",
    "GELB GELBE YELLOW ZOLT = ZOLTY",
    "BRAUN BROWN BRAZOWY BRAZOWA BRAZOWE = BRAZ",
    "ORANGE POMAR POMARANCZ = POMARANCZOWY",
    "BEIGE BEZOWA BEZOWE = BEZOWY",
    "CREME CREAM KREM KREMOW = KREMOWY",
    "SILBER SILVER SREBR = SREBRNY",
    "GOLD GOLDEN ZLOTY ZLOTA ZLOTE = ZLOTY",
    "ANTHRAZIT ANTHRACITE ANTR ANTRAC ANTRACYTOWY ANTRACYTOWA ANTRACYTOWE = ANTRACYT",
    "GRAPHIT GRAPHITE GRAFITOWY GRAFITOWA GRAFITOWE = GRAFIT",
    "CHROME CHROMOWANY CHROMOWANA CHROMOWANE VERCHROMT = CHROM",
    "TRANSPARENTNY TRANSPARENTNA TRANSPARENTNE TRANSPARENT TRANSP FARBLOS CLEAR BEZB BEZBARW"
    " = BEZBARWNY",
    "MATT MATOWY MATOWA MATOWE MATOW = MAT",
    "GLANZ GLANZEND GLOSS GLOSSY = POLYSK",
    # Wiring accessories and protection.
    "STECKDOSE STECKDOSEN SOCKET SOCKETS OUTLET GNIAZDKO GN = GNIAZDO",
    "RAHMEN FRAME FRAMES ABDECKRAHMEN = RAMKA",
    "SCHALTER SWITCH LICHTSCHALTER WLACZNIK = LACZNIK",
    "WECHSELSCHALTER = LACZNIK SCHODOWY",
    "KREUZSCHALTER = LACZNIK KRZYZOWY",
    "SERIENSCHALTER = LACZNIK SWIECZNIKOWY",
    "JALOUSIESCHALTER = LACZNIK ZALUZJOWY",
    "BELEUCHTET ILLUMINATED = PODSWIETLANY",
    "ERDUNG EARTH EARTHED GROUNDED SCHUTZKONTAKT = UZIEMIENIEM",
    "EINFACH SINGLE = POJEDYNCZY",
    "DOPPELT DOUBLE TWIN ZWEIFACH = PODWOJNY",
    "DREIFACH TRIPLE = POTROJNY",
    "VIERFACH QUADRUPLE = POCZWORNY",
    "LEITUNGSSCHUTZSCHALTER = WYLACZNIK NADPRADOWY",
    "FEHLERSTROMSCHUTZSCHALTER = WYLACZNIK ROZNICOWOPRADOWY",
    "OCHRONNIK = OGRANICZNIK",
    "VERTEILERKASTEN KLEINVERTEILER = ROZDZIELNICA",
    "UNTERPUTZ FLUSH = PODTYNKOWY",
    "AUFPUTZ SURFACE = NATYNKOWY",
    "UNTERPUTZDOSE = PUSZKA PODTYNKOWY",
    "DIMMER = SCIEMNIACZ",
    "BEWEGUNGSMELDER = CZUJNIK RUCHU",
    "NETZTEIL = ZASILACZ",
    "LEITUNG WIRE = PRZEWOD",
    "CABLE = KABEL",
    "KABELBINDER = OPASKA KABLOWA",
    "ISOLIERBAND = TASMA IZOLACYJNA",
    "STRIP STREIFEN = TASMA",
    # Pipes, fittings, valves, heating.
    "ROHR PIPE TUBE = RURA",
    "BOGEN WINKEL ELBOW KOLANKO = KOLANO",
    "TEE TSTUCK = TROJNIK",
    "KUPPLUNG COUPLING UBERGANG UEBERGANG ADAPTOR ZLACZ = ZLACZKA",
    "MUFFE = MUFA",
    "VENTIL VALVE ZAW ZAWOREK = ZAWOR",
    "KUGELHAHN = ZAWOR KULOWY",
    "ECKVENTIL = ZAWOR KATOWY",
    "MANIFOLD VERTEILER = ROZDZIELACZ",
    "DURCHFLUSSMESSER FLOWMETER FLOWMETERS ROTAMETR ROTAMETRY ROTAMETRAMI ROTAMETREM"
    " = PRZEPLYWOMIERZ",
    "PRZEPLYWOMIERZAMI PRZEPLYWOMIERZE PRZEPLYWOMIERZEM PRZEPL PRZEPLYW = PRZEPLYWOMIERZ",
    "THERMOSTATIC THERMOSTATISCH = TERMOSTATYCZNY",
    "THERMOSTATKOPF = GLOWICA TERMOSTATYCZNY",
    "HEAD KOPF = GLOWICA",
    "FILTREM FILTRA FILTERS FILTERN = FILTR",
    "FILTER = FILTR",
    "SCHLAUCH HOSE = WAZ",
    # Fixings, sealants, tiling.
    "DUBEL DUEBEL DYBEL ANCHOR = KOLEK",
    "SCHRAUBE SCHRAUBEN SCREW SCREWS = WKRET",
    "METALOWYM METALOWY MET = METALOWYM",
    "PLASTIKOWYM PLASTIKOWY PLAST TWORZYWOWYM TWORZYWOWY = PLASTIKOWYM",
    "SILICONE SILIKONDICHTSTOFF = SILIKON",
    "SANITAR SANITARY SANITAER = SANITARNY",
    "UNIVERSAL UNIVERSELL = UNIWERSALNY",
    "FOAM SCHAUM PIANKA = PIANA",
    "DICHTBAND = TASMA USZCZELNIAJACA",
    "FLIESENKLEBER = KLEJ PLYTEK",
    "KLEBER ADHESIVE GLUE = KLEJ",
    "GROUT FUGENMORTEL = FUGA",
    "MOSIADZ MESSING BRASS = MOSIEZNY",
)

# Pieces of German compounds; a linking `S`, `N`, `EN` or `ER` may stand between.
_PIECES = _entries(
    "STECKDOSE STECKDOSEN = GNIAZDO",
    "RAHMEN = RAMKA",
    "SCHALTER = LACZNIK",
    "WECHSEL = SCHODOWY",
    "KREUZ = KRZYZOWY",
    "SERIEN = SWIECZNIKOWY",
    "DOPPEL = PODWOJNY",
    "DREIFACH = POTROJNY",
    "LEITUNG = PRZEWOD",
    "KABEL = KABEL",
    "BINDER = OPASKA",
    "NETZTEIL = ZASILACZ",
    "ROHR = RURA",
    "VERBUND MEHRSCHICHT = WIELOWARSTWOWY",
    "BOGEN WINKEL = KOLANO",
    "PRESS = PRESS",
    "VENTIL = ZAWOR",
    "KUGEL = KULOWY",
    "HAHN = ZAWOR",
    "ECK = KATOWY",
    "KOPF = GLOWICA",
    "THERMOSTAT = TERMOSTATYCZNY",
    "HEIZKREIS =",
    "VERTEILER = ROZDZIELACZ",
    "DURCHFLUSS =",
    "MESSER = PRZEPLYWOMIERZ",
    "SCHLAUCH = WAZ",
    "SCHRAUBE SCHRAUBEN = WKRET",
    "HOLZ = DREWNA",
    "METALL = METALU",
    "DUBEL DUEBEL = KOLEK",
    "DICHT = USZCZELNIAJACA",
    "ISOLIER = IZOLACYJNA",
    "BAND = TASMA",
    "FLIESEN = PLYTEK",
    "KLEBER = KLEJ",
    "MONTAGE = MONTAZOWY",
    "FUGEN = FUGA",
    "PISTOLE PISTOLEN = PISTOLETOWA",
    "SCHAUM = PIANA",
    "SANITAR = SANITARNY",
    "SILIKON = SILIKON",
)
_LINKS = ("", "S", "N", "EN", "ER")

# Packing and custom: they say nothing of the product, unless some product of the catalogue is
# called so. Stems.
NEUTRAL = frozenset(
    [
        "BEBEN",
        "BEB",
        "BEBN",
        "BEBNY",
        "KRAG",
        "KREG",
        "KR",
        "KRAZ",
        "KRAZK",
        "ZW",
        "RING",
        "COIL",
        "RULON",
        "WIADR",
        "WIADRO",
        "WOREK",
        "WOR",
        "WORK",
        "TUB",
        "TUBA",
        "KARTUSZ",
        "KANISTER",
        "KART",
        "KARTON",
        "BLISTER",
        "PACK",
        "PACZK",
        "PAK",
        "STK",
        "STUCK",
        "PCS",
        "PIECES",
        "PIEC",
        "FI",
        "MIT",
        "WITH",
        "ZEST",
        "BRUTT",
        "NETT",
        "CEN",
        "DRUM",
        "INSTALACYJN",
        "INSTAL",
        "ZIEMN",
        "ENERGETYCZN",
        "WIELOWARSTW",
        "WIELOWARSTWOW",
        "MULTILAYER",
        "ORYGINALN",
        "ORYG",
        "GWARANCJ",
    ]
)

# Colours after `stem`: a thing of one colour is not the same thing of another.
COLOURS = frozenset(
    [
        "BIAL",
        "CZARN",
        "SZAR",
        "NIEBIESK",
        "CZERWON",
        "ZIELON",
        "ZOLT",
        "BRAZ",
        "POMARANCZ",
        "BEZOW",
        "KREM",
        "KREMOW",
        "SREBRN",
        "ZLOT",
        "ANTRACYT",
        "GRAFIT",
        "CHROM",
        "BEZBARWN",
        "POPIELAT",
        "FIOLETOW",
        "ROZOW",
        "TURKUSOW",
        "BORDOW",
    ]
)


@lru_cache(maxsize=65_536)
def parted(word: str) -> tuple[str, ...] | None:
    """The Polish words that one folded word stands for when they are several; else `None`."""
    known = _WORDS.get(word)
    if known is not None:
        return known if len(known) != 1 else None
    if len(word) < 7:
        return None
    pieces = _pieces(word)
    return pieces and tuple(dict.fromkeys(pieces))


_ENDING = re.compile(
    r"(?:OWEGO|EGO|EMU|YMI|IMI|YCH|ICH|AMI|ACH|EJ|YM|IM|OM|OW|A|E|Y|I|O|U)$",
)


def stem(word: str) -> str:
    """A Polish word without its ending: `BIALA`, `BIALE` and `BIALY` are one colour."""
    if len(word) < 5:
        return word
    cut = _ENDING.sub("", word)
    return cut if len(cut) >= 4 else word


_BY_STEM = {stem(word): stem(known[0]) for word, known in _WORDS.items() if len(known) == 1}


def usual(root: str) -> str:
    """The stem of the usual word for a thing: of `GNIAZDO` for `SOCKET`; else the stem itself."""
    return _BY_STEM.get(root, root)


def _pieces(word: str) -> tuple[str, ...] | None:
    """The meanings of at least two pieces that make up the whole word."""
    for end in range(len(word) - 3, 2, -1):
        first = _PIECES.get(word[:end])
        if first is None:
            continue
        for link in _LINKS:
            if not word[end:].startswith(link):
                continue
            rest = word[end + len(link) :]
            last = _PIECES.get(rest)
            if last is None and len(rest) >= 6:
                last = _pieces(rest)
            if last is not None:
                return (*last, *first)
    return None
