"""Words about errors of logistics."""

from __future__ import annotations

from web.texts.text import N_, ErrorText

TEXTS = {
    "shipment-not-found": ErrorText(
        N_("Nie ma takiej paczki"), N_("Sprawdź numer albo zeskanuj ponownie.")
    ),
    "wrong-lot": ErrorText(N_("To inna partia"), N_("Odłóż ją i weź partię ze zlecenia.")),
    "label-used": ErrorText(
        N_("Ten numer jest już na innej paczce"), N_("Sprawdź etykietę: %(number)s.")
    ),
    "out-of-stock": ErrorText(
        N_("Nie ma tyle na stanie"), N_("Niczego nie zarezerwowano. Wybierz mniej albo poczekaj.")
    ),
}
