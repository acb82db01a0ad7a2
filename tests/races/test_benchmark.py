"""The command of the full sizes, in the smallest one, so that it cannot rot."""

from __future__ import annotations

import pytest

from benchmarks import races
from core.runtime import App


def test_the_command_runs_every_race(monkeypatch: pytest.MonkeyPatch, real_app: App) -> None:
    def here() -> object:
        return _Opened(real_app)

    monkeypatch.setattr(races, "opened", here)
    report = races.run(0.01, pictures=0, only=frozenset({"A6", "A7", "A19"}))
    assert report.holds, report.rows
    assert [name for name, *_ in report.rows] == ["A6", "A7", "A19"]
    assert report.text(0.01, 0).count("| yes |") == 3


class _Opened:
    def __init__(self, app: App) -> None:
        self._app = app

    def __enter__(self) -> App:
        return self._app

    def __exit__(self, *_: object) -> None:
        return None


def test_a_failed_race_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    report = races.Report()
    report.say("A6", "two were paid", False, 1.0)
    assert not report.holds
    assert "FAIL A6" in capsys.readouterr().out
    assert "| **no** |" in report.text(1, 0)
