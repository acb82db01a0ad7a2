"""Words about errors of reports."""

from __future__ import annotations

from web.texts.text import N_, ErrorText

TEXTS = {
    "too-many-rows": ErrorText(
        N_("Za dużo wierszy na jeden plik"), N_("Zawęź okres albo dodaj filtr i pobierz ponownie.")
    ),
    "posting-not-found": ErrorText(
        N_("Nie ma takiej operacji"),
        N_("Sprawdź numer. Operacje innych programów nie są tu widoczne."),
    ),
}
