"""Twenty ways to write one number are one number; a slip of an engine is suspicious, not equal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.identity import normalise_number, skeleton

SAME = [
    "FV/1184/11/2026",
    "fv/1184/11/2026",
    " FV/1184/11/2026 ",
    "FV / 1184 / 11 / 2026",
    "FV/1184/11/2026\u200b",
    "\ufeffFV/1184/11/2026",
    "FV/11\u00ad84/11/2026",
    "ＦＶ／1184／11／2026",
    "FV/1184/11/２０２６",
    "FV\u00a0/1184/11/2026",
    "Fv/1184/11/2026\t",
    "FV/1184/11/2026\r\n",
]


@pytest.mark.parametrize("number", SAME)
def test_spelling_does_not_make_another_number(number: str) -> None:
    assert normalise_number(number) == "FV/1184/11/2026"


@pytest.mark.parametrize(
    "number", ["FV/II84/11/2026", "FV/1184/11/2O26", "FV-1184-11-2026", "FV/01184/11/2026"]
)
def test_what_an_engine_confuses_has_the_same_skeleton_only(number: str) -> None:
    assert normalise_number(number) != "FV/1184/11/2026"
    assert skeleton(number) == skeleton("FV/1184/11/2026")


@pytest.mark.parametrize("number", ["FV/1185/11/2026", "FV/1184/12/2026", "FK/1184/11/2026"])
def test_another_document_has_another_skeleton(number: str) -> None:
    assert skeleton(number) != skeleton("FV/1184/11/2026")


@given(st.text(max_size=40))
def test_the_forms_are_stable(text: str) -> None:
    once = normalise_number(text)
    assert normalise_number(once) == once
    assert skeleton(skeleton(text)) == skeleton(text)
