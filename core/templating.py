"""Templates in the reader's language: escaped HTML for pages, plain text for messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.environment import TemplateModule
from markupsafe import Markup

from core.formats import Formats
from core.i18n import translations


def _gettext(find: Callable[[str], str], *, html: bool) -> Callable[..., str]:
    """`_("text")` as it stands; `_("… %(name)s …", name=…)` filled in, escaped in HTML."""

    def gettext(message: str, **values: Any) -> str:
        text = find(message)
        if not values:
            return text
        return Markup(text) % values if html else text % values  # noqa: S704 - our own texts

    return gettext


def _ngettext(find: Callable[[str, str, int], str], *, html: bool) -> Callable[..., str]:
    """The right plural form; `%(num)s` is the number in the reader's notation if `num` is given."""

    def ngettext(one: str, many: str, n: int, **values: Any) -> str:
        text = find(one, many, n)
        filled = {"num": n} | values
        if "%(" not in text:
            return text
        return Markup(text) % filled if html else text % filled  # noqa: S704 - our own texts

    return ngettext


SHARED = "_shared_modules"  # a dict of one rendering: each of its components is made once
COMPONENTS = "components/"


class _Template(Template):
    """Components that many parts of one page import are made once for the page.

    What stands in `components/` uses the page's context only, never a local of the importer; made
    anew for each import, they cost half of a page's time.
    """

    def make_module(
        self,
        vars: dict[str, Any] | None = None,
        shared: bool = False,
        locals: Mapping[str, Any] | None = None,
    ) -> TemplateModule:
        made = (vars or {}).get(SHARED)
        if made is None or not (self.name or "").startswith(COMPONENTS):
            return super().make_module(vars, shared, locals)
        known: TemplateModule | None = made.get(self.name)
        if known is None:
            known = made[self.name] = super().make_module(vars, shared, locals)
        return known


class _Environment(Environment):
    template_class = _Template


@cache
def environment(folder: Path, language: str, *, html: bool = True) -> Environment:
    """The templates of a folder for readers of one language; made once per process.

    A name that nobody gave a value is an error. HTML is escaped whatever the file is called;
    `html=False` serves plain text and escapes nothing.
    """
    made = _Environment(
        loader=FileSystemLoader(folder),
        autoescape=html,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    spoken = translations(language)
    gettext = _gettext(spoken.gettext, html=html)
    made.globals.update(_=gettext, gettext=gettext, ngettext=_ngettext(spoken.ngettext, html=html))
    made.filters.update(Formats(language).filters())
    return made


def render_blocks(
    folder: Path, name: str, *, language: str, context: Mapping[str, Any]
) -> dict[str, str]:
    """Every block of a plain-text template as text of its own, by the name of the block."""
    template = environment(folder, language, html=False).get_template(name)
    made = template.new_context(dict(context))
    return {block: "".join(draw(made)) for block, draw in template.blocks.items()}
