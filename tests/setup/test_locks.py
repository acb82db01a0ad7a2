"""The locks: exact, hashed, and silent about where packages come from."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON_LOCKS = (
    "requirements.lock",
    "requirements-dev.lock",
    "scripts/uv.lock.txt",
    "scripts/node.lock.txt",
)
# Written in pieces, so that this file is not its own finding.
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("deb", "debian", "org"),
        ("ubuntu", "com"),
        ("docker", "io"),
        ("docker", "com"),
        ("ghcr", "io"),
        ("quay", "io"),
        ("unpkg", "com"),
        ("jsdelivr", "net"),
        ("cdnjs", "cloudflare", "com"),
        ("fonts", "googleapis", "com"),
    )
)


def _requirements(name: str) -> dict[str, str]:
    """Each locked requirement with its marker, and the whole of its entry."""
    entries = re.split(r"\n(?=[a-zA-Z0-9])", (ROOT / name).read_text())
    return {entry.split(" \\")[0].strip(): entry for entry in entries if entry[:1].isalnum()}


@pytest.mark.parametrize("name", PYTHON_LOCKS)
def test_every_python_package_is_pinned_and_hashed(name: str) -> None:
    requirements = _requirements(name)
    assert requirements
    for requirement, entry in requirements.items():
        assert re.match(r"^[A-Za-z0-9._-]+(\[[^]]*])?==[^ ]+( ;.*)?$", requirement), requirement
        assert "--hash=sha256:" in entry, requirement


def test_development_runs_on_the_versions_of_production() -> None:
    development = _requirements("requirements-dev.lock")
    assert [r for r in _requirements("requirements.lock") if r not in development] == []


def test_no_wheel_but_the_full_one_brings_opencv() -> None:
    brought = [r for r in _requirements("requirements-dev.lock") if r.startswith("opencv")]
    active = [r for r in brought if "sys_platform == 'never'" not in r]
    assert [r.split("==")[0] for r in active] == ["opencv-python"]


def test_the_npm_lock_has_digests_and_no_addresses() -> None:
    text = (ROOT / "package-lock.json").read_text()
    packages = {name: p for name, p in json.loads(text)["packages"].items() if name}
    assert packages
    assert '"resolved"' not in text
    assert [name for name, p in packages.items() if not p["integrity"].startswith("sha512-")] == []


def test_npm_packages_are_asked_for_by_exact_version() -> None:
    asked = json.loads((ROOT / "package.json").read_text())
    versions = asked["dependencies"] | asked["devDependencies"]
    assert [n for n, v in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", v)] == []


def test_npm_writes_no_addresses_into_the_lock() -> None:
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text().splitlines()


def _written_files() -> list[Path]:
    """What git holds, and what it would take next."""
    line = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True)
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and path.stat().st_size < 2_000_000]


def test_the_repository_names_no_package_registry() -> None:
    found = []
    for path in _written_files():
        text = path.read_bytes().decode("utf-8", errors="ignore")
        found += [f"{path.relative_to(ROOT)}: {host}" for host in REGISTRIES if host in text]
    assert found == []
