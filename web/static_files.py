"""Files of the pages under addresses that change with their content: browsers keep them."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parent / "static"
_VERSIONED = re.compile(r"v-([0-9a-f]{12})/(.+)")


@cache
def version() -> str:
    """A digest of every static file. One for all, so that relative addresses inside files hold."""
    digest = hashlib.sha256()
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(FOLDER).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def asset(path: str) -> str:
    """The address of a file in web/static: `asset("app.css")`."""
    return f"/static/v-{version()}/{path}"


class VersionedFiles(StaticFiles):
    """Serves `v-<digest>/path` with a year's cache and `path` with a check every time."""

    def __init__(self) -> None:
        super().__init__(directory=FOLDER, check_dir=False)

    async def get_response(self, path: str, scope: Scope) -> Response:
        match = _VERSIONED.fullmatch(path)
        response = await super().get_response(match.group(2) if match else path, scope)
        current = match is not None and match.group(1) == version()
        if current and response.status_code in (200, 304):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        else:
            response.headers["Cache-Control"] = "no-cache"
        return response
