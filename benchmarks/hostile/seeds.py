"""Small honest documents of every accepted kind, drawn here, to be damaged by `mutations`."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pillow_heif
from fpdf import FPDF
from PIL import Image, ImageDraw, ImageFont

from benchmarks.hostile.rawpdf import raw_pdf, stream

# A file drawn a second later is the same file.
DRAWN_AT = datetime(2026, 1, 2, tzinfo=UTC)
SLIP = """SKLEP PRZYKŁADOWY
ul. Próbna 1, 00-001 Warszawa
NIP 123-456-32-18
2026-11-20        nr wydr. 4711
PARAGON FISKALNY
KABEL YDY 3x1,5   2 x10,00  20,00A
PUSZKA FI 60      5 x1,20    6,00A
SPRZEDAŻ OPODATKOWANA A     26,00
PTU A 23,00%                 4,86
SUMA PTU                     4,86
SUMA PLN                    26,00
00217 #1 KASJER 02          14:07
EAZ 2101234567"""

INVOICE = """Faktura nr FV/12/11/2026
Data wystawienia: 2026-11-20
Sprzedawca: Hurtownia Probna Sp. z o.o.  NIP 123-456-32-18
Nabywca: Zaklad Elektryczny Jan Przyklad  NIP 526-587-76-35
Lp. Nazwa             Ilosc J.m. Cena netto VAT Wartosc netto
1   Kabel YDY 3x1,5   100   m    2,00       23% 200,00
2   Puszka fi 60      10    szt. 1,50       23% 15,00
Razem netto 215,00  VAT 49,45  brutto 264,45
Do zaplaty: 264,45 PLN"""

FA3 = """<?xml version="1.0" encoding="UTF-8"?>
<Faktura xmlns="http://crd.gov.pl/wzor/2025/06/25/13775/"><Naglowek>
<KodFormularza kodSystemowy="FA (3)" wersjaSchemy="1-0E">FA</KodFormularza>
<WariantFormularza>3</WariantFormularza>
<DataWytworzeniaFa>2026-11-20T10:00:00Z</DataWytworzeniaFa></Naglowek>
<Podmiot1><DaneIdentyfikacyjne><NIP>1234563218</NIP><Nazwa>Hurtownia Próbna</Nazwa>
</DaneIdentyfikacyjne><Adres><KodKraju>PL</KodKraju><AdresL1>Próbna 1</AdresL1></Adres></Podmiot1>
<Podmiot2><DaneIdentyfikacyjne><NIP>5265877635</NIP><Nazwa>Zakład Jana</Nazwa>
</DaneIdentyfikacyjne><JST>2</JST><GV>2</GV></Podmiot2>
<Fa><KodWaluty>PLN</KodWaluty><P_1>2026-11-20</P_1><P_2>FV/12/11/2026</P_2>
<P_13_1>200.00</P_13_1><P_14_1>46.00</P_14_1><P_15>246.00</P_15>
<Adnotacje><P_16>2</P_16><P_17>2</P_17><P_18>2</P_18><P_18A>2</P_18A>
<Zwolnienie><P_19N>1</P_19N></Zwolnienie>
<NoweSrodkiTransportu><P_22N>1</P_22N></NoweSrodkiTransportu><P_23>2</P_23>
<PMarzy><P_PMarzyN>1</P_PMarzyN></PMarzy></Adnotacje><RodzajFaktury>VAT</RodzajFaktury>
<FaWiersz><NrWierszaFa>1</NrWierszaFa><P_7>Kabel YDY 3x1,5</P_7><P_8A>m</P_8A>
<P_8B>100</P_8B><P_9A>2.00</P_9A><P_11>200.00</P_11><P_12>23</P_12></FaWiersz></Fa></Faktura>
"""


def picture(text: str = SLIP, *, size: int = 15) -> Image.Image:
    """Black letters on white paper, small enough to be recognised in well under a second."""
    image = Image.new("RGB", (360, 24 + text.count("\n") * (size + 6) + size), "white")
    font = ImageFont.load_default(size)
    ImageDraw.Draw(image).multiline_text((10, 8), text, fill="black", font=font, spacing=6)
    return image


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """The picture as a file of `kind`, a format name of Pillow."""
    if kind == "HEIF":
        pillow_heif.register_heif_opener()
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def text_pdf(text: str = INVOICE, *, pages: int = 1) -> bytes:
    """An invoice with a text layer."""
    pdf = FPDF()
    pdf.set_creation_date(DRAWN_AT)
    for _ in range(pages):
        pdf.add_page()
        pdf.set_font("helvetica", size=11)
        pdf.multi_cell(0, 7, text)
    return bytes(pdf.output())


def scan_pdf() -> bytes:
    """A page that is one picture."""
    image = picture()
    jpeg = encoded(image, "JPEG")
    head = (
        f"/Type/XObject/Subtype/Image/Width {image.width}/Height {image.height}"
        "/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode"
    )
    return raw_pdf(
        content=b"q 360 0 0 360 0 0 cm /P Do Q",
        resources="/XObject<</P 5 0 R>>",
        extra=[stream(jpeg, head)],
        box=(360, 360),
    )


def locked_pdf() -> bytes:
    """A PDF that opens with a password only."""
    pdf = FPDF()
    pdf.set_encryption(owner_password="owner", user_password="user")  # noqa: S106 (a sample)
    pdf.add_page()
    pdf.set_font("helvetica", size=11)
    pdf.multi_cell(0, 7, INVOICE)
    return bytes(pdf.output())


def all_seeds() -> dict[str, bytes]:
    """One honest file of each kind, by the usual file ending."""
    small = picture(SLIP[:120])
    return {
        "jpg": encoded(picture(), "JPEG", quality=85),
        "progressive.jpg": encoded(small, "JPEG", progressive=True),
        "png": encoded(picture(), "PNG"),
        "palette.png": encoded(small.convert("P"), "PNG"),
        "webp": encoded(small, "WEBP"),
        "heic": encoded(small, "HEIF"),
        "pdf": text_pdf(),
        "scan.pdf": scan_pdf(),
        "xml": FA3.encode(),
    }
