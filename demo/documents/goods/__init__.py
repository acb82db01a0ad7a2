"""The catalogue of the fictitious trade."""

from demo.documents.goods.good import Good
from demo.documents.goods.trade import TRADE
from demo.documents.goods.voltex import VOLTEX

GOODS: tuple[Good, ...] = (*VOLTEX, *TRADE)

__all__ = ["GOODS", "TRADE", "VOLTEX", "Good"]
