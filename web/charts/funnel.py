"""Funnel: how many of the first stage reach each later one, and what was lost on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from core.formats import Formats
from web.charts.scale import number


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage with how many reached it; `href` leads to them, `note` says why others did not."""

    label: str
    count: int
    href: str = ""
    note: str = ""


def funnel(stages: Sequence[Stage], *, locale: str = "pl") -> Markup:
    """A list that reads as text; the bars are decoration. Shares are of the first stage."""
    first = stages[0].count if stages else 0
    rows = Markup("")
    for stage in stages:
        part = stage.count / first if first else 0.0
        name = (
            Markup('<a class="b" href="{}">{}</a>').format(stage.href, stage.label)
            if stage.href
            else Markup('<span class="b">{}</span>').format(stage.label)
        )
        share = Formats(locale).percent(part)
        note = Markup('<div class="small muted">{}</div>').format(stage.note) if stage.note else ""
        rows += Markup(
            '<li><div class="between"><span>{}</span><span><span class="num">{}</span>'
            ' <span class="small muted">{}</span></span></div>'
            '<svg aria-hidden="true"><rect class="fill-sunken" width="100%" height="14" rx="5"/>'
            '<rect class="fill-0" width="{:g}%" height="14" rx="5"/></svg>{}</li>'
        ).format(name, number(stage.count, locale=locale), share, round(100 * part, 2), note)
    return Markup('<ol class="funnel">{}</ol>').format(rows)
