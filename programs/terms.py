"""The programme's three-step card and the points chapter of its terms, made from one version.

What is printed is what judges: every sentence comes from the version's data, in Polish or English.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.formats import Formats
from core.i18n import translations
from programs.policy import Campaign, Multiplier, PerUnit, Rules, Selection, Stacking
from programs.settings import ProgramSettings


@dataclass(frozen=True, slots=True)
class TermsFacts:
    """Everything that the texts are made of. `partners` are names by tax number."""

    program_name: str
    organiser: str
    starts_on: date
    ends_on: date
    claim_until: date
    redeem_until: date
    settings: ProgramSettings
    number: int
    valid_from: date
    rules: Rules
    partners: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CardStep:
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A numbered paragraph of the terms with its points."""

    title: str
    points: tuple[str, ...]


class Wording:
    """Rules in the words of one language."""

    def __init__(self, language: str) -> None:
        spoken = translations(language)
        self.say, self.many = spoken.gettext, spoken.ngettext
        self.formats = Formats(language)

    def amount(self, value: Decimal) -> str:
        return self.formats.number(value.normalize())

    def days(self, number: int) -> str:
        """`14 dni`, `1 dnia`: after "w ciągu"."""
        return self.many("%(num)s dnia", "%(num)s dni", number) % {"num": number}

    def goods(self, selection: Selection) -> str:
        """Which products: `produkty z rodziny Nova`."""
        say, parts = self.say, []
        if len(selection.families) == 1:
            parts.append(say("produkty z rodziny %(family)s") % {"family": selection.families[0]})
        elif selection.families:
            parts.append(
                say("produkty z rodzin: %(families)s") % {"families": ", ".join(selection.families)}
            )
        if selection.skus:
            parts.append(say("produkty o kodach: %(codes)s") % {"codes": ", ".join(selection.skus)})
        return say(" oraz ").join(parts) or say("wszystkie produkty programu")

    def base(self, rule: PerUnit) -> str:
        """`Osprzęt Nova: 12 pkt za każdą sztukę (produkty z rodziny Nova).`"""
        facts = {
            "clause": rule.clause,
            "points": self.amount(rule.points),
            "units": self.amount(rule.units),
            "goods": self.goods(rule.products),
        }
        if rule.units == 1:
            return self.say("„%(clause)s”: %(points)s pkt za każdą jednostkę; %(goods)s.") % facts
        return (
            self.say("„%(clause)s”: %(points)s pkt za każde %(units)s jednostki; %(goods)s.")
            % facts
        )

    def multiplier(self, rule: Multiplier) -> str:
        return self.say("„%(clause)s”: stawka ×\u00a0%(factor)s; %(goods)s.") % {
            "clause": rule.clause,
            "factor": self.amount(rule.factor),
            "goods": self.goods(rule.products),
        }

    def campaign(self, rule: Campaign, partners: Mapping[str, str]) -> str:
        """`„Jesień”, od 1 do 30 listopada 2026: punkty × 2; …`"""
        say, gains = self.say, []
        if rule.factor != 1:
            gains.append(say("punkty ×\u00a0%(factor)s") % {"factor": self.amount(rule.factor)})
        if rule.bonus_per_unit:
            gains.append(
                say("dodatkowo %(points)s pkt za każdą jednostkę")
                % {"points": self.amount(rule.bonus_per_unit)}
            )
        text = say("„%(clause)s”, zakupy od %(first)s do %(last)s: %(gains)s; %(goods)s.") % {
            "clause": rule.clause,
            "first": self.formats.date(rule.starts_on),
            "last": self.formats.date(rule.ends_on),
            "gains": say(" i ").join(gains) or say("bez zmiany punktów"),
            "goods": self.goods(rule.products),
        }
        if rule.partner_nips:
            names = ", ".join(partners.get(nip, nip) for nip in rule.partner_nips)
            only = say("Tylko zakupy w: %(names)s.") % {"names": names}
            text = f"{text} {only}"
        if rule.stacking is Stacking.EXCLUSIVE:
            alone = say("Nie łączy się z innymi promocjami.")
            text = f"{text} {alone}"
        return text


def card(facts: TermsFacts, *, language: str) -> tuple[CardStep, ...]:
    """Three steps, at most 120 words together."""
    words, settings = Wording(language), facts.settings
    say = words.say
    return (
        CardStep(
            say("Zrób zdjęcie"),
            say(
                "Sfotografuj fakturę albo paragon w ciągu %(days)s od zakupu. "
                "PDF i plik z KSeF też przyjmujemy."
            )
            % {"days": words.days(settings.claim_window_days)},
        ),
        CardStep(
            say("Hurtownia potwierdza"),
            say(
                "Ma na to %(hours)s godz. roboczych. Przy każdej pozycji zobaczysz punkty "
                "albo powód, dlaczego ich nie ma."
            )
            % {"hours": settings.promise_working_hours},
        ),
        CardStep(
            say("Wybierz nagrodę"),
            say(
                "Punkty są ważne %(days)s dni. Zamówioną nagrodę odkładamy dla Ciebie od razu "
                "i podajemy dzień dostawy."
            )
            % {"days": settings.points_valid_days},
        ),
    )


