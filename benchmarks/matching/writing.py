"""Writes the generated half of the labelled lines: names as sellers shorten and readers misread.

The shortenings here are written for the trade, not taken from the matcher. Run
`python -m benchmarks.matching.writing` to write `generated.tsv` anew; the same seed writes the
same file.
"""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

from demo.documents.goods import TRADE, VOLTEX

HERE = Path(__file__).parent
SEED = 20_261_120
EACH = 60
SHORT = {
    "Gniazdo": ("Gn.", "GN", "Gniaz.", "GNIAZDO"),
    "pojedyncze": ("poj.", "POJ", "pojed.", "1x"),
    "podwójne": ("podw.", "PODW", "2x", "podwój."),
    "uziemieniem": ("uziem.", "uz.", "uziemieniem"),
    "bryzgoszczelne": ("bryzg.", "bryzgoszcz.", "BRYZG"),
    "końcowe": ("końc.", "KONC", "końcowe"),
    "przelotowe": ("przel.", "przelot.", "PRZELOT"),
    "komputerowe": ("komp.", "KOMP", "komput."),
    "głośnikowe": ("głośn.", "GLOSN.", "głośnik."),
    "Łącznik": ("Łącz.", "ŁĄCZN.", "Łącznik"),
    "jednobiegunowy": ("1-bieg.", "jednobieg.", "1 bieg"),
    "świecznikowy": ("świecz.", "ŚWIECZN.", "świeczn"),
    "schodowy": ("schod.", "SCHOD", "schodowy"),
    "podwójny": ("podw.", "PODW", "podwójny"),
    "krzyżowy": ("krzyż.", "KRZYZ.", "krzyżowy"),
    "żaluzjowy": ("żaluz.", "ŻALUZJ.", "żaluzjowy"),
    "blokadą": ("blok.", "BLOKADA", "blokadą"),
    "Przycisk": ("Przyc.", "PRZYC", "Przycisk"),
    "podświetleniem": ("podśw.", "podświetl.", "PODŚWIETL"),
    "Ściemniacz": ("Ściem.", "ŚCIEMN.", "Sciemniacz"),
    "obrotowy": ("obr.", "OBROT.", "obrotowy"),
    "Regulator": ("Reg.", "REGUL.", "Regulator"),
    "temperatury": ("temp.", "TEMP", "temperat."),
    "czujnikiem": ("czujn.", "czuj.", "czujnikiem"),
    "podłogowym": ("podł.", "podłog.", "PODŁOGOWYM"),
    "Czujnik": ("Czujn.", "CZUJNIK", "Czuj."),
    "podtynkowy": ("p/t", "podtynk.", "PT"),
    "podtynkowa": ("p/t", "podtynk.", "PODT.", "P/T"),
    "natynkowa": ("n/t", "natynk.", "NAT.", "N/T"),
    "Zaślepka": ("Zaśl.", "ZAŚLEPKA", "Zaslepka"),
    "pojedyncza": ("poj.", "x1", "1-kr.", "POJ"),
    "podwójna": ("podw.", "x2", "2-krotna", "PODW"),
    "potrójna": ("potr.", "x3", "3-krotna", "3x"),
    "poczwórna": ("poczw.", "x4", "4-krotna", "4x"),
    "pięciokrotna": ("x5", "5-krotna", "5x"),
    "Rozdzielnica": ("Rozdz.", "ROZDZ", "Rozdzieln."),
    "drzwi": ("drz.", "drzwi", "DRZ"),
    "transparentne": ("transp.", "TRANSP", "transpar."),
    "białe": ("biał.", "BIAŁE", "biale"),
    "biały": ("biał.", "BIAŁY", "biała", "białe", "bialy"),
    "kremowy": ("krem.", "KREM", "kremowa"),
    "srebrny": ("srebr.", "SREBRNY", "srebrna", "sreb."),
    "antracyt": ("antr.", "ANTRACYT", "antrac."),
    "czarny": ("cz.", "CZARNY", "czar."),
    "Wyłącznik": ("Wył.", "WYŁ", "Wyłącz.", "WYL."),
    "nadprądowy": ("nadpr.", "NADPR", "nadprąd."),
    "różnicowoprądowy": ("różn.", "RÓŻN.-PRĄD.", "różnicowopr.", "RÓŻNIC."),
    "Rozłącznik": ("Rozł.", "ROZŁ", "Rozłącz."),
    "izolacyjny": ("izol.", "IZOL", "izolac."),
    "Ogranicznik": ("Ogr.", "OGRAN.", "Ogranicz."),
    "przepięć": ("przep.", "PRZEP", "przepięć"),
    "Lampka": ("Lamp.", "LAMPKA"),
    "sygnalizacyjna": ("sygn.", "SYGN", "sygnaliz."),
    "3-fazowa": ("3-faz.", "3f", "3 faz."),
    "Szyna": ("Szyna", "SZYNA"),
    "łączeniowa": ("łącz.", "ŁĄCZ", "łączen."),
    "widełkowa": ("wid.", "WIDEŁK.", "widełk."),
}
SLIPS = (
    ("rn", "m"), ("m", "rn"), ("l", "I"), ("ł", "l"), ("ó", "o"), ("ą", "q"), ("ę", "e"),
    ("ż", "z"), ("e", "c"), ("t", "l"), ("0", "O"), ("1", "l"), ("w", "vv"), ("d", "cl"),
)  # fmt: skip
# What of a name may be left out without the product becoming another one.
NEEDLESS = ("N+PE", "IP40", "6kA", "10AX", "otworu")
OTHER_BRANDS = ("Torvik", "Elbo", "Luxo", "Kontra", "Amperia")
OTHER_SERIES = {"Nova": "Arte", "Box": "Mini", "MCB": "S300"}
NEAR = (
    (r"\bB(\d+) ", r"D\1 "), (r"30mA", "300mA"), (r"30mA", "100mA"), (r"\b6kA", "10kA"),
    (r"16A", "32A"), (r"10AX", "16AX"), (r"(\d)x(\d+) drzwi", r"\1x24 drzwi"), (r"IP40", "IP65"),
    (r"IP44", "IP54"), (r"kat\. 6", "kat. 5e"), (r"4P A", "4P AC"), (r" 1P ", " 2P "),
    (r"180°", "360°"), (r"4-200W", "4-400W"), (r"20W", "65W"), (r" biały", " grafit"),
    (r" antracyt", " miedziany"), (r"Nova", "Lumi"), (r"typ 2", "typ 3"), (r" 3P", " 4P"),
)  # fmt: skip


