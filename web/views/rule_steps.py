"""What each rule did to a line, in words: from a decision receipt to the auditor's trace."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from core.formats import Formats
from web.error_texts import N_

Say = Callable[[str], str]
STEPS: Mapping[str, str] = {
    "base": N_("stawka"),
    "multiplier": N_("mnożnik"),
    "campaign": N_("promocja"),
    "first_purchase": N_("premia za pierwszy zakup"),
    "bundle": N_("premia za komplet"),
    "target": N_("premia za cel"),
    "tier": N_("poziom"),
    "cap": N_("limit"),
}
LIMITS: Mapping[str, str] = {
    "line": N_("limit za pozycję"),
    "participant:month": N_("limit uczestnika w miesiącu"),
    "participant:quarter": N_("limit uczestnika w kwartale"),
    "participant:year": N_("limit uczestnika w roku"),
    "participant:program": N_("limit uczestnika w programie"),
    "budget:month": N_("budżet miesiąca wyczerpany"),
    "budget:quarter": N_("budżet kwartału wyczerpany"),
    "budget:year": N_("budżet roku wyczerpany"),
    "budget:program": N_("budżet programu wyczerpany"),
    "return": N_("po zwrocie najwyżej tyle, ile było przed nim"),
}
# What would make a line pay that a limit cut; the limit of a return has no answer.
AFTER_LIMIT: Mapping[str, str] = {
    "line": N_("Jedna pozycja daje najwyżej tyle punktów. Następne zakupy liczą się osobno."),
    "participant": N_("To najwięcej, ile daje okres tego zakupu. Następny okres ma własny limit."),
    "participant:program": N_("To najwięcej, ile jedna firma może dostać w tym programie."),
    "budget": N_("Budżet na okres tego zakupu się skończył. Następny okres ma własny."),
    "budget:program": N_("Budżet się skończył: punkty wrócą, jeśli organizator go zwiększy."),
}
_SHOWN = Decimal("0.0001")


def steps_in_words(steps: Sequence[Mapping[str, object]], *, formats: Formats, say: Say) -> str:
    """`stawka „Osprzęt Nova” 12 pkt, promocja „Jesień” × 2`: what each rule did, in its order."""
    return ", ".join(_words(step, formats, say) for step in steps)


def _words(step: Mapping[str, object], formats: Formats, say: Say) -> str:
    stage, clause = str(step.get("stage", "")), str(step.get("clause", ""))
    kind = str(step.get("kind") or "")
    if stage == "cap":
        return say(LIMITS.get(str(step.get("limit") or ""), STEPS["cap"]))
    noun = STEPS.get(kind) or STEPS.get(stage)
    text = say(noun) if noun else stage
    if clause:
        text = f"{text} {say(N_('„%(name)s”')) % {'name': clause}}"
    if step.get("missing"):
        return f"{text}: {say(N_('nie odczytano wartości pozycji'))}"
    if rate := _number(step, "per_unit"):
        per_unit = say(N_("%(points)s\u00a0pkt"))
        return f"{text} {per_unit % {'points': _shown(rate, formats)}}"
    if rate := _number(step, "per_zloty"):
        per_zloty = say(N_("%(points)s\u00a0pkt za 1\u00a0zł"))
        return f"{text} {per_zloty % {'points': _shown(rate, formats)}}"
    factor, bonus = _number(step, "factor"), _number(step, "bonus")
    if factor is not None and factor != 1:
        text = f"{text} ×\u00a0{_shown(factor, formats)}"
    if bonus:
        more = say(N_("+%(points)s\u00a0pkt"))
        text = f"{text} {more % {'points': _shown(bonus, formats)}}"
    return text


def _number(step: Mapping[str, object], name: str) -> Decimal | None:
    value = step.get(name)
    return None if value is None else Decimal(str(value))


def _shown(value: Decimal, formats: Formats) -> str:
    return formats.number(value.quantize(_SHOWN).normalize())
