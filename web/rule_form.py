"""The rules' form: what was typed, as rows for the next showing and as rules."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from core.errors import Invalid
from programs.policy import Budget, Every, Ladder, Level, Measure, Rules
from programs.policy_rules import MOST_BUDGET
from web import rule_fields, rule_kinds, rule_rows
from web.rule_rows import (
    BaseRow,
    BundleRow,
    CampaignRow,
    FirstRow,
    LevelRow,
    LimitRow,
    MultiplierRow,
    Row,
    Sent,
    TargetRow,
    one,
)


@dataclass(frozen=True, slots=True)
class RuleForm:
    """The whole form, every field as it was typed."""

    valid_from: str
    note: str = ""
    cap: str = ""
    budget: str = ""
    budget_every: str = "program"
    measure: str = "points"
    window_days: str = "365"
    rise: str = "daily"
    sink: str = "quarter"
    base: tuple[BaseRow, ...] = ()
    multipliers: tuple[MultiplierRow, ...] = ()
    campaigns: tuple[CampaignRow, ...] = ()
    firsts: tuple[FirstRow, ...] = ()
    bundles: tuple[BundleRow, ...] = ()
    targets: tuple[TargetRow, ...] = ()
    levels: tuple[LevelRow, ...] = ()
    limits: tuple[LimitRow, ...] = ()

    def rules(self) -> Rules:
        """What was meant. Raises `Invalid` with the field: `base-0-points`, `campaign-1-ends_on`.

        A row that was left as it was added is an empty row and left out.
        """
        self._require_own_names()
        bonuses = (
            *rule_kinds.meant(self.firsts, rule_kinds.first),
            *rule_kinds.meant(self.bundles, rule_kinds.bundle),
            *rule_kinds.meant(self.targets, rule_kinds.target),
        )
        ladder, factors = self._ladder()
        cap = rule_fields.whole(self.cap, "cap") if self.cap else None
        return Rules(
            base=tuple(rule_kinds.meant(self.base, rule_kinds.rate)),
            multipliers=tuple(rule_kinds.meant(self.multipliers, rule_kinds.multiplier)),
            campaigns=tuple(rule_kinds.meant(self.campaigns, rule_kinds.campaign)),
            bonuses=bonuses,
            ladder=ladder,
            tier_factors=factors,
            cap_per_line=cap,
            participant_caps=tuple(rule_kinds.meant(self.limits, rule_kinds.limit)),
            budget=self._budget(),
        )

    def day(self) -> date:
        """The day from which the version judges. Raises `Invalid`."""
        return rule_fields.day(self.valid_from, "valid_from")

    def unknown_codes(self, known: Collection[str]) -> tuple[str, tuple[str, ...]] | None:
        """The first field with product codes that the programme does not have."""
        for field, row in self._rows():
            for name in (f.name for f in fields(row) if f.name.startswith("skus")):
                missing = [
                    code for code in rule_fields.codes(getattr(row, name)) if code not in known
                ]
                if missing:
                    return f"{field}-{name}", tuple(missing)
        return None

    def _rows(self) -> Iterator[tuple[str, Row]]:
        for rows in (
            self.base,
            self.multipliers,
            self.campaigns,
            self.firsts,
            self.bundles,
            self.targets,
            self.levels,
            self.limits,
        ):
            yield from ((f"{row.noun}-{number}", row) for number, row in enumerate(rows))

    def _require_own_names(self) -> None:
        """Rules are told apart by their names, in texts and on decisions."""
        seen: set[str] = set()
        for field, row in self._rows():
            clause = str(getattr(row, "clause", "")).casefold()
            if clause and clause in seen:
                raise Invalid("two rules of one name", field=f"{field}-clause", fault="twice")
            seen.add(clause)

    def _ladder(self) -> tuple[Ladder | None, dict[str, Decimal]]:
        levels: list[Level] = []
        factors: dict[str, Decimal] = {}
        for number, row in enumerate(self.levels):
            if row.empty:
                continue
            field = f"level-{number}"
            level = Level(
                name=rule_fields.name(row.clause, f"{field}-clause"),
                at_least=rule_fields.number(
                    row.at_least, f"{field}-at_least", least=rule_fields.LEAST, most=MOST_BUDGET
                ),
            )
            if levels and level.at_least <= levels[-1].at_least:
                raise Invalid("levels rise", field=f"{field}-at_least", fault="rising")
            levels.append(level)
            factor = rule_fields.number(row.factor, f"{field}-factor", least=1, most=100)
            if factor != 1:
                factors[level.name] = factor
        if not levels:
            return None, {}
        try:
            measure, sink = Measure(self.measure), Every(self.sink)
        except ValueError as error:
            raise Invalid("no such choice", field="measure") from error
        ladder = Ladder(
            measure=measure,
            window_days=rule_fields.whole(self.window_days, "window_days", least=30, most=1_830),
            rise="month" if self.rise == "month" else "daily",
            sink=sink,
            levels=tuple(levels),
        )
        return ladder, factors

    def _budget(self) -> Budget | None:
        if not self.budget:
            return None
        points = rule_fields.whole(self.budget, "budget", most=MOST_BUDGET)
        return Budget(points=points, every=rule_kinds.every(self.budget_every, "budget_every"))


def shown(rules: Rules, *, valid_from: date, note: str) -> RuleForm:
    """A version's rules as the form shows them."""
    text, ladder = rule_fields.text, rules.ladder
    levels = [
        LevelRow(level.name, text(level.at_least), text(rules.tier_factors.get(level.name, 1)))
        for level in (ladder.levels if ladder else ())
    ]
    known = {row.clause for row in levels}
    levels += [
        LevelRow(name, "", text(factor))
        for name, factor in rules.tier_factors.items()
        if name not in known
    ]
    plain = RuleForm(
        valid_from=valid_from.isoformat(),
        note=note,
        cap=text(rules.cap_per_line),
        budget=text(rules.budget.points) if rules.budget else "",
        budget_every=rules.budget.every if rules.budget else "program",
        levels=tuple(levels),
        **rule_kinds.rows(rules),
    )
    if ladder is None:
        return plain
    return RuleForm(
        **{field.name: getattr(plain, field.name) for field in fields(plain)}
        | {
            "measure": ladder.measure.value,
            "window_days": str(ladder.window_days),
            "rise": ladder.rise,
            "sink": ladder.sink.value,
        }
    )


def typed(sent: Sent) -> RuleForm:
    """The form as it was sent; `add=base|campaign|…` asks for one more empty row."""
    plain = {
        name: one(sent, name)
        for name in (
            "valid_from", "note", "cap", "budget", "budget_every",
            "measure", "window_days", "rise", "sink",
        )
        if name in sent
    }  # fmt: skip
    return RuleForm(
        **{"valid_from": "", **plain},
        base=rule_rows.read(BaseRow, sent),
        multipliers=rule_rows.read(MultiplierRow, sent),
        campaigns=rule_rows.read(CampaignRow, sent),
        firsts=rule_rows.read(FirstRow, sent),
        bundles=rule_rows.read(BundleRow, sent),
        targets=rule_rows.read(TargetRow, sent),
        levels=rule_rows.read(LevelRow, sent),
        limits=rule_rows.read(LimitRow, sent),
    )


async def _sent(request: Request) -> Sent:
    form = await request.form()
    return {
        name: [value for value in form.getlist(name) if isinstance(value, str)] for name in form
    }


# All fields of a posted form: its rows are numbered, so their names are not known beforehand.
SentForm = Annotated[Sent, Depends(_sent)]
