"""Firms and people as documents name them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A firm or a person as printed on a document; `nip` is empty for a consumer."""

    name: str
    nip: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    short: str = ""  # as a till prints it
    regon: str = ""
    krs: str = ""
    bdo: str = ""
    phone: str = ""
    email: str = ""
    bank: str = ""
    account: str = ""
    customer_number: str = ""
    eu_vat: str = ""  # country prefix and number, for `KodUE` + `NrVatUE`

    @property
    def town(self) -> str:
        return f"{self.postcode} {self.city}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdParty:
    """Podmiot3: the role by its number, or in words when `role` is 0."""

    party: Party
    role: int = 0
    role_text: str = ""
