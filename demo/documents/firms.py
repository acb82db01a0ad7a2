"""Fictitious wholesalers, shops, contractors, and how each wholesaler names and numbers goods."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass

from demo.documents.goods import Good
from demo.documents.identifiers import make_account, make_nip, make_regon
from demo.documents.purchase import Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Wholesaler:
    """A seller and its habits: how it numbers, names and documents what it sells."""

    party: Party
    key: str
    number_form: str  # invoice numbers: {n} {n4} {mm} {yyyy} {yy} {branch}
    index_form: str  # own article numbers: "digits", "letters", "sku", "" (none)
    name_form: str = "short"  # "short", "full", "caps", "plain" (caps without diacritics)
    shows_gtin: bool = False
    layout: str = "ramka"
    branch: str = "01"

    def index_of(self, good: Good) -> str:
        """This seller's own article number; stable, and different at every seller."""
        seed = int(hashlib.sha256(f"{self.key}|{good.sku}".encode()).hexdigest()[:8], 16)
        if self.index_form == "digits":
            return f"{seed % 900_000 + 100_000}"
        if self.index_form == "letters":
            return f"{good.brand[:3].upper() or 'XXX'}-{seed % 90_000 + 10_000}"
        return good.sku if self.index_form == "sku" else ""

    def name_of(self, good: Good) -> str:
        """The article's name as this seller prints it."""
        if self.name_form == "full":
            return good.name
        if self.name_form == "caps":
            return good.short.upper()
        return plain(good.short).upper() if self.name_form == "plain" else good.short


def plain(text: str) -> str:
    """Polish letters without their marks, as old programs and tills print them."""
    text = text.replace("ł", "l").replace("Ł", "L").replace("²", "2").replace("λ", "L")
    folded = unicodedata.normalize("NFD", text)
    return "".join(c for c in folded if not unicodedata.combining(c))


def _firm(serial: int, name: str, street: str, town: str, **more: str) -> Party:
    postcode, city = town.split(" ", 1)
    return Party(
        name=name,
        nip=make_nip(serial),
        street=street,
        postcode=postcode,
        city=city,
        regon=make_regon(serial),
        **more,
    )


def _seller(serial: int, key: str, name: str, street: str, town: str, **more: str) -> Party:
    return _firm(
        serial,
        name,
        street,
        town,
        phone=f"{22 + serial} {300 + serial * 7} {10 + serial} {11 + serial * 2}",
        email=f"biuro@{key}.example",
        bank=("Bank Rzemiosła S.A.", "Bank Hanzeatycki S.A.", "Kasa Kupiecka")[serial % 3],
        account=make_account(serial),
        bdo=f"0004{serial * 1_313 % 100_000:05d}",
        krs="" if "Sp. z" not in name and "S.A." not in name else f"0000{700_000 + serial * 811}",
        **more,
    )


