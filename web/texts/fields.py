"""What a field wants, by its name: said where an error knows only that its value will not do."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from web.texts.text import N_

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "name": N_("Wpisz nazwę albo imię i nazwisko, najwyżej 80 znaków."),
        "company_name": N_("Wpisz nazwę firmy."),
        "eligible_segment": N_("Wybierz segment z listy."),
        "street": N_("Wpisz ulicę i numer."),
        "postcode": N_("Kod pocztowy ma 5 cyfr, na przykład 61-854."),
        "city": N_("Wpisz miejscowość."),
        "points": N_("Wpisz liczbę punktów, większą od zera."),
        "account": N_("Wpisz cały numer rachunku: 26 cyfr."),
        "phone": N_("Wpisz numer telefonu: co najmniej 9 cyfr."),
        "point_code": N_("Wpisz kod punktu odbioru, na przykład POZ08M."),
        "carrier": N_("Wybierz sposób dostawy."),
        "permissions": N_("Zaznacz co najmniej jedno uprawnienie."),
        "starts_on": N_("Wpisz daty okresu: każda następna nie wcześniej niż poprzednia."),
        "first_on": N_("Wpisz pierwszy dzień."),
        "last_on": N_("Ostatni dzień nie może być przed pierwszym."),
    }
)
