"""Words about errors of verification."""

from __future__ import annotations

from web.texts.text import N_, ErrorText

TEXTS = {
    "review-not-found": ErrorText(
        N_("Nie ma takiej sprawy"), N_("Wróć do kolejki: mogła trafić do kogoś innego.")
    ),
    "too-late-to-propose": ErrorText(
        N_("Tej pozycji nie da się już poprawić"), N_("Zgłoszenie jest rozstrzygnięte.")
    ),
    "correction-not-found": ErrorText(
        N_("Nie ma takiej korekty"), N_("Wróć do listy: mogła należeć do kogoś innego.")
    ),
    "correction-settled": ErrorText(
        N_("Ta korekta jest już rozliczona"), N_("Zajrzyj do zgłoszenia, którego dotyczy.")
    ),
    "correction-not-confirmed": ErrorText(
        N_("Tej korekty nikt nie rozliczył ręcznie"),
        N_("Rozliczoną z KSeF albo z pliku sprzedaży zmienia tylko następna korekta."),
    ),
    "claim-not-decided": ErrorText(
        N_("Jeszcze nie ma decyzji"), N_("Potwierdzenie powstanie razem z decyzją.")
    ),
    "review-taken": ErrorText(N_("Ktoś już nad tym pracuje"), N_("Weź następną sprawę z kolejki.")),
    "branch-out": ErrorText(
        N_("Ten oddział nie brał udziału w programie"),
        N_("Odrzuć zgłoszenie z powodem „oddział poza programem” albo wskaż inny oddział."),
    ),
    "branch-unknown": ErrorText(
        N_("Najpierw wskaż oddział"),
        N_("W tym programie liczą się tylko wybrane oddziały. Wskaż ten, który sprzedał."),
    ),
    "branch-not-found": ErrorText(N_("Nie ma takiego oddziału"), N_("Wróć do listy oddziałów.")),
    "last-branch": ErrorText(
        N_("To jedyny oddział"), N_("Najpierw dodaj oddział, który przejmie jego zgłoszenia.")
    ),
    "nothing-to-appeal": ErrorText(
        N_("Tu nie ma się od czego odwołać"), N_("Zaliczono wszystko, co odczytaliśmy.")
    ),
    "own-entry": ErrorText(
        N_("Tego nie możesz rozstrzygnąć"),
        N_("Zgłoszenie pochodzi od Ciebie, z lady. Zdecyduje inna osoba."),
    ),
    "review-changed": ErrorText(
        N_("Zgłoszenie zmieniło się, gdy było otwarte"), N_("Nic nie rozstrzygnięto. Sprawdź je.")
    ),
    "review-with-others": ErrorText(
        N_("Sprawa poszła dalej"), N_("Pracuje nad nią już ktoś inny, nie da się jej cofnąć.")
    ),
    "nobody-at-seller": ErrorText(
        N_("W hurtowni nikt tego nie rozstrzygnie"),
        N_("Jedyna osoba, która mogłaby, wpisała to zgłoszenie. Zostaw je operatorowi."),
    ),
    "self-dealing": ErrorText(
        N_("Tego nie możesz rozstrzygnąć"),
        N_("Zgłoszenie dotyczy Ciebie albo Twojej firmy. Zdecyduje inna osoba."),
    ),
    "too-late-to-appeal": ErrorText(
        N_("Czas na odwołanie minął"), N_("Napisz do nas, jeśli coś się nie zgadza.")
    ),
    "own-decision-appealed": ErrorText(
        N_("Odwołanie rozstrzyga inna osoba"), N_("Pierwsza decyzja była Twoja.")
    ),
    "not-the-seller": ErrorText(
        N_("To dokument innego sprzedawcy"),
        N_("Punkty przyznaje tylko sprzedawca z dokumentu. Przekaż sprawę albo ją odrzuć."),
    ),
    "needs-second-person": ErrorText(
        N_("Tyle punktów zatwierdzają dwie osoby"), N_("Druga osoba musi zdecydować tak samo.")
    ),
    "own-first-opinion": ErrorText(
        N_("Potrzebna jest druga osoba"), N_("Własnej decyzji nie da się potwierdzić samemu.")
    ),
    "purchase-outside-period": ErrorText(
        N_("Zakup spoza okresu programu"),
        N_("Takiego zakupu nie da się zaliczyć. Odrzuć zgłoszenie z tym powodem."),
    ),
    "purchase-in-future": ErrorText(
        N_("Data na dokumencie jeszcze nie nadeszła"),
        N_("Porównaj ją z dokumentem i popraw. Zamówienia i zaliczki nie da się zaliczyć."),
    ),
    "claim-sent-too-late": ErrorText(
        N_("Zgłoszenie przyszło za późno"),
        N_("Od zakupu minęło więcej dni, niż pozwala program. Odrzuć zgłoszenie z tym powodem."),
    ),
    "value-unknown": ErrorText(
        N_("Nie wiadomo, ile pozycja kosztowała"),
        N_("Ilość jest inna, a cena jej nie potwierdza. Podaj wartość pozycji w złotych."),
    ),
    "units-unknown": ErrorText(
        N_("Nie wiadomo, ile jednostek produktu jest w jednej z dokumentu"),
        N_("Podaj przelicznik, na przykład 10 sztuk w opakowaniu."),
    ),
    "too-few-units": ErrorText(
        N_("Za mało wolnych sztuk"), N_("Część sztuk z tej pozycji jest już zaliczona.")
    ),
    "already-spent": ErrorText(N_("Punkty są już wydane"), N_("Decyzję zmieni tylko korekta.")),
    "too-late-to-undo": ErrorText(
        N_("Za późno na cofnięcie"), N_("Decyzję możesz wycofać, podając powód.")
    ),
}
