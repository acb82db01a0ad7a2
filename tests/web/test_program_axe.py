"""The programme's pages in a real browser: axe finds nothing, nothing scrolls sideways."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page

from accounts.grants import grant
from accounts.roles import Grant, Role, scope_of
from accounts.tables import Person
from claims import queries, service
from claims.states import ReasonCode, Verdict
from claims.tables import Channel
from core.runtime import App
from tests import make
from tests.analytics import scene as scenes
from tests.conftest import NOON
from tests.web.conftest import Browser, SignIn
from tests.web.test_kit_browser import AXE, Site, browser, visit
from verification import correcting, decisions
from verification.judging import LineVerdict

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
        second = make.world(session).program.id
        boss = make.person(session, name="Maria Dwa")
        for program_id in (found.world.program.id, second):  # Of two programmes: the shell asks.
            held = Grant(Role.PROGRAM_MANAGER, scope_of("program", program_id))
            grant(session, person_id=boss.id, grant=held, by="test", at=NOON)
        fitter = session.get_one(Person, found.world.participant.person_id)
        held = Grant(Role.PARTICIPANT, scope_of("program", found.world.program.id))
        grant(session, person_id=fitter.id, grant=held, by="test", at=NOON)
    place = scope_of("program", found.world.program.id)
    browsers = {Role.PROGRAM_MANAGER: sign_in(person=boss)}
    browsers |= {role: sign_in(role, scope=place) for role in (Role.SUPPORT, Role.AUDITOR)}
    return found, browsers | {Role.PARTICIPANT: sign_in(person=fitter)}


def own_claims(app: App, found: scenes.Scene) -> tuple[str, str]:
    """A draft that waits for its participant's word, and a claim of which a verifier took much."""
    of = found.world
    with app.database.unit_of_work() as session:
        draft = service.submit(
            session,
            program=of.program,
            participant=of.participant,
            files=[make.StoredFile("c" * 64, "faktura z poczty.xml", "application/xml", 900)],
            channel=Channel.EMAIL,
            actor="mailbox",
            confirmed=False,
            at=NOON,
        )
        review = make.awaiting(session, of, number="FV/77/11/2026")
        sockets, boards, _ = queries.list_lines(session, review.claim_id)
        said = [
            LineVerdict(sockets.id, Verdict.APPROVE, quantity=Decimal(20)),
            LineVerdict(boards.id, Verdict.REJECT, ReasonCode.QUANTITY_UNCERTAIN),
        ]
        correcting.record(session, review=review, clerk=of.clerk, verdicts=said, at=NOON)
        decisions.decide(session, review=review, clerk=of.clerk, verdicts=said, at=NOON)
        return f"/claims/{draft.id}", f"/claims/{review.claim_id}"


def first(browser: Browser, path: str, pattern: str) -> str:
    """The first address of a kind on a page."""
    found = re.search(pattern, browser.get(path).text)
    assert found is not None
    return found[0]


def test_axe_finds_nothing_on_any_page(
    app: App, people: tuple[scenes.Scene, dict[Role, Browser]], visit: Visit
) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed")
    found, of = people
    manager, support, auditor, fitter = of.values()
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
        fitter: ["/claims", *own_claims(app, found)],
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
            # Each width and each theme once: colours do not depend on the width.
            for width, theme in ((1366, "light"), (390, "dark")):
                tab.set_viewport_size({"width": width, "height": 800})
                assert tab.evaluate("document.documentElement.scrollWidth") <= width, path
                tab.evaluate("theme => document.documentElement.dataset.bsTheme = theme", theme)
                seen = tab.evaluate("axe.run(document)")["violations"]
                told += [
                    (path, width, theme, rule["id"], rule["nodes"][0]["html"][:120])
                    for rule in seen
                ]
            assert site.foreign == []
            tab.context.close()
    assert told == []
