from __future__ import annotations

import importlib.util
import json
import random
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from benchmarks.reading import score


@pytest.fixture(scope="module")
def reference(documents: Path) -> ModuleType:
    """The scorer that comes with the reference data."""
    spec = importlib.util.spec_from_file_location("reference_score", documents / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def damaged(truth: dict[str, Any], chance: random.Random) -> dict[str, Any] | None:
    """A reading with the mistakes that readers make."""
    if chance.random() < 0.05:
        return None
    read: dict[str, Any] = json.loads(json.dumps(truth))
    for name in truth["scored"]:
        draw = chance.random()
        if draw < 0.15:
            read[name] = None
        elif draw < 0.4 and read[name]:
            at = chance.randrange(len(read[name]))
            read[name] = read[name][:at] + chance.choice("0O8B5S1l -/.,") + read[name][at + 1 :]
        elif draw < 0.5 and read[name]:
            read[name] = chance.choice(["PL", " ", "NIP "]) + read[name].lower()
    lines = read.get("lines") or []
    for line in lines:
        for name in ("description", "quantity", "line_net", "line_gross"):
            draw = chance.random()
            if draw < 0.1:
                line[name] = None
            elif draw < 0.25 and line[name]:
                at = chance.randrange(len(line[name]))
                line[name] = line[name][:at] + chance.choice("0123456789abc ") + line[name][at:]
    if lines and chance.random() < 0.3:
        lines.pop(chance.randrange(len(lines)))
    if lines and chance.random() < 0.3:
        lines.append(dict(chance.choice(lines)))
    chance.shuffle(lines)
    return read


@pytest.mark.parametrize("seed", range(3))
def test_our_scorer_agrees_with_the_reference_on_damaged_readings(
    seed: int, documents: Path, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    for folder in sorted(documents.glob("*/truth")):
        ours = score.Score()
        predictions = tmp_path / folder.parent.name
        predictions.mkdir()
        for file in sorted(folder.glob("*.json")):
            truth = json.loads(file.read_text("utf-8"))
            read = damaged(truth, chance)
            score.add(ours, truth, read)
            if read is not None:
                (predictions / file.name).write_text(json.dumps(read), "utf-8")
        out = tmp_path / f"{folder.parent.name}.json"
        subprocess.run(
            [sys.executable, documents / "score.py", predictions, folder, "--json", out],
            check=True,
            capture_output=True,
        )
        (theirs,) = json.loads(out.read_text()).values()

        assert ours.fields == {k: v for k, v in theirs["fields"].items() if v[1]}
        assert [ours.lines_matched, ours.lines_predicted, ours.lines_true] == theirs["lines"]
        assert ours.wrong_values == theirs["wrong_values"]
        assert ours.header_right == theirs["header_right"]
        assert ours.straight_through == theirs["straight_through"]
        assert [ours.lined_documents_right, ours.lined_documents] == theirs["line_docs_right"]
        assert ours.f1 == pytest.approx(theirs["line_f1"])


@pytest.mark.parametrize(
    "text", ["1 234,56", "1.234,56", "1,234.56", "-5", "12", "zw", "", "1,2,3", "PLN 3.50", "--1"]
)
def test_numbers_are_taken_from_text_as_the_reference_takes_them(
    text: str, reference: ModuleType
) -> None:
    assert score.number(text) == reference.dec(text)


def proven(value: str) -> dict[str, Any]:
    return {"proof": value}


TRUTH: dict[str, Any] = {
    "doc_id": "d",
    "scored": ["total_gross", "issue_date"],
    "total_gross": "24.60",
    "issue_date": "2026-11-20",
    "lines_scored": True,
    "lines": [
        {"description": "Kabel", "quantity": "2", "line_net": "20.00", "vat_rate": "23"},
    ],
}


def counted(read: dict[str, Any]) -> score.Score:
    ours = score.Score()
    score.add(ours, TRUTH, read)
    return ours


def test_a_wrong_value_counts_among_the_proven_only_when_it_claims_proof() -> None:
    read = {"total_gross": "99.00", "issue_date": "2026-11-20", "lines": []}

    unproven = counted(read | {"values": {"total_gross": proven("read")}})
    wrong = counted(read | {"values": {"total_gross": proven("arithmetic")}})

    assert (unproven.proven_values, unproven.proven_wrong) == (0, [])
    assert wrong.proven_values == 1
    assert wrong.proven_wrong == ["d: total_gross is '24.60', read '99.00'"]


def test_a_proven_amount_on_a_line_is_compared_with_the_line_most_alike() -> None:
    line = {"description": "Kabel", "quantity": "3", "line_net": "20.00"}
    values = {"quantity": proven("arithmetic"), "line_net": proven("arithmetic")}

    seen = counted({"lines": [line | {"values": values}]})

    assert seen.proven_values == 2
    assert seen.proven_wrong == ["d: line 1 quantity is '2', read '3'"]


def test_every_proven_value_of_a_line_that_is_not_there_is_wrong() -> None:
    line = {"description": "Razem", "quantity": "1", "line_net": "99.00"}
    values = {"quantity": proven("arithmetic"), "line_net": proven("arithmetic")}

    seen = counted({"lines": [line | {"values": values}]})

    assert len(seen.proven_wrong) == seen.proven_values == 2


def test_a_document_without_an_answer_is_wrong_in_every_field() -> None:
    ours = score.Score()
    score.add(ours, TRUTH, None)

    assert (ours.documents, ours.predicted, ours.fields_right, ours.fields_all) == (1, 0, 0, 2)
    assert ours.straight_through == 0
    assert ours.recall == 0.0


def test_the_price_that_was_charged_is_the_only_right_one() -> None:
    truth = {
        "doc_id": "d",
        "scored": [],
        "lines_scored": True,
        "lines": [
            {
                "description": "Puszka",
                "quantity": "2",
                "line_net": "18.00",
                "list_price_net": "10.00",
                "unit_price_net": "9.00",
            }
        ],
    }
    for price, wrong in (("10.00", 1), ("9.00", 0)):
        proven = {"unit_price_net": {"proof": "arithmetic"}}
        line = truth["lines"][0] | {"unit_price_net": price, "values": proven}
        found = score.Score()
        score.add(found, truth, {"lines": [line]})
        assert (found.proven_values, len(found.proven_wrong)) == (1, wrong)


def test_rows_of_an_e_invoice_can_be_counted_alone() -> None:
    truth = {"doc_id": "d", "scored": ["line_count"], "line_count": 2}
    assert score.field_right("line_count", truth, {"lines": [{}, {}]})
    assert not score.field_right("line_count", truth, {"lines": [{}]})