def shorten(name: str, rng: Random) -> str:
    """As a seller writes it: words cut, needless ones left out, sometimes in capitals."""
    words = []
    for word in name.split():
        if word in NEEDLESS and rng.random() < 0.5:
            continue
        words.append(rng.choice(SHORT[word]) if word in SHORT and rng.random() < 0.75 else word)
    text = " ".join(words)
    return text.upper() if rng.random() < 0.4 else text


def reorder(name: str, rng: Random) -> str:
    """Brand first, or the last words first."""
    words = shorten(name, rng).split()
    brand = [w for w in words if w.casefold() in {"voltex", "nova", "box", "mcb"}]
    rest = [w for w in words if w not in brand]
    return " ".join(brand + rest if rng.random() < 0.7 else rest[-1:] + rest[:-1] + brand)


def misread(name: str, rng: Random) -> str:
    """One or two letters as a reader takes them for others."""
    text = name
    for _ in range(rng.choice((1, 1, 2))):
        wrong, right = rng.choice([s for s in SLIPS if s[0] in text] or [("", "")])
        places = [m.start() for m in re.finditer(re.escape(wrong), text)] if wrong else []
        if places:
            at = rng.choice(places)
            text = text[:at] + right + text[at + len(wrong) :]
    return text


def mistype(name: str, rng: Random) -> str:
    """Two letters of a word swapped, or one lost."""
    words = name.split()
    long = [i for i, w in enumerate(words) if len(w) >= 6 and w.isalpha()]
    at = rng.choice(long)
    word, place = words[at], rng.randrange(1, len(words[at]) - 2)
    swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    words[at] = swapped if rng.random() < 0.5 else word[:place] + word[place + 1 :]
    return " ".join(words)


def glue(name: str, rng: Random) -> str:
    """A blank lost, a dimension spaced or written with a times sign."""
    text = shorten(name, rng)
    text = re.sub(r"(\d)x(\d)", rng.choice((r"\1 x \2", r"\1×\2", r"\1X\2")), text)
    places = [m.start() for m in re.finditer(r"(?<=\.) (?=\w)", text)]
    if places:
        at = rng.choice(places)
        text = text[:at] + text[at + 1 :]
    return text


def with_seller_code(name: str, rng: Random) -> str:
    code = rng.choice((f"K{rng.randrange(10_000, 99_999)}", f"{rng.randrange(10**6, 10**7)}"))
    text = shorten(name, rng)
    return f"{code} {text}" if rng.random() < 0.6 else f"{text} [{code}]"


def with_code(name: str, sku: str, rng: Random) -> str:
    shown = rng.choice((sku, sku.replace("-", " "), sku.replace("-", ""), sku.lower()))
    first = " ".join(shorten(name, rng).split()[:3])
    return f"{first} {shown}" if rng.random() < 0.5 else f"{shown} {first}"


def foreign(name: str, rng: Random) -> str:
    """The same thing of another maker."""
    text = name.replace("Voltex", rng.choice(OTHER_BRANDS))
    for series, other in OTHER_SERIES.items():
        text = text.replace(series, other)
    return shorten(text, rng)


def near_miss(name: str, rng: Random) -> str | None:
    """The programme's brand, one mark changed into one that it does not make."""
    fit = [(p, r) for p, r in NEAR if re.search(p, name + " ")]
    if not fit:
        return None
    pattern, other = rng.choice(fit)
    return re.sub(pattern, other, name + " ", count=1).strip()


def lines(seed: int = SEED) -> list[tuple[str, str, str]]:
    """Text, truth and kind of every generated line; another seed writes lines never looked at."""
    rng = Random(seed)
    made: list[tuple[str, str, str]] = []
    ways = (
        ("shortened", shorten), ("reordered", reorder), ("misread", misread),
        ("mistyped", mistype), ("glued", glue), ("seller code", with_seller_code),
    )  # fmt: skip
    for kind, way in ways:
        made += [(way(g.name, rng), g.sku, kind) for g in rng.sample(VOLTEX, EACH)]
    made += [(with_code(g.name, g.sku, rng), g.sku, "code in text") for g in rng.sample(VOLTEX, 40)]
    made += [(foreign(g.name, rng), "-", "other brand") for g in rng.sample(VOLTEX, EACH)]
    known = {g.name for g in VOLTEX}
    for good in rng.sample(VOLTEX, 90):
        text = near_miss(good.name, rng)
        if text and text not in known:
            made.append((text, "-", "near miss"))
    made += [(shorten(g.name, rng), "-", "other goods") for g in rng.sample(TRADE, EACH)]
    return list({row[0]: row for row in made}.values())


def main() -> None:
    text = "".join("\t".join(row) + "\n" for row in lines())
    (HERE / "generated.tsv").write_text("# text\ttruth\tkind\n" + text, encoding="utf-8")


if __name__ == "__main__":
    main()
