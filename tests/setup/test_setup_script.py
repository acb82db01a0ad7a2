"""scripts/setup: what cannot be installed is said in one sentence, with the command that helps."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("bash", "cat", "cmp", "dirname", "env", "id", "mktemp", "rm", "sh", "tail", "tr")


class Machine:
    """A tree with the script in it, and a PATH that holds only what a test puts there."""

    def __init__(self, folder: Path) -> None:
        self.tree = folder / "zalicz"
        self.bin = folder / "bin"
        (self.tree / "scripts").mkdir(parents=True)
        self.bin.mkdir()
        shutil.copy(ROOT / "scripts/setup", self.tree / "scripts/setup")
        for tool in TOOLS:
            found = shutil.which(tool)
            assert found is not None, tool
            (self.bin / tool).symlink_to(found)
        self.program("uname", "echo Linux")
        self.program("python3", f'exec {sys.executable} "$@"')

    def program(self, name: str, body: str) -> None:
        path = self.bin / name
        path.unlink(missing_ok=True)
        path.write_text(f"#!{shutil.which('bash')}\n{body}\n")
        path.chmod(0o755)

    def setup(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", str(self.tree / "scripts/setup"), *arguments],
            env={"PATH": str(self.bin), "HOME": str(self.tree)} | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def installed(self) -> set[str]:
        return {path.name for path in self.tree.iterdir()} - {"scripts"}


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_an_old_python_is_refused_by_its_version(machine: Machine) -> None:
    machine.program("python3", '[ "$1" = --version ] && echo "Python 3.9.2"')
    refused = machine.setup()
    assert refused.returncode == 1
    assert "Python 3.11 or newer is needed; here is Python 3.9.2." in refused.stderr
    assert "make setup PYTHON=" in refused.stderr
    assert machine.installed() == set()


def test_a_python_that_was_named_is_refused_by_its_name(machine: Machine) -> None:
    machine.program("python3.9", "exit 1")
    refused = machine.setup(PYTHON="python3.9")
    assert refused.returncode == 1
    assert "PYTHON=python3.9 is not Python 3.11 or newer." in refused.stderr


def test_without_rights_the_packages_and_the_exact_command_are_named(machine: Machine) -> None:
    machine.program("id", "echo 1000")
    machine.program("sudo", "exit 1")
    machine.program("apt-get", "exit 1")
    refused = machine.setup()
    assert refused.returncode == 1
    assert "these system packages are missing: tesseract-ocr tesseract-ocr-pol" in refused.stderr
    assert "apt-get install --yes --no-install-recommends tesseract-ocr" in refused.stderr
    assert machine.installed() == set()


def test_on_another_system_the_packages_are_named(machine: Machine) -> None:
    refused = machine.setup()
    assert refused.returncode == 1
    assert "these packages are missing, by their Debian names: tesseract-ocr" in refused.stderr


def test_a_language_that_tesseract_lacks_counts_as_missing(machine: Machine) -> None:
    machine.program("tesseract", "printf '%s\\n' 'List:' eng osd")
    assert "tesseract-ocr-pol" in machine.setup().stderr


def test_sudo_is_used_when_it_asks_for_no_password(machine: Machine) -> None:
    record = machine.tree.parent / "record"
    machine.program("id", "echo 1000")
    machine.program("sudo", f'echo "$@" >>{record}; [ "$2" = true ]')
    machine.program("apt-get", "exit 0")
    refused = machine.setup()
    assert refused.returncode == 1
    assert "apt-get could not install tesseract-ocr" in refused.stderr
    assert any("env apt-get" in line for line in record.read_text().splitlines())


def test_the_browser_is_asked_for_by_tests_alone(machine: Machine) -> None:
    assert "chromium" not in machine.setup().stderr
    assert "chromium" in machine.setup("--tests").stderr


def test_on_a_mac_homebrew_is_named(machine: Machine) -> None:
    machine.program("uname", "echo Darwin")
    refused = machine.setup()
    assert refused.returncode == 1
    assert "brew install tesseract tesseract-lang" in refused.stderr


def test_the_script_may_be_run() -> None:
    for name in ("scripts/setup", "scripts/lock", ".ci/run", "scripts/production/roles.sh"):
        assert os.access(ROOT / name, os.X_OK), name
