"""The head of a fiscal slip: seller, tax numbers, time, print number; and the till's own number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ocr.identifiers import nip_valid
from ocr.reading import Proof, Value
from ocr.receipt_dates import advertises
from ocr.receipt_rows import Row
from ocr.receipt_text import find_date, find_time, folded, plain, says

_NIP = re.compile(r"(?<!\d)(?:PL\s?)?(\d(?:[\s-]?\d){9})(?!\d)")
_NEARLY_NIP = re.compile(r"\W*(?:N ?I ?P|N[1ITLJFP]P|[NMH][1IL]P|N[1IL][PFRD])\W{0,3}(?=\d)")
_POSTCODE = re.compile(r"(?<!\d)\d\d\s?-\s?\d{3}(?!\d)")
_FORM = re.compile(
    r"\b([S5]P[.,]*\s*[Z2]\.?\s*[O0]\.?\s*[O0]|SP[O0]LKA|S\.\s?A\b\.?|SP\.?\s?K\b|SP\.?\s?J\b|S\.\s?C\b|"
    r"P\.?H\.?U|F\.?H\.?U|P\.?P\.?H\.?U)",
)
_FORM_MISREAD = re.compile(
    r"\b([S5])(P)([.,]*\s*)[Z2]([.,]?\s*)[O0]([.,]?\s*)[O0]\b", re.IGNORECASE
)
_REGISTERED = re.compile(r"^.*\b(?:BD[O0]|REJ\.?|KRS|REGON)\W*(?:\d\s?){6,14}\W*(?=[^\W\d])", re.I)
_STREET = re.compile(
    r"^(UL|AL|PL|OS|ALEJA|ULICA)\b|\b(UL|AL|PL|OS)\.|\bTEL\b|\bFAX\b|WWW|@|\bBDO\b|\bREGON\b|\bKRS\b"
)
_NUMBER_LABELLED = re.compile(r"(?:\bNR|PARAGON\s+NR)\.?\s*:?\s*W?\s?(\d{3,9})(?!\d|[-/.]\d)")
# Behind `nr wydr.` some tills add the number of the day's report.
_NUMBER_OF_PRINT = re.compile(r"\b(?:N[RF]\s*)?[WU]YDR\w*\.?\s*:?\s*W?\s?(\d{3,9})(?=\D|$)")
# `W000123`: short for it, alone or beside the date
_NUMBER_W = re.compile(r"(?<![^\W_])W\s?[.:]?\s?(\d{4,9})(?!\d|[-/.]\d)")
_BEHIND_NIP = re.compile(r"(?<=[:.R])\s?(\d{3,9})(?!\d)|(?<!\d)(\d{3,9})\W*$")
_NUMBER_BARE = re.compile(r"(?<![\d.,:/#-])W?(\d{3,9})(?![\d.,:/-])")
_OTHER_NUMBERS = (
    "TEL", "TRANSAKCJI", "SYS", "BDO", "GIOS", "REJ", "KLIENTA", "KASJER", "SKLEP", "MARKET",
    "SUPERMARKET", "STACJA", "LOKAL", "KARTY", "DOWODU", "KONTA", "TERMINAL*", "ZAMOWIENIA",
)  # fmt: skip
_GREETINGS = ("WITAMY", "WITAJ", "WITAMY*", "ZAPRASZAMY", "DZIEKUJEMY", "DZIEN DOBRY")
_INVOICE_NUMBER = re.compile(
    r"(?:\bN(?:UME)?R\b\.?:?(?:\s+FAKTURY)?|FAKTURA(?:\s+VAT)?)\s*:?\s*(\S*\d\S*)", re.IGNORECASE
)
# `00033 N07 78765`: the hash before the till's number was read as a letter.
_COUNTER_MISREAD = re.compile(r"\W*(\d{4,8})\s+[NHWKM]\d{1,3}\s+\S")
_REGISTER = re.compile(r"([A-Z0-9]{3})\s?[.:]?\s?(\d{10}|\d{8})(?!\d)")
_LEAST_NAME = 3  # letters before the form of a company
_LETTER_OF = str.maketrans("0158624", "OISBGZA")


def read_nips(rows: Sequence[Row]) -> tuple[Value[str] | None, Value[str] | None]:
    """Tax numbers of seller and buyer whose checksum is right.

    A buyer's is printed as such; one of two different numbers in the foot is the buyer's as well.
    """
    seller: Value[str] | None = None
    buyer: Value[str] | None = None
    for place, row in enumerate(rows):
        text = plain(row.text)
        for hit in _NIP.finditer(text):
            digits = re.sub(r"\D", "", hit[1])
            if not nip_valid(digits):
                continue
            value = Value(digits, Proof.CHECKSUM, row.confidence, row.span_box(*hit.span()), hit[0])
            above = rows[place - 1].text if place else ""
            named = "NABYWC" in folded(row.text)  # also where it is glued to `NIP`
            if (
                named
                or says(row.text, "NABYWC*", "NABYWCA", "KUPUJACEGO")
                or (not says(row.text, "NIP") and says(above, "NABYWC*", "NABYWCA"))
            ):
                buyer = buyer or value
            elif seller is None and (
                says(row.text, "NIP") or "-" in hit[1] or _NEARLY_NIP.match(folded(row.text))
            ):
                seller = value
            elif seller and buyer is None and says(row.text, "NIP") and digits != seller.value:
                buyer = value
    return seller, buyer


def read_time(rows: Sequence[Row]) -> Value[str] | None:
    """The time of the sale: tills print it in the foot, some beside the date."""
    for row in reversed(rows):
        if says(row.text, "SUMA", "PTU") or (
            find_date(row.text) is None and "#" not in row.text and ":" not in row.text
        ):
            continue
        if found := find_time(_without_date(row.text)):
            return Value(found, Proof.READ, row.confidence, row.box, row.text)
    return None


def _without_date(text: str) -> str:
    return re.sub(r"(?:20\d\d[-./]\d\d[-./]\d\d|\d\d[-./]\d\d[-./]20\d\d)", " ", plain(text))


def read_print_number(head: Sequence[Row], foot: Sequence[Row]) -> Value[str] | None:
    """The counter of print-outs: labelled `nr wydr.`, or beside the NIP or date above the items."""
    for row in head:
        if hit := _NUMBER_OF_PRINT.search(folded(plain(row.text))):
            return _number(hit, row)
        if (hit := _NUMBER_W.search(folded(plain(row.text)))) and (
            find_date(row.text) is not None or hit[0] == folded(row.text).strip()
        ):
            return _number(hit, row)
    for row in head:
        if (hit := _behind_nip(row.text)) is not None:
            return _number(hit, row)
    for row in (*head, *foot):
        text = folded(plain(row.text))
        if says(text, "NIP", *_OTHER_NUMBERS) or _STREET.search(text):
            continue
        if (hit := _NUMBER_LABELLED.search(text)) and "#" not in text[: hit.start()]:
            if "PARAGON" not in hit[0] and _of_a_shop(text[: hit.start()]):
                continue
            return _number(hit, row)
    for place, row in enumerate(head):
        if find_date(row.text) is None or advertises(row.text):
            continue
        for near in (row, *head[place + 1 : place + 2]):
            text = plain(near.text)
            if near is not row and says(text, "NIP", "TEL"):
                continue
            rest = re.sub(r"\d{1,2}:\d\d(:\d\d)?", lambda hit: " " * len(hit[0]), text)
            rest = re.sub(
                r"(?:20\d\d[-./]\d\d[-./]\d\d|\d\d[-./]\d\d[-./]20\d\d)",
                lambda hit: " " * len(hit[0]),
                rest,
            )
            hits = list(_NUMBER_BARE.finditer(rest))
            if hits and (near is row or re.fullmatch(r"\W*\d+\W*", rest)):
                hit = hits[-1]
                box = near.span_box(*hit.span(1))
                return Value(hit[1], Proof.READ, near.confidence, box, near.text)
    return None


def _of_a_shop(text: str) -> bool:
    """Whether a number behind these words is that of a branch: `Restauracja Rondo nr 388`."""
    named = find_date(text) is None and not says(text, "PARAGON", "DATA", "KASA")
    return named and sum(c.isalpha() for c in text) >= 6


def _number(hit: re.Match[str], row: Row) -> Value[str]:
    group = hit.lastindex or 0
    return Value(hit[group], Proof.READ, row.confidence, row.span_box(*hit.span(group)), row.text)


def _behind_nip(text: str) -> re.Match[str] | None:
    """`NIP 7121008323   nr:251870`: what stands behind a whole tax number, however it is named."""
    if not says(text, "NIP") or says(text, "NABYWC*", "NABYWCA"):
        return None
    nip = next((hit for hit in _NIP.finditer(plain(text)) if nip_valid(hit[1])), None)
    return _BEHIND_NIP.search(folded(plain(text)), nip.end()) if nip else None


def read_register(foot: Sequence[Row]) -> Value[str] | None:
    """The till's unique number beside the fiscal logo: three letters, eight or ten digits."""
    for row in foot:
        text = plain(folded(row.text))
        for hit in _REGISTER.finditer(text):
            before = text[: hit.start()].strip()
            letters = hit[1].translate(_LETTER_OF)
            # The logo is read as one to three odd characters; more in front is another number.
            named = says(before, "UNIKATOWY", "UNIK")
            if not letters.isalpha() or hit[1].isdigit():
                continue
            if len(before.replace(" ", "")) > 4 and not named:
                continue
            if text[hit.end() :].strip() and len(text[hit.end() :].strip()) > 6:
                continue
            value = letters + hit[2]
            return Value(value, Proof.READ, row.confidence, row.span_box(*hit.span()), row.text)
    return None


