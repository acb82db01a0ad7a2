"""As what a participant's firm stands on a document."""

from __future__ import annotations

from claims.tables import BuyerRelation
from ocr.ksef_parties import buyer_roles
from ocr.reading import Reading

# Whose purchase it is: their document may be shared, and pays without a question about the buyer.
OURS = frozenset({BuyerRelation.BUYER, BuyerRelation.ADDITIONAL_BUYER, BuyerRelation.EMPLOYEE})


def relation_of(reading: Reading, *, nip: str, employed: bool) -> BuyerRelation:
    """The relation by the participant's NIP; `employed` says that it is an employer's NIP.

    Buyer, additional buyer (role 4) and employee (role 11) of the e-invoice count; a receipt or a
    photo knows the buyer only.
    """
    roles = buyer_roles(reading, nip)
    if "buyer" in roles:
        return BuyerRelation.EMPLOYEE if employed else BuyerRelation.BUYER
    if "additional-buyer" in roles:
        return BuyerRelation.ADDITIONAL_BUYER
    if "employee" in roles:
        return BuyerRelation.EMPLOYEE
    return BuyerRelation.UNREAD if reading.buyer.vat_id is None else BuyerRelation.OTHER
