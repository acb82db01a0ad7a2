"""The shape of the house: small modules, honest names, nothing left for later."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from core.settings import ROOT

PACKAGES = (
    "core", "accounts", "messages", "partners", "programs", "ocr", "points", "logistics", "claims",
    "verification", "rewards", "analytics", "web", "workers", "demo", "benchmarks",
)  # fmt: skip
LONGEST = 400
REFUSED = {"utils", "helpers", "common", "manager", "handler", "processor", "base", "misc"}
MODULES = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=short)
def test_a_module_is_short_and_says_its_one_job(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= LONGEST
    assert ast.get_docstring(ast.parse(text)), "the first line says what the module is for"


@pytest.mark.parametrize("path", MODULES, ids=short)
def test_a_module_is_named_after_its_noun(path: Path) -> None:
    assert path.stem not in REFUSED
    assert path.parent.name not in REFUSED


def test_nothing_is_left_for_later() -> None:
    words = re.compile(r"#.*\b(TODO|FIXME|XXX)\b|raise NotImplementedError")
    left = [short(path) for path in MODULES if words.search(path.read_text())]
    assert left == []


def test_no_job_swallows_its_own_timeout() -> None:
    """A broad `except Exception` around a job would report a timed-out one as finished."""
    runtime = (ROOT / "workers" / "runtime.py").read_text()
    assert runtime.index("except BaseTimeoutException") < runtime.index("except Exception")


def test_no_points_or_stock_are_reckoned_on_loaded_rows() -> None:
    """`row.balance -= 1` on a row that was loaded earlier protects nothing."""
    pattern = re.compile(r"\.(balance|on_hand|stock)\s*[-+]=")
    found = [short(path) for path in MODULES if pattern.search(path.read_text())]
    assert found == []


def test_templates_never_trust_text() -> None:
    trusted = [
        short(path)
        for path in (ROOT / "web" / "templates").rglob("*.html")
        if "|safe" in path.read_text() or " style=" in path.read_text()
    ]
    assert trusted == []
