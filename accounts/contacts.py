"""E-mail addresses and telephone numbers in one written form each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers

from core.errors import Invalid

_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{4,253}\Z)"
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)


class ContactInvalid(Invalid):
    """Neither an e-mail address nor a telephone number that can be called."""

    code = "contact-invalid"


class ContactKind(StrEnum):
    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Contact:
    """`text` is a lower-case e-mail address or a number in E.164 (`+48601234567`)."""

    kind: ContactKind
    text: str

    @property
    def masked(self) -> str:
        """Enough to recognise one's own, too little to learn another's."""
        if self.kind is ContactKind.PHONE:
            return f"{self.text[:3]} ••• ••• {self.text[-3:]}"
        name, _, domain = self.text.partition("@")
        return f"{name[:1]}•••@{domain}"


def parse(text: str, *, field: str = "contact") -> Contact:
    """What a person typed as a contact; numbers without a country code are Polish.

    Raises `ContactInvalid`.
    """
    text = text.strip()
    return parse_email(text, field=field) if "@" in text else parse_phone(text, field=field)


def parse_email(text: str, *, field: str = "email") -> Contact:
    """Raises `ContactInvalid`. The domain may hold Polish letters; it is kept in its ASCII form."""
    name, at, domain = text.strip().rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        ascii_domain = ""
    address = f"{name}{at}{ascii_domain}".lower()
    if len(address) > 254 or not _EMAIL.fullmatch(address):
        raise ContactInvalid("no e-mail address", field=field)
    return Contact(ContactKind.EMAIL, address)


def parse_phone(text: str, *, field: str = "phone") -> Contact:
    """Raises `ContactInvalid`."""
    if len(text) > 40:
        raise ContactInvalid("no telephone number", field=field)
    try:
        number = phonenumbers.parse(text, "PL")
    except phonenumbers.NumberParseException as error:
        raise ContactInvalid("no telephone number", field=field) from error
    if not phonenumbers.is_valid_number(number):
        raise ContactInvalid("no telephone number", field=field)
    return Contact(
        ContactKind.PHONE,
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
    )
