"""The wholesaler's sales files as its clerks use them."""

from __future__ import annotations

import re

from sqlmodel import select

from core.runtime import App
from tests import make
from tests.verification.feed_files import HEAD, export, sale, work
from tests.verification.test_feeds import boards
from tests.web.conftest import SignIn
from tests.web.partner_world import Counter, colleague, open_counter, rival, waiting
from verification.feed_tables import FeedStatus, SalesFeed, SalesKey


def send(counter: Counter, text: str, name: str = "sprzedaż.csv") -> str:
    """Drop a file as the page does; the address of what follows."""
    answer = counter.clerk.post(
        "/sales-files",
        data={"csrf_token": counter.clerk.csrf, "idempotency_key": make.nip() + make.nip()},
        files={"file": (name, text.encode("cp1250"), "text/csv")},
        follow_redirects=False,
    )
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def chosen(page: str) -> dict[str, object]:
    """The columns that the form proposes."""
    found: dict[str, object] = {}
    for name, body in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', page, re.S):
        picked = re.search(r'value="(-?\d+)" selected', body)
        found[name] = picked[1] if picked else "-1"
    return found


def test_a_file_is_dropped_mapped_compared_and_shown(app: App, sign_in: SignIn) -> None:
    counter = open_counter(app, sign_in)
    waiting(app, counter.of, number="FV/1/11/2026")
    with app.database.unit_of_work() as session:
        seen = make.reading(counter.of, number="FV/2/11/2026", total="99.00")
        make.read(session, make.submitted(session, counter.of), seen)
    nip = counter.of.participant.nip
    text = export(
        sale(nip, "FV/1/11/2026"), boards(nip, number="FV/1/11/2026"),
        sale(nip, "FV/2/11/2026", quantity="12"), boards(nip, number="FV/2/11/2026"),
        sale("1234567890"),
        (*sale(nip, "KFS/1/11/2026", quantity="-1"), "FV/3/11/2026"),
        sale(nip, "KFS/2/11/2026", quantity="-1"), head=(*HEAD, "Nr faktury korygowanej"),
    )  # fmt: skip
    address = send(counter, text)
    page = counter.clerk.get(address).text
    proposed = chosen(page)
    assert proposed == {
        "number": "0", "buyer_nip": "2", "gtin": "3", "index": "4", "name": "5", "quantity": "6",
        "original": "8",
    }  # fmt: skip
    assert "777" not in page
    assert "Cena" not in page
    key = {"idempotency_key": "columns-of-a-file"}
    done = counter.clerk.form(f"{address}/columns", {**proposed, **key})
    assert done.status_code == 303
    assert "hx-trigger" in counter.clerk.get(address).text
    assert work(app, "compare-sales-") == 1
    page = counter.clerk.get(address).text
    assert "FV/1/11/2026" in page
    assert "inna ilość" in page
    assert "777" not in page
    queue = counter.clerk.get("/queue?cause=difference").text
    assert "Różnica ze sprzedażą" in queue
    assert "FV/2/11/2026" in queue
    assert "FV/1/11/2026" not in queue
    faults = counter.clerk.get(f"{address}/faults.csv")
    assert "6;NIP nabywcy jest błędny;1234567890" in faults.text
    assert "8;korekta nie mówi, której faktury dotyczy;KFS/2/11/2026" in faults.text
    assert "W pliku jest 1 nowa korekta." in page


def test_a_file_that_is_no_table_is_refused_with_words(app: App, sign_in: SignIn) -> None:
    counter = open_counter(app, sign_in)
    answer = counter.clerk.post(
        "/sales-files",
        data={"csrf_token": counter.clerk.csrf, "idempotency_key": "broken-file-key"},
        files={"file": ("x.csv", b"\x89PNG\0\0", "text/csv")},
    )
    assert answer.status_code == 422
    assert "Tego pliku nie umiemy odczytać" in answer.text
    with app.database.unit_of_work() as session:
        assert session.exec(select(SalesFeed)).all() == []


def test_a_needed_column_that_is_left_out_is_asked_for_again(app: App, sign_in: SignIn) -> None:
    counter = open_counter(app, sign_in)
    address = send(counter, export(sale(make.nip())))
    sent = {"number": "0", "quantity": "6", "name": "5", "idempotency_key": "half-a-mapping"}
    answer = counter.clerk.form(f"{address}/columns", sent)
    assert answer.status_code == 422
    assert "Brakuje kolumny" in answer.text
    with app.database.unit_of_work() as session:
        assert session.exec(select(SalesFeed)).one().status is FeedStatus.MAPPING
        assert session.exec(select(SalesKey)).all() == []


def test_another_wholesaler_finds_no_such_file(app: App, sign_in: SignIn) -> None:
    counter = open_counter(app, sign_in)
    address = send(counter, export(sale(make.nip())))
    with app.database.unit_of_work() as session:
        other = rival(session)
    stranger = colleague(app, sign_in, counter.of, partner=other)
    for path in (address, f"{address}/faults.csv"):
        assert stranger.get(path).status_code == 404
    sent = {"number": "0", "idempotency_key": "a-foreign-mapping"}
    assert stranger.form(f"{address}/columns", sent).status_code == 404
    with app.database.unit_of_work() as session:
        assert session.exec(select(SalesFeed)).one().status is FeedStatus.MAPPING
