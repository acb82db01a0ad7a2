"""Templates: everything is escaped, nothing is silently empty, words follow the reader."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import UndefinedError

from core.settings import ROOT
from core.templating import environment, render_blocks

EVIL = "<b>&\"'"


def drawn(folder: Path, template: str, name: str = "page.html", /, **context: object) -> str:
    (folder / name).write_text(template)
    return environment(folder, "pl").get_template(name).render(context)


@pytest.mark.parametrize("name", ["a.html", "a.html.j2", "a.jinja", "a.txt", "a"])
def test_html_is_escaped_whatever_the_file_is_called(tmp_path: Path, name: str) -> None:
    assert drawn(tmp_path, "{{ text }}", name, text=EVIL) == "&lt;b&gt;&amp;&#34;&#39;"


def test_what_fills_a_translation_is_escaped(tmp_path: Path) -> None:
    text = '{{ _("Wysłano: %(text)s", text=text) }}'
    assert drawn(tmp_path, text, text=EVIL) == "Wysłano: &lt;b&gt;&amp;&#34;&#39;"


def test_a_translation_without_values_may_hold_a_percent_sign(tmp_path: Path) -> None:
    assert drawn(tmp_path, '{{ _("100 % i %(to)s") }}') == "100 % i %(to)s"


def test_plurals_follow_the_language(tmp_path: Path) -> None:
    text = '{{ ngettext("Popraw jedno pole", "Popraw %(num)s pól", n) }}'
    said = [drawn(tmp_path, text, n=n) for n in (1, 2, 5, 22)]
    assert said == ["Popraw jedno pole", "Popraw 2 pola", "Popraw 5 pól", "Popraw 22 pola"]


def test_a_name_without_value_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UndefinedError):
        drawn(tmp_path, "{{ nobody }}")


def test_plain_text_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mail.txt").write_text("{% block body %}{{ text }}{% endblock %}")
    blocks = render_blocks(tmp_path, "mail.txt", language="pl", context={"text": EVIL})
    assert blocks == {"body": EVIL}


def test_no_template_switches_the_escaping_off() -> None:
    for folder in ("web/templates", "messages/templates"):
        for path in (ROOT / folder).rglob("*.html"):
            text = path.read_text()
            assert "|safe" not in text.replace(" ", ""), path
            assert "autoescape" not in text, path
