"""Other electrical and building goods of the trade: no-name goods and fictitious brands."""

from __future__ import annotations

from decimal import Decimal

from demo.documents.goods.good import Good
from demo.documents.identifiers import make_gtin

# type, cross-sections, price per mm² and core, unit, multiple
CABLES = (
    ("Przewód YDYp żo 450/750V", "YDYp żo 450/750V",
     ("2x1,5", "3x1,5", "3x2,5", "4x1,5", "5x1,5", "3x4", "5x2,5"), "0.62", 100),
    ("Przewód YDY żo 450/750V", "YDY żo 450/750V",
     ("3x1,5", "3x2,5", "5x2,5", "5x4", "5x6", "5x10"), "0.66", 50),
    ("Kabel ziemny YKY żo 0,6/1kV", "YKY żo 0,6/1kV",
     ("3x1,5", "3x2,5", "4x10", "5x4", "5x6", "5x10", "5x16"), "0.71", 25),
    ("Przewód OMY H03VV-F", "OMY 300/300V", ("2x0,75", "2x1", "3x1", "3x1,5"), "0.74", 50),
    ("Przewód OWY H05VV-F", "OWY 300/500V", ("3x1,5", "3x2,5", "5x2,5"), "0.79", 25),
    ("Przewód LgY H07V-K", "LgY 750V",
     ("1x1,5", "1x2,5", "1x4", "1x6", "1x10", "1x16"), "0.68", 100),
)  # fmt: skip
DATA_CABLES = (
    ("Skrętka U/UTP kat. 5e drut 4x2x0,5", "UTP k.5e 4x2x0,5 drut", "1.45", 305),
    ("Skrętka U/UTP kat. 6 drut 4x2x0,57", "UTP k.6 4x2x0,57 drut", "2.18", 305),
    ("Skrętka F/UTP kat. 6 żelowana", "FTP k.6 żel. ziemny", "3.20", 100),
    ("Przewód koncentryczny RG6 Cu", "konc. RG-6 Cu 75om", "2.05", 100),
    ("Przewód alarmowy YTDY 8x0,5", "YTDY 8x0,5", "2.10", 100),
    ("Przewód domofonowy YTDY 6x0,5", "YTDY 6x0,5", "1.62", 100),
)
# name, abbreviation, unit, price, multiple, brand
ARTICLES = (
    ("Rura karbowana peszel 16 320N z pilotem", "peszel 16/320N +pilot szary", "m", "1.18", 50, ""),
    ("Rura karbowana peszel 20 320N z pilotem", "peszel 20/320N +pilot szary", "m", "1.42", 50, ""),
    ("Rura karbowana peszel 25 750N czarna", "peszel 25/750N cz. UV", "m", "2.36", 25, ""),
    ("Rura elektroinstalacyjna RL 18 3m", "rura RL 18 szt.3m", "szt.", "5.90", 10, ""),
    ("Rura elektroinstalacyjna RL 22 3m", "rura RL 22 szt.3m", "szt.", "7.20", 10, ""),
    ("Uchwyt do rury RL 18", "uchw. RL 18", "szt.", "0.34", 50, ""),
    ("Uchwyt do rury RL 22", "uchw. RL 22", "szt.", "0.41", 50, ""),
    ("Złączka do rury RL 22", "zł. ZPL 22", "szt.", "0.52", 25, ""),
    ("Kolanko do rury RL 22", "kol. KLS 22", "szt.", "1.05", 10, ""),
    ("Kanał kablowy 25x16 2m biały", "kanał kabl. LHD 25x16 2m BI", "szt.", "8.40", 5, "Elbo"),
    ("Kanał kablowy 40x40 2m biały", "kanał kabl. LHD 40x40 2m BI", "szt.", "19.90", 5, "Elbo"),
    ("Rura osłonowa DVR 50 niebieska", "DVR 50 nieb. z pilotem", "m", "4.60", 25, ""),
    ("Rura osłonowa DVR 75 niebieska", "DVR 75 nieb.", "m", "7.10", 25, ""),
    ("Puszka podtynkowa 60 głęboka z wkrętami", "puszka p/t fi60x60 gł. +wkr", "szt.", "1.35", 50,
     "Elbo"),
    ("Puszka podtynkowa 60 płytka", "puszka p/t fi60x40", "szt.", "0.98", 50, "Elbo"),
    ("Puszka podtynkowa podwójna 60", "puszka p/t 2xfi60 gł.", "szt.", "2.90", 20, "Elbo"),
    ("Puszka do płyt GK 60", "puszka G/K fi60 reg.", "szt.", "2.45", 20, "Elbo"),
    ("Puszka natynkowa hermetyczna 80x80 IP55", "puszka n/t 80x80x40 IP55", "szt.", "5.60", 10,
     "Elbo"),
    ("Puszka natynkowa hermetyczna 100x100 IP55", "puszka n/t 100x100x50 IP55", "szt.", "8.20", 10,
     "Elbo"),
    ("Pierścień dystansowy 60 12mm", "pierśc. dyst. fi60 12mm", "szt.", "0.85", 20, "Elbo"),
    ("Złączka instalacyjna 2x4mm² dźwigniowa", "zł. dźwign. 2x0,2-4mm2", "szt.", "1.29", 50,
     "Torvik"),
    ("Złączka instalacyjna 3x4mm² dźwigniowa", "zł. dźwign. 3x0,2-4mm2", "szt.", "1.49", 50,
     "Torvik"),
    ("Złączka instalacyjna 5x4mm² dźwigniowa", "zł. dźwign. 5x0,2-4mm2", "szt.", "2.19", 25,
     "Torvik"),
    ("Listwa zaciskowa 12-torowa 4mm²", "listwa zac. 12x4mm2", "szt.", "4.30", 5, ""),
    ("Blok rozdzielczy 4x11 125A", "blok rozdz. 4x11 125A", "szt.", "58.00", 1, "Torvik"),
    ("Szyna TH35 1m perforowana", "szyna TH35 1m perf.", "szt.", "9.40", 2, ""),
    ("Taśma izolacyjna PVC 19x20 czarna", "taśma izol. 19x20 CZ", "szt.", "3.60", 10, "Torvik"),
    ("Taśma izolacyjna PVC 19x20 żółto-zielona", "taśma izol. 19x20 żo", "szt.", "3.60", 10,
     "Torvik"),
    ("Opaska kablowa 200x3,6 czarna op. 100", "opaska kabl. 200x3,6 CZ", "op.", "7.90", 1,
     "Torvik"),
    ("Opaska kablowa 300x4,8 czarna op. 100", "opaska kabl. 300x4,8 CZ", "op.", "16.50", 1,
     "Torvik"),
    ("Uchwyt kablowy paskowy USMP-3 op. 50", "uchw. pask. USMP-3 a'50", "op.", "11.80", 1, ""),
    ("Kołek szybkiego montażu 6x40 op. 100", "kołek SM 6x40 a'100", "op.", "12.40", 1, "Grotex"),
    ("Kołek szybkiego montażu 8x60 op. 100", "kołek SM 8x60 a'100", "op.", "19.90", 1, "Grotex"),
    ("Końcówka tulejkowa 1,5mm² op. 100", "tulejka izol. 1,5/8 a'100", "op.", "6.20", 1, "Torvik"),
    ("Końcówka tulejkowa 2,5mm² op. 100", "tulejka izol. 2,5/8 a'100", "op.", "6.90", 1, "Torvik"),
    ("Dławnica PG16 IP68", "dławnica PG16 IP68", "szt.", "2.10", 10, ""),
    ("Bednarka ocynkowana 25x4", "bednarka oc. 25x4", "kg", "9.80", 25, ""),
    ("Uziom szpilkowy miedziowany 1,5m 14,2mm", "uziom szp. Cu 14,2/1,5m", "szt.", "46.00", 2, ""),
    ("Złącze krzyżowe bednarka-drut", "zł. krzyż. B-D 4xM8", "szt.", "8.70", 4, ""),
    ("Główna szyna wyrównawcza GSU", "GSU szyna wyrówn.", "szt.", "34.50", 1, ""),
    ("Źródło światła LED E27 9W 4000K", "LED E27 A60 9W 4000K", "szt.", "7.90", 10, "Lumenta"),
    ("Źródło światła LED E27 13W 3000K", "LED E27 A65 13W 3000K", "szt.", "11.40", 10, "Lumenta"),
    ("Źródło światła LED GU10 6W 3000K", "LED GU10 6W 3000K 38st", "szt.", "8.60", 10, "Lumenta"),
    ("Oprawa downlight LED 18W 4000K podtynkowa", "opr. downl. LED 18W 4000K p/t", "szt.",
     "38.00", 4, "Lumenta"),
    ("Oprawa hermetyczna LED 2x18W 120cm IP65", "opr. herm. LED 36W 120cm IP65", "szt.", "74.00",
     2, "Lumenta"),
    ("Panel LED 60x60 40W 4000K", "panel LED 60x60 40W 4000K", "szt.", "89.00", 2, "Lumenta"),
    ("Naświetlacz LED 50W 4000K IP65", "naśw. LED 50W 4000K IP65", "szt.", "62.00", 1, "Lumenta"),
    ("Taśma LED 24V 14,4W/m 4000K 5m", "taśma LED 24V 14,4W/m 5m", "rolka", "118.00", 1,
     "Lumenta"),
    ("Zasilacz LED 24V 100W IP67", "zasil. LED 24V 100W IP67", "szt.", "109.00", 1, "Lumenta"),
    ("Oprawa awaryjna LED 3W 3h AT", "opr. awar. LED 3W 3h AT", "szt.", "134.00", 1, "Lumenta"),
    ("Przedłużacz bębnowy 30m 3x2,5", "przedł. bęben 30m 3x2,5 IP44", "szt.", "289.00", 1, ""),
    ("Wtyczka 16A 5P 400V IP44", "wtyczka 16A/5P IP44", "szt.", "13.80", 2, "Elbo"),
    ("Gniazdo przenośne 16A 5P 400V IP44", "gn. przen. 16A/5P IP44", "szt.", "17.60", 2, "Elbo"),
    ("Gniazdo tablicowe 32A 5P 400V IP44", "gn. tabl. 32A/5P IP44", "szt.", "23.40", 1, "Elbo"),
    ("Stycznik modułowy 25A 4NO 230V", "stycz. mod. 25A 4NO 230V", "szt.", "96.00", 1, "Torvik"),
    ("Przekaźnik bistabilny 16A 230V", "przek. bist. 16A 230V", "szt.", "42.00", 1, "Torvik"),
    ("Zegar astronomiczny 1-kanałowy 16A", "zegar astro 1k 16A", "szt.", "148.00", 1, "Torvik"),
    ("Licznik energii 3-fazowy 63A MID", "licznik 3F 63A MID", "szt.", "265.00", 1, "Torvik"),
    ("Wyłącznik zmierzchowy 10A z sondą", "wył. zmierzch. 10A +sonda", "szt.", "59.00", 1,
     "Torvik"),
    ("Domofon jednorodzinny zestaw", "domofon 1-rodz. zest.", "kpl.", "219.00", 1, ""),
    ("Klej do płytek elastyczny C2TE 25kg", "klej elast. C2TE 25kg", "worek", "42.90", 5,
     "Murano"),
    ("Klej do styropianu 25kg", "klej styr. KS 25kg", "worek", "24.60", 10, "Murano"),
    ("Klej do siatki 25kg", "klej siatka KZ 25kg", "worek", "29.40", 10, "Murano"),
    ("Gips szpachlowy 20kg", "gips szpachl. 20kg", "worek", "31.20", 5, "Murano"),
    ("Gładź polimerowa 20kg", "gładź polim. 20kg got.", "wiadro", "58.00", 2, "Murano"),
    ("Zaprawa murarska 25kg", "zapr. mur. M5 25kg", "worek", "13.90", 20, "Murano"),
    ("Cement 25kg CEM II 32,5", "cement CEM II 32,5 25kg", "worek", "17.80", 20, ""),
    ("Fuga elastyczna 5kg szara", "fuga elast. 5kg SZARA", "szt.", "36.50", 2, "Murano"),
    ("Grunt głęboko penetrujący 5l", "grunt gł. penetr. 5L", "szt.", "27.90", 2, "Murano"),
    ("Folia w płynie 5kg", "folia w płynie 5kg", "szt.", "64.00", 1, "Murano"),
    ("Silikon sanitarny 280ml biały", "silikon sanit. 280ml BI", "szt.", "15.90", 6, "Grotex"),
    ("Akryl szpachlowy 280ml biały", "akryl 280ml BI", "szt.", "8.40", 12, "Grotex"),
    ("Pianka montażowa pistoletowa 750ml", "pianka pist. 750ml", "szt.", "19.80", 12, "Grotex"),
    ("Wkręt do płyt GK 3,5x25 op. 1000", "wkręt GK 3,5x25 a'1000", "op.", "18.40", 1, "Grotex"),
    ("Wkręt do drewna 5x80 op. 100", "wkręt drew. TX 5x80 a'100", "op.", "21.60", 1, "Grotex"),
    ("Płyta GK typ A 12,5 1200x2600", "płyta GK A 12,5 120x260", "szt.", "33.40", 10, ""),
    ("Profil CD60 3m", "profil CD60 0,55 3mb", "szt.", "14.90", 10, ""),
    ("Wełna mineralna 15cm λ0,035", "wełna 15cm L035 5,4m2", "op.", "139.00", 2, ""),
    ("Styropian fasada 15cm λ0,040", "styr. EPS 040 fas. 15cm", "m3", "198.00", 2, ""),
    ("Siatka z włókna szklanego 145g 50m²", "siatka elew. 145g 50m2", "rolka", "118.00", 1, ""),
    ("Folia paroizolacyjna 0,2mm 100m²", "folia paroiz. 0,2 2x50m", "rolka", "162.00", 1, ""),
    ("Rura PEX/AL/PEX 16x2", "rura PEX/AL/PEX 16x2", "m", "4.29", 100, ""),
    ("Kolano zaprasowywane 16x1/2 GW", "kolano zapr. 16x1/2 GW", "szt.", "14.80", 5, ""),
    ("Zawór kulowy 1/2 motylek", "zawór kul. 1/2 GW/GW mot.", "szt.", "21.30", 2, ""),
    ("Rura kanalizacyjna PVC 110 2m", "rura kan. PVC 110x2,2 2m", "szt.", "28.70", 4, ""),
    ("Syfon umywalkowy butelkowy", "syfon umyw. butelk. 5/4", "szt.", "17.90", 1, ""),
    ("Rękawice robocze nitrylowe rozm. 10", "ręk. rob. nitryl r.10", "para", "6.90", 12, ""),
    ("Tarcza do metalu 125x1,0", "tarcza met. 125x1,0", "szt.", "3.40", 10, "Grotex"),
    ("Wiertło SDS+ 8x160", "wiertło SDS+ 8x160", "szt.", "11.20", 1, "Grotex"),
    ("Otwornica do puszek 68mm", "otwornica 68mm beton", "szt.", "86.00", 1, "Grotex"),
)  # fmt: skip
REDUCED_RATE = (
    # Goods at 8 % and 5 % so that documents carry several rates.
    ("Poradnik elektryka 2026", "Poradnik elektryka 2026", "szt.", "57.14", 1, "5"),
    ("Woda mineralna 1,5l zgrzewka", "Woda min. 1,5L zgrz.6", "zgrz.", "11.11", 1, "8"),
    ("Usługa montażu w lokalu mieszkalnym", "usł. montażu lok. mieszk.", "usł.", "420.00", 1, "8"),
)


