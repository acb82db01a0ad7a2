"""Words about errors of accounts."""

from __future__ import annotations

from web.texts.text import N_, ErrorText

TEXTS = {
    "too-many-attempts": ErrorText(
        N_("Za dużo prób"), N_("Spróbuj ponownie za %(retry_after_s)s s.")
    ),
    "code-too-soon": ErrorText(
        N_("Kod już wysłany"), N_("O następny możesz poprosić za %(retry_after_s)s s.")
    ),
    "contact-invalid": ErrorText(
        N_("Podaj e-mail albo numer telefonu"), N_("Na przykład jan@example.com albo 601 234 567.")
    ),
    "contact-taken": ErrorText(
        N_("Ten adres ma już inne konto"), N_("Zaloguj się nim albo podaj inny adres.")
    ),
    "password-weak": ErrorText(
        N_("To hasło jest za słabe"), N_("Potrzeba co najmniej 15 znaków trudnych do odgadnięcia.")
    ),
    "link-ended": ErrorText(
        N_("Ten odnośnik już nie działa"), N_("Poproś o nowy na stronie logowania.")
    ),
    "last-one": ErrorText(
        N_("To ostatnia taka osoba"), N_("Najpierw zaproś kogoś, kto ją zastąpi.")
    ),
}
