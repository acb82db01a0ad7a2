"""The kit in a real browser under the strict content policy: keys, uploads, swaps, themes, axe."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, Route, expect, sync_playwright

from tests.web.look import WEB, context, environment

pytestmark = pytest.mark.browser

SITE = "http://zalicz.test"
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "object-src 'none'; frame-ancestors 'none'"
)
AXE = WEB.parent / "node_modules" / "axe-core" / "axe.min.js"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

Answer = Callable[[Route], None]


class Site:
    """Serves one page and the static files without a socket; remembers what was asked and said."""

    def __init__(self, html: str, answers: dict[str, Answer]) -> None:
        self.html, self.answers = html, answers
        self.foreign: list[str] = []
        self.console: list[str] = []
        self.posts: list[tuple[str, str, dict[str, str]]] = []

    def serve(self, route: Route) -> None:
        request = route.request
        path = request.url.removeprefix(SITE).split("?")[0]
        if not request.url.startswith(SITE):
            self.foreign.append(request.url)
            route.abort()
        elif request.method == "POST":
            self.posts.append((path, request.post_data or "", request.headers))
            self.answers.get(path, _nothing)(route)
        elif path.startswith("/static/"):
            file = WEB / path.removeprefix("/")
            if file.is_file():
                route.fulfill(path=file, content_type=KINDS.get(file.suffix, "font/woff2"))
            else:
                route.fulfill(status=404)
        elif path == "/":
            page(route, self.html)
        else:
            self.answers.get(path, _nothing)(route)


def page(route: Route, html: str, status: int = 200) -> None:
    headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html; charset=utf-8"}
    route.fulfill(status=status, body=html, headers=headers)


def _nothing(route: Route) -> None:
    route.fulfill(status=204)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("Chromium is not installed")
    if not (WEB / "static" / "vendor" / "icons.svg").is_file():
        pytest.skip("web/static/vendor is empty: make the assets first")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., tuple[Page, Site]]]:
    opened = []

    def open_page(
        html: str, width: int = 1366, answers: dict[str, Answer] | None = None, **options: Any
    ) -> tuple[Page, Site]:
        made = browser.new_context(
            viewport={"width": width, "height": 800}, reduced_motion="reduce", **options
        )
        opened.append(made)
        site = Site(html, answers or {})
        made.route("**/*", site.serve)
        tab = made.new_page()
        tab.on("console", lambda said: site.console.append(said.text))
        tab.on("pageerror", lambda error: site.console.append(str(error)))
        tab.goto(SITE + "/", wait_until="load")
        return tab, site

    yield open_page
    for made in opened:
        made.close()


def until(tab: Page, holds: Callable[[], bool]) -> None:
    """Wait for what the test's own side knows; the page's policy forbids evaluating a string."""
    for _ in range(200):
        if holds():
            return
        tab.wait_for_timeout(25)
    raise AssertionError("it never came true")


def guide(theme: str = "light", locale: str = "pl") -> str:
    made = environment(locale).get_template("styleguide.html")
    return made.render(context(locale, theme))


def shell(name: str, content: str, source: str = "", **more: Any) -> str:
    text = (
        f'{source}{{% extends "base_{name}.html" %}}'
        '{% import "components/ui.html" as ui with context %}'
        "{% block h1 %}Nagłówek{% endblock %}{% block content %}" + content + "{% endblock %}"
    )
    return environment().from_string(text).render(context(**more))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1366])
def test_axe_finds_nothing_in_the_style_guide(
    visit: Callable[..., tuple[Page, Site]], theme: str, width: int
) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed")
    tab, site = visit(guide(theme), width)
    tab.evaluate(AXE.read_text(encoding="utf-8"))
    found = tab.evaluate("axe.run(document)")["violations"]
    told = [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found]
    assert told == []
    assert site.console == []
    assert site.foreign == []


@pytest.mark.parametrize(
    "name", ["participant", "partner", "manufacturer", "logistics", "operator", "public"]
)
def test_axe_finds_nothing_in_any_shell_on_phone_and_desk(
    visit: Callable[..., tuple[Page, Site]], name: str
) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed")
    tab, site = visit(shell(name, "<p>treść</p>", scope_label="Klub Elektryka · Voltex"), 390)
    tab.evaluate(AXE.read_text(encoding="utf-8"))
    # Each width and each theme once: colours do not depend on the width.
    for width, theme in ((390, "light"), (1366, "dark")):
        tab.set_viewport_size({"width": width, "height": 800})
        tab.evaluate("theme => document.documentElement.dataset.bsTheme = theme", theme)
        found = tab.evaluate("axe.run(document)")["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"][:120]) for rule in found] == []
    assert site.console == []


@pytest.mark.parametrize("scripts", [True, False])
def test_nothing_scrolls_sideways_on_the_smallest_phone(
    visit: Callable[..., tuple[Page, Site]], scripts: bool
) -> None:
    tab, _ = visit(guide(), 320, java_script_enabled=scripts)
    assert tab.evaluate("document.documentElement.scrollWidth") == 320


def test_a_theme_is_put_on_at_once_and_remembered(
    visit: Callable[..., tuple[Page, Site]],
) -> None:
    tab, site = visit(guide())
    tab.get_by_role("button", name="Ciemny").click()
    expect(tab.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(tab.get_by_role("button", name="Ciemny")).to_have_attribute("aria-pressed", "true")
    until(tab, lambda: bool(site.posts))
    [(path, body, _)] = site.posts
    assert path == "/preferences"
    assert re.search(r'name="theme"\s+dark', body)
    assert re.search(r'name="csrf_token"\s+token-of-this-session', body)


def test_following_the_device_needs_no_script(visit: Callable[..., tuple[Page, Site]]) -> None:
    grounds = [
        visit(guide("system"), color_scheme=scheme, java_script_enabled=False)[0]
        .locator("body")
        .evaluate("body => getComputedStyle(body).backgroundColor")
        for scheme in ("light", "dark")
    ]
    assert grounds == ["rgb(246, 244, 239)", "rgb(20, 24, 26)"]


def test_the_side_menu_unfolds_on_a_phone_without_script(
    visit: Callable[..., tuple[Page, Site]],
) -> None:
    tab, _ = visit(shell("manufacturer", "x"), 390, java_script_enabled=False)
    entry = tab.get_by_role("link", name="Zgłoś zakup")
    expect(entry).to_be_hidden()
    tab.locator(".side-toggle summary").click()
    expect(entry).to_be_visible()


def test_the_bottom_bar_never_covers_the_end_of_a_page(
    visit: Callable[..., tuple[Page, Site]],
) -> None:
    tab, _ = visit(shell("participant", "<p>treść</p>" * 60), 390)
    tab.evaluate("scrollTo(0, document.body.scrollHeight)")
    last = tab.get_by_role("link", name="Dostępność").bounding_box()
    bar = tab.locator(".tabbar .act").bounding_box()
    assert last is not None
    assert bar is not None
    assert last["y"] + last["height"] <= bar["y"]


KEYS = """<hot-keys></hot-keys><input id="words" aria-label="w">
<button type="button" data-key="x">Odrzuć</button>
<button type="button" data-key="q 2">Pytanie 2</button>
<button type="button" data-key="Ctrl+Enter">Zatwierdź</button>
<input id="amount" aria-label="a" data-key="F2">
<button type="button" data-key="o" hidden>Ukryty</button>
<button type="button" data-key="o">Odłóż</button>{{ ui.shortcut_hint() }}"""


@pytest.fixture
def keys(visit: Callable[..., tuple[Page, Site]]) -> Page:
    tab, _ = visit(shell("public", KEYS))
    tab.locator("hot-keys:defined").first.wait_for(state="attached")
    tab.evaluate(
        "window.hit = []; document.addEventListener('click', e => "
        "e.target.matches('[data-key]') && hit.push(e.target.textContent))"
    )
    return tab


def test_keys_press_what_they_name(keys: Page) -> None:
    for key in ("x", "q", "2", "Control+Enter", "o"):
        keys.keyboard.press(key)
    assert keys.evaluate("hit") == ["Odrzuć", "Pytanie 2", "Zatwierdź", "Odłóż"]
    keys.keyboard.press("F2")
    expect(keys.locator("#amount")).to_be_focused()


def test_a_sequence_that_is_broken_does_nothing(keys: Page) -> None:
    for key in ("q", "7", "2"):
        keys.keyboard.press(key)
    assert keys.evaluate("hit") == []


def test_single_keys_rest_while_somebody_writes(keys: Page) -> None:
    keys.locator("#words").focus()
    keys.keyboard.type("xo q2?")
    assert keys.evaluate("hit") == []
    expect(keys.locator("#words")).to_have_value("xo q2?")
    keys.keyboard.press("Control+Enter")
    assert keys.evaluate("hit") == ["Zatwierdź"]


def test_the_list_of_keys_names_all_and_can_switch_single_keys_off(keys: Page) -> None:
    keys.keyboard.press("?")
    dialog = keys.get_by_role("dialog", name="Klawisze")
    expect(dialog).to_contain_text("Pytanie 2")
    dialog.get_by_role("checkbox").uncheck()
    keys.keyboard.press("Escape")
    keys.keyboard.press("x")
    keys.keyboard.press("Control+Enter")
    assert keys.evaluate("hit") == ["Zatwierdź"]


UPLOAD = """<form method="post" action="/claims" enctype="multipart/form-data">{{ ui.csrf() }}
{{ ui.upload(max_bytes=1000) }}{{ ui.button("Wyślij") }}</form>"""
FILES: list[FilePayload] = [
    {"name": "strona-1.jpg", "mimeType": "image/jpeg", "buffer": b"1" * 600},
    {"name": "faktura.pdf", "mimeType": "application/pdf", "buffer": b"2" * 400},
    {"name": "duza.pdf", "mimeType": "application/pdf", "buffer": b"3" * 1400},
]


def sent(route: Route) -> None:
    page(route, shell("public", "<p>Zgłoszenie wysłane</p>"))


def choose(tab: Page, *files: FilePayload) -> None:
    tab.locator("up-progress:defined").first.wait_for(state="attached")
    tab.locator("#files").set_input_files(list(files))


def test_chosen_files_are_shown_put_in_order_and_sent_with_the_form(
    visit: Callable[..., tuple[Page, Site]],
) -> None:
    tab, site = visit(shell("public", UPLOAD), 390, {"/claims": sent})
    choose(tab, FILES[0])
    choose(tab, FILES[1])
    assert tab.locator(".file-name").all_text_contents() == ["strona-1.jpg", "faktura.pdf"]
    tab.get_by_role("button", name="Wyżej: faktura.pdf").click()
    assert tab.locator(".file-name").all_text_contents() == ["faktura.pdf", "strona-1.jpg"]
    tab.get_by_role("button", name="Wyślij").click()
    expect(tab.get_by_text("Zgłoszenie wysłane")).to_be_visible()
    expect(tab.get_by_role("heading", level=1)).to_be_focused()
    assert len(site.posts) == 1
    assert site.console == []


def test_a_file_that_is_too_large_stays_here_and_says_so(
    visit: Callable[..., tuple[Page, Site]],
) -> None:
    tab, site = visit(shell("public", UPLOAD), 390, {"/claims": sent})
    choose(tab, FILES[0], FILES[2])
    tab.get_by_role("button", name="Wyślij").click()
    expect(tab.get_by_text("plik jest za duży")).to_be_visible()
    assert site.posts == []
    tab.get_by_role("button", name="Usuń: duza.pdf").click()
    tab.get_by_role("button", name="Wyślij").click()
    expect(tab.get_by_text("Zgłoszenie wysłane")).to_be_visible()


def test_a_lost_connection_keeps_the_files_and_lets_send_again(
    visit: Callable[..., tuple[Page, Site]],
) -> None:
    answers: dict[str, Answer] = {"/claims": lambda route: route.abort()}
    tab, site = visit(shell("public", UPLOAD), 390, answers)
    choose(tab, FILES[0])
    tab.get_by_role("button", name="Wyślij").click()
    expect(tab.get_by_text("Nie wysłano. Sprawdź internet")).to_be_visible()
    site.answers["/claims"] = sent
    tab.get_by_role("button", name="Wyślij").click()
    expect(tab.get_by_text("Zgłoszenie wysłane")).to_be_visible()


def test_the_form_with_a_file_works_without_script(
    visit: Callable[..., tuple[Page, Site]],
) -> None:
    tab, site = visit(shell("public", UPLOAD), 390, {"/claims": sent}, java_script_enabled=False)
    tab.locator("#files").set_input_files([FILES[0]])
    tab.get_by_role("button", name="Wyślij").click()
    expect(tab.get_by_text("Zgłoszenie wysłane")).to_be_visible()
    assert len(site.posts) == 1


SWAP = """<div id="box"><form hx-post="/claims" hx-target="#box" action="/claims" method="post">
<button>Zapisz</button></form></div>"""


@pytest.mark.parametrize("swap", ["innerHTML", "outerHTML", "afterbegin"])
def test_a_refused_form_is_swapped_in_and_its_summary_gets_the_focus(
    visit: Callable[..., tuple[Page, Site]], swap: str
) -> None:
    def refuse(route: Route) -> None:
        html = (
            '{% import "components/ui.html" as ui with context %}'
            '{{ ui.error_summary([("nip", "Podaj NIP")]) }}'
        )
        page(route, environment().from_string(html).render(context()), 422)

    form = SWAP.replace("hx-target", f'hx-swap="{swap}" hx-target')
    tab, site = visit(shell("public", form), answers={"/claims": refuse})
    tab.get_by_role("button", name="Zapisz").click()
    expect(tab.locator(".error-summary")).to_be_focused()
    assert site.posts[0][2]["x-csrf-token"] == "token-of-this-session"


@pytest.mark.parametrize("swap", ["innerHTML", "outerHTML"])
def test_a_new_main_part_is_read_from_its_heading(
    visit: Callable[..., tuple[Page, Site]], swap: str
) -> None:
    link = (
        f'<a href="/next" hx-get="/next" hx-select="#main" hx-target="#main" hx-swap="{swap}">d</a>'
    )
    html = shell("public", "<p>Następne zgłoszenie</p>")
    tab, _ = visit(shell("public", link), answers={"/next": lambda route: page(route, html)})
    tab.get_by_role("link", name="d", exact=True).click()
    expect(tab.get_by_text("Następne zgłoszenie")).to_be_visible()
    expect(tab.get_by_role("heading", level=1).last).to_be_focused()


def test_a_broken_answer_is_told_and_changes_nothing(
    visit: Callable[..., tuple[Page, Site]],
) -> None:
    tab, _ = visit(
        shell("public", SWAP), answers={"/claims": lambda route: page(route, "Traceback", 500)}
    )
    tab.get_by_role("button", name="Zapisz").click()
    expect(tab.locator(".toast-note")).to_have_text("Coś się nie udało. Spróbuj ponownie.")
    expect(tab.get_by_role("button", name="Zapisz")).to_be_visible()


def test_a_toast_leaves_by_itself_but_not_from_under_the_focus(
    visit: Callable[..., tuple[Page, Site]],
) -> None:
    content = (
        "x{% endblock %}{% block toasts %}{{ ui.toast('Zapisano') }}"
        "{{ ui.toast('Zatwierdzone', undo_action='/undo') }}"
    )
    made = shell("public", content)
    tab, _ = visit("<!doctype html><title>leer</title>")
    tab.clock.install()
    tab.route(SITE + "/toasts", lambda route: page(route, made))
    tab.goto(SITE + "/toasts")
    tab.get_by_role("button", name="Cofnij").focus()
    tab.clock.run_for(60_000)
    expect(tab.get_by_text("Zapisano")).to_have_count(0)
    expect(tab.get_by_text("Zatwierdzone")).to_be_visible()


ASK = """{{ ui.confirm_link("Anuluj zamówienie", "/orders/1/cancellation", "ask") }}
{{ ui.confirm_dialog("ask", "Anulować?", "Wrócą.", "/orders/1/cancellation", "Tak, anuluj") }}"""


def test_a_confirmation_opens_as_a_dialog_or_without_script_as_a_page(
    visit: Callable[..., tuple[Page, Site]],
) -> None:
    answers: dict[str, Answer] = {"/orders/1/cancellation": sent}
    tab, site = visit(shell("public", ASK), answers=answers)
    tab.get_by_role("link", name="Anuluj zamówienie").click()
    expect(tab.get_by_role("dialog", name="Anulować?")).to_be_visible()
    tab.get_by_role("button", name="Nie, wróć", exact=True).click()
    expect(tab.get_by_role("dialog")).to_have_count(0)
    assert site.posts == []
    plain, _ = visit(shell("public", ASK), answers=answers, java_script_enabled=False)
    plain.get_by_role("link", name="Anuluj zamówienie").click()
    assert plain.url == SITE + "/orders/1/cancellation"


def test_a_form_is_sent_once_however_often_it_is_tapped(
    visit: Callable[..., tuple[Page, Site]],
) -> None:
    html = shell("public", '<form method="post" action="/claims"><button>Wyślij</button></form>')
    tab, site = visit(html, answers={"/claims": sent})
    heard = tab.evaluate(
        """() => {
            const heard = [], form = document.querySelector("main form");
            addEventListener("submit", event => heard.push(event.defaultPrevented));
            form.querySelector("button").click();
            form.querySelector("button").click();
            return heard;
        }"""
    )
    assert heard == [False, True]
    expect(tab.get_by_text("Zgłoszenie wysłane")).to_be_visible()
    assert len(site.posts) == 1


@pytest.mark.parametrize("kind", ["primary", "quiet", "plain", "coin", "danger"])
def test_a_focused_button_keeps_its_colours_and_shows_a_ring(
    visit: Callable[..., tuple[Page, Site]], kind: str
) -> None:
    tab, _ = visit(shell("public", '{{ ui.button("Wyślij", "' + kind + '") }}'))
    button = tab.get_by_role("button", name="Wyślij")
    look = "button => [getComputedStyle(button).backgroundColor, getComputedStyle(button).color]"
    before = button.evaluate(look)
    button.focus()
    tab.keyboard.press("Shift+Tab")
    tab.keyboard.press("Tab")
    expect(button).to_be_focused()
    assert button.evaluate(look) == before
    assert button.evaluate("button => getComputedStyle(button).outlineWidth") == "3px"
