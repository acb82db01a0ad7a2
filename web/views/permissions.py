"""What API keys may do, in words: an area and whether it is read or changed."""

from __future__ import annotations

from collections.abc import Callable

from web.error_texts import N_

AREAS = {
    "adjustments": N_("Wyrównania punktów"),
    "analytics": N_("Sprzedaż i zestawienia"),
    "automation": N_("Decyzje automatyczne"),
    "branches": N_("Oddziały"),
    "claims": N_("Zgłoszenia"),
    "codes": N_("Kody produktów"),
    "links": N_("Powiązania osób"),
    "orders": N_("Zamówienia nagród"),
    "partners": N_("Hurtownie"),
    "points": N_("Punkty"),
    "products": N_("Produkty"),
    "program": N_("Ustawienia programu"),
    "reviews": N_("Sprawdzanie zgłoszeń"),
    "rewards": N_("Katalog nagród"),
    "rules": N_("Zasady programu"),
    "sales": N_("Pliki sprzedaży"),
    "segments": N_("Segmenty"),
    "team": N_("Zespół programu"),
    "warehouse": N_("Magazyn nagród"),
}
ACTIONS = {"read": N_("odczyt"), "write": N_("zmiany")}


def name_of(permission: str, say: Callable[[str], str]) -> str:
    """`claims:read` as "Zgłoszenia: odczyt"."""
    area, _sep, action = permission.partition(":")
    return f"{say(AREAS[area])}: {say(ACTIONS[action])}"
