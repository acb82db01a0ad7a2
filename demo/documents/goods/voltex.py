"""The goods of the fictitious manufacturer Voltex: families Nova, Box and MCB."""

from __future__ import annotations

from decimal import Decimal

from demo.documents.goods.good import Good
from demo.documents.identifiers import make_gtin

COLOURS = (
    ("biały", "BIAŁ", "WH", 0),
    ("kremowy", "KREM", "CR", 0),
    ("srebrny", "SREB", "SI", 3),
    ("antracyt", "ANTR", "AN", 3),
    ("czarny mat", "CZ.MAT", "BM", 5),
)
# name, abbreviation, code, price, usual multiple
MECHANISMS = (
    ("Gniazdo pojedyncze z uziemieniem 16A", "gn. poj. z/u 16A", "G1U", "11.90", 10),
    ("Gniazdo podwójne z uziemieniem 16A", "gn. podw. z/u 16A", "G2U", "17.40", 10),
    ("Gniazdo pojedyncze bryzgoszczelne IP44", "gn. poj. z/u IP44 klapka", "G1H", "19.80", 5),
    ("Gniazdo podwójne USB A+C 20W", "gn. 2xUSB A+C 20W", "GUS", "84.50", 1),
    ("Gniazdo RTV-SAT końcowe", "gn. RTV-SAT końc.", "GTV", "33.60", 5),
    ("Gniazdo RTV-SAT przelotowe", "gn. RTV-SAT przel.", "GTP", "36.20", 5),
    ("Gniazdo komputerowe RJ45 kat. 6", "gn. komp. 1xRJ45 k.6", "GR1", "29.90", 5),
    ("Gniazdo komputerowe 2xRJ45 kat. 6", "gn. komp. 2xRJ45 k.6", "GR2", "46.70", 5),
    ("Gniazdo głośnikowe podwójne", "gn. głośn. podw.", "GGL", "27.30", 1),
    ("Łącznik jednobiegunowy 10AX", "łącz. 1-bieg. 10AX", "L1B", "10.80", 10),
    ("Łącznik świecznikowy 10AX", "łącz. świecz. 10AX", "LSW", "14.20", 10),
    ("Łącznik schodowy 10AX", "łącz. schod. 10AX", "LSC", "11.70", 10),
    ("Łącznik schodowy podwójny 10AX", "łącz. schod. podw. 10AX", "LS2", "22.90", 5),
    ("Łącznik krzyżowy 10AX", "łącz. krzyż. 10AX", "LKR", "21.50", 5),
    ("Łącznik żaluzjowy z blokadą", "łącz. żaluzj. z blok.", "LZA", "31.40", 5),
    ("Przycisk dzwonek 10A", "przyc. dzwonek 10A", "PDZ", "12.30", 5),
    ("Przycisk światło z podświetleniem", "przyc. światło podśw.", "PSP", "18.60", 5),
    ("Ściemniacz obrotowy LED 4-200W", "ściem. obr. LED 4-200W", "SLE", "96.00", 1),
    ("Regulator temperatury z czujnikiem podłogowym", "reg. temp. podł. 16A", "RTP", "178.00", 1),
    ("Czujnik ruchu 180° podtynkowy", "czujn. ruchu 180st. p/t", "CRU", "119.00", 1),
    ("Zaślepka otworu", "zaślepka", "ZAS", "5.40", 5),
)
FRAMES = (
    ("Ramka pojedyncza", "ramka x1", "R1", "4.60", 20),
    ("Ramka podwójna", "ramka x2", "R2", "7.90", 10),
    ("Ramka potrójna", "ramka x3", "R3", "12.40", 10),
    ("Ramka poczwórna", "ramka x4", "R4", "17.20", 5),
    ("Ramka pięciokrotna", "ramka x5", "R5", "23.80", 5),
)
BOXES = (
    (1, 8, "41.00"), (1, 12, "54.00"), (1, 18, "79.00"), (2, 12, "96.00"), (2, 18, "138.00"),
    (3, 12, "142.00"), (3, 18, "196.00"), (4, 12, "189.00"), (4, 18, "268.00"), (5, 18, "338.00"),
)  # fmt: skip
RATINGS_A = (6, 10, 13, 16, 20, 25, 32, 40, 50, 63)


def _nova() -> list[Good]:
    goods = []
    for code, group in (("N", MECHANISMS), ("NR", FRAMES)):
        for number, (name, short, part, price, pack) in enumerate(group):
            for colour, (word, abbreviation, suffix, extra) in enumerate(COLOURS):
                item = (1000 if code == "N" else 2000) + number * 10 + colour
                carton = 10 if pack == 1 else pack * 10
                goods.append(
                    Good(
                        sku=f"VX-N-{part}-{suffix}",
                        gtin=make_gtin(item),
                        name=f"{name} Voltex Nova {word}",
                        short=f"VOLTEX NOVA {short} {abbreviation}",
                        price=Decimal(price) + extra,
                        brand="Voltex",
                        family="Nova",
                        pack=pack,
                        carton_gtin=make_gtin(40_000 + item),
                        carton_units=carton,
                    )
                )
    return goods


