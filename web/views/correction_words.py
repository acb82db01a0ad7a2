"""How corrections say what they change, and why a person has to look, in words."""

from __future__ import annotations

from collections.abc import Mapping

from web.error_texts import N_

ENCODINGS: Mapping[str, str] = {
    "A": N_("stan przed i po"),
    "B": N_("różnica ceny"),
    "C": N_("różnica ilości"),
    "D": N_("tylko dane"),
    "E": N_("rabat zbiorczy"),
    "F": N_("rabat zbiorczy z opisem"),
    "G": N_("zły nabywca"),
    "H": N_("storno i nowa pozycja"),
}
DOUBTS: Mapping[str, str] = {
    "correction-unproven": N_(
        "Nikt nie potwierdził, że taka korekta istnieje: porównaj ją ze swoim systemem."
    ),
    "correction-names-no-original": N_("Nie podaje, którą fakturę koryguje."),
    "correction-original-missing": N_("Jednej z korygowanych faktur nie ma w programie."),
    "correction-other-buyer": N_("Zmienia nabywcę na inną firmę."),
    "correction-row-not-found": N_("Jednej z pozycji nie ma na pierwotnej fakturze."),
    "correction-row-ambiguous": N_("Pozycja pasuje do kilku pozycji pierwotnej faktury."),
    "correction-units-unknown": N_("Nie wiadomo, ile sztuk wróciło."),
    "correction-day-differs": N_("Podaje inny dzień tej faktury niż ten, który odczytano."),
    "correction-late": N_("Wystawiona po czasie, w którym program sam cofa punkty."),
    "correction-unit-changed": N_("Jednostka jest inna niż na fakturze."),
    "correction-price-differs": N_("Sztuki w innej cenie niż na fakturze: zmiana ceny czy ilości?"),
    "correction-row-renamed": N_("Cofnięta i nowa pozycja mają różne nazwy: ten sam towar?"),
    "correction-cancels-line": N_("Cena spada do zera: rabat czy zwrot?"),
    "correction-exceeds-original": N_("Wraca więcej, niż sprzedano."),
    "correction-sum-mismatch": N_("Pozycje nie dają podanej różnicy."),
    "correction-before-differs": N_(
        "Ilość sprzed korekty jest inna niż ta, którą przyjęto w zgłoszeniu."
    ),
    "correction-claimed-later": N_(
        "Jedną z korygowanych faktur zgłoszono już po rozliczeniu: podaj, co wróciło z niej."
    ),
    "correction-number-again": N_("Inna korekta tej faktury ma ten sam numer i inny rok."),
    "correction-partly-settled": N_(
        "Część tej korekty rozliczono z innego źródła: podaj tylko to, co wróciło z tej faktury."
    ),
    "correction-proven-since": N_("Odrzucono ją, a potem potwierdził ją rejestr."),
    "correction-settled-otherwise": N_(
        "Pod tym numerem rozliczono inny, niepotwierdzony dokument: podaj, co wróciło poza tym."
    ),
    "correction-taken-back": N_("Wcześniejsze rozliczenie tej korekty cofnięto."),
    "correction-other-number": N_(
        "Inne źródło podało już korektę tej faktury pod innym numerem: to ta sama czy druga?"
    ),
    "correction-same-as-other": N_(
        "To ta sama korekta, którą inne źródło podało pod innym numerem: liczy się raz."
    ),
    "correction-signs-unclear": N_("Znaki ilości i ceny nie pasują do siebie."),
}
OTHER_DOUBT = N_("Dokumentu nie da się rozliczyć bez człowieka.")
UNKNOWN_ENCODING = N_("nieznany rodzaj")