def read_system_number(foot: Sequence[Row]) -> Value[str] | None:
    """`Nr sys.` or `NUMER SYSTEMOWY`: the shop's own counter."""
    for place, row in enumerate(foot):
        if not says(row.text, "SYS", "SYSTEMOWY"):
            continue
        after = foot[place + 1 : place + 2]
        for near in (row, *after, *foot[max(0, place - 1) : place]):
            if hit := re.search(r"(?<!\d)(\d{2,8})(?!\d)\W*$", plain(near.text)):
                return Value(
                    hit[1], Proof.READ, near.confidence, near.span_box(*hit.span(1)), near.text
                )
    return None


def read_invoice_number(head: Sequence[Row]) -> Value[str] | None:
    """`FAKTURA NR FV/12/2026` on a slip: tills print invoices as well."""
    for place, row in enumerate(head):
        if not says(row.text, "FAKTURA", "FAKTURY") or says(row.text, "PARAGONU"):
            continue
        for near in head[place : place + 2]:
            if hit := _INVOICE_NUMBER.search(near.text):
                box = near.span_box(*hit.span(1))
                return Value(hit[1], Proof.READ, near.confidence, box, near.text)
    return None


def read_receipt_counter(foot: Sequence[Row]) -> Value[str] | None:
    """The smaller counter of receipts: `00217 #2 KASJER 02 14:07`."""
    for row in foot:
        text = plain(row.text)
        hit = re.match(r"\W*F?(\d{3,8})(?:/\d{1,5})?\s*#", text)
        if hit is None and find_date(text) is not None and find_time(text) is not None:
            hit = _COUNTER_MISREAD.match(text)
        if hit is not None:
            return Value(hit[1], Proof.READ, row.confidence, row.span_box(*hit.span(1)), row.text)
    return None


