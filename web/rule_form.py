"""The rules' form: what was typed, as rows for the next showing and as rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated

from fastapi import Depends
from pydantic import ValidationError
from starlette.requests import Request

from core.errors import Invalid
from programs.policy import Campaign, PerUnit, Rules, Selection, Stacking

MOST_ROWS = 40
Sent = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class BaseRow:
    """A rate as it was typed."""

    clause: str = ""
    points: str = ""
    units: str = "1"
    families: tuple[str, ...] = ()
    skus: str = ""


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A promotion as it was typed."""

    clause: str = ""
    starts_on: str = ""
    ends_on: str = ""
    factor: str = "1"
    bonus: str = "0"
    families: tuple[str, ...] = ()
    skus: str = ""
    partners: tuple[str, ...] = ()
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class RuleForm:
    """The whole form. `kept` are parts of the rules that the form does not show."""

    valid_from: str
    note: str
    cap: str
    base: tuple[BaseRow, ...]
    campaigns: tuple[CampaignRow, ...]
    kept: Rules = field(default_factory=lambda: Rules(base=()))

    def rules(self) -> Rules:
        """What was meant. Raises `Invalid` with the field: `base-0-points`, `campaign-1-ends_on`.

        A row without a name and a number is an empty row and left out.
        """
        base = [_base(n, row) for n, row in enumerate(self.base) if row.clause or row.points]
        campaigns = [
            _campaign(n, row)
            for n, row in enumerate(self.campaigns)
            if row.clause or row.starts_on or row.ends_on
        ]
        cap = None
        if self.cap.strip():
            cap = int(_number(self.cap, "cap", least=1, whole=True))
        return self.kept.model_copy(
            update={"base": tuple(base), "campaigns": tuple(campaigns), "cap_per_line": cap}
        )

    def day(self) -> date:
        """The day from which the version judges. Raises `Invalid`."""
        return _day(self.valid_from, "valid_from")


def shown(rules: Rules, *, valid_from: date, note: str) -> RuleForm:
    """A version's rules as the form shows them."""
    return RuleForm(
        valid_from=valid_from.isoformat(),
        note=note,
        cap=str(rules.cap_per_line or ""),
        base=tuple(
            BaseRow(
                clause=rule.clause,
                points=_text(rule.points),
                units=_text(rule.units),
                families=rule.products.families,
                skus=", ".join(rule.products.skus),
            )
            for rule in rules.base
        ),
        campaigns=tuple(
            CampaignRow(
                clause=rule.clause,
                starts_on=rule.starts_on.isoformat(),
                ends_on=rule.ends_on.isoformat(),
                factor=_text(rule.factor),
                bonus=_text(rule.bonus_per_unit),
                families=rule.products.families,
                skus=", ".join(rule.products.skus),
                partners=rule.partner_nips,
                exclusive=rule.stacking is Stacking.EXCLUSIVE,
            )
            for rule in rules.campaigns
        ),
        kept=rules,
    )


