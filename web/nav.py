"""The menus of the personas: one line per entry, each area adds its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from accounts.roles import Role
from web.audience import (
    ANYONE_SIGNED_IN,
    AUDITOR,
    CLERK,
    OPERATOR,
    PARTNER_MANAGER,
    PROGRAM_ANALYST,
    PROGRAM_MANAGER,
    SUPPORT,
    Access,
)
from web.error_texts import N_
from web.viewer import Viewer


class Persona(StrEnum):
    PARTICIPANT = "participant"
    PARTNER = "partner"
    MANUFACTURER = "manufacturer"
    LOGISTICS = "logistics"
    OPERATOR = "operator"
    AUDITOR = "auditor"


PERSONA_NAMES = {
    Persona.PARTICIPANT: N_("Uczestnik"),
    Persona.PARTNER: N_("Hurtownia"),
    Persona.MANUFACTURER: N_("Producent"),
    Persona.LOGISTICS: N_("Logistyka"),
    Persona.OPERATOR: N_("Operator programu"),
    Persona.AUDITOR: N_("Audytor"),
}

# The first role that a person holds decides which shell they work in.
_PERSONA_OF_ROLE = (
    (Role.OPERATOR, Persona.OPERATOR),
    (Role.SUPPORT, Persona.OPERATOR),
    (Role.PROGRAM_MANAGER, Persona.MANUFACTURER),
    (Role.ANALYST, Persona.MANUFACTURER),
    (Role.LOGISTICS, Persona.LOGISTICS),
    (Role.PARTNER_MANAGER, Persona.PARTNER),
    (Role.CLERK, Persona.PARTNER),
    (Role.AUDITOR, Persona.AUDITOR),
    (Role.PARTICIPANT, Persona.PARTICIPANT),
)

_SHELLS = {
    Persona.PARTICIPANT: "base_participant.html",
    Persona.PARTNER: "base_partner.html",
    Persona.MANUFACTURER: "base_manufacturer.html",
    Persona.LOGISTICS: "base_logistics.html",
    Persona.OPERATOR: "base_operator.html",
    Persona.AUDITOR: "base_operator.html",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a persona's menu; the first one that a person may open is their home.

    `icon` stands in web/icons.txt; `act` marks the amber button; `group` a heading before it.
    """

    persona: Persona
    label: str
    href: str
    icon: str
    access: Access = ANYONE_SIGNED_IN
    group: str = ""
    act: bool = False


