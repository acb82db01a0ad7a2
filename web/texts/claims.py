"""Words about errors of claims."""

from __future__ import annotations

from web.texts.text import N_, ErrorText

TEXTS = {
    "claim-not-found": ErrorText(
        N_("Nie ma takiego zgłoszenia"), N_("Sprawdź listę swoich zgłoszeń.")
    ),
    "program-closed": ErrorText(
        N_("Program nie przyjmuje zgłoszeń"),
        N_("Termin zgłaszania minął albo jeszcze nie nadszedł."),
    ),
    "not-eligible": ErrorText(
        N_("Te zakupy zgłaszają tylko wybrani uczestnicy"),
        N_("Organizator programu wskazał, kto może zgłaszać. Zapytaj go albo swoją hurtownię."),
    ),
    "upload-quota-used-up": ErrorText(
        N_("Na dziś to już wszystko"), N_("Dzienny limit plików jest wykorzystany. Wróć jutro.")
    ),
    "file-too-large": ErrorText(
        N_("Plik jest za duży"), N_("Zrób zdjęcie jeszcze raz albo wyślij PDF.")
    ),
    "too-many-files": ErrorText(
        N_("Za dużo stron"), N_("Jedno zgłoszenie to jeden dokument. Resztę wyślij osobno.")
    ),
    "pile-not-found": ErrorText(
        N_("Nie ma takiej paczki plików"), N_("Sprawdź listę swoich zgłoszeń.")
    ),
    "pile-too-large": ErrorText(
        N_("Za dużo plików naraz"), N_("Wyślij najwyżej %(most)s plików, resztę za chwilę.")
    ),
    "participant-unknown": ErrorText(
        N_("Nie znamy takiego uczestnika"), N_("Sprawdź NIP, e-mail albo telefon.")
    ),
    "participant-ambiguous": ErrorText(
        N_("W tej firmie jest kilka osób"),
        N_("Podaj e-mail albo telefon tej, która kupiła."),
    ),
    "program-ambiguous": ErrorText(
        N_("Ten klient jest w kilku programach"), N_("Wybierz program, w którym zbiera.")
    ),
    "no-files": ErrorText(N_("Nie ma żadnego pliku"), N_("Zrób zdjęcie albo wybierz plik.")),
}
