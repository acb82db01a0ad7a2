"""What would make a line pay that was not paid: one answer to each reason. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from claims.states import ReasonCode


class Remedy(StrEnum):
    """What the participant can do; each has words for the page and the PDF."""

    NONE = "none"
    SEE_EARLIER = "see_earlier"  # the purchase was claimed: look there, or say why it is another
    SEND_CLEARER = "send_clearer"  # the same document again, legible
    ASK_SELLER = "ask_seller"  # the seller's own copy or confirmation
    OWN_INVOICE = "own_invoice"  # a document that names the participant's firm
    BUY_IN_PERIOD = "buy_in_period"
    NAME_PRODUCT = "name_product"  # say which product of the programme it is
    COUNT_UNITS = "count_units"  # a picture on which the quantity can be read
    SHOW_VALUE = "show_value"  # a picture on which the line's value can be read
    SEND_INVOICE = "send_invoice"  # the invoice of what was delivered
    FREE_UNITS = "free_units"  # only units that nobody was paid for
    WAIT_FOR_CAP = "wait_for_cap"
    BUY_AT_BRANCH = "buy_at_branch"  # only some of the wholesaler's branches take part
    BUY_IN_DAYS = "buy_in_days"  # the product takes part on some days only
    SEE_RATES = "see_rates"  # the terms name the products that bring points
    WRITE_TO_US = "write_to_us"


_OF: Mapping[ReasonCode, Remedy] = MappingProxyType(
    {
        ReasonCode.COUNTED: Remedy.NONE,
        ReasonCode.DUPLICATE: Remedy.SEE_EARLIER,
        ReasonCode.UNREADABLE: Remedy.SEND_CLEARER,
        ReasonCode.NOT_OUR_DOCUMENT: Remedy.ASK_SELLER,
        ReasonCode.OTHER_BUYER: Remedy.OWN_INVOICE,
        ReasonCode.OUTSIDE_PERIOD: Remedy.BUY_IN_PERIOD,
        ReasonCode.NOT_IN_PROGRAM: Remedy.NAME_PRODUCT,
        ReasonCode.RETURNED_GOODS: Remedy.NONE,
        # A suspicion is no accusation: the words are those of any open question.
        ReasonCode.SUSPECTED_FORGERY: Remedy.WRITE_TO_US,
        ReasonCode.OTHER: Remedy.WRITE_TO_US,
        ReasonCode.PRODUCT_UNCERTAIN: Remedy.NAME_PRODUCT,
        ReasonCode.QUANTITY_UNCERTAIN: Remedy.COUNT_UNITS,
        ReasonCode.VALUE_UNCERTAIN: Remedy.SHOW_VALUE,
        ReasonCode.ADVANCE: Remedy.SEND_INVOICE,
        ReasonCode.NO_SALE: Remedy.SEND_INVOICE,
        ReasonCode.ALREADY_CLAIMED: Remedy.FREE_UNITS,
        ReasonCode.CAP_REACHED: Remedy.WAIT_FOR_CAP,
        ReasonCode.BRANCH_NOT_IN_PROGRAM: Remedy.BUY_AT_BRANCH,
        ReasonCode.PRODUCT_NOT_IN_DAYS: Remedy.BUY_IN_DAYS,
        ReasonCode.NO_RATE: Remedy.SEE_RATES,
    }
)


def remedy_of(reason: ReasonCode) -> Remedy:
    """The answer to a reason. A reason without one is written to us about."""
    return _OF.get(reason, Remedy.WRITE_TO_US)
