"""Every finding that a reader can raise is documented, and nothing else is."""

import ast
from collections.abc import Iterator
from pathlib import Path

import ocr
from ocr import finding_codes

_RAISERS = {"Finding", "note"}
_DOUBTS = "correction-"  # a change of a correction carries the code of its finding


def raised() -> set[str]:
    """The codes that stand in the source of the readers."""
    found: set[str] = set()
    for file in Path(ocr.__file__).parent.glob("*.py"):
        if file.stem != "finding_codes":
            found |= set(_codes_in(ast.parse(file.read_text("utf-8"))))
    return found


def _codes_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and str(node.value).startswith(_DOUBTS):
            yield str(node.value)
        if isinstance(node, ast.Call) and _name(node.func) in _RAISERS and node.args:
            yield from _texts(node.args[0])


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _texts(code: ast.expr) -> Iterator[str]:
    """The texts that an expression can have; what a function is handed is found at its callers."""
    if isinstance(code, ast.Constant):
        yield str(code.value)
    elif isinstance(code, ast.IfExp):
        yield from _texts(code.body)
        yield from _texts(code.orelse)
    elif isinstance(code, ast.JoinedStr):
        assert ast.unparse(code) == "f'kod1-{name}-mismatch'", ast.unparse(code)
        yield from ("kod1-seller-mismatch", "kod1-date-mismatch")
    else:
        assert ast.unparse(code) in ("code", "doubt", "change.doubt"), ast.unparse(code)


def test_every_code_has_a_meaning_and_every_meaning_a_code() -> None:
    assert raised() == set(finding_codes.MEANINGS)
