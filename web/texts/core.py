"""Words about errors of the technical ground and of the web layer."""

from __future__ import annotations

from web.texts.text import N_, ErrorText

TEXTS = {
    "invalid": ErrorText(N_("Coś się nie zgadza"), N_("Sprawdź wpisane dane i spróbuj ponownie.")),
    "text-too-long": ErrorText(
        N_("Za długi tekst"),
        N_("W jednym z pól mieści się najwyżej %(most)s znaków. Cofnij się i skróć tekst."),
    ),
    "not-found": ErrorText(
        N_("Nie ma takiej strony"),
        N_("Sprawdź adres. Możliwe też, że nie masz do niej dostępu z tego konta."),
    ),
    "forbidden": ErrorText(
        N_("Tego nie możesz zrobić"), N_("Poproś o pomoc osobę, która zarządza programem.")
    ),
    "illegal-transition": ErrorText(
        N_("Ktoś był szybszy"),
        N_("Stan tej sprawy już się zmienił. Otwórz ją ponownie, żeby zobaczyć, co teraz."),
    ),
    "idempotency-key-reused": ErrorText(
        N_("Ten klucz był już użyty"),
        N_("Klucz idempotencji należy do innego żądania. Wyślij nowe żądanie z nowym kluczem."),
    ),
    "still-running": ErrorText(
        N_("To jeszcze trwa"), N_("Pierwsze wysłanie nie dostało odpowiedzi. Odczekaj chwilę.")
    ),
    "file-missing": ErrorText(
        N_("Nie ma tego pliku"), N_("Plik usunięto albo jeszcze nie zapisano.")
    ),
    "storage-unavailable": ErrorText(
        N_("Magazyn plików nie odpowiada"), N_("Spróbuj ponownie za chwilę. Nic nie przepadło.")
    ),
    "sign-in-required": ErrorText(N_("Zaloguj się"), N_("Ta strona wymaga zalogowania.")),
    "permission-missing": ErrorText(
        N_("Klucz nie ma tego uprawnienia"), N_("Potrzebne uprawnienie: %(permission)s.")
    ),
    "foreign-form": ErrorText(
        N_("Formularz spoza Zalicz"),
        N_("To żądanie wysłała inna strona. Otwórz Zalicz i spróbuj ponownie."),
    ),
    "form-expired": ErrorText(
        N_("Formularz wygasł"), N_("Wróć, odśwież stronę i wyślij formularz jeszcze raz.")
    ),
    "body-too-large": ErrorText(
        N_("Za dużo danych"),
        N_("Ten formularz przyjmuje mniej. Wyślij mniejsze pliki albo mniej stron."),
    ),
    "body-too-slow": ErrorText(
        N_("Wysyłanie trwało za długo"), N_("Spróbuj ponownie przy lepszym zasięgu.")
    ),
    "method-not-allowed": ErrorText(
        N_("Tak się nie da"), N_("Ten adres nie przyjmuje tego rodzaju żądania.")
    ),
    "busy": ErrorText(
        N_("Chwilowo zajęte"),
        N_("Ktoś właśnie pracuje na tych danych. Spróbuj ponownie za chwilę."),
    ),
    "unavailable": ErrorText(
        N_("Przerwa techniczna"), N_("Spróbuj ponownie za chwilę. Zapisane dane są bezpieczne.")
    ),
    "unexpected": ErrorText(
        N_("Coś się nie udało"), N_("To nasz błąd i już o nim wiemy. Spróbuj ponownie za chwilę.")
    ),
    "idempotency-key-missing": ErrorText(
        N_("Brakuje klucza"), N_("Wyślij nagłówek Idempotency-Key z nowym kluczem.")
    ),
    "bell-silent": ErrorText(
        N_("Kolejka nie odpowiada"), N_("Zgłoszenia są zapisane i ruszą, gdy wróci.")
    ),
    "unknown-notice": ErrorText(N_("Nie ma takiej wiadomości"), N_("To nasz błąd.")),
}
