"""The image: what the product runs on goes in, everything else stays out."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
ALLOWED = {
    line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")
}


def _packages() -> set[str]:
    return {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}


def test_every_package_of_the_product_goes_into_the_image() -> None:
    assert _packages() - ALLOWED == set()


def test_tests_and_data_stay_out() -> None:
    assert ALLOWED.isdisjoint({"tests", "benchmarks", "docs", "data", ".env", ".git"})
    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*"


def test_what_a_layer_copies_is_not_left_out() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
    sources = {source for line in copied for source in line.split()[:-1]} - {"."}
    assert sources
    for source in sources:
        assert source in ALLOWED, source
        assert (ROOT / source).exists(), source


def test_the_image_has_the_system_packages_that_setup_asks_for() -> None:
    setup = (ROOT / "scripts/setup").read_text()
    body = setup.split("missing_debian_packages() {")[1].split("\n}")[0]
    asked = {word for echo in re.findall(r"echo ([^\n|]+)", body) for word in echo.split()}
    # The tests' browser is no part of the product; this release calls GLib by its new name.
    wanted = (asked - {"chromium", "libglib2.0-0"}) | {"libglib2.0-0t64"}
    assert wanted - set(DOCKERFILE.split()) == set()


def test_only_hashed_python_packages_are_installed() -> None:
    installs = re.findall(r"pip (?:install|sync)[^&]*", DOCKERFILE)
    assert len(installs) == 2
    assert all("--require-hashes" in line for line in installs)
