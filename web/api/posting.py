"""The header of a POST that may come twice, as the description shows it."""

from __future__ import annotations

from typing import Any


def _header(*, required: bool, text: str) -> dict[str, Any]:
    return {
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": required,
                "description": text,
                "schema": {"type": "string", "minLength": 8, "maxLength": 200},
            }
        ]
    }


# `openapi_extra=` of routes below `@idempotent` and `@idempotent(required=True)`.
MAY_REPEAT = _header(
    required=False, text="With the same key the same answer comes again, without a second effect."
)
MUST_BE_KEYED = _header(
    required=True,
    text="Names this request: sent again with the same key it makes nothing new.",
)
