"""Entries of the audit chain in words; the recorded name stays beside them: it is hashed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from claims.states import ClaimStatus
from verification.proof_tables import ProofKind
from web.error_texts import N_
from web.views.claims import STATUS_CHIPS

Say = Callable[[str], str]

ACTIONS: Mapping[str, str] = {
    "alias.withdraw": N_("Wycofana nazwa produktu"),
    "seller_unit.withdraw": N_("Wycofana jednostka hurtowni"),
    "claim.appeal": N_("Rozpatrzone odwołanie"),
    "claim.code": N_("Wykorzystany kod"),
    "claim.decide": N_("Decyzja o zgłoszeniu"),
    "claim.first_opinion": N_("Pierwsza z dwóch decyzji"),
    "claim.proof": N_("Dowód zakupu"),
    "claim.second_look": N_("Ponowna kontrola"),
    "claim.undo": N_("Cofnięta decyzja"),
    "codes.activate": N_("Partia kodów włączona"),
    "codes.issue": N_("Partia kodów wydana"),
    "codes.plan": N_("Nowa partia kodów"),
    "codes.void": N_("Partia kodów unieważniona"),
    "codes.void_one": N_("Jeden kod unieważniony"),
    "correction.answer": N_("Odpowiedź, co wróciło"),
    "correction.applied": N_("Rozliczona korekta"),
    "correction.dismissed": N_("Korekta bez skutków"),
    "correction.needs_person": N_("Korekta czeka na człowieka"),
    "correction.waiting": N_("Korekta czeka na fakturę"),
    "correction.withdraw": N_("Cofnięte rozliczenie korekty"),
    "partner.admit": N_("Hurtownia przyjęta"),
    "partner.choose_branches": N_("Udział hurtowni wybranymi oddziałami"),
    "partner.take_all_branches": N_("Udział wszystkich oddziałów hurtowni"),
    "branch.enrol": N_("Oddział przyjęty do programu"),
    "branch.end": N_("Udział oddziału zakończony"),
    "partner.dismiss": N_("Udział hurtowni zakończony"),
    "points.adjust": N_("Wyrównanie punktów"),
    "ledger.anchor": N_("Odcisk księgi punktów"),
    "points.adjust.propose": N_("Prośba o wyrównanie punktów"),
    "points.adjust.refuse": N_("Odmowa wyrównania punktów"),
    "product.edit": N_("Produkt zmieniony"),
    "product.put": N_("Produkt dodany"),
    "products.import": N_("Import produktów"),
    "program.change": N_("Zmiana ustawień programu"),
    "program.found": N_("Program założony"),
    "program.tax": N_("Sposób rozliczania podatku od nagród"),
    "redemption.place": N_("Zamówiona nagroda"),
    "review.escalate": N_("Przekazane organizatorowi"),
    "review.hand_over": N_("Przekazane oddziałowi"),
    "review.return": N_("Zwrócone hurtowni"),
    "review.lapse": N_("Minął obiecany termin"),
    "rules.publish": N_("Ogłoszone zasady"),
}
FACTS: Mapping[str, str] = {
    "batch": N_("partia"),
    "branch": N_("oddział"),
    "decision": N_("decyzja"),
    "kind": N_("rodzaj"),
    "name": N_("nazwa"),
    "note": N_("uwaga"),
    "number": N_("numer"),
    "outcome": N_("wynik"),
    "paid": N_("wypłacone"),
    "partner": N_("hurtownia"),
    "points": N_("punkty"),
    "product": N_("produkt"),
    "reason": N_("powód"),
    "requested_by": N_("na prośbę"),
    "rule_version": N_("wersja zasad"),
    "rows": N_("wiersze"),
    "since": N_("od dnia"),
    "size": N_("sztuk"),
    "tax_mode": N_("podatek"),
    "wrong_points": N_("błędnie wypłacone punkty"),
}
ACTORS: Mapping[str, str] = {
    "clock": N_("zegar"),
    "correction": N_("korekty"),
    "demo": N_("wersja pokazowa"),
    "ksef": N_("KSeF"),
    "sales-feed": N_("plik sprzedaży"),
    "system": N_("system"),
}
PROOFS: Mapping[ProofKind, str] = {
    ProofKind.KSEF_REGISTRY: N_("rejestr KSeF"),
    ProofKind.KSEF_FETCHED: N_("faktura pobrana z KSeF"),
    ProofKind.SALES_FEED: N_("plik sprzedaży"),
    ProofKind.SEEN_IN_REGISTER: N_("sprawdzone na stronie KSeF"),
}


def action_of(name: str, say: Say) -> str:
    return say(ACTIONS[name]) if name in ACTIONS else name


def actor_of(actor: str, say: Say) -> str:
    return say(ACTORS[actor]) if actor in ACTORS else actor


def facts_of(facts: Mapping[str, object], say: Say) -> str:
    """Facts in a line: known names in words, long identifiers by their last eight characters."""
    return ", ".join(
        f"{say(FACTS[name]) if name in FACTS else name}: {_value(value, say)}"
        for name, value in facts.items()
    )


def _value(value: object, say: Say) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return say(N_("tak")) if value else say(N_("nie"))
    text = str(value)
    if text in set(ProofKind):
        return say(PROOFS[ProofKind(text)])
    if text in set(ClaimStatus):
        return say(STATUS_CHIPS[ClaimStatus(text)][0])
    try:
        return f"…{UUID(text).hex[-8:]}"
    except ValueError:
        return text
