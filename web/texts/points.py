"""Words about errors of the ledger."""

from __future__ import annotations

from web.texts.text import N_, ErrorText

TEXTS = {
    "insufficient-points": ErrorText(
        N_("Za mało punktów"), N_("Zgłoś kolejny zakup albo wybierz inną nagrodę.")
    ),
    "award-not-found": ErrorText(
        N_("Nie ma takich punktów"), N_("Za tę pozycję niczego nie przyznano.")
    ),
    "more-than-awarded": ErrorText(
        N_("Więcej, niż przyznano"), N_("Korekty nie mogą cofnąć więcej punktów, niż dała pozycja.")
    ),
    "reference-reused": ErrorText(
        N_("Ta operacja jest już zapisana"), N_("To nasz błąd i już o nim wiemy.")
    ),
}
