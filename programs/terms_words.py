"""Every kind of rule as a sentence of one language: the same words in pages, cards and terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.formats import Formats
from core.i18n import translations
from programs.policy import (
    Budget,
    Bundle,
    Campaign,
    Cap,
    Every,
    FirstPurchase,
    Joining,
    Ladder,
    Measure,
    Multiplier,
    PerUnit,
    PerValue,
    Rules,
    Selection,
    Stacking,
    Target,
)


def N_(text: str) -> str:
    """Marks a text that is translated where it is said."""
    return text


# When something is counted together: `w miesiącu`, and when levels sink.
WITHIN: Mapping[Every, str] = {
    Every.MONTH: N_("w miesiącu"),
    Every.QUARTER: N_("w kwartale"),
    Every.YEAR: N_("w roku"),
    Every.PROGRAM: N_("w całym programie"),
}
SINKS: Mapping[Every, str] = {
    Every.MONTH: N_("Spadek o poziom następuje tylko pierwszego dnia miesiąca."),
    Every.QUARTER: N_("Spadek o poziom następuje tylko pierwszego dnia kwartału."),
    Every.YEAR: N_("Spadek o poziom następuje tylko pierwszego dnia roku."),
    Every.PROGRAM: N_("Raz zdobyty poziom zostaje do końca programu."),
}

# Units that are written with a full stop; the others are signs.
ABBREVIATED: Mapping[str, str] = {"szt": N_("szt."), "kpl": N_("kpl."), "opak": N_("opak.")}
# A single one of them, after "za".
SINGLE: Mapping[str, str] = {"szt": N_("sztukę"), "kpl": N_("komplet"), "opak": N_("opakowanie")}


@dataclass(frozen=True, slots=True)
class KnownNames:
    """What rules only point to: partners by tax number, segments by key, products with units."""

    partners: Mapping[str, str]
    segments: Mapping[str, str]
    products: Sequence[tuple[str, str, str]] = ()  # (sku, family, unit)


NOTHING_KNOWN = KnownNames({}, {})


class Wording:
    """Rules in the words of one language."""

    def __init__(self, language: str, known: KnownNames = NOTHING_KNOWN) -> None:
        spoken = translations(language)
        self.say, self.many = spoken.gettext, spoken.ngettext
        self.formats, self.known = Formats(language), known

    def amount(self, value: Decimal) -> str:
        return self.formats.number(value.normalize())

    def days(self, number: int) -> str:
        """`14 dni`, `1 dnia`: after "w ciągu"."""
        return self.many("%(num)s dnia", "%(num)s dni", number) % {"num": number}

    def unit(self, selection: Selection) -> str:
        """The unit that all chosen products share: `m`, `szt.`; empty when they differ.

        All are signs or abbreviations: they stay as they are after any number.
        """
        unit = self._shared(selection)
        return self.say(ABBREVIATED[unit]) if unit in ABBREVIATED else unit

    def _shared(self, selection: Selection) -> str:
        """The code of that unit, as products have it."""
        units = {
            unit
            for sku, family, unit in self.known.products
            if selection.covers(sku=sku, family=family)
        }
        return units.pop() if len(units) == 1 else ""

    def units_word(self, number: Decimal) -> str:
        """`jednostkę`, `jednostki`, `jednostek`, as the number before it asks for."""
        if number % 1:
            return self.say("jednostki")
        return self.many("jednostkę", "jednostek", int(number))

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

    def rate(self, rule: PerUnit | PerValue) -> str:
        """`„Przewody”: 10 pkt za 100 m; produkty z rodziny YDYp.`"""
        say = self.say
        facts = {
            "clause": rule.clause,
            "points": self.amount(rule.points),
            "goods": self.goods(rule.products),
        }
        if isinstance(rule, PerValue):
            facts["zloty"] = self.amount(rule.zloty)
            return (
                say(
                    "„%(clause)s”: %(points)s pkt za każde %(zloty)s\u00a0zł "
                    "na dokumencie; %(goods)s."
                )
                % facts
            )
        facts |= {"units": self.amount(rule.units), "unit": self.unit(rule.products)}
        if facts["unit"] and rule.units == 1:
            unit = self._shared(rule.products)
            if unit not in SINGLE:
                return say("„%(clause)s”: %(points)s pkt za 1\u00a0%(unit)s; %(goods)s.") % facts
            facts["unit"] = say(SINGLE[unit])
            return say("„%(clause)s”: %(points)s pkt za %(unit)s; %(goods)s.") % facts
        if facts["unit"]:
            return (
                say("„%(clause)s”: %(points)s pkt za %(units)s\u00a0%(unit)s; %(goods)s.") % facts
            )
        if rule.units == 1:
            return say("„%(clause)s”: %(points)s pkt za każdą jednostkę; %(goods)s.") % facts
        facts["unit"] = self.units_word(rule.units)
        return (
            say("„%(clause)s”: %(points)s pkt za każde %(units)s\u00a0%(unit)s; %(goods)s.") % facts
        )

    def multiplier(self, rule: Multiplier) -> str:
        text = self.say("„%(clause)s”: stawka ×\u00a0%(factor)s; %(goods)s.") % {
            "clause": rule.clause,
            "factor": self.amount(rule.factor),
            "goods": self.goods(rule.products),
        }
        if rule.stacking is Joining.EXCLUSIVE:
            text += " " + self.say("Nie łączy się z innymi mnożnikami produktu.")
        return text

    def joining(self, rules: Rules) -> list[str]:
        """What happens where several multipliers cover one product."""
        if len(rules.multipliers) < 2:
            return []
        say, found = self.say, []
        ways = {rule.stacking for rule in rules.multipliers}
        if Joining.ADDS in ways:
            found.append(
                say(
                    "Mnożniki tego samego produktu sumują się: każdy liczy się od stawki, "
                    "nie od wyniku innego mnożnika."
                )
            )
        if Joining.MULTIPLIES in ways:
            names = ", ".join(
                f"„{m.clause}”" for m in rules.multipliers if m.stacking is Joining.MULTIPLIES
            )
            found.append(
                say("Te mnożniki mnożą wynik pozostałych mnożników produktu: %(names)s.")
                % {"names": names}
            )
        if Joining.EXCLUSIVE in ways:
            found.append(
                say(
                    "Mnożnik, który się nie łączy, zastępuje inne mnożniki produktu, "
                    "jeśli daje więcej od nich razem."
                )
            )
        return found

    def campaign(self, rule: Campaign) -> str:
        """`„Jesień”, zakupy od 1 do 30 listopada 2026: punkty × 2; …`"""
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
            names = ", ".join(self.known.partners.get(nip, nip) for nip in rule.partner_nips)
            text = f"{text} {say('Tylko zakupy w: %(names)s.') % {'names': names}}"
        text += self._for_whom(rule.segments)
        if rule.tiers:
            text += " " + say("Tylko na poziomie: %(names)s.") % {"names": ", ".join(rule.tiers)}
        return text + self._alone(rule.stacking)

    def bonus(self, rule: FirstPurchase | Bundle | Target) -> str:
        """What is given once: for a first purchase, a full set, a target."""
        say = self.say
        facts = {"clause": rule.clause, "points": self.amount(rule.points)}
        if isinstance(rule, Bundle):
            parts = say(" oraz ").join(
                f"{self.amount(part.units)} × {self.goods(part.products)}" for part in rule.parts
            )
            facts |= {"parts": parts, "most": str(rule.most)}
            text = say("„%(clause)s”: %(points)s pkt za komplet na jednym dokumencie: %(parts)s.")
            text = text % facts
            if rule.most > 1:
                text += " " + say("Najwyżej %(most)s razy na dokumencie.") % facts
            text += " " + say("Każda sztuka liczy się do jednej części kompletu.")
            return text + self._alone(rule.stacking)
        facts["goods"] = self.goods(rule.products)
        if isinstance(rule, FirstPurchase):
            text = (
                say("„%(clause)s”: %(points)s pkt za pierwszy zaliczony zakup; %(goods)s.") % facts
            )
            text += " " + say("Wyparta przez lepszą promocję przechodzi na następny zakup.")
        else:
            facts |= {
                "units": self.amount(rule.units),
                "unit": self.unit(rule.products) or self.units_word(rule.units),
                "within": say(WITHIN[rule.every]),
            }
            text = (
                say(
                    "„%(clause)s”: %(points)s pkt, gdy zaliczone zakupy %(within)s osiągną "
                    "%(units)s\u00a0%(unit)s; %(goods)s."
                )
                % facts
            )
        return text + self._for_whom(rule.segments) + self._alone(rule.stacking)

    def _for_whom(self, segments: Sequence[str]) -> str:
        if not segments:
            return ""
        names = ", ".join(self.known.segments.get(key, key) for key in segments)
        return " " + self.say("Tylko dla segmentu: %(names)s.") % {"names": names}

    def _alone(self, stacking: Stacking) -> str:
        if stacking is not Stacking.EXCLUSIVE:
            return ""
        return " " + self.say("Nie łączy się z innymi promocjami i premiami.")

    def levels(self, rules: Rules) -> list[str]:
        """Each level with its threshold and factor, then when one rises and sinks."""
        say, ladder = self.say, rules.ladder
        known = {level.name for level in ladder.levels} if ladder else set()
        found = (
            [self._level(rules, ladder, level.name, level.at_least) for level in ladder.levels]
            if ladder
            else []
        )
        found += [
            say("Poziom „%(tier)s”: punkty ×\u00a0%(factor)s.")
            % {"tier": tier, "factor": self.amount(factor)}
            for tier, factor in rules.tier_factors.items()
            if tier not in known
        ]
        if ladder is None:
            return found
        rises = (
            say("Wyższy poziom obowiązuje od następnego dnia po jego osiągnięciu.")
            if ladder.rise == "daily"
            else say("Wyższy poziom obowiązuje od pierwszego dnia następnego miesiąca.")
        )
        return [*found, rises, say(SINKS[ladder.sink])]

    def _level(self, rules: Rules, ladder: Ladder, name: str, at_least: Decimal) -> str:
        say = self.say
        facts = {
            "tier": name,
            "amount": self.amount(at_least),
            "days": self.formats.number(ladder.window_days),
        }
        text = (
            say("Poziom „%(tier)s”: co najmniej %(amount)s pkt z ostatnich %(days)s dni.")
            if ladder.measure is Measure.POINTS
            else say(
                "Poziom „%(tier)s”: zakupy za co najmniej %(amount)s\u00a0zł "
                "z ostatnich %(days)s dni."
            )
        ) % facts
        factor = rules.tier_factors.get(name)
        if factor is None or factor == 1:
            return text
        return text + " " + say("Punkty ×\u00a0%(factor)s.") % {"factor": self.amount(factor)}

    def cap(self, cap: Cap) -> str:
        return self.say("Jeden uczestnik dostaje %(within)s najwyżej %(points)s pkt za zakupy.") % {
            "within": self.say(WITHIN[cap.every]),
            "points": self.formats.number(cap.points),
        }

    def line_cap(self, points: int) -> str:
        return self.say("Jedna pozycja dokumentu przynosi najwyżej %(points)s pkt.") % {
            "points": self.formats.number(points)
        }

    def budget(self, budget: Budget) -> str:
        return self.say(
            "Wszyscy uczestnicy razem dostają %(within)s najwyżej %(points)s pkt; "
            "gdy budżet się skończy, kolejne decyzje nie przynoszą punktów."
        ) % {
            "within": self.say(WITHIN[budget.every]),
            "points": self.formats.number(budget.points),
        }

    def limits(self, rules: Rules) -> list[str]:
        """All that stops points."""
        found = [] if rules.cap_per_line is None else [self.line_cap(rules.cap_per_line)]
        found += [self.cap(cap) for cap in rules.participant_caps]
        return found + ([self.budget(rules.budget)] if rules.budget else [])
