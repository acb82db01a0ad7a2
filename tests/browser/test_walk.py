"""One real claim walks through the whole house in two languages; pages fit their windows."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.conftest import Installation, People

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def points_of(page: Page) -> int:
    """The balance that the participant's points page shows."""
    page.goto("/points")
    text = page.locator(".points-big .num").first.inner_text()
    return int(re.sub(r"\D", "", text))


def sample(installation: Installation, folder: Path, ending: str) -> Path:
    """A fresh document, as `make sample` writes it."""
    written = installation.run("demo", "sample", "--out", str(folder)).split()
    return Path(next(path for path in written if path.endswith(ending)))


def send(context: BrowserContext, document: Path) -> tuple[str, str]:
    """The participant sends a document and sees it read; the claim's address and number."""
    page = context.new_page()
    page.goto("/claims/new")
    page.locator('input[type="file"]').set_input_files(document)
    page.locator('main form button[type="submit"]').click()
    page.wait_for_url(re.compile(r"/claims/[0-9a-f-]{36}$"))
    # The page asks again by itself until the reader is done.
    expect(page.locator(".receipt-lines li").first).to_be_visible(timeout=60_000)
    number = re.search(r"Z/\d{4}/\d{6}", page.content())
    assert number, "the claim shows its number"
    return page.url, number[0]


def approve(context: BrowserContext, number: str) -> None:
    """The clerk finds the claim in the queue, answers what is asked and approves, all by keys."""
    page = context.new_page()
    page.goto("/queue")
    page.locator("tbody tr", has_text=number).locator("a").first.click()
    page.wait_for_url(re.compile(r"/reviews/"))
    expect(page.locator("[data-main]")).to_be_visible()
    here = page.url
    for _ in range(12):
        page.keyboard.press("Control+Enter")
        try:
            page.wait_for_url(lambda url: url != here, timeout=4_000)
        except PlaywrightTimeout:
            page.keyboard.press("1")  # The first candidate answers the question that is open.
        else:
            # The next claim is shown before the server has said that the decision stands.
            expect(page.locator("doc-review[data-waiting]")).to_have_count(0, timeout=30_000)
            return
    pytest.fail("the claim could not be approved by keys")


def redeem(context: BrowserContext) -> str:
    """The cheapest reward, three taps; the order's address."""
    page = context.new_page()
    page.goto("/rewards")
    page.locator(".reward-card a.list-title").first.click()
    fields = {
        "name": "Marek Wrona",
        "street": "ul. Polna 4",
        "postcode": "62-300",
        "city": "Września",
        "phone": "+48 600 100 200",
    }
    for field, text in fields.items():
        page.locator(f"#{field}").fill(text)
    page.locator('form[action="/orders"] button[type="submit"]').click()
    page.wait_for_url(re.compile(r"/orders/[0-9a-f-]{36}$"))
    return page.url.rsplit("/", 1)[-1]


def ship(context: BrowserContext, order: str) -> None:
    """The warehouse packs with the scanner and hands the parcel over."""
    page = context.new_page()
    page.goto(f"/warehouse/orders/{order}")
    page.locator('form[action$="/packing"] button[type="submit"]').click()
    page.locator("#lot").fill("NOT-THIS-LOT")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_visible()
    for lot in page.locator("tbody td:nth-child(2)").all_inner_texts():
        page.locator("#lot").fill(lot)
        page.keyboard.press("Enter")
        page.wait_for_load_state()
    slip = context.request.get(f"/warehouse/orders/{order}/slip.pdf")
    assert slip.ok
    assert slip.body().startswith(b"%PDF-")
    # A carrier's number stands on one parcel only.
    page.locator("#carrier_number").fill(f"SP{UUID(order).int % 10**12:012d}")
    page.keyboard.press("Enter")
    page.locator('form[action$="/hand-over"] button[type="submit"]').click()
    expect(page.locator('form[action$="/events"]')).to_be_visible()


def received(context: BrowserContext, order: str) -> None:
    """The participant taps "I have it"; the button is gone, the parcel proven."""
    page = context.new_page()
    page.goto(f"/orders/{order}")
    confirm = page.locator('form[action$="/delivery"] button')
    confirm.click()
    expect(confirm).to_have_count(0)


def attributed_units(context: BrowserContext) -> int:
    """The first tile of the manufacturer's overview."""
    page = context.new_page()
    page.goto("/overview")
    text = page.locator(".tile .num").first.inner_text()
    return int(re.sub(r"\D", "", text))


@pytest.mark.parametrize(("language", "width"), [("pl", 390), ("en", 1366)])
def test_a_photographed_invoice_becomes_a_delivered_drill(
    chromium: Browser, installation: Installation, tmp_path: Path, language: str, width: int
) -> None:
    people = People(chromium, installation, language, width)
    participant = people.sign_in("participant")
    clerk = people.sign_in("clerk")
    manufacturer = people.sign_in("manufacturer")
    warehouse = people.sign_in("logistics")

    before = points_of(participant.new_page())
    units_before = attributed_units(manufacturer)
    claim, number = send(participant, sample(installation, tmp_path, ".jpg"))
    approve(clerk, number)
    page = participant.new_page()
    page.goto(claim)
    expect(page.locator(".card-sum")).to_be_visible()
    # A photo may leave a line in doubt; the PDF of another purchase is read to the last digit.
    _, second = send(participant, sample(installation, tmp_path, ".pdf"))
    approve(clerk, second)
    after = points_of(page)
    assert after >= before + 1_500
    assert attributed_units(manufacturer) > units_before

    order = redeem(participant)
    assert points_of(page) < after
    ship(warehouse, order)
    received(participant, order)
    for context in (participant, clerk, manufacturer, warehouse):
        context.close()


PERSONAS = ("participant", "partner_manager", "manufacturer", "logistics")
# What hangs over the edge of the window, and tables that have to be pushed sideways.
TOO_WIDE = """() => [
    document.documentElement.scrollWidth - document.documentElement.clientWidth,
    [...document.querySelectorAll(".table-wrap:has(.table-cards)")]
        .filter(table => table.scrollWidth > table.clientWidth + 1)
        .map(table => table.getAttribute("aria-label")),
]"""


@pytest.mark.parametrize("persona", PERSONAS)
def test_no_page_of_a_menu_is_wider_than_the_window(
    chromium: Browser, installation: Installation, persona: str
) -> None:
    context = People(chromium, installation, "pl", 820).sign_in(persona)
    page = context.pages[0]
    said: list[str] = []
    page.on(
        "console", lambda message: said.append(message.text) if message.type == "error" else None
    )
    links = page.locator("nav a[href^='/']").evaluate_all("all => all.map(a => a.pathname)")
    assert len(set(links)) >= 3
    wide = []
    for path in dict.fromkeys(links):
        answer = page.goto(path, wait_until="domcontentloaded")
        assert answer is not None
        assert answer.status == 200, path
        for width in (820, 320):
            page.set_viewport_size({"width": width, "height": 800})
            seen = page.evaluate(TOO_WIDE)
            if seen != [0, []]:
                wide.append((path, width, *seen))
    assert wide == []
    assert said == []
    context.close()
