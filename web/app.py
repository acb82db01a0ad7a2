"""The web application: every area's routes, behind one guard."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType

from fastapi import FastAPI

from core import logs, settings
from core.runtime import App, open_app
from core.settings import Environment
from web import problems
from web.access import every_route
from web.api import me
from web.routers import operations
from web.security import Answering
from web.static_files import VersionedFiles

# One line per area: modules with a `router`.
PAGES: Sequence[ModuleType] = (operations,)
API: Sequence[ModuleType] = (me,)


def create() -> FastAPI:
    """The application of this process's settings; what uvicorn calls."""
    loaded = settings.load()
    logs.configure(loaded.log_format, process="web")
    return build(open_app(loaded))


def build(opened: App) -> FastAPI:
    """The application around opened engines. Raises `UndeclaredAccess`."""
    app = FastAPI(title="Zalicz", version="1", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.opened = opened
    app.state.demo = opened.settings.demo and (
        opened.settings.environment is not Environment.PRODUCTION
    )
    for module in (*PAGES, *API):
        app.router.routes.extend(module.router.routes)
    every_route(app.router.routes)
    app.mount("/static", VersionedFiles(), name="static")
    problems.install(app)
    app.add_middleware(Answering, https=opened.settings.base_url.startswith("https://"))
    return app
