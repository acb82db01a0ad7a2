"""The component kit and the shells draw what their comments promise."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import UndefinedError

from tests.web.look import context, environment, render

SHELLS = ["participant", "partner", "manufacturer", "logistics", "operator", "public"]


def page(shell: str, locale: str = "pl", source: str = "", **more: Any) -> str:
    text = (
        f'{source}{{% extends "base_{shell}.html" %}}'
        "{% block h1 %}Kolejka <b>dnia</b>{% endblock %}{% block content %}treść{% endblock %}"
    )
    return environment(locale).from_string(text).render(context(locale, **more))


@pytest.mark.parametrize("locale", ["pl", "en"])
@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_has_one_heading_landmarks_and_a_way_to_help(shell: str, locale: str) -> None:
    html = page(shell, locale)
    assert html.count("<h1") == 1
    assert html.count("<main") == 1
    assert 'class="skip" href="#main"' in html
    assert f'<html lang="{locale}" data-bs-theme="light">' in html
    assert 'href="/help"' in html
    assert 'role="status" aria-live="polite"' in html
    assert "<title>Kolejka dnia – Zalicz</title>" in html


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_offers_theme_and_language_as_a_plain_form(shell: str) -> None:
    html = page(shell, current_path="/claims")
    form = html.split("data-preferences", 1)[1].split("</form>", 1)[0]
    assert 'name="csrf_token" value="token-of-this-session"' in form
    assert 'name="return_to" value="/claims"' in form
    for choice in ("system", "light", "dark"):
        assert f'name="theme" value="{choice}"' in form
    assert re.search(r'name="locale" value="pl"[^>]*aria-pressed="true"', form)


@pytest.mark.parametrize("shell", SHELLS)
def test_messages_are_shown_once_and_escaped(shell: str) -> None:
    html = page(shell, flashes=[SimpleNamespace(kind="ok", text="Zapisano <script>")])
    assert html.count("Zapisano &lt;script&gt;") == 1


def test_the_verification_page_fills_the_window_without_the_row_of_views() -> None:
    html = page("partner", source="{% set full = true %}")
    assert 'class="shell-partner dense full"' in html
    assert '<h1 class="visually-hidden"' in html
    empty = environment().from_string(
        '{% set full = true %}{% extends "base_partner.html" %}{% block subnav %}{% endblock %}'
        "{% block h1 %}x{% endblock %}"
    )
    assert "subnav" not in empty.render(context())


def test_menu_headings_appear_once_per_group_and_badges_are_named() -> None:
    html = page("logistics")
    assert html.count('class="side-group">G') == 1
    assert "3<span" in html
    assert "do zrobienia" in html


def test_htmx_may_not_evaluate_and_swaps_refusals() -> None:
    html = page("public")
    assert '"allowEval":false' in html
    assert '"includeIndicatorStyles":false' in html
    assert '"selfRequestsOnly":true' in html
    assert '{"code":"409|422","swap":true}' in html


def test_a_mistyped_variable_fails_instead_of_drawing_nothing() -> None:
    with pytest.raises(UndefinedError):
        render("{{ ui.chip('ok', labell) }}")


@pytest.mark.parametrize(
    ("locale", "source", "told"),
    [
        ("pl", "ui.number(18742)", "18\u00a0742"),
        ("en", "ui.number(18742)", "18,742"),
        ("pl", "ui.number(-1240.5, 1)", "−1\u00a0240,5"),
        ("pl", "ui.number(1240, signed=true)", "+1\u00a0240"),
        ("pl", "ui.number(0, signed=true)", "0"),
        ("pl", "ui.money(123450)", "1\u00a0234,50\u00a0zł"),
        ("pl", "ui.money(-5)", "−0,05\u00a0zł"),
        ("pl", "ui.money(21430000, whole=true)", "214\u00a0300\u00a0zł"),
        ("en", "ui.money(123450)", "PLN1,234.50"),
        ("pl", "ui.money(100, 'EUR')", "1,00\u00a0€"),
        ("pl", "ui.percent(0.124)", "12,4\u00a0%"),
        ("en", "ui.percent(0.5, 0)", "50%"),
    ],
)
def test_numbers_read_as_people_of_the_language_write_them(
    locale: str, source: str, told: str
) -> None:
    assert render("{{ " + source + " }}", locale) == told


@pytest.mark.parametrize(("n", "word"), [(1, "punkt"), (3, "punkty"), (5, "punktów")])
def test_points_are_read_in_the_right_polish_form(n: int, word: str) -> None:
    html = render("{{ ui.points(n) }}", n=n)
    assert f'visually-hidden"> {word}</span>' in html
    assert 'class="coin" aria-hidden="true"' in html


@pytest.mark.parametrize(
    ("n", "told"), [(1, "Popraw jedno pole"), (2, "Popraw 2 pola"), (5, "Popraw 5 pól")]
)
def test_the_error_summary_counts_and_links_to_fields(n: int, told: str) -> None:
    html = render("{{ ui.error_summary(e) }}", e=[("nip", "Podaj NIP")] * n)
    assert told in html
    assert html.count('<a href="#nip">Podaj NIP</a>') == n
    assert 'role="alert" tabindex="-1"' in html


def test_no_errors_draw_no_summary() -> None:
    assert render("{{ ui.error_summary([]) }}") == ""


def test_a_field_keeps_its_value_and_ties_hint_and_error_to_itself() -> None:
    html = render(
        "{{ ui.field('nip', 'NIP', v, hint='10 cyfr', error='Za krótki') }}", v='1"><script>'
    )
    assert 'value="1&#34;&gt;&lt;script&gt;"' in html
    assert 'for="nip"' in html
    assert 'aria-describedby="nip-hint nip-error" aria-invalid="true" required' in html


def test_an_optional_field_says_so_and_a_missing_value_is_empty() -> None:
    html = render("{{ ui.field('note', 'Uwagi', none, required=false) }}")
    assert "nieobowiązkowe" in html
    assert 'value=""' in html
    assert " required" not in html


def test_select_and_radios_keep_the_choice() -> None:
    html = render(
        "{{ ui.select('b', 'B', [(1, 'x'), (2, 'y')], '2') }}"
        "{{ ui.radios('d', 'D', [('h', 'H'), ('p', 'P')], 'p') }}"
    )
    assert '<option value="2" selected>y' in html
    assert re.search(r'value="p" checked', html)
    assert html.count("checked") == 1


def test_a_chip_never_says_its_state_by_colour_alone() -> None:
    html = render("{{ ui.chip('bad', 'Odrzucone') }}")
    assert "#x" in html
    assert "Odrzucone" in html


def test_every_form_of_the_kit_carries_the_csrf_field() -> None:
    html = render(
        "{{ ui.post_button('Weź', '/a') }}{{ ui.toast('Gotowe', undo_action='/b') }}"
        "{{ ui.confirm_dialog('c', 'T', 't', '/c', 'Tak') }}"
    )
    forms = html.split("<form")[1:]
    assert len(forms) == 3
    assert all('name="csrf_token" value="token-of-this-session"' in form for form in forms)


def test_a_confirmation_works_without_script() -> None:
    html = render("{{ ui.confirm_link('Anuluj', '/orders/1/cancellation', 'cancel') }}")
    assert 'href="/orders/1/cancellation"' in html
    assert 'data-dialog="cancel"' in html
    asked = environment().get_template("confirm.html")
    told = asked.render(
        context(
            heading="Anulować?",
            text="Punkty wrócą.",
            action="/orders/1/cancellation",
            confirm_label="Tak",
            cancel_href="/orders/1",
            fields={"version": 3},
            danger=True,
        )
    )
    assert '<form class="btn-row" method="post" action="/orders/1/cancellation">' in told
    assert 'name="version" value="3"' in told


def test_the_upload_is_a_plain_file_field_at_heart() -> None:
    html = render("{{ ui.upload(capture='environment') }}")
    assert re.search(r'<input type="file" id="files" name="files"[^>]*capture="environment"', html)
    assert " multiple" in html


@pytest.mark.parametrize(
    ("verdict", "told"),
    [("paid", "+900"), ("waiting", "czeka"), ("rejected", "czeka"), ("outside", "czeka")],
)
def test_a_receipt_line_tells_verdict_reason_and_crop(verdict: str, told: str) -> None:
    html = render(
        "{{ ui.receipt_line('Gniazdo', v, 900, 'czeka', ui.crop('3 ', '60 szt', ' 12'), 'bo') }}",
        v=verdict,
    )
    assert told in html
    assert "<mark>60 szt</mark>" in html
    assert "bo</p>" in html


def test_text_of_a_document_cannot_become_markup() -> None:
    html = render("{{ ui.crop(t, t, t) }}", t="<img src=x onerror=1>")
    assert "<img" not in html


@pytest.mark.parametrize("current", [1, 3, 5])
def test_a_parcel_shows_first_current_and_last_step(current: int) -> None:
    html = render("{{ ui.track(['a', 'b', 'c', 'd', 'e'], n) }}", n=current)
    assert html.count('class="done"') == current
    assert html.count("aria-current") == 1
    words = re.findall(r"<(?:span|b)>(\w)</(?:span|b)>", html)
    assert words == sorted({"a", "abcde"[current - 1], "e"})


def test_an_error_page_names_the_error_and_its_reference() -> None:
    html = (
        environment("en")
        .get_template("error.html")
        .render(context("en", status=409, heading="H", message="M", reference="7f3a", user=None))
    )
    assert "Error 409" in html
    assert "7f3a" in html


@pytest.mark.parametrize("locale", ["pl", "en"])
def test_the_style_guide_draws_with_strict_variables(locale: str) -> None:
    html = environment(locale).get_template("styleguide.html").render(context(locale))
    assert " style=" not in html
    assert html.count("<h1") == 1
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted(ids) == sorted(set(ids))


def test_a_unit_is_translated_however_the_document_wrote_it() -> None:
    shown = [render(f'{{{{ ui.unit("{code}") }}}}', "en") for code in ("kpl", "kpl.", "mb")]
    assert [text.strip() for text in shown] == ["sets", "sets", "mb"]
