"""The world that most scenes of verification begin in."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from tests import make


@pytest.fixture
def of(session: Session) -> make.World:
    return make.world(session)
