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
    "more-than-taken": ErrorText(
        N_("Korekty cofnęły mniej punktów"), N_("Oddać można tylko to, co cofnęły.")
    ),
    "more-than-awarded": ErrorText(
        N_("Więcej, niż przyznano"), N_("Korekty nie mogą cofnąć więcej punktów, niż dała pozycja.")
    ),
    "adjustment-not-found": ErrorText(
        N_("Nie ma takiego wyrównania"), N_("Zajrzyj do listy wyrównań.")
    ),
    "adjustment-decided": ErrorText(
        N_("To wyrównanie jest już rozstrzygnięte"), N_("Nic więcej nie zmieniliśmy.")
    ),
    "second-person-needed": ErrorText(
        N_("Potrzebna jest druga osoba"),
        N_("Kto prosi o wyrównanie powyżej limitu, nie może go sam zatwierdzić."),
    ),
    "own-adjustment": ErrorText(
        N_("To Twoje własne punkty"), N_("Poproś o to kogoś innego z obsługi programu.")
    ),
    "not-enough-to-take": ErrorText(
        N_("Uczestnik ma mniej punktów"), N_("Nie można zabrać więcej, niż jest na koncie.")
    ),
    "reference-reused": ErrorText(
        N_("Ta operacja jest już zapisana"), N_("To nasz błąd i już o nim wiemy.")
    ),
}
