"""Nobody makes us read more than a route takes, nor before we know who they are."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from fastapi import UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Message

from core.runtime import App
from tests.web.conftest import Browser, SignIn
from web import app as web_app
from web.access import ANYONE_SIGNED_IN, UPLOAD, Router
from web.bodies import BodyLimit, BodyTooLarge, BodyTooSlow, counted


def test_a_declared_length_beyond_the_limit_is_refused_unread(browser: Browser) -> None:
    answer = browser.post(
        "/sign-in", content=b"x", headers={"content-length": str(300 * 1024 * 1024)}
    )
    assert answer.status_code == 413
    assert answer.headers["connection"] == "close"


def test_a_stream_is_cut_off_at_the_limit(browser: Browser) -> None:
    sent = 0

    def chunks() -> Iterator[bytes]:
        nonlocal sent
        yield b"contact="
        for _ in range(1000):
            sent += 16 * 1024
            yield b"a" * 16 * 1024

    answer = browser.post(
        "/sign-in",
        content=chunks(),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 413


def test_too_many_fields_are_refused(browser: Browser) -> None:
    data = {f"field{i}": "x" for i in range(600)}
    assert browser.form("/sign-in", data).status_code in (400, 413, 422)


class Slow:
    """A connection that sends a byte whenever it is asked, after a pause."""

    def __init__(self, pause_s: float, more: bool = True) -> None:
        self.pause_s, self.more, self.asked = pause_s, more, 0

    async def receive(self) -> Message:
        self.asked += 1
        await asyncio.sleep(self.pause_s)
        return {"type": "http.request", "body": b"x", "more_body": self.more}


def test_a_body_that_outlives_its_deadline_is_given_up() -> None:
    slow = Slow(pause_s=3600)
    receive = counted(slow.receive, BodyLimit(total_bytes=100, deadline_s=0))
    with pytest.raises(BodyTooSlow):
        asyncio.run(receive())


def test_a_body_is_counted_over_its_pieces() -> None:
    slow = Slow(pause_s=0)
    receive = counted(slow.receive, BodyLimit(total_bytes=3, deadline_s=60))

    async def read() -> None:
        while True:
            await receive()

    with pytest.raises(BodyTooLarge):
        asyncio.run(read())
    assert slow.asked == 4


def test_after_the_body_waiting_for_the_end_has_no_deadline() -> None:
    slow = Slow(pause_s=0, more=False)
    receive = counted(slow.receive, BodyLimit(total_bytes=3, deadline_s=0))
    with pytest.raises(BodyTooSlow):
        asyncio.run(receive())
    receive = counted(slow.receive, BodyLimit(total_bytes=3, deadline_s=60))

    async def twice() -> list[Message]:
        return [await receive(), await receive()]

    assert len(asyncio.run(twice())) == 2


@pytest.fixture
def uploads(app: App) -> Iterator[list[int]]:
    """A route that takes files, added for the test; the sizes that reached its handler."""
    taken: list[int] = []
    router = Router(access=ANYONE_SIGNED_IN)

    @router.post("/test-upload", body=UPLOAD)
    def upload(request: Request, files: list[UploadFile]) -> Response:
        taken.extend(file.size or 0 for file in files)
        return PlainTextResponse("ok")

    module = type("module", (), {"router": router})
    before = web_app.PAGES
    web_app.PAGES = (*before, module)  # type: ignore[assignment]
    yield taken
    web_app.PAGES = before


@pytest.fixture
def uploader(uploads: list[int], sign_in: SignIn) -> Browser:
    return sign_in()


def test_a_strangers_upload_is_not_read(uploads: list[int], browser: Browser) -> None:
    sent = 0

    def chunks() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(50):
            sent += 1024 * 1024
            yield b"x" * 1024 * 1024

    answer = browser.post(
        "/test-upload",
        content=chunks(),
        headers={"content-type": "multipart/form-data; boundary=b"},
        follow_redirects=False,
    )
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in"
    assert answer.headers["connection"] == "close"
    assert uploads == []


def test_a_file_within_the_limit_arrives(uploads: list[int], uploader: Browser) -> None:
    files = [("files", ("a.jpg", b"x" * 2_000_000, "image/jpeg"))]
    assert uploader.form("/test-upload", files=files).status_code == 200
    assert uploads == [2_000_000]


def test_one_file_beyond_its_limit_is_refused(uploads: list[int], uploader: Browser) -> None:
    files = [("files", ("a.jpg", b"x" * (26 * 1024 * 1024), "image/jpeg"))]
    assert uploader.form("/test-upload", files=files).status_code == 413
    assert uploads == []


def test_thirteen_files_are_refused(uploads: list[int], uploader: Browser) -> None:
    files = [("files", (f"{i}.jpg", b"x", "image/jpeg")) for i in range(13)]
    assert uploader.form("/test-upload", files=files).status_code in (400, 413)
    assert uploads == []
