"""Static files: kept for a year under the address of their content, checked under any other."""

from __future__ import annotations

import pytest

from tests.web.conftest import Browser
from web.static_files import asset, version


def test_the_current_address_may_be_kept_for_a_year(browser: Browser) -> None:
    answer = browser.get(asset("app.css"))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/css")
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/static/app.css", "/static/v-000000000000/app.css"])
def test_any_other_address_is_checked_every_time(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["etag"]


@pytest.mark.parametrize(
    "path",
    [
        "/static/nothing.css",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        f"/static/v-{version()}/../../app.py",
        f"/static/v-{version()}/%2e%2e/%2e%2e/app.py",
        "/static/",
    ],
)
def test_nothing_but_the_folder_is_served(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 404
    assert "def " not in answer.text
