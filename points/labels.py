"""What the operations on points are called on pages and papers (Polish; translate to show)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from points.tables import TransactionKind


def N_(text: str) -> str:
    return text  # The name by which texts to translate are found.


KINDS: Mapping[TransactionKind, str] = MappingProxyType(
    {
        TransactionKind.AWARD: N_("Punkty za zakup"),
        TransactionKind.HOLD: N_("Zamówienie nagrody"),
        TransactionKind.CAPTURE: N_("Wydana nagroda"),
        TransactionKind.RELEASE: N_("Zwrot z anulowanego zamówienia"),
        TransactionKind.EXPIRY: N_("Wygaśnięcie"),
        TransactionKind.CORRECTION: N_("Korekta decyzji"),
        TransactionKind.REFUND: N_("Zwrot punktów"),
        TransactionKind.ADJUSTMENT: N_("Wyrównanie"),
        TransactionKind.PARTNER_REWARD: N_("Premia hurtowni"),
        TransactionKind.REVERSAL: N_("Korekta faktury"),
        TransactionKind.SET_OFF: N_("Spłata punktów do oddania"),
        TransactionKind.RESTORATION: N_("Oddane po korekcie faktury"),
    }
)