WHOLESALERS: tuple[Wholesaler, ...] = (
    Wholesaler(
        party=_seller(1, "eltrans", "Eltrans Hurt Sp. z o.o.", "ul. Składowa 14", "35-105 Rzeszów"),
        key="eltrans",
        number_form="FV/{n}/{mm}/{yyyy}",
        index_form="digits",
        layout="ramka",
    ),
    Wholesaler(
        party=_seller(
            2,
            "amper-hurt",
            "Hurtownia Elektryczna AMPER-HURT Sp. z o.o. Sp. k.",
            "ul. Przemysłowa 8",
            "43-300 Bielsko-Biała",
        ),
        key="amper",
        number_form="FS {n4}/MAG{branch}/{yyyy}",
        index_form="letters",
        name_form="caps",
        shows_gtin=True,
        layout="hurt",
        branch="02",
    ),
    Wholesaler(
        party=_seller(
            3, "kontakt-el", "PPHU Kontakt-El Zbigniew Worek", "ul. Targowa 3", "26-600 Radom"
        ),
        key="kontakt",
        number_form="{n}/{mm}/{yyyy}/F",
        index_form="",
        layout="szeryf",
    ),
    Wholesaler(
        party=_seller(
            4,
            "nordelektro",
            "Nordelektro S.A.",
            "al. Hanzy 101",
            "80-299 Gdańsk",
            short="NORDELEKTRO",
        ),
        key="nord",
        number_form="F/{n7}/{yy}/GDA",
        index_form="sku",
        name_form="full",
        shows_gtin=True,
        layout="optima",
    ),
    Wholesaler(
        party=_seller(
            5, "volt-trade", "Volt-Trade Sp. z o.o.", "ul. Fabryczna 22/4", "90-344 Łódź"
        ),
        key="volttrade",
        number_form="FV {n}/{mm}/{yyyy}",
        index_form="digits",
        name_form="full",
        layout="chmura",
    ),
    Wholesaler(
        party=_seller(
            6,
            "iskra-bis",
            "ISKRA BIS Krystyna Dudek, Marek Dudek s.c.",
            "Rynek 7",
            "34-100 Wadowice",
        ),
        key="iskra",
        number_form="{n4}/FV/{yy}",
        index_form="letters",
        name_form="plain",
        layout="konsola",
    ),
    Wholesaler(
        party=_seller(
            7,
            "centrum-kabla",
            "Centrum Kabla i Osprzętu Sp. z o.o.",
            "ul. Kolejowa 55",
            "61-854 Poznań",
        ),
        key="cekao",
        number_form="FA-{n}-{yyyy}-{mm}",
        index_form="digits",
        layout="podsumowanie",
    ),
    Wholesaler(
        party=_seller(
            8, "wschod-instal", "Wschód-Instal Sp. z o.o.", "ul. Mełgiewska 9A", "20-234 Lublin"
        ),
        key="wschod",
        number_form="FVS/{yyyy}/{mm}/{n5}",
        index_form="sku",
        shows_gtin=True,
        layout="arkusz",
    ),
    Wholesaler(
        party=_seller(
            9,
            "markelektro",
            "Mark-Elektro Marek Zawilski",
            "ul. Lipowa 31",
            "15-424 Białystok",
            short="MARK-ELEKTRO M.ZAWILSKI",
        ),
        key="mark",
        number_form="FD/{n}/{yyyy}",
        index_form="",
        name_form="full",
        layout="brutto",
    ),
    Wholesaler(
        party=_seller(
            10,
            "skladelektro",
            "Skład Elektro Silesia Sp. z o.o.",
            "ul. Wolności 212",
            "41-800 Zabrze",
        ),
        key="silesia",
        number_form="{branch}/FV/{n5}/{yyyy}",
        index_form="digits",
        name_form="caps",
        layout="dwujezyczna",
        branch="K1",
    ),
    Wholesaler(
        party=_seller(
            11, "poziom", "Hurtownia Poziom Sp. z o.o.", "ul. Magazynowa 21", "62-020 Swarzędz"
        ),
        key="poziom",
        number_form="FA/{n}/{yyyy}/{branch}",
        index_form="letters",
        name_form="full",
        layout="pietro",
        branch="SWA",
    ),
    Wholesaler(
        party=_seller(
            12, "rozdzielnia", "Rozdzielnia Polska S.A.", "al. Krakowska 190", "02-180 Warszawa"
        ),
        key="rozdzielnia",
        number_form="90{n5}{mm}",
        index_form="digits",
        layout="warunki",
    ),
)

