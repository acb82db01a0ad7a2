"""The manufacturer's pages: no price, no other brand, no other programme, no unasked name."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, timedelta

import openpyxl
import pytest
from sqlmodel import select

from accounts import keys
from accounts.roles import Grant, Role, scope_of
from analytics import overview
from analytics.periods import Period
from analytics.pivot import Dimension
from analytics.selection import Selection
from claims.states import ReasonCode
from claims.tables import ClaimLine
from core import clock
from core.runtime import App
from programs.product_tables import ProductAlias
from tests.analytics import scene as scenes
from tests.analytics.scene import SECRETS, Scene
from tests.conftest import NOON
from tests.web.conftest import Browser, SignIn

DAYS = "period=own&from=2026-11-01&to=2026-11-30"


@pytest.fixture
def found(app: App) -> Scene:
    """A programme with claims of several firms and every outcome."""
    with app.database.unit_of_work() as session:
        made = scenes.scene(session)
        for n, firm in enumerate(made.firms):
            scenes.bought(session, made, firm, sockets=4 + n, boards=n % 2)
        scenes.bought(session, made, at=NOON - timedelta(days=15))
        scenes.bought(session, made, reject=ReasonCode.OTHER_BUYER)
        return made


@pytest.fixture
def manager(found: Scene, sign_in: SignIn) -> Browser:
    return sign_in(Role.PROGRAM_MANAGER, scope=scope_of("program", found.world.program.id))


def pages_of(app: App, found: Scene) -> list[str]:
    """Every page that a manufacturer can read, with things of the programme in the placeholders."""
    with app.database.unit_of_work() as session:
        alias = session.exec(
            select(ProductAlias).where(ProductAlias.product_id == found.world.socket.id)
        ).first()
        assert alias is not None
    product, version = found.world.socket.id, found.world.rules.id
    return [
        f"/overview?{DAYS}",
        *(f"/sales?{DAYS}&rows={rows}&columns={columns}"
          for rows in Dimension
          for columns in ("", "month")),
        f"/program/claims?{DAYS}",
        f"/participants?{DAYS}",
        f"/partners?{DAYS}",
        f"/rewards-admin?{DAYS}",
        "/products",
        f"/products/{product}",
        f"/products/{product}/edit",
        f"/products/{product}/aliases/{alias.id}",
        "/products/new",
        "/products/import",
        "/rules",
        f"/rules/{version}",
        f"/rules/{version}/rehearsal",
        f"/rules/{version}/terms?language=en",
    ]  # fmt: skip


def claim_pages(browser: Browser) -> list[str]:
    text = browser.get(f"/program/claims?{DAYS}").text
    return sorted(set(re.findall(r"/program/claims/[0-9a-f-]{36}", text)))


def files(kind: str) -> list[str]:
    return [f"/sales/table.{kind}?{DAYS}&rows=product", f"/sales/lines.{kind}?{DAYS}"]


API = [f"/api/v1/analytics/{name}?{DAYS}" for name in ("overview", "sales", "lines")]


def inside(data: bytes) -> str:
    """All the text of a downloaded file."""
    if not data.startswith(b"PK"):
        return data.decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return " ".join(packed.read(name).decode() for name in packed.namelist())


def test_no_price_and_no_other_brand_ever_leaves_the_server(
    app: App, found: Scene, manager: Browser
) -> None:
    paths = [*pages_of(app, found), *claim_pages(manager), *files("csv"), *files("xlsx"), *API]
    assert len(claim_pages(manager)) == 8
    for path in paths:
        answer = manager.get(path)
        assert answer.status_code == 200, path
        text = inside(answer.content).replace("\u00a0", " ")
        leaked = [secret for secret in SECRETS if secret in text]
        assert not leaked, f"{path}: {leaked}"


def test_the_secrets_are_really_there_for_those_who_may_see_them(app: App, found: Scene) -> None:
    """Else the test above could not fail."""
    with app.database.unit_of_work() as session:
        lines = session.exec(select(ClaimLine)).all()
    assert any("Konkurent" in line.description for line in lines)
    assert any(str(line.unit_price).startswith("77.31") for line in lines)


def test_no_firm_is_named_without_its_consent(app: App, found: Scene, manager: Browser) -> None:
    named = {firm.company_name for firm in found.firms[:4]}
    nameless = {firm.company_name for firm in found.firms[4:]}
    assert nameless
    seen: set[str] = set()
    for path in [*pages_of(app, found), *claim_pages(manager), *files("csv"), *API]:
        text = inside(manager.get(path).content)
        seen |= {name for name in named if name in text}
        assert not [name for name in nameless if name in text], path
    assert seen == named


def test_another_programme_is_absent_everywhere(app: App, found: Scene, sign_in: SignIn) -> None:
    with app.database.unit_of_work() as session:
        other = scenes.scene(session)
    stranger = sign_in(Role.PROGRAM_MANAGER, scope=scope_of("program", other.world.program.id))
    ours = pages_of(app, found)
    for path in ours:
        answer = stranger.get(path)
        if str(found.world.socket.id) in path or str(found.world.rules.id) in path:
            assert answer.status_code == 404, path
        else:
            assert answer.status_code == 200, path
    listed = stranger.get(f"/program/claims?{DAYS}").text
    assert not re.findall(r"/program/claims/[0-9a-f-]{36}", listed)
    for path in API:
        body = stranger.get(path).text
        assert str(found.world.socket.id) not in body
    for name in ("partner", "branch", "product"):
        foreign = {
            "partner": found.world.partner.id,
            "branch": found.second.id,
            "product": found.world.socket.id,
        }[name]
        assert stranger.get(f"/overview?{DAYS}&{name}={foreign}").status_code == 404


def test_a_role_elsewhere_is_no_role_here(app: App, found: Scene, sign_in: SignIn) -> None:
    with app.database.unit_of_work() as session:
        other = scenes.scene(session)
    analyst = sign_in(Role.ANALYST, scope=scope_of("program", found.world.program.id))
    edit = f"/products/{found.world.socket.id}/edit"
    assert analyst.get(edit).status_code == 404
    both = sign_in(Role.PROGRAM_MANAGER, scope=scope_of("program", other.world.program.id))
    assert both.get(edit).status_code == 404


def test_the_tiles_show_the_figures_and_lead_to_claims_that_add_up(
    app: App, found: Scene, manager: Browser
) -> None:
    with app.database.unit_of_work() as session:
        november = Period(date(2026, 11, 1), date(2026, 11, 30))
        whole = overview.course(
            session, Selection(found.world.program.id, november), november
        ).whole
    text = manager.get(f"/overview?{DAYS}").text
    assert text.count('class="card tile"') == 8
    [link] = {
        href.replace("&amp;", "&")
        for href in re.findall(r'class="tile-value num" href="([^"]+)"', text)
        if "show=paid" in href and "period=own" in href
    }
    listed = manager.get(link).text.replace("\u00a0", " ")
    sums = re.search(r'class="sums">(.*?)</p>', listed, re.DOTALL)
    assert sums is not None
    numbers = [n.replace(" ", "") for n in re.findall(r'<b class="num">([\d  ]+)</b>', sums[1])]
    assert numbers == [str(whole.paid), str(int(whole.units)), str(whole.points)]


def test_chips_are_taken_off_one_by_one(found: Scene, manager: Browser) -> None:
    path = f"/overview?{DAYS}&family=Nova&branch={found.world.branch.id}"
    text = manager.get(path).text.replace("&amp;", "&")
    removals = re.findall(r'class="chip chip-info" href="([^"]+)"', text)
    assert len(removals) == 2
    assert any("family=" not in href and "branch=" in href for href in removals)
    assert any("family=Nova" in href and "branch=" not in href for href in removals)


def test_an_empty_period_offers_the_nearest_with_data(found: Scene, manager: Browser) -> None:
    text = manager.get("/overview?period=own&from=2026-03-01&to=2026-03-31").text
    assert "from=2026-11-01" in text
    assert 'class="card tile"' not in text


def test_a_region_of_few_firms_shows_nothing(app: App, found: Scene, manager: Browser) -> None:
    with app.database.unit_of_work() as session:
        scenes.bought(session, found, sockets=33, at_second=True)
    here = f"{DAYS}&voivodeship=04"
    assert "33" not in re.findall(r">([\d  ]+)<", manager.get(f"/overview?{here}").text)
    assert manager.get(f"/sales/lines.csv?{here}").status_code == 404
    assert manager.get(f"/api/v1/analytics/overview?{here}").json()["current"] is None
    assert manager.get(f"/api/v1/analytics/lines?{here}").json()["items"] == []


@pytest.mark.parametrize(
    "query",
    ["period=never", "period=own&from=x&to=y", "partner=1", "compare=maybe", "day=noon",
     "period=own&from=2026-11-30&to=2026-11-01"],
)  # fmt: skip
def test_a_filter_that_means_nothing_is_refused(found: Scene, manager: Browser, query: str) -> None:
    assert manager.get(f"/overview?{query}").status_code == 422


def test_files_hold_what_the_page_shows(found: Scene, manager: Browser) -> None:
    answer = manager.get(f"/sales/lines.xlsx?{DAYS}")
    assert answer.headers["content-disposition"] == 'attachment; filename="pozycje.xlsx"'
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    units, points = head.index("Sztuki"), head.index("Punkty")
    lines = manager.get(f"/api/v1/analytics/lines?{DAYS}&limit=200").json()["items"]
    assert sum(row[units] for row in rows) == sum(float(line["units"]) for line in lines)
    assert sum(row[points] for row in rows) == sum(line["points"] for line in lines) > 0
    csv = manager.get(f"/sales/lines.csv?{DAYS}")
    assert csv.content.startswith(b"\xef\xbb\xbf")
    assert csv.text.count("\r\n") == len(rows) + 1
    assert manager.get(f"/sales/lines.pdf?{DAYS}").status_code == 404


def test_the_api_goes_on_by_cursor_and_needs_its_permission(
    app: App, found: Scene, manager: Browser, browser: Browser
) -> None:
    grant = Grant(Role.PROGRAM_MANAGER, scope_of("program", found.world.program.id))
    assert manager.person is not None
    with app.database.unit_of_work() as session:
        allowed, other = (
            keys.create(
                session,
                person_id=manager.person.id,
                grant=grant,
                name=name,
                permissions=[name],
                at=clock.now(),
            )
            for name in ("analytics:read", "claims:read")
        )
    path = f"/api/v1/analytics/lines?{DAYS}&limit=3"
    refused = browser.get(path, headers={"authorization": f"Bearer {other}"})
    assert refused.status_code == 403
    headers = {"authorization": f"Bearer {allowed}"}
    seen: list[tuple[str, int]] = []
    cursor = ""
    while True:
        body = browser.get(f"{path}&cursor={cursor}", headers=headers).json()
        seen += [(line["claim_id"], line["position"]) for line in body["items"]]
        cursor = body["next_cursor"] or ""
        if not cursor:
            break
    every = browser.get(f"/api/v1/analytics/lines?{DAYS}&limit=200", headers=headers).json()
    assert seen == [(line["claim_id"], line["position"]) for line in every["items"]]
    assert len(seen) == len(set(seen)) == 10


@pytest.mark.parametrize("language", ["pl", "en"])
def test_every_page_draws_in_both_languages(
    app: App, found: Scene, manager: Browser, language: str
) -> None:
    manager.form("/preferences", {"locale": language, "return_to": "/"})
    for path in [*pages_of(app, found), claim_pages(manager)[0]]:
        text = manager.get(path).text
        assert f'<html lang="{language}"' in text
        assert text.count("<h1") == 1
        assert "style=" not in text
        assert "%(" not in text
