"""The programme's three-step card and the points chapter of its terms, made from one version.

What is printed is what judges: every sentence comes from the version's data, in Polish or English.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from programs import tax
from programs.policy import PerValue, Rules, Stacking
from programs.settings import ProgramSettings
from programs.tax import TaxMode
from programs.terms_words import KnownNames, Wording


@dataclass(frozen=True, slots=True)
class TermsFacts:
    """Everything that the texts are made of. `partners` are names by tax number.

    `segments` are names by key, `products` their codes, families and units.
    """

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
    segments: Mapping[str, str] = field(default_factory=dict)
    products: Sequence[tuple[str, str, str]] = ()
    tax_mode: TaxMode | None = None

    def wording(self, language: str) -> Wording:
        return Wording(language, KnownNames(self.partners, self.segments, self.products))


@dataclass(frozen=True, slots=True)
class CardStep:
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A numbered paragraph of the terms with its points."""

    title: str
    points: tuple[str, ...]


def card(facts: TermsFacts, *, language: str) -> tuple[CardStep, ...]:
    """Three steps, at most 120 words together."""
    words, settings = facts.wording(language), facts.settings
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
    words = facts.wording(language)
    found = [words.rate(rule) for rule in facts.rules.base]
    found += [words.multiplier(rule) for rule in facts.rules.multipliers]
    found += [words.campaign(rule) for rule in facts.rules.campaigns if rule.ends_on >= on]
    found += [words.bonus(rule) for rule in facts.rules.bonuses]
    found += words.joining(facts.rules)
    return [*found, *_alone(facts.rules, words), *_in_parts(facts.rules, words)]


def chapters(facts: TermsFacts, *, language: str) -> list[Chapter]:
    """The points chapter of the terms; paragraphs that would be empty are left out."""
    words = facts.wording(language)
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
                *(words.rate(rule) for rule in rules.base),
                *(words.multiplier(rule) for rule in rules.multipliers),
                *(
                    [
                        say(
                            "Wartość to kwota pozycji z dokumentu: netto na fakturze, "
                            "brutto na paragonie."
                        )
                    ]
                    if any(isinstance(rule, PerValue) for rule in rules.base)
                    else []
                ),
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
    if rules.bonuses:
        found.append(Chapter(say("Premie"), _bonuses(facts, words)))
    if levels := words.levels(rules):
        found.append(Chapter(say("Poziomy"), tuple(levels)))
    if limits := words.limits(rules):
        found.append(Chapter(say("Limity"), (*limits, _limit_days(words))))
    taxes = Chapter(say("Podatek od nagród"), tax.sentences(facts.tax_mode, language=language))
    return [*found, _order(facts, words), *_rest(facts, words), taxes]


def _promotions(facts: TermsFacts, words: Wording) -> tuple[str, ...]:
    say, campaigns = words.say, facts.rules.campaigns
    points = [words.campaign(rule) for rule in campaigns]
    adding = [rule for rule in campaigns if rule.stacking is Stacking.ADDS]
    if len(adding) > 1:
        points.append(
            say(
                "Promocje, które trwają razem, sumują się: każda liczy się od stawki, "
                "nie od wyniku innej promocji."
            )
        )
    return tuple(points)


def _alone(rules: Rules, words: Wording) -> list[str]:
    """What happens where a promotion or bonus that stands alone meets another."""
    extras = [*rules.campaigns, *rules.bonuses]
    if len(extras) < 2 or all(rule.stacking is Stacking.ADDS for rule in extras):
        return []
    return [
        words.say(
            "Promocja albo premia, która się nie łączy, zastępuje na pozycji inne promocje "
            "i premie, także za komplet i za cel, jeśli daje więcej od nich razem; "
            "zastąpionych do niej nie doliczamy."
        )
    ]


def _bonuses(facts: TermsFacts, words: Wording) -> tuple[str, ...]:
    say = words.say
    return (
        *(words.bonus(rule) for rule in facts.rules.bonuses),
        say(
            "Premia pozostaje tą samą premią, także gdy nowa wersja zmieni jej nazwę: kto ją "
            "dostał, nie dostaje jej drugi raz."
        ),
        say(
            "Premię dolicza się do pozycji, która spełnia warunek. O tym, co było wcześniej, "
            "rozstrzyga kolejność decyzji."
        ),
    )


def _limit_days(words: Wording) -> str:
    return words.say("O miesiącu, kwartale i roku rozstrzyga dzień zakupu.")


def _in_parts(rules: Rules, words: Wording) -> list[str]:
    """Rates for more than one unit, or for an amount, pay for a part of it as well."""
    if not any(isinstance(rule, PerValue) or rule.units != 1 for rule in rules.base):
        return []
    return [
        words.say(
            "Stawki działają proporcjonalnie: także za część podanych jednostek albo kwoty "
            "należy się część punktów."
        )
    ]


def _order(facts: TermsFacts, words: Wording) -> Chapter:
    say, points = words.say, []
    points.append(
        say(
            "Punkty każdej pozycji liczymy w kolejności: stawka, mnożnik produktu, promocje "
            "i premie, poziom, limity."
        )
    )
    points += words.joining(facts.rules)
    points += _alone(facts.rules, words)
    points += _in_parts(facts.rules, words)
    points.append(
        say("Zaokrąglamy raz, na końcu pozycji, do pełnego punktu; połowa zaokrągla się w górę.")
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
                say(
                    "Tak samo produkt: liczy się rodzina, do której należał w dniu zakupu. "
                    "Za produkt bez stawki z tego dnia nie ma punktów."
                ),
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
                *(
                    [
                        say(
                            "Cofa też premie: za komplet i za cel, gdy po zwrocie brakuje do nich "
                            "sztuk, a za pierwszy zakup, gdy nic z niego nie zostaje."
                        )
                    ]
                    if facts.rules.bonuses
                    else []
                ),
            ),
        ),
    ]
