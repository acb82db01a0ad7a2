"""Pages for everybody: what Zalicz is, help, privacy, accessibility."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from accounts import demo
from web import charts, nav, pages
from web.access import PUBLIC, Router
from web.deps import CurrentViewer, UnitOfWork

router = Router(access=PUBLIC)


@router.get("/")
def start(request: Request, session: UnitOfWork, viewer: CurrentViewer) -> Response:
    """Three steps for strangers; whoever is signed in goes to work."""
    if viewer.signed_in:
        return pages.redirect(request, nav.home(viewer))
    personas = demo.list_demo_signins(session) if request.app.state.demo else []
    return pages.render(request, "public/start.html", {"personas": personas})


@router.get("/help")
def help_page(request: Request) -> Response:
    """Short answers to common questions."""
    return pages.render(request, "public/help.html")


@router.get("/privacy")
def privacy(request: Request) -> Response:
    """What is kept about people."""
    return pages.render(request, "public/privacy.html")


@router.get("/accessibility")
def accessibility(request: Request) -> Response:
    """What the pages aim at."""
    return pages.render(request, "public/accessibility.html")


@router.get("/styleguide")
def styleguide(request: Request) -> Response:
    """Every component with sample words."""
    return pages.render(request, "styleguide.html", {"charts": charts})