def read_seller(head: Sequence[Row], rows: Sequence[Row] = ()) -> Value[str] | None:
    """The seller's name: the row with a company form, else the first row that is no address.

    What lies beside the slip may stand in that row: then another of `rows` has the name alone.
    """
    named = _seller(head)
    if named is None or " ".join(named.raw.split()).find(named.value) < 0:
        return named  # nothing, or put together from two rows
    for row in rows[len(head) :]:
        text = " ".join(row.text.split()).strip(" ,;-")
        form = _FORM.search(folded(text))
        if form is None or form.start() <= _LEAST_NAME or len(text) >= len(named.value):
            continue
        if re.search(rf"(?<!\S){re.escape(text)}(?!\S)", named.value):
            return replace(named, value=text)
    return named


def _seller(head: Sequence[Row]) -> Value[str] | None:
    first: Value[str] | None = None
    for place, row in enumerate(head):
        text = folded(row.text)
        if says(text, "NIP", "FISKALNY"):
            break
        if (form := _FORM.search(text)) and not _POSTCODE.match(text):
            name, box = row.text, row.box
            if form.start() < 3 and place and not _STREET.search(folded(head[place - 1].text)):
                name, box = f"{head[place - 1].text} {name}", head[place - 1].box.union(row.box)
            elif (
                place
                and re.match(r"(POLSKA|I|ORAZ)\b", text)
                and _is_name(folded(head[place - 1].text))
            ):
                name, box = f"{head[place - 1].text} {name}", head[place - 1].box.union(box)
            elif place and _ends_in_postcode(head[place - 1].text):
                name = _after_city(name)
            name = _REGISTERED.sub("", name)
            name = _FORM_MISREAD.sub(_form, " ".join(name.split())).strip(" ,;-")
            return Value(name, Proof.READ, row.confidence, box, row.text)
        if first is None and _is_name(text) and not says(text, *_GREETINGS):
            first = Value(
                " ".join(row.text.split()).strip(" ,;-"),
                Proof.READ,
                row.confidence,
                row.box,
                row.text,
            )
    return first


def _form(hit: re.Match[str]) -> str:
    """`Sp. 2 0.0` is how engines read `Sp. z o.o`."""
    first = hit[1].replace("5", "S")
    form = re.sub(r"[.,]+", ".", f"{first}{hit[2]}{hit[3]}z{hit[4]}o{hit[5]}o")
    return form.upper() if hit[2].isupper() else form


def _is_name(text: str) -> bool:
    letters = sum(c.isalpha() for c in text)
    return letters >= 4 and not _STREET.search(text) and not _POSTCODE.search(text)


def _ends_in_postcode(text: str) -> bool:
    return re.search(r"(?<![\d-])\d\d-\d{3}\W*$", text) is not None


def _after_city(name: str) -> str:
    """An address that wraps puts its town in front of the name, sometimes without a blank."""
    if glued := re.match(r"[A-ZĄĆĘŁŃÓŚŹŻ][a-ząćęłńóśźż]+(?=[A-ZĄĆĘŁŃÓŚŹŻ])", name):
        return name[glued.end() :]
    _, _, rest = name.partition(" ")
    return rest or name
