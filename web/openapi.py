"""The API's description; `python -m web.openapi` writes it to docs/openapi.json."""

from __future__ import annotations

import json
import sys
from typing import Any

from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.settings import ROOT
from web.access import PUBLIC, Router

PATH = ROOT / "docs" / "openapi.json"
router = Router(access=PUBLIC, for_machines=True)


@router.get("/api/v1/openapi.json")
def description(request: Request) -> Response:
    """What the API can do, for programs."""
    return JSONResponse(document([r for r in request.app.routes if isinstance(r, APIRoute)]))


_PROBLEM = {
    "description": "RFC 9457 problem document; `code` names the fact.",
    "content": {
        "application/problem+json": {
            "schema": {
                "type": "object",
                "required": ["type", "title", "status", "code"],
                "properties": {
                    "type": {"type": "string"},
                    "title": {"type": "string"},
                    "status": {"type": "integer"},
                    "detail": {"type": "string"},
                    "instance": {"type": "string"},
                    "code": {"type": "string"},
                    "request_id": {"type": "string"},
                },
            }
        }
    },
}


def document(routes: list[APIRoute]) -> dict[str, Any]:
    """The OpenAPI document of the routes that are in the schema."""
    made = get_openapi(
        title="Zalicz",
        version="1",
        description=(
            "Claims of purchases, points and rewards of loyalty programmes. Sign in with a key: "
            "`Authorization: Bearer zal_…`. Send `Idempotency-Key` with every POST that you may "
            "repeat. Errors are RFC 9457 problem documents."
        ),
        routes=[route for route in routes if route.include_in_schema],
    )
    components = made.setdefault("components", {})
    components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    components["responses"] = {"Problem": _PROBLEM}
    made["security"] = [{"key": []}]
    for operations in made["paths"].values():
        for operation in operations.values():
            answers = operation["responses"]
            # FastAPI's own shape of a refused request is not what we send.
            answers.pop("422", None)
            for status in ("4XX", "5XX"):
                answers[status] = {"$ref": "#/components/responses/Problem"}
    for name in ("HTTPValidationError", "ValidationError"):
        components.get("schemas", {}).pop(name, None)
    return made


def current() -> dict[str, Any]:
    """The document of the routes as they are now."""
    from web.app import API  # noqa: PLC0415 - the application imports this module's route

    return document([r for module in API for r in module.router.routes if isinstance(r, APIRoute)])


def main() -> int:
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text(json.dumps(current(), indent=2, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