def _text(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")


def typed(sent: Sent, *, kept: Rules) -> RuleForm:
    """The form as it was sent; `add=base|campaign` asks for one more empty row."""
    base = [
        BaseRow(
            clause=_one(sent, f"base-{n}-clause"),
            points=_one(sent, f"base-{n}-points"),
            units=_one(sent, f"base-{n}-units") or "1",
            families=tuple(sent.get(f"base-{n}-families", ())),
            skus=_one(sent, f"base-{n}-skus"),
        )
        for n in _rows(sent, "base")
    ]
    campaigns = [
        CampaignRow(
            clause=_one(sent, f"campaign-{n}-clause"),
            starts_on=_one(sent, f"campaign-{n}-starts_on"),
            ends_on=_one(sent, f"campaign-{n}-ends_on"),
            factor=_one(sent, f"campaign-{n}-factor") or "1",
            bonus=_one(sent, f"campaign-{n}-bonus") or "0",
            families=tuple(sent.get(f"campaign-{n}-families", ())),
            skus=_one(sent, f"campaign-{n}-skus"),
            partners=tuple(sent.get(f"campaign-{n}-partners", ())),
            exclusive=bool(_one(sent, f"campaign-{n}-exclusive")),
        )
        for n in _rows(sent, "campaign")
    ]
    if _one(sent, "add") == "base":
        base.append(BaseRow())
    if _one(sent, "add") == "campaign":
        campaigns.append(CampaignRow())
    return RuleForm(
        valid_from=_one(sent, "valid_from"),
        note=_one(sent, "note"),
        cap=_one(sent, "cap"),
        base=tuple(base[:MOST_ROWS]),
        campaigns=tuple(campaigns[:MOST_ROWS]),
        kept=kept,
    )


def _one(sent: Sent, name: str) -> str:
    return next(iter(sent.get(name, ())), "").strip()[:300]


def _rows(sent: Sent, noun: str) -> list[int]:
    """The numbers of the rows that came, without those whose box "remove" is ticked."""
    return [
        n
        for n in range(MOST_ROWS)
        if f"{noun}-{n}-clause" in sent and not _one(sent, f"{noun}-{n}-removed")
    ]


def _selection(families: tuple[str, ...], skus: str) -> Selection:
    codes = tuple(dict.fromkeys(code.strip() for code in skus.split(",") if code.strip()))
    return Selection(families=families, skus=codes)


def _base(n: int, row: BaseRow) -> PerUnit:
    return PerUnit(
        clause=_name(row.clause, f"base-{n}-clause"),
        points=_number(row.points, f"base-{n}-points", least=Decimal("0.000001")),
        units=_number(row.units, f"base-{n}-units", least=Decimal("0.000001")),
        products=_selection(row.families, row.skus),
    )


def _campaign(n: int, row: CampaignRow) -> Campaign:
    starts_on = _day(row.starts_on, f"campaign-{n}-starts_on")
    ends_on = _day(row.ends_on, f"campaign-{n}-ends_on")
    if ends_on < starts_on:
        raise Invalid("it ends before it begins", field=f"campaign-{n}-ends_on")
    try:
        return Campaign(
            clause=_name(row.clause, f"campaign-{n}-clause"),
            starts_on=starts_on,
            ends_on=ends_on,
            factor=_number(row.factor, f"campaign-{n}-factor", least=1, most=100),
            bonus_per_unit=_number(row.bonus, f"campaign-{n}-bonus", least=0),
            products=_selection(row.families, row.skus),
            partner_nips=row.partners,
            stacking=Stacking.EXCLUSIVE if row.exclusive else Stacking.ADDS,
        )
    except ValidationError as error:
        raise Invalid("not a promotion", field=f"campaign-{n}-clause") from error


def _name(text: str, name: str) -> str:
    if not text or len(text) > 80:
        raise Invalid("a rule has a name", field=name)
    return text


def _number(
    text: str, name: str, *, least: Decimal | int, most: int = 1_000_000, whole: bool = False
) -> Decimal:
    try:
        value = Decimal(text.replace(",", ".").replace("\u00a0", "").replace(" ", ""))
    except InvalidOperation as error:
        raise Invalid("no number", field=name) from error
    if not value.is_finite() or not least <= value <= most:
        raise Invalid("the number is too small or too large", field=name)
    exponent = value.normalize().as_tuple().exponent
    if isinstance(exponent, int) and exponent < (0 if whole else -6):
        raise Invalid("too many decimals", field=name)
    return value


def _day(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("a date is written 2026-11-20", field=name) from error


async def _sent(request: Request) -> Sent:
    form = await request.form()
    return {
        name: [value for value in form.getlist(name) if isinstance(value, str)] for name in form
    }


# All fields of a posted form: its rows are numbered, so their names are not known beforehand.
SentForm = Annotated[Sent, Depends(_sent)]
