"""The people, firms, products and rewards of the demo, as plain facts. Everything is invented."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from programs.policy import (
    Budget,
    Campaign,
    Every,
    FirstPurchase,
    Ladder,
    Level,
    PerUnit,
    PerValue,
    Rules,
    Selection,
    Target,
)

PROGRAM_NAME = "Klub Elektryka"
MANUFACTURER = "Voltex S.A."

# Wholesaler key of demo.documents.firms → its branches: name, street, postcode, city, TERYT.
BRANCHES: dict[str, tuple[tuple[str, str, str, str, str], ...]] = {
    "cekao": (
        ("Poznań", "ul. Kolejowa 55", "61-854", "Poznań", "30"),
        ("Gniezno", "ul. Witkowska 12", "62-200", "Gniezno", "30"),
    ),
    "eltrans": (
        ("Rzeszów", "ul. Składowa 14", "35-105", "Rzeszów", "18"),
        ("Tarnów", "ul. Lwowska 71", "33-100", "Tarnów", "12"),
    ),
    "nord": (
        ("Gdańsk", "al. Hanzy 101", "80-299", "Gdańsk", "22"),
        ("Gdynia", "ul. Hutnicza 4", "81-212", "Gdynia", "22"),
        ("Elbląg", "ul. Żuławska 30", "82-300", "Elbląg", "28"),
    ),
}


@dataclass(frozen=True, slots=True)
class Fitter:
    """A participant: who, whose firm, where; `loyalty` is how often they buy and claim."""

    name: str
    company: str
    street: str
    postcode: str
    city: str
    voivodeship: str
    seller: str
    loyalty: float


# The first one is the participant of the one-click sign-in.
FITTERS: tuple[Fitter, ...] = (
    Fitter("Marek Wrona", "Instalacje Marek Wrona", "ul. Polna 4", "62-300", "Września", "30", "cekao", 9.0),
    Fitter("Jan Kowalczyk", "Elektroinstal Jan Kowalczyk", "ul. Polna 18", "36-060", "Głogów Młp.", "18", "eltrans", 1.4),
    Fitter("Piotr Sroka", "Usługi Elektryczne Piotr Sroka", "Brzeziny 114", "39-124", "Brzeziny", "18", "eltrans", 1.1),
    Fitter("Mariusz Pałka", "ELMAR Mariusz Pałka", "ul. Zielona 5/12", "33-101", "Tarnów", "12", "eltrans", 0.8),
    Fitter("Ewelina Sikora", "Instalbud Sp. z o.o.", "ul. Wapienna 40", "61-003", "Poznań", "30", "cekao", 1.6),
    Fitter("Tomasz Gąsior", "Zakład Elektryczny Faza Tomasz Gąsior", "ul. Kościuszki 88", "62-200", "Gniezno", "30", "cekao", 1.2),
    Fitter("Łukasz Żuraw", "Prądex Łukasz Żuraw", "ul. Słoneczna 2A", "81-198", "Kosakowo", "22", "nord", 1.3),
    Fitter("Krzysztof Mazurek", "BUD-EL Mazurek i Wspólnicy Sp. j.", "ul. Ceglana 11", "62-020", "Swarzędz", "30", "cekao", 1.5),
    Fitter("Anna Nowicka", "Elektro-Serwis Anna Nowicka", "ul. Lotnicza 7", "82-300", "Elbląg", "28", "nord", 1.0),
    Fitter("Rafał Szczęsny", "Inteligentny Dom Rafał Szczęsny", "ul. Wąska 9", "81-001", "Gdynia", "22", "nord", 1.8),
    Fitter("Paweł Grześkowiak", "Firma Remontowa Grześkowiak", "ul. Długa 61", "64-300", "Nowy Tomyśl", "30", "cekao", 0.6),
    Fitter("Adam Bąk", "Pogotowie Elektryczne Adam Bąk", "ul. Nocna 24", "80-464", "Gdańsk", "22", "nord", 1.1),
    Fitter("Wojciech Dąbek", "Wojciech Dąbek Instalacje", "Stara Wieś 203", "34-600", "Limanowa", "12", "eltrans", 0.9),
    Fitter("Grzegorz Ptak", "EL-TECH Automatyka Sp. z o.o.", "ul. Hutnicza 3", "80-871", "Gdańsk", "22", "nord", 1.4),
    Fitter("Kamil Ćwik", "Monter Kamil Ćwik", "ul. Tęczowa 15", "35-304", "Rzeszów", "18", "eltrans", 1.0),
    Fitter("Dorota Leśniak", "Fotoamper Sp. z o.o.", "ul. Energetyczna 1", "35-959", "Rzeszów", "18", "eltrans", 1.2),
    Fitter("Henryk Łoś", "Zakład Usługowy Śruba Henryk Łoś", "ul. Młyńska 6", "84-230", "Rumia", "22", "nord", 0.5),
    Fitter("Michał Krawiec", "ARKA Domy Szkieletowe Sp. z o.o.", "ul. Tartaczna 19", "33-170", "Tuchów", "12", "eltrans", 0.7),
    Fitter("Mirosław Rzepka", "Mirosław Rzepka Elektromechanika", "ul. Garbary 33", "61-868", "Poznań", "30", "cekao", 1.1),
    Fitter("Ewa Jeż", "Kable i Światło Ewa Jeż", "ul. Piwna 8", "63-000", "Środa Wlkp.", "30", "cekao", 0.9),
    Fitter("Bartosz Wilk", "Instalator Bartosz Wilk", "ul. Jagiełły 21/3", "14-100", "Ostróda", "28", "nord", 0.8),
    Fitter("Sebastian Czapla", "Czapla Elektro", "ul. Krótka 2", "62-240", "Trzemeszno", "30", "cekao", 0.7),
    Fitter("Joanna Bielik", "Bielik Smart Instalacje", "ul. Morska 140", "81-222", "Gdynia", "22", "nord", 1.2),
    Fitter("Damian Kos", "Kos i Syn Instalacje", "ul. Leśna 9", "37-100", "Łańcut", "18", "eltrans", 1.0),
    Fitter("Artur Jaskółka", "Usługi Elektryczne Jaskółka", "ul. Akacjowa 3", "62-100", "Wągrowiec", "30", "cekao", 0.6),
    Fitter("Zbigniew Drozd", "Drozd Elektryka", "ul. Sportowa 17", "39-200", "Dębica", "18", "eltrans", 0.9),
    Fitter("Natalia Gil", "Gil Energia Sp. z o.o.", "ul. Portowa 8", "81-350", "Gdynia", "22", "nord", 1.1),
    Fitter("Robert Sowa", "Sowa Zabezpieczenia", "ul. Nowa 5", "82-200", "Malbork", "22", "nord", 0.7),
    Fitter("Jacek Kania", "Kania Instalacje", "ul. Rolna 40", "61-487", "Poznań", "30", "cekao", 1.3),
    Fitter("Monika Żuk", "Żuk Elektro-Bud", "ul. Wspólna 12", "38-200", "Jasło", "18", "eltrans", 0.8),
    Fitter("Dariusz Rak", "Rak Automatyka Budynkowa", "ul. Przemysłowa 3", "33-300", "Nowy Sącz", "12", "eltrans", 0.9),
    Fitter("Szymon Lis", "Lis Elektryk", "ul. Ogrodowa 6", "83-200", "Starogard Gd.", "22", "nord", 0.6),
    Fitter("Agata Wróbel", "Wróbel Projekt i Montaż", "ul. Młyńska 1", "61-729", "Poznań", "30", "cekao", 1.0),
    Fitter("Leszek Dzik", "Dzik Usługi Budowlane", "ul. Kręta 22", "64-600", "Oborniki", "30", "cekao", 0.5),
    Fitter("Konrad Sęk", "Sęk Instalacje Przemysłowe", "ul. Stoczniowa 9", "82-300", "Elbląg", "28", "nord", 1.1),
    Fitter("Iwona Kaczmarek", "Kaczmarek Oświetlenie", "ul. Zamkowa 4", "62-030", "Luboń", "30", "cekao", 0.8),
)  # fmt: skip

LADDER = Ladder(
    window_days=180,
    sink=Every.QUARTER,
    levels=(
        Level(name="Srebrny", at_least=Decimal(2_000)),
        Level(name="Złoty", at_least=Decimal(18_000)),
    ),
)
TIER_FACTORS = {"Srebrny": Decimal("1.05"), "Złoty": Decimal("1.1")}
WELCOME = FirstPurchase(clause="Na dobry początek", points=Decimal(100))
COAST = "Pomorze i Warmia"  # the segment of the spring promotion
COAST_VOIVODESHIPS = ("22", "28")

RULES_FROM_JANUARY = Rules(
    bonuses=(WELCOME,),
    ladder=LADDER,
    tier_factors=TIER_FACTORS,
    base=(
        PerUnit(clause="Osprzęt Nova", points=Decimal(10), products=Selection(families=("Nova",))),
        PerUnit(
            clause="Rozdzielnice Box", points=Decimal(90), products=Selection(families=("Box",))
        ),
        PerUnit(clause="Aparatura MCB", points=Decimal(8), products=Selection(families=("MCB",))),
    ),
)
# Dear pieces bring points by their price.
BY_VALUE = tuple(f"VX-N-GUS-{colour}" for colour in ("WH", "CR", "SI", "AN", "BM"))
RULES_FROM_OCTOBER = Rules(
    bonuses=(
        WELCOME,
        Target(
            clause="Setka z Novą",
            points=Decimal(300),
            units=Decimal(100),
            products=Selection(families=("Nova",)),
        ),
    ),
    ladder=LADDER,
    tier_factors=TIER_FACTORS,
    budget=Budget(points=1_500_000, every=Every.YEAR),
    base=(
        PerValue(
            clause="Gniazda USB Nova",
            points=Decimal(5),
            zloty=Decimal(20),
            products=Selection(skus=BY_VALUE),
        ),
        PerUnit(clause="Osprzęt Nova", points=Decimal(12), products=Selection(families=("Nova",))),
        PerUnit(
            clause="Rozdzielnice Box", points=Decimal(120), products=Selection(families=("Box",))
        ),
        PerUnit(clause="Aparatura MCB", points=Decimal(10), products=Selection(families=("MCB",))),
    ),
)


def rules_from_october(campaign: Campaign) -> Rules:
    return RULES_FROM_OCTOBER.model_copy(update={"campaigns": (campaign,)})


@dataclass(frozen=True, slots=True)
class Prize:
    """A reward, what it costs us and how it lies in stock."""

    slug: str
    name: str
    description: str
    category: str
    points: int
    cost_grosze: int
    weight_g: int
    stock: int
    picture: str
    expiry_days: int | None = None


PRIZES: tuple[Prize, ...] = (
    Prize("rekawice", "Rękawice monterskie, 3 pary", "Powlekane nitrylem, chwytny spód, rozmiar 9 lub 10: podasz go w uwagach.", "Odzież", 300, 1_400, 180, 120, "hand-stop"),
    Prize("bity", "Zestaw bitów 32 el.", "Stal S2, uchwyt magnetyczny, pudełko na pasek.", "Narzędzia", 550, 2_300, 240, 80, "tools"),
    Prize("noz-monterski", "Nóż monterski z zapasowymi ostrzami", "Gumowana rękojeść, pięć ostrzy w rękojeści, kabura na pas.", "Narzędzia", 900, 3_200, 220, 60, "slice"),
    Prize("termos", "Termos stalowy 1 l", "Trzyma ciepło 12 godzin. Kubek w zakrętce, uszczelka na wymianę.", "Na budowę", 1_200, 4_900, 610, 40, "mug"),
    Prize("kawa", "Kawa ziarnista 2 × 1 kg", "Średnio palona, dwie paczki. Termin przydatności podajemy w paczce.", "Na budowę", 1_600, 8_400, 2_150, 48, "coffee", 90),
    Prize("latarka", "Latarka czołowa 600 lm", "Ładowanie USB-C, czujnik gestu, pasuje na kask.", "Narzędzia", 1_900, 7_900, 160, 35, "bulb"),
    Prize("sciagacz", "Ściągacz izolacji automatyczny", "Przewody 0,2–6 mm², regulowany ogranicznik długości.", "Narzędzia", 2_400, 9_600, 380, 30, "scissors"),
    Prize("miernik", "Multimetr cyfrowy True RMS", "Cęgi do 400 A, pomiar temperatury, etui i przewody w zestawie.", "Pomiary", 4_200, 21_900, 640, 18, "gauge"),
    Prize("plecak", "Plecak narzędziowy 28 l", "Sztywne dno, 40 kieszeni, odblaski, miejsce na poziomicę.", "Na budowę", 4_800, 23_500, 1_900, 14, "backpack"),
    Prize("softshell", "Kurtka softshell robocza", "Wodoodporna, rozmiary S–3XL: rozmiar podasz w uwagach do zamówienia.", "Odzież", 5_200, 24_900, 900, 20, "shirt"),
    Prize("klucze", "Zestaw kluczy nasadowych 94 el.", "Walizka, grzechotki 1/4\" i 1/2\", stal chromowo-wanadowa.", "Narzędzia", 6_400, 31_900, 6_200, 12, "tool"),
    Prize("glosnik", "Głośnik budowlany z radiem", "Pyłoszczelny, zasilanie z akumulatora 18 V lub z sieci.", "Na budowę", 7_800, 38_900, 3_400, 8, "device-speaker"),
    Prize("laser", "Poziomica laserowa krzyżowa, zielona", "Zasięg 30 m, samopoziomowanie, statyw i walizka.", "Pomiary", 12_500, 64_900, 2_300, 3, "ruler-2"),
    Prize("wkretarka", "Wiertarko-wkrętarka 18 V, 2 akumulatory", "Bezszczotkowa, 60 Nm, dwa akumulatory 4 Ah, ładowarka i walizka.", "Narzędzia", 15_000, 78_900, 3_800, 5, "hammer-drill"),
)  # fmt: skip

ABSENCE = {
    "pl": (
        "Kurier zadzwoni i przyjedzie drugi raz następnego dnia roboczego. Potem paczka czeka 48 godzin "
        "w punkcie odbioru. Termin lub miejsce zmienisz na stronie śledzenia."
    ),
    "en": (
        "The courier will call and come again on the next working day. After that the parcel waits for "
        "48 hours at a pick-up point. Change the time or place on the tracking page."
    ),
}
POINT_ABSENCE = {
    "pl": (
        "Paczka czeka w punkcie 48 godzin od wiadomości o doręczeniu. Czas odbioru przedłużysz raz o "
        "24 godziny. Nieodebrana paczka wraca do nas, a punkty wracają na Twoje konto."
    ),
    "en": (
        "The parcel waits at the point for 48 hours after the delivery message. You may extend it once by "
        "24 hours. An uncollected parcel returns to us and the points return to your account."
    ),
}