def _box() -> list[Good]:
    goods = []
    doors = (("drzwi białe", "drz.biał", "W", 0), ("drzwi transparentne", "drz.transp", "T", 9))
    mounts = (("natynkowa", "n/t", "NT", 0), ("podtynkowa", "p/t", "PT", 6))
    for number, (rows, modules, price) in enumerate(BOXES):
        for mount, (mount_word, mount_short, mount_code, more) in enumerate(mounts):
            for door, (door_word, door_short, door_code, extra) in enumerate(doors):
                goods.append(
                    Good(
                        sku=f"VX-B-{rows}{modules:02d}-{mount_code}{door_code}",
                        gtin=make_gtin(5000 + number * 10 + mount * 4 + door),
                        name=f"Rozdzielnica {mount_word} Voltex Box {rows}x{modules} {door_word}"
                        " N+PE IP40",
                        short=f"rozdz. {mount_short} VOLTEX BOX {rows}x{modules} {door_short}"
                        " N+PE IP40",
                        price=Decimal(price) + more + extra,
                        brand="Voltex",
                        family="Box",
                    )
                )
    return goods


def _mcb() -> list[Good]:
    goods = []
    for poles, (base, step) in {1: ("12.40", "0.18"), 3: ("44.00", "0.55")}.items():
        for curve_number, curve in enumerate("BC"):
            for number, rating in enumerate(RATINGS_A):
                goods.append(
                    Good(
                        sku=f"VX-M-{poles}{curve}{rating:02d}",
                        gtin=make_gtin(6000 + poles * 100 + curve_number * 50 + number),
                        name=f"Wyłącznik nadprądowy Voltex MCB {curve}{rating} {poles}P 6kA",
                        short=f"wył. nadpr. VOLTEX MCB {curve}{rating}/{poles} 6kA",
                        price=Decimal(base) + Decimal(step) * rating + (2 if curve == "C" else 0),
                        brand="Voltex",
                        family="MCB",
                        pack=12 if poles == 1 else 4,
                        carton_gtin=make_gtin(46_000 + poles * 100 + curve_number * 50 + number),
                        carton_units=12 if poles == 1 else 4,
                    )
                )
    others = (
        ("Wyłącznik różnicowoprądowy Voltex MCB 25A 30mA 2P A", "wył. różn. VOLTEX MCB 25/2/003-A",
         "R2-25", "98.00"),
        ("Wyłącznik różnicowoprądowy Voltex MCB 40A 30mA 2P A", "wył. różn. VOLTEX MCB 40/2/003-A",
         "R2-40", "104.00"),
        ("Wyłącznik różnicowoprądowy Voltex MCB 25A 30mA 4P A", "wył. różn. VOLTEX MCB 25/4/003-A",
         "R4-25", "146.00"),
        ("Wyłącznik różnicowoprądowy Voltex MCB 40A 30mA 4P A", "wył. różn. VOLTEX MCB 40/4/003-A",
         "R4-40", "152.00"),
        ("Wyłącznik różnicowoprądowy Voltex MCB 63A 30mA 4P A", "wył. różn. VOLTEX MCB 63/4/003-A",
         "R4-63", "214.00"),
        ("Rozłącznik izolacyjny Voltex MCB 63A 3P", "rozł. izol. VOLTEX MCB FR 63/3", "FR363",
         "61.00"),
        ("Rozłącznik izolacyjny Voltex MCB 100A 3P", "rozł. izol. VOLTEX MCB FR 100/3", "FR310",
         "74.00"),
        ("Ogranicznik przepięć Voltex MCB typ 1+2 4P", "ogr. przep. VOLTEX MCB T1+T2 4P", "SPD12",
         "396.00"),
        ("Ogranicznik przepięć Voltex MCB typ 2 4P", "ogr. przep. VOLTEX MCB T2 4P", "SPD2",
         "218.00"),
        ("Lampka sygnalizacyjna Voltex MCB 3-fazowa", "lampka sygn. VOLTEX MCB 3F", "LS3",
         "36.00"),
        ("Szyna łączeniowa Voltex MCB widełkowa 3P 1m", "szyna łącz. VOLTEX MCB wid. 3P 1m",
         "SZ3", "49.00"),
    )  # fmt: skip
    for number, (name, short, code, price) in enumerate(others):
        goods.append(
            Good(
                sku=f"VX-M-{code}",
                gtin=make_gtin(6600 + number),
                name=name,
                short=short,
                price=Decimal(price),
                brand="Voltex",
                family="MCB",
            )
        )
    return goods


VOLTEX: tuple[Good, ...] = (*_nova(), *_box(), *_mcb())