def _cables() -> list[Good]:
    goods = []
    item = 20_000
    for name, short, sections, price, pack in CABLES:
        for section in sections:
            cores, square = section.split("x")
            metre = Decimal(price) * int(cores) * Decimal(square.replace(",", ".")) + Decimal("0.4")
            goods.append(
                Good(
                    sku=f"K{item}",
                    gtin=make_gtin(item),
                    name=f"{name} {section}",
                    short=f"{short} {section}",
                    price=metre.quantize(Decimal("0.01")),
                    unit="m",
                    pack=pack,
                )
            )
            item += 1
    for name, short, price, pack in DATA_CABLES:
        goods.append(
            Good(
                sku=f"K{item}",
                gtin=make_gtin(item),
                name=name,
                short=short,
                price=Decimal(price),
                unit="m",
                pack=pack,
            )
        )
        item += 1
    return goods


def _articles() -> list[Good]:
    rows = [(*row[:5], row[5], "23") for row in ARTICLES]
    rows += [(*row[:5], "", row[5]) for row in REDUCED_RATE]
    return [
        Good(
            sku=f"A{number:04d}",
            gtin=make_gtin(21_000 + number),
            name=f"{name} {brand}".strip(),
            short=f"{short} {brand.upper()}".strip(),
            price=Decimal(price),
            unit=unit,
            pack=pack,
            brand=brand,
            vat_rate=rate,
        )
        for number, (name, short, unit, price, pack, brand, rate) in enumerate(rows)
    ]


TRADE: tuple[Good, ...] = (*_cables(), *_articles())
