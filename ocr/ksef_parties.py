"""The parties of a KSeF invoice: seller, buyer, the buyer's additional firms, employees, others."""

from __future__ import annotations

from ocr import identifiers
from ocr.reading import Party, Proof, Reading, Severity, Value
from ocr.xml_source import Node
from ocr.xml_values import Values

ADDITIONAL_BUYER = "4"
EMPLOYEE = "11"
RECIPIENT = "2"
AUTHORISED = "authorised"  # PodmiotUpowazniony: bailiff, tax representative
BEFORE_SELLER = "seller-before"  # Podmiot1K, Podmiot2K: the data before a correction
BEFORE_BUYER = "buyer-before"


def party(node: Node | None, values: Values, *, role: str = "", label: str = "") -> Party:
    """One party; `label` names it in findings (`seller`, `buyer`, a role number)."""
    if node is None:
        return Party(role=role)
    identity = node.first("DaneIdentyfikacyjne")
    facts = identity.fields() if identity else {}
    return Party(
        name=values.text(facts.get("Nazwa", "")),
        vat_id=_vat_id(facts, values, label or role),
        address=_address(node, values),
        customer_number=values.text(node.value("NrKlienta")),
        role=role,
    )


def third_parties(root: Node, values: Values) -> tuple[Party, ...]:
    """Podmiot3 with the role's number, or its description where the role is another."""
    found = []
    for node in root.every("Podmiot3"):
        role = node.value("Rola") or node.value("OpisRoli") or node.value("RolaInna")
        found.append(party(node, values, role=role))
    for node in root.every("PodmiotUpowazniony"):
        found.append(party(node, values, role=AUTHORISED))
    for name, role in (("Podmiot1K", BEFORE_SELLER), ("Podmiot2K", BEFORE_BUYER)):
        for node in root.every(f"Fa/{name}"):
            found.append(party(node, values, role=role))
    return tuple(found)


def buyer_roles(reading: Reading, nip: str) -> tuple[str, ...]:
    """As what a firm bought: any of `buyer`, `additional-buyer`, `employee`; empty when it did not.

    The NIP of an employee (role 11) is that of the person who bought for the firm.
    """
    wanted = identifiers.nip_normalised(nip)
    if wanted is None:
        return ()
    named = {ADDITIONAL_BUYER: "additional-buyer", EMPLOYEE: "employee"}
    parties = [("buyer", reading.buyer)]
    parties += [(named[p.role], p) for p in reading.third_parties if p.role in named]
    found = [role for role, party in parties if party.vat_id and party.vat_id.value == wanted]
    return tuple(dict.fromkeys(found))


def _vat_id(facts: dict[str, str], values: Values, label: str) -> Value[str] | None:
    nip, country = facts.get("NIP", ""), facts.get("KodUE", "")
    foreign = facts.get("NrVatUE", "")
    if nip:
        text = identifiers.nip_normalised(nip) or nip
    elif foreign:
        # KodUE=PL with a NIP in NrVatUE occurs and is a NIP.
        text = identifiers.vat_id_normalised(foreign, country) or country + foreign
    elif identifier := facts.get("NrID", ""):
        return Value(facts.get("KodKraju", "") + identifier, Proof.STRUCTURED, raw=identifier)
    else:
        return None
    if (nip or text.isdigit()) and not identifiers.nip_valid(text):
        values.note("nip-checksum", Severity.WARNING, party=label, value=text)
    return Value(text, Proof.STRUCTURED, raw=nip or foreign)


def _address(node: Node, values: Values) -> Value[str] | None:
    parts = [node.value(f"Adres/{line}") for line in ("AdresL1", "AdresL2")]
    return values.text(", ".join(part for part in parts if part))
