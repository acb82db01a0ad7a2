"""What handlers ask for: the transaction of the request, the viewer, the opened application."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from fastapi import Depends
from sqlmodel import Session
from starlette.requests import Request

from core import clock
from core.runtime import App
from web.pages import FormRefused
from web.viewer import Viewer


def _app(request: Request) -> App:
    opened: App = request.app.state.opened
    return opened


def _session(request: Request) -> Iterator[Session]:
    with _app(request).database.unit_of_work() as session:
        try:
            yield session
        except FormRefused:
            # The form is drawn after the rollback, which would take from its rows what they say.
            session.expunge_all()
            raise


def _viewer(request: Request) -> Viewer:
    viewer: Viewer = request.state.viewer
    return viewer


Opened = Annotated[App, Depends(_app)]

# "function": the commit happens before the answer is sent. A failed commit must not answer 200.
UnitOfWork = Annotated[Session, Depends(_session, scope="function")]

CurrentViewer = Annotated[Viewer, Depends(_viewer)]

# The time of the request, read once; services take it as an input.
Now = Annotated[datetime, Depends(clock.now)]
