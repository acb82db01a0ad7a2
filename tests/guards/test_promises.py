"""What is written down and what runs are the same: settings, jobs, API."""

from __future__ import annotations

import importlib
import json
import pkgutil

import pytest

from core.queue import QUEUES, Job
from core.settings import ROOT, Settings
from web import openapi
from workers.jobs import HANDLERS, TURNS

LAYERS = (
    "messages",
    "programs",
    "points",
    "logistics",
    "claims",
    "verification",
    "rewards",
    "workers",
)


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_in_the_readme(name: str) -> None:
    description = Settings.model_fields[name].description
    assert description
    row = next(
        (
            line
            for line in (ROOT / "README.md").read_text().splitlines()
            if line.startswith(f"| `{name.upper()}`")
        ),
        "",
    )
    assert description.rstrip(".") in row


def test_every_job_that_is_asked_for_has_a_handler() -> None:
    asked = set()
    for layer in LAYERS:
        package = importlib.import_module(layer)
        for module in pkgutil.iter_modules(package.__path__, f"{layer}."):
            if module.name.endswith("__main__"):
                continue
            asked |= {
                value
                for value in vars(importlib.import_module(module.name)).values()
                if isinstance(value, Job)
            }
    assert {job.name for job in asked} == set(HANDLERS)
    assert {job.queue for job in asked} <= set(QUEUES)
    assert {turn.job.name for turn in TURNS} <= set(HANDLERS)


def test_the_api_document_is_what_the_routes_say() -> None:
    written = json.loads((ROOT / "docs" / "openapi.json").read_text())
    assert written == json.loads(json.dumps(openapi.current())), "run `make openapi`"
