"""Honest documents drawn here, and the reference data beside the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.hostile import seeds


@pytest.fixture(scope="session")
def honest() -> dict[str, bytes]:
    """One small honest file of each accepted kind, by its usual ending."""
    return seeds.all_seeds()


@pytest.fixture(scope="session")
def documents(shared: Path) -> Path:
    return shared / "documents"


@pytest.fixture(scope="session")
def ksef(shared: Path) -> Path:
    return shared / "ksef"
