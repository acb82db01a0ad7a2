"""The programme's pages in a real browser: axe finds nothing, nothing scrolls sideways."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from accounts.roles import Role, scope_of
from core.runtime import App
from tests.analytics import scene as scenes
from tests.web.conftest import Browser, SignIn
from tests.web.test_kit_browser import AXE, Site, browser, visit

__all__ = ["browser", "visit"]  # The fixtures of the kit's tests.

pytestmark = pytest.mark.browser

DAYS = "period=own&from=2026-11-01&to=2026-11-30"
Visit = Callable[..., tuple[Page, Site]]


@pytest.fixture
def people(app: App, sign_in: SignIn) -> tuple[scenes.Scene, dict[Role, Browser]]:
    with app.database.unit_of_work() as session:
        found = scenes.scene(session)
        for firm in found.firms:
            scenes.bought(session, found, firm, boards=1)
    place = scope_of("program", found.world.program.id)
    roles = (Role.PROGRAM_MANAGER, Role.SUPPORT, Role.AUDITOR)
    return found, {role: sign_in(role, scope=place) for role in roles}


def first(browser: Browser, path: str, pattern: str) -> str:
    """The first address of a kind on a page."""
    found = re.search(pattern, browser.get(path).text)
    assert found is not None
    return found[0]


def test_axe_finds_nothing_on_any_page(
    people: tuple[scenes.Scene, dict[Role, Browser]], visit: Visit
) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed")
    found, of = people
    manager, support, auditor = of.values()
    product, rules = found.world.socket.id, found.world.rules.id
    draft = manager.form(f"/rules/{rules}/drafts").headers["location"]
    paths = {
        manager: [
            f"/overview?{DAYS}&family=Nova",
            f"/sales?{DAYS}",
            f"/sales?{DAYS}&rows=voivodeship&columns=month",
            f"/program/claims?{DAYS}",
            first(manager, f"/program/claims?{DAYS}", r"/program/claims/[0-9a-f-]{36}"),
            f"/participants?{DAYS}",
            f"/partners?{DAYS}",
            "/products",
            f"/products/{product}",
            f"/products/{product}/edit",
            "/products/import",
            "/rules",
            draft,
            draft.removesuffix("/edit"),
            f"/rules/{rules}/terms",
        ],
        support: ["/support?q=tajna", f"/support/participants/{found.firms[0].id}"],
        auditor: [
            "/audit",
            first(auditor, "/audit", r"/audit/postings/\d+"),
            "/audit/chain",
            "/audit/verification",
        ],
    }
    script = AXE.read_text(encoding="utf-8")
    told = []
    for who, addresses in paths.items():
        for path in addresses:
            answer = who.get(path)
            assert answer.status_code == 200, path
            # The kit's site knows the files without the digest in their address.
            tab, site = visit(re.sub(r"/static/v-[0-9a-f]{12}/", "/static/", answer.text), 1366)
            tab.evaluate(script)
            for width in (1366, 390):
                tab.set_viewport_size({"width": width, "height": 800})
                assert tab.evaluate("document.documentElement.scrollWidth") <= width, path
                for theme in ("light", "dark"):
                    tab.evaluate("theme => document.documentElement.dataset.bsTheme = theme", theme)
                    seen = tab.evaluate("axe.run(document)")["violations"]
                    told += [
                        (path, width, theme, rule["id"], rule["nodes"][0]["html"][:120])
                        for rule in seen
                    ]
            assert site.foreign == []
            tab.context.close()
    assert told == []
