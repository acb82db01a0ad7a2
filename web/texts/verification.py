"""Words about errors of verification."""

from __future__ import annotations

from web.texts.text import N_, ErrorText

TEXTS = {
    "review-not-found": ErrorText(
        N_("Nie ma takiej sprawy"), N_("Wróć do kolejki: mogła trafić do kogoś innego.")
    ),
    "correction-not-found": ErrorText(
        N_("Nie ma takiej korekty"), N_("Wróć do listy: mogła należeć do kogoś innego.")
    ),
    "correction-settled": ErrorText(
        N_("Ta korekta jest już rozliczona"), N_("Zajrzyj do zgłoszenia, którego dotyczy.")
    ),
    "claim-not-decided": ErrorText(
        N_("Jeszcze nie ma decyzji"), N_("Potwierdzenie powstanie razem z decyzją.")
    ),
    "review-taken": ErrorText(N_("Ktoś już nad tym pracuje"), N_("Weź następną sprawę z kolejki.")),
    "review-with-others": ErrorText(
        N_("Sprawa poszła dalej"), N_("Pracuje nad nią już ktoś inny, nie da się jej cofnąć.")
    ),
    "self-dealing": ErrorText(
        N_("Tego nie możesz rozstrzygnąć"),
        N_("Zgłoszenie dotyczy Ciebie albo Twojej firmy. Zdecyduje inna osoba."),
    ),
    "too-few-units": ErrorText(
        N_("Za mało wolnych sztuk"), N_("Część sztuk z tej pozycji jest już zaliczona.")
    ),
    "already-spent": ErrorText(N_("Punkty są już wydane"), N_("Decyzję zmieni tylko korekta.")),
    "too-late-to-undo": ErrorText(
        N_("Za późno na cofnięcie"), N_("Decyzję możesz wycofać, podając powód.")
    ),
}
