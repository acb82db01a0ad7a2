"""Words about errors of sales exports, KSeF connections and the wholesaler's team."""

from __future__ import annotations

from web.texts.text import N_, ErrorText

TEXTS = {
    "feed-not-found": ErrorText(N_("Nie ma takiego pliku"), N_("Wróć do listy plików sprzedaży.")),
    "feed-unknown": ErrorText(
        N_("Tego pliku nie umiemy odczytać"),
        N_("Wyślij CSV, XLSX albo JPK_FA z numerem faktury, NIP-em nabywcy, towarem i ilością."),
    ),
    "feed-of-another": ErrorText(
        N_("To plik innej firmy"),
        N_("W pliku JPK_FA stoi inny NIP niż Waszej hurtowni. Wyślij własny plik."),
    ),
    "invitation-ended": ErrorText(
        N_("To zaproszenie już nie działa"), N_("Poproś kierownika hurtowni o nowe.")
    ),
    "already-employed": ErrorText(
        N_("Ta osoba już pracuje w hurtowni"), N_("Jedna osoba ma jedno miejsce pracy w Zalicz.")
    ),
    "last-manager": ErrorText(
        N_("To jedyny kierownik"), N_("Najpierw zaproś drugiego kierownika.")
    ),
    "no-such-link": ErrorText(
        N_("Ten kod już nie działa"), N_("Poproś w hurtowni o nowy plakat albo odnośnik.")
    ),
    "ksef-already-connected": ErrorText(
        N_("Hurtownia jest już połączona"), N_("Najpierw zakończ obecne połączenie.")
    ),
    "ksef-not-connected": ErrorText(N_("Nie ma połączenia z KSeF"), N_("Ktoś już je zakończył.")),
    "ksef-extra-missing": ErrorText(
        N_("Brakuje dodatku do KSeF"), N_("Poproś operatora programu, żeby go włączył.")
    ),
    "feed-column-missing": ErrorText(
        N_("Brakuje kolumny"),
        N_("Potrzebne są: numer faktury, NIP nabywcy, ilość oraz kod, indeks albo nazwa towaru."),
    ),
}
