"""How rewards of a programme are taxed, in the words of one language. Pure.

The numbers are those of the income tax act (PIT): a reward of a premium sale is exempt up to
`EXEMPT_ZLOTY` (art. 21(1)(68)), a dearer one is taxed at `FLAT_PERCENT` on the whole value
(art. 30(1)(2)); an organiser that bears this tax of a prize in kind adds `GROSS_UP_PERCENT`.
Which mode fits a programme is a lawyer's answer; nothing here chooses one.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from core.formats import Formats
from core.i18n import translations

EXEMPT_ZLOTY = 2_000
FLAT_PERCENT = 10
GROSS_UP_PERCENT = Decimal("11.11")  # 10 / 90: what makes the tax ten per cent of prize and money.


class TaxMode(StrEnum):
    BUSINESS = "business"
    PREMIUM_SALE_EXEMPT = "premium_sale_exempt"
    FLAT10_WITH_GROSS_UP = "flat10_with_gross_up"
    PIT11 = "pit11"


def N_(text: str) -> str:
    """Marks a text that is translated where it is said."""
    return text


LABELS: Mapping[TaxMode, str] = {
    TaxMode.BUSINESS: N_("przychód firmy uczestnika"),
    TaxMode.PREMIUM_SALE_EXEMPT: N_("sprzedaż premiowa ze zwolnieniem"),
    TaxMode.FLAT10_WITH_GROSS_UP: N_("ryczałt 10\u00a0% z dopłatą organizatora"),
    TaxMode.PIT11: N_("inne źródła, PIT-11"),
}
_EXEMPT = N_(
    "Nagroda o wartości do %(limit)s\u00a0zł jest zwolniona z podatku dochodowego jako nagroda "
    "w sprzedaży premiowej (art. 21 ust. 1 pkt 68 ustawy o PIT)."
)
_VALUE = N_("Wartość nagrody to jej cena rynkowa z VAT.")
_SENTENCES: Mapping[TaxMode, tuple[str, ...]] = {
    TaxMode.BUSINESS: (
        N_(
            "Nagroda jest przychodem z działalności gospodarczej firmy, która ją dostaje: "
            "nie jest zwolniona z podatku, a organizator go nie pobiera."
        ),
        N_("Firma sama rozlicza wartość nagrody; poda ją organizator."),
    ),
    TaxMode.PREMIUM_SALE_EXEMPT: (
        _EXEMPT,
        N_(
            "Od droższej należy się %(rate)s zryczałtowanego podatku od całej wartości "
            "(art. 30 ust. 1 pkt 2); jak go wpłacić, organizator powie przed jej wydaniem."
        ),
        _VALUE,
    ),
    TaxMode.FLAT10_WITH_GROSS_UP: (
        _EXEMPT,
        N_(
            "Od droższej organizator odprowadza %(rate)s zryczałtowanego podatku od całej "
            "wartości (art. 30 ust. 1 pkt 2) i sam pokrywa go z dopłaty: %(gross_up)s wartości "
            "nagrody rzeczowej."
        ),
        _VALUE,
    ),
    TaxMode.PIT11: (
        N_(
            "Nagroda jest przychodem z innych źródeł: organizator nie pobiera podatku, "
            "a jej wartość wykazuje w informacji PIT-11."
        ),
        N_("Podatek rozlicza w zeznaniu rocznym ten, kto dostał nagrodę."),
    ),
}
_OPEN = N_(
    "Organizator nie wskazał jeszcze, jak rozliczany jest podatek od nagród. "
    "Zapytaj go, zanim zamówisz."
)
_OPEN_THEN = N_(
    "Gdy składano zamówienie, organizator nie wskazał jeszcze, jak rozliczany jest podatek "
    "od nagród. Zapytaj go."
)
_NO_ADVICE = N_("To założenie organizatora, nie porada podatkowa.")


def label(mode: TaxMode, *, language: str) -> str:
    return translations(language).gettext(LABELS[mode])


def sentences(mode: TaxMode | None, *, language: str, ordered: bool = False) -> tuple[str, ...]:
    """How a reward is treated under a mode; that none was chosen, where none was.

    `ordered`: said of an order that was placed, not of a reward that may be.
    """
    say, formats = translations(language).gettext, Formats(language)
    if mode is None:
        return (say(_OPEN_THEN if ordered else _OPEN),)
    numbers = {
        "limit": formats.number(EXEMPT_ZLOTY),
        "rate": formats.percent(Decimal(FLAT_PERCENT) / 100, 0),
        "gross_up": formats.percent(GROSS_UP_PERCENT / 100, 2),
    }
    return tuple(say(text) % numbers for text in (*_SENTENCES[mode], _NO_ADVICE))