SHOPS: tuple[Party, ...] = (
    _seller(
        31,
        "elektromarket",
        "ELEKTRO-MARKET SP. Z O.O.",
        "ul. Ogrodowa 12",
        "32-020 Wieliczka",
        short="ELEKTRO-MARKET",
    ),
    _seller(
        32,
        "majster",
        "MARKET BUDOWLANY MAJSTER S.A.",
        "ul. Obwodowa 1",
        "05-500 Piaseczno",
        short="MAJSTER Piaseczno",
    ),
    _seller(33, "zaradny", "P.H. ZARADNY JAN KULA", "ul. Krótka 4", "38-400 Krosno", short=""),
    _seller(
        34,
        "hurtelko",
        "HURTOWNIA ELKO SP. Z O.O.",
        "ul. Składowa 5",
        "10-408 Olsztyn",
        short="ELKO Oddział Olsztyn",
    ),
    _seller(35, "lampka", "SKLEP LAMPKA ANNA WRONA", "ul. Rynkowa 18/2", "83-110 Tczew", short=""),
    _seller(
        36,
        "budmix",
        "BUDMIX CENTRUM BUDOWLANE SP. J.",
        "ul. Leśna 77",
        "97-300 Piotrków Tryb.",
        short="BUDMIX",
    ),
    _seller(
        37,
        "cashelektro",
        "CASH ELEKTRO POLSKA SP. Z O.O.",
        "ul. Magazynowa 2",
        "62-052 Komorniki",
        short="",
    ),
)

BUYERS: tuple[Party, ...] = tuple(
    _firm(100 + number, name, street, town, customer_number=f"K{1_000 + number * 37}")
    for number, (name, street, town) in enumerate(
        (
            ("Elektroinstal Jan Kowalczyk", "ul. Polna 18", "36-060 Głogów Małopolski"),
            ("Usługi Elektryczne Piotr Sroka", "Brzeziny 114", "39-124 Brzeziny"),
            ("ELMAR Mariusz Pałka", "ul. Zielona 5/12", "43-316 Bielsko-Biała"),
            ("Instalbud Sp. z o.o.", "ul. Wapienna 40", "25-112 Kielce"),
            ("Zakład Elektryczny Faza Tomasz Gąsior", "ul. Kościuszki 88", "34-100 Wadowice"),
            ("Prądex Usługi Instalacyjne Łukasz Żuraw", "ul. Słoneczna 2A", "05-820 Piastów"),
            ("BUD-EL Krzysztof Mazurek i Wspólnicy Sp. j.", "ul. Ceglana 11", "62-020 Swarzędz"),
            ("Elektro-Serwis Anna Nowicka", "ul. Lotnicza 7", "82-300 Elbląg"),
            ("Inteligentny Dom Rafał Szczęsny", "ul. Wąska 9", "81-001 Gdynia"),
            ("Firma Remontowo-Budowlana Grześkowiak", "ul. Długa 61", "64-300 Nowy Tomyśl"),
            ("Pogotowie Elektryczne Światełko Adam Bąk", "ul. Nocna 24", "91-480 Łódź"),
            ("Wojciech Dąbek Instalacje", "Stara Wieś 203", "34-600 Limanowa"),
            ("EL-TECH Automatyka Sp. z o.o.", "ul. Hutnicza 3", "41-506 Chorzów"),
            ("Monter Kamil Ćwik", "ul. Tęczowa 15", "20-844 Lublin"),
            ("Fotoamper Sp. z o.o.", "ul. Energetyczna 1", "15-620 Białystok"),
            ("Zakład Usługowy Śruba Henryk Łoś", "ul. Młyńska 6", "78-200 Białogard"),
            ("ARKA Domy Szkieletowe Sp. z o.o. Sp. k.", "ul. Tartaczna 19", "34-730 Mszana Dolna"),
            ("Mirosław Rzepka Elektromechanika", "ul. Garbary 33", "61-868 Poznań"),
            ("Kable i Światło Ewa Jeż", "ul. Piwna 8", "50-353 Wrocław"),
            ("Instalator Bartosz Wilk", "ul. Jagiełły 21/3", "14-100 Ostróda"),
        )
    )
)

CONSUMER = Party(name="Jan Przykładowy", street="ul. Cicha 1", postcode="30-001", city="Kraków")
