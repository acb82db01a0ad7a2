"""The API's description says what is there and how it fails."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from core.columns import new_id
from core.errors import Invalid
from tests.web.conftest import Browser
from web import openapi
from web.api import paging


@pytest.fixture
def described(browser: Browser) -> dict[str, Any]:
    answer = browser.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    made: dict[str, Any] = answer.json()
    return made


def test_only_the_api_is_described(described: dict[str, Any]) -> None:
    assert all(path.startswith("/api/v1/") for path in described["paths"])
    assert "/api/v1/me" in described["paths"]


def test_every_operation_says_how_it_fails(described: dict[str, Any]) -> None:
    for operations in described["paths"].values():
        for operation in operations.values():
            assert operation["responses"]["4XX"] == {"$ref": "#/components/responses/Problem"}
            assert "422" not in operation["responses"]
            assert operation["description"]
    assert described["components"]["securitySchemes"]["key"]["scheme"] == "bearer"


def test_there_is_no_page_that_shows_the_api_off(browser: Browser) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert browser.get(path).status_code == 404


def test_the_written_description_is_the_served_one(web: FastAPI, described: dict[str, Any]) -> None:
    routes = [route for route in web.routes if isinstance(route, APIRoute)]
    assert openapi.document(routes) == described


def test_a_list_comes_in_pieces_without_gap_or_repetition() -> None:
    ids = sorted(new_id() for _ in range(7))
    seen: list[object] = []
    cursor = ""
    while True:
        last = paging.after(cursor)
        rows = [id for id in ids if last is None or id > last][:4]
        piece = paging.page(rows, limit=3, id_of=lambda id: id, item=str)
        seen += piece.items
        if piece.next_cursor is None:
            break
        cursor = piece.next_cursor
    assert seen == [str(id) for id in ids]


@pytest.mark.parametrize("cursor", ["x", "0", "ąę", "A" * 90, "===="])
def test_a_cursor_of_somebody_else_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid):
        paging.after(cursor)