# One line per entry, in the order of the menu.
ENTRIES: tuple[Entry, ...] = (
    Entry(Persona.PARTICIPANT, N_("Start"), "/start", "home"),
    Entry(Persona.PARTICIPANT, N_("Zgłoszenia"), "/claims", "file-text"),
    Entry(Persona.PARTICIPANT, N_("Zgłoś zakup"), "/claims/new", "camera", act=True),
    Entry(Persona.PARTICIPANT, N_("Nagrody"), "/rewards", "gift"),
    Entry(Persona.PARTICIPANT, N_("Ja"), "/account", "user"),
    Entry(Persona.LOGISTICS, N_("Pulpit dnia"), "/warehouse", "layout-dashboard"),
    Entry(Persona.LOGISTICS, N_("Zamówienia nagród"), "/warehouse/orders", "package"),
    Entry(Persona.LOGISTICS, N_("Stany i partie"), "/warehouse/stock", "building-warehouse"),
    Entry(Persona.PARTNER, N_("Kolejka"), "/queue", "inbox", CLERK),
    Entry(Persona.PARTNER, N_("Pytania"), "/questions", "message", CLERK),
    Entry(Persona.PARTNER, N_("Historia"), "/history", "history", CLERK),
    Entry(Persona.PARTNER, N_("Pliki sprzedaży"), "/sales-files", "file-import", CLERK),
    Entry(Persona.PARTNER, N_("Uczestnicy u nas"), "/enrolled", "users", CLERK),
    Entry(Persona.PARTNER, N_("Wyniki i punkty"), "/results", "trophy", CLERK),
    Entry(Persona.PARTNER, N_("Zespół"), "/team", "user-check", PARTNER_MANAGER),
    Entry(Persona.PARTNER, N_("KSeF"), "/ksef", "link", PARTNER_MANAGER),
    Entry(Persona.PARTNER, N_("Zgłoś za klienta"), "/counter", "upload", CLERK),
    Entry(Persona.PARTNER, N_("Korekty"), "/corrections", "arrow-back-up", CLERK),
    Entry(Persona.OPERATOR, N_("Pomoc uczestnikom"), "/support", "search", SUPPORT),
    Entry(Persona.OPERATOR, N_("Wyrównania"), "/adjustments", "coins", OPERATOR),
    Entry(Persona.OPERATOR, N_("Zasady"), "/rules", "list-check", OPERATOR),
    Entry(Persona.OPERATOR, N_("Do wyjaśnienia"), "/escalations", "scale", OPERATOR),
    Entry(Persona.MANUFACTURER, N_("Przegląd"), "/overview", "layout-dashboard", PROGRAM_ANALYST),
    Entry(Persona.MANUFACTURER, N_("Sprzedaż przypisana"), "/sales", "chart-bar", PROGRAM_ANALYST),
    Entry(Persona.MANUFACTURER, N_("Zgłoszenia"), "/program/claims", "file-text", PROGRAM_ANALYST),
    Entry(Persona.MANUFACTURER, N_("Uczestnicy"), "/participants", "users", PROGRAM_ANALYST),
    Entry(Persona.MANUFACTURER, N_("Hurtownie"), "/partners", "building-store", PROGRAM_ANALYST),
    Entry(
        Persona.MANUFACTURER,
        N_("Decyzje automatyczne"),
        "/automation",
        "shield-check",
        PROGRAM_ANALYST,
    ),
    Entry(Persona.MANUFACTURER, N_("Nagrody"), "/rewards-admin", "gift", PROGRAM_ANALYST),
    Entry(Persona.MANUFACTURER, N_("Produkty"), "/products", "barcode", PROGRAM_ANALYST),
    Entry(Persona.MANUFACTURER, N_("Kody"), "/codes", "qrcode", PROGRAM_ANALYST),
    Entry(Persona.MANUFACTURER, N_("Zasady"), "/rules", "list-check", PROGRAM_ANALYST),
    Entry(Persona.MANUFACTURER, N_("Segmenty"), "/segments", "users", PROGRAM_ANALYST),
    Entry(Persona.MANUFACTURER, N_("Do wyjaśnienia"), "/escalations", "scale", PROGRAM_MANAGER),
    Entry(Persona.MANUFACTURER, N_("Wyrównania"), "/adjustments", "coins", PROGRAM_MANAGER),
    Entry(Persona.OPERATOR, N_("Korekty"), "/corrections", "arrow-back-up", OPERATOR),
    Entry(Persona.MANUFACTURER, N_("Ustawienia"), "/programs", "settings", PROGRAM_MANAGER),
    Entry(Persona.OPERATOR, N_("Powiązania"), "/links", "link", OPERATOR),
    Entry(Persona.OPERATOR, N_("Programy"), "/programs", "speakerphone", OPERATOR),
    Entry(Persona.OPERATOR, N_("Klucze API"), "/account/keys", "key", OPERATOR),
    Entry(Persona.AUDITOR, N_("Operacje na punktach"), "/audit", "coins", AUDITOR),
    Entry(Persona.AUDITOR, N_("Łańcuch zdarzeń"), "/audit/chain", "link", AUDITOR),
    Entry(Persona.AUDITOR, N_("Sprawdzenie"), "/audit/verification", "shield-check", AUDITOR),
    Entry(Persona.AUDITOR, N_("Zasady"), "/rules", "list-check", AUDITOR),
)


@dataclass(frozen=True, slots=True)
class Item:
    """An entry as the shells show it."""

    href: str
    label: str
    icon: str
    active: bool
    group: str
    act: bool


def persona_of(viewer: Viewer) -> Persona | None:
    """The persona whose shell a viewer works in; `None` for strangers and those without a role."""
    for role, persona in _PERSONA_OF_ROLE:
        if viewer.has(role):
            return persona
    return None


def shell(persona: Persona | None) -> str:
    """The template that pages for everybody extend: `{% extends shell %}`."""
    return _SHELLS[persona] if persona else "base_public.html"


def entries(viewer: Viewer) -> list[Entry]:
    persona = persona_of(viewer)
    return [e for e in ENTRIES if e.persona is persona and e.access.admits(viewer)]


def home(viewer: Viewer) -> str:
    """Where a signed-in person starts; `/` for strangers."""
    if not viewer.signed_in:
        return "/"
    mine = entries(viewer)
    return mine[0].href if mine else "/account"


def items(viewer: Viewer, path: str, gettext: Callable[[str], str]) -> list[Item]:
    """The viewer's menu; the entry with the longest address that begins the path is active."""
    mine = entries(viewer)
    matching = [e.href for e in mine if path == e.href or path.startswith(f"{e.href}/")]
    active = max(matching, key=len, default="")
    return [
        Item(
            href=entry.href,
            label=gettext(entry.label),
            icon=entry.icon,
            active=entry.href == active,
            group=gettext(entry.group) if entry.group else "",
            act=entry.act,
        )
        for entry in mine
    ]
