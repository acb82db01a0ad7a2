"""Words about errors of programmes and partners."""

from __future__ import annotations

from web.texts.text import N_, ErrorText

TEXTS = {
    "program-not-found": ErrorText(
        N_("Nie ma takiego programu"), N_("Sprawdź adres albo zapytaj organizatora.")
    ),
    "participant-not-found": ErrorText(
        N_("Nie ma takiego uczestnika"), N_("Sprawdź adres albo wyszukaj ponownie.")
    ),
    "partner-not-found": ErrorText(
        N_("Nie ma takiej hurtowni"), N_("Sprawdź adres albo wyszukaj ponownie.")
    ),
    "no-rules-in-force": ErrorText(
        N_("Tego dnia nie było zasad"), N_("Program nie ma opublikowanych zasad na tę datę zakupu.")
    ),
    "not-a-draft": ErrorText(
        N_("To już nie jest szkic"), N_("Opublikowanych zasad się nie zmienia. Utwórz nową wersję.")
    ),
    "own-rules": ErrorText(
        N_("Potrzebna druga osoba"), N_("Zasady publikuje ktoś inny niż ich autor.")
    ),
    "already-enrolled": ErrorText(
        N_("Już należysz do programu"), N_("Nie trzeba dołączać drugi raz.")
    ),
    "product-not-found": ErrorText(
        N_("Nie ma takiego produktu"), N_("Sprawdź listę produktów programu.")
    ),
    "alias-not-found": ErrorText(
        N_("Nie ma takiej nazwy własnej"), N_("Ktoś mógł ją już wycofać. Odśwież listę.")
    ),
    "sku-taken": ErrorText(
        N_("Ten indeks jest już zajęty"), N_("Każdy produkt programu ma własny indeks.")
    ),
    "rule-version-not-found": ErrorText(
        N_("Nie ma takiej wersji zasad"), N_("Sprawdź listę wersji programu.")
    ),
    "not-your-draft": ErrorText(
        N_("To szkic innej osoby"), N_("Zmienia go tylko autor. Utwórz własny szkic.")
    ),
    "rules-day-taken": ErrorText(
        N_("Tego dnia zaczyna się inna wersja"), N_("Wybierz inny dzień początku.")
    ),
    "rules-start-too-early": ErrorText(
        N_("Za wczesny początek"), N_("Zasady zaczynają się najwcześniej jutro.")
    ),
}
