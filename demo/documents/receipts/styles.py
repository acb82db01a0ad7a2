"""How different tills print: three families of slips, each in two widths or ages."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipStyle:
    """All habits of one till. Widths count characters."""

    name: str
    width: int = 40
    font: str = "inconsolata"
    name_length: int = 18
    two_rows: bool = False  # figures always under the name
    times: str = " x"
    letter: str = "glued"  # or "spaced": the VAT letter behind the value
    letter_after_name: bool = False  # the letter also before the quantity
    places: int | None = None
    value_width: int = 9
    prints_unit: bool = False
    index_in_name: bool = False
    index_after_name: bool = False  # in a column of its own, the VAT letter behind it
    decimal: str = ","
    gtin_row: bool = False
    upper: bool = True
    plain_letters: bool = False
    title: str = "PARAGON FISKALNY"
    bold_title: bool = True
    brand_first: bool = True
    centred_head: bool = True
    centred_nip: bool = True
    phone: bool = False
    nip: str = "3-3-2-2"
    buyer_nip: str = "none"
    day: str = "iso"
    time_on_top: bool = False
    print_label: str = ""
    sum_label: str = "SUMA PLN"
    big_sum: str = "double"
    subtotal: bool = False
    sale_label: str = "SPRZEDAŻ OPODATKOWANA"
    sale_label_exempt: str = "SPRZEDAŻ ZWOLNIONA"
    tax_label: str = "PTU {mark} {percent}%"
    tax_sum_label: str = "SUMA PTU"
    discount_label: str = "OPUST"
    discount_percent: bool = False
    new_value_after_discount: bool = False
    till_form: str = "{receipt} #{till} {cashier}"
    barcode: bool = False
    greeting: tuple[str, ...] = ()


KASA = SlipStyle(
    name="kasa",
    width=40,
    name_length=18,
    prints_unit=False,
    times=" x",
    discount_label="RABAT",
    till_form="{receipt} #{till} KIEROWNIK {cashier}",
)
MARKET = SlipStyle(
    name="market",
    width=44,
    font="dejavu-mono",
    name_length=38,
    two_rows=True,
    prints_unit=True,
    times=" x ",
    letter="spaced",
    upper=False,
    gtin_row=True,
    title="P A R A G O N  F I S K A L N Y",
    bold_title=False,
    day="dots",
    print_label="nr wydr.",
    sum_label="SUMA PLN:",
    tax_label="Kwota {mark} {percent}%",
    sale_label="Sprzed. opod. PTU",
    sale_label_exempt="Sprzed. zwol. PTU",
    tax_sum_label="Podatek PTU",
    discount_label="Rabat",
    discount_percent=True,
    till_form="{receipt} Kasa {till} Kasjer {cashier}",
    barcode=True,
    greeting=("Dziękujemy i zapraszamy ponownie", "Zwrot towaru w ciągu 30 dni z paragonem"),
)
HURT = SlipStyle(
    name="hurt",
    width=48,
    font="cousine",
    name_length=25,
    prints_unit=True,
    times="*",
    index_in_name=True,
    plain_letters=True,
    letter="spaced",
    centred_head=False,
    centred_nip=False,
    phone=True,
    brand_first=False,
    day="iso",
    print_label="W",
    big_sum="tall",
    sum_label="SUMA: PLN",
    sale_label="SPRZEDAZ OPODATKOWANA",
    sale_label_exempt="SPRZEDAZ ZWOLNIONA",
    tax_label="PTU {mark} ({percent} %)",
    tax_sum_label="SUMA PTU",
    discount_label="UPUST",
    new_value_after_discount=True,
    till_form="#{till} {cashier}  nr:{receipt}",
)
STYLES: dict[str, SlipStyle] = {
    style.name: style
    for style in (
        KASA,
        replace(
            KASA,
            name="kasa-waska",
            width=32,
            name_length=18,
            value_width=8,
            font="dejavu-mono",
            time_on_top=True,
            times=" * ",
            title="P A R A G O N  F I S K A L N Y",
            plain_letters=True,
            sale_label="SPRZED. OPOD.",
            sale_label_exempt="SPRZED. ZWOL.",
            till_form="{receipt} #{till} {cashier}",
            subtotal=True,
        ),
        MARKET,
        replace(
            MARKET,
            name="market-app",
            width=40,
            font="inconsolata",
            letter="glued",
            two_rows=False,
            gtin_row=False,
            name_length=20,
            letter_after_name=True,
            times=" szt. x",
            prints_unit=False,
            print_label="",
            discount_label="OBNIŻKA",
            discount_percent=False,
            greeting=("Sprawdź promocje w aplikacji",),
        ),
        HURT,
        replace(
            HURT,
            name="hurt-stary",
            font="inconsolata",
            width=42,
            name_length=18,
            index_in_name=False,
            times=" x ",
            places=3,
            prints_unit=False,
            print_label="nr ",
            buyer_nip="3-3-2-2",
            day="dashes",
        ),
        replace(
            HURT,
            name="hurt-kod",
            font="dejavu-mono",
            width=46,
            name_length=22,
            index_in_name=False,
            index_after_name=True,
            prints_unit=False,
            letter="glued",
            decimal=".",
            print_label="nr wydruku ",
            discount_label="RABAT",
            new_value_after_discount=False,
            big_sum="double",
        ),
    )
}
