"""What people read about each error: a title and a hint by code, in gettext's source language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from core.errors import Kind

# RFC 9110 status by the kind of fact; the only place where the two meet.
STATUS = MappingProxyType(
    {
        Kind.INVALID: 422,
        Kind.FORBIDDEN: 403,
        Kind.UNAUTHENTICATED: 401,
        Kind.NOT_FOUND: 404,
        Kind.CONFLICT: 409,
        Kind.TOO_LARGE: 413,
        Kind.TIMEOUT: 408,
        Kind.TOO_MANY: 429,
        Kind.UNAVAILABLE: 503,
    }
)


def N_(text: str) -> str:
    """Marks a text for translation where it is written; it is translated where it is shown."""
    return text


@dataclass(frozen=True, slots=True)
class ErrorText:
    """A title and what one can do; `%(name)s` is filled from the facts of the error."""

    title: str
    hint: str


# One line per code, in the order of the packages; a test requires every domain error's code.
TEXTS: dict[str, ErrorText] = {
    # core
    "invalid": ErrorText(N_("Coś się nie zgadza"), N_("Sprawdź wpisane dane i spróbuj ponownie.")),
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
    # accounts
    "too-many-attempts": ErrorText(
        N_("Za dużo prób"), N_("Spróbuj ponownie za %(retry_after_s)s s.")
    ),
    # web
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
}


def describe(code: str, facts: dict[str, object], gettext: Callable[[str], str]) -> tuple[str, str]:
    """Title and hint of an error in the reader's language; facts fill the placeholders."""
    text = TEXTS.get(code) or TEXTS["unexpected"]
    return _fill(gettext(text.title), facts), _fill(gettext(text.hint), facts)


def _fill(text: str, facts: dict[str, object]) -> str:
    try:
        return text % facts if "%(" in text else text
    except (KeyError, ValueError):
        # A fact that this error did not carry must not turn a refusal into a failure.
        return text.partition("%(")[0].rstrip(" :")