def rates(facts: TermsFacts, *, language: str, on: date) -> list[str]:
    """The rates and the promotions of a day, a line each, for below the card."""
    words = Wording(language)
    found = [words.base(rule) for rule in facts.rules.base]
    found += [words.multiplier(rule) for rule in facts.rules.multipliers]
    return found + [
        words.campaign(rule, facts.partners) for rule in facts.rules.campaigns if rule.ends_on >= on
    ]


def chapters(facts: TermsFacts, *, language: str) -> list[Chapter]:
    """The points chapter of the terms; paragraphs that would be empty are left out."""
    words = Wording(language)
    say, day, rules = words.say, words.formats.date, facts.rules
    found = [
        Chapter(
            say("Czas trwania"),
            (
                say("Punkty przysługują za zakupy od %(first)s do %(last)s.")
                % {"first": day(facts.starts_on), "last": day(facts.ends_on)},
                say("Zakup trzeba zgłosić w ciągu %(days)s, najpóźniej %(last)s.")
                % {
                    "days": words.days(facts.settings.claim_window_days),
                    "last": day(facts.claim_until),
                },
                say("Nagrody można zamawiać do %(last)s.") % {"last": day(facts.redeem_until)},
            ),
        ),
        Chapter(
            say("Stawki"),
            (
                *(words.base(rule) for rule in rules.base),
                *(words.multiplier(rule) for rule in rules.multipliers),
                *(
                    [say("Jeśli produkt pasuje do kilku stawek, liczy się pierwsza z nich.")]
                    if len(rules.base) > 1
                    else []
                ),
            ),
        ),
    ]
    if rules.campaigns:
        found.append(Chapter(say("Promocje"), _promotions(facts, words)))
    if rules.tier_factors:
        found.append(
            Chapter(
                say("Poziomy"),
                tuple(
                    say("Poziom „%(tier)s”: punkty ×\u00a0%(factor)s.")
                    % {"tier": tier, "factor": words.amount(factor)}
                    for tier, factor in rules.tier_factors.items()
                ),
            )
        )
    return [*found, _order(facts, words), *_rest(facts, words)]


def _promotions(facts: TermsFacts, words: Wording) -> tuple[str, ...]:
    say, campaigns = words.say, facts.rules.campaigns
    points = [words.campaign(rule, facts.partners) for rule in campaigns]
    adding = [rule for rule in campaigns if rule.stacking is Stacking.ADDS]
    if len(adding) > 1:
        points.append(
            say(
                "Promocje, które trwają razem, sumują się: każda liczy się od stawki, "
                "nie od wyniku innej promocji."
            )
        )
    if len(adding) < len(campaigns) and len(campaigns) > 1:
        points.append(
            say("Promocja, która się nie łączy, zastępuje inne, jeśli daje więcej od nich razem.")
        )
    return tuple(points)


def _order(facts: TermsFacts, words: Wording) -> Chapter:
    say, points = words.say, []
    points.append(
        say(
            "Punkty każdej pozycji liczymy w kolejności: stawka, mnożnik produktu, promocja, "
            "poziom, limit."
        )
    )
    points.append(
        say("Zaokrąglamy raz, na końcu pozycji, do pełnego punktu; połowa zaokrągla się w górę.")
    )
    if facts.rules.cap_per_line is not None:
        points.append(
            say("Jedna pozycja dokumentu przynosi najwyżej %(points)s pkt.")
            % {"points": words.formats.number(facts.rules.cap_per_line)}
        )
    return Chapter(say("Jak liczymy"), tuple(points))


def _rest(facts: TermsFacts, words: Wording) -> list[Chapter]:
    say, settings = words.say, facts.settings
    share = (
        say("Jedną fakturą może podzielić się kilku uczestników; każda sztuka liczy się raz.")
        if settings.share_documents
        else say("Jeden dokument może zgłosić jeden uczestnik.")
    )
    return [
        Chapter(
            say("Która wersja zasad obowiązuje"),
            (
                say(
                    "Ta wersja, numer %(number)s, dotyczy zakupów od %(day)s do dnia, "
                    "od którego obowiązuje następna."
                )
                % {"number": facts.number, "day": words.formats.date(facts.valid_from)},
                say("Zakup ocenia wersja obowiązująca w dniu zakupu, nie w dniu zgłoszenia."),
            ),
        ),
        Chapter(
            say("Zgłoszenie i decyzja"),
            (
                share,
                say("Hurtownia rozpatruje zgłoszenie w ciągu %(hours)s godz. roboczych.")
                % {"hours": settings.promise_working_hours},
                say(
                    "Od decyzji można się odwołać w ciągu %(days)s. "
                    "Odwołanie rozpatruje inna osoba."
                )
                % {"days": words.days(settings.appeal_days)},
            ),
        ),
        Chapter(
            say("Ważność i zwroty"),
            (
                say("Punkty są ważne %(days)s dni od przyznania. Najpierw wydajesz najstarsze.")
                % {"days": settings.points_valid_days},
                say(
                    "Korekta faktury cofa punkty dokładnie za zwrócone sztuki, "
                    "według zasad, które je przyznały."
                ),
            ),
        ),
    ]
