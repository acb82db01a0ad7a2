"""Fictitious identifiers whose check digits are right: NIP, REGON, GTIN, account, KSeF number."""

from __future__ import annotations

import hashlib
from datetime import date

NIP_WEIGHTS = (6, 5, 7, 2, 3, 4, 5, 6, 7)
REGON_WEIGHTS = (8, 9, 2, 3, 4, 5, 6, 7)
# 5901234 is the prefix that the numbering organisation itself uses for examples.
GTIN_PREFIX = "5901234"
# Small tax offices never reached serial numbers this high, so no living firm is hit.
FIRST_NIP_SERIAL = 970_000
NIP_OFFICES = ("615", "686", "739", "743", "787", "819", "848", "867", "874", "915")


def nip_is_valid(nip: str) -> bool:
    """Ten digits whose weighted sum modulo 11 is the last digit; ten noughts are refused."""
    if len(nip) != 10 or not nip.isdigit() or nip[0] == "0" or nip[1:3] == "00":
        return False
    total = sum(w * int(d) for w, d in zip(NIP_WEIGHTS, nip, strict=False))
    return total % 11 == int(nip[9])  # A remainder of ten never equals a digit.


def make_nip(serial: int) -> str:
    """The `serial`-th fictitious tax number; equal serials give equal numbers."""
    office = NIP_OFFICES[serial % len(NIP_OFFICES)]
    number = FIRST_NIP_SERIAL + serial // len(NIP_OFFICES) * 7
    while True:
        body = f"{office}{number:06d}"
        check = sum(w * int(d) for w, d in zip(NIP_WEIGHTS, body, strict=True)) % 11
        if check < 10:
            return f"{body}{check}"
        number += 1  # At most the next of seven: no two serials meet.


def make_regon(serial: int) -> str:
    """A nine-digit REGON with its check digit."""
    body = f"{38_000_000 + serial * 17:08d}"
    check = sum(w * int(d) for w, d in zip(REGON_WEIGHTS, body, strict=True)) % 11 % 10
    return f"{body}{check}"


def gtin_check_digit(body: str) -> str:
    """The last digit of a GTIN of any length: from the right, weights 3, 1, 3 …"""
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(body)))
    return str(-total % 10)


def make_gtin(item: int) -> str:
    """GTIN-13 of item 0 to 99,999 under the example prefix."""
    body = f"{GTIN_PREFIX}{item:05d}"
    return body + gtin_check_digit(body)


def make_account(serial: int) -> str:
    """A 26-digit Polish account number that passes modulo 97."""
    body = f"10209999{serial * 7_919 % 10**16:016d}"
    check = 98 - int(body + "252100") % 97
    return f"{check:02d}{body}"


def crc8(data: bytes) -> int:
    """CRC-8 with polynomial 0x07, start 0, no reflection: the last byte of a KSeF number."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1) ^ 0x07 if crc & 0x80 else crc << 1
            crc &= 0xFF
    return crc


def make_ksef_number(nip: str, accepted_on: date, salt: str) -> str:
    """A KSeF number of 35 characters; `salt` stands for the document it was given to."""
    technical = hashlib.sha256(f"{nip}|{salt}".encode()).hexdigest()[:12].upper()
    head = f"{nip}-{accepted_on:%Y%m%d}-{technical}"
    return f"{head}-{crc8(head.encode()):02X}"
