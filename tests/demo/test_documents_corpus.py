"""Sets of documents on disk: complete, repeatable, with a truth for each."""

import base64
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from demo.documents import corpus
from demo.documents.__main__ import main
from demo.documents.fonts import FAMILIES, FontMissing, font_path

ROOT = Path(__file__).resolve().parents[2]
QUICK = ["invoice-pdf", "receipt-png", "ksef-xml", "ksef-print", "correction-xml", "false-xml"]
KEYS = {
    "schema", "doc_id", "file", "doc_type", "capture", "layout", "language", "country",
    "seller_name", "seller_vat_id", "buyer_vat_id", "invoice_number", "ksef_number",
    "receipt_number", "cash_register_id", "system_number", "discounts", "issue_date", "currency",
    "total_net", "total_vat", "total_gross", "lines", "scored", "lines_scored", "source_path",
}  # fmt: skip
LINE_KEYS = {
    "description", "quantity", "unit", "unit_price_net", "line_net", "vat_rate", "gtin",
    "article_no", "unit_price_gross", "line_gross",
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    out = tmp_path_factory.mktemp("documents")
    assert main(["--out", str(out), "--count", "24", "--seed", "5", "--kinds", *QUICK]) == 0
    return out


def truths(out):
    return [json.loads(path.read_text("utf-8")) for path in sorted(out.glob("*.json"))]


def test_every_document_has_a_truth_in_the_measuring_schema(made):
    read = truths(made)
    assert len(read) == 24
    for truth in read:
        assert truth.keys() >= KEYS
        assert (made / truth["file"]).stat().st_size > 0
        assert all(line.keys() >= LINE_KEYS for line in truth["lines"])
        assert all(truth[field] is not None for field in truth["scored"])
        assert not truth["lines_scored"] or truth["lines"]


def test_false_documents_name_what_is_false(made):
    false = [t for t in truths(made) if "falsity" in t]
    assert false
    for truth in false:
        data = (made / truth["file"]).read_bytes()
        assert (made / truth["print"]).read_bytes().startswith(b"%PDF")
        digest = truth["ksef_link"].rsplit("/", 1)[1]
        assert len(digest) == 43
        found = hashlib.sha256(data).digest()
        assert digest != base64.urlsafe_b64encode(found).decode().rstrip("=")


def digests(out):
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(out.rglob("*.*"))}


def test_another_process_makes_the_same_bytes(made, tmp_path):
    command = [
        sys.executable, "-m", "demo.documents", "--out", str(tmp_path), "--count", "24",
        "--seed", "5", "--kinds", *QUICK,
    ]  # fmt: skip
    # A different hash seed would change anything that leans on the order of a set.
    subprocess.run(command, check=True, cwd=ROOT, env={"PYTHONHASHSEED": "4711"})
    assert digests(tmp_path) == digests(made)


def test_a_longer_plan_begins_with_the_shorter_one():
    short = list(corpus.plan(20, seed=3))
    assert list(corpus.plan(60, seed=3))[:20] == short
    assert [i.kind for i in corpus.plan(20, seed=4)] != [i.kind for i in short]


def test_one_round_contains_every_kind_in_its_share():
    kinds = [item.kind for item in corpus.plan(corpus.ROUND, seed=1)]
    assert {kind: kinds.count(kind) for kind in corpus.SHARES} == corpus.SHARES
    assert set(corpus.SHARES) == set(corpus.kinds.MAKERS)


@pytest.mark.parametrize("kind", sorted(set(corpus.SHARES) - set(QUICK)))
def test_the_slower_kinds_are_made_too(kind):
    item = next(iter(corpus.plan(1, seed=2, only=[kind])))
    made = corpus.make(item)
    assert made.truth["doc_id"] == item.doc_id
    assert made.data[:4] in (b"%PDF", b"\xff\xd8\xff\xe0")
    if "photo" in kind:
        assert len(made.truth["corners"]) == 4


def test_an_unknown_kind_is_refused_and_nothing_is_written(tmp_path, capsys):
    assert main(["--out", str(tmp_path / "x"), "--count", "1", "--kinds", "wiersz"]) == 2
    assert "wiersz" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_a_missing_font_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr("demo.documents.fonts.FOLDER", tmp_path)
    with pytest.raises(FontMissing, match=r"Arimo_400Regular\.ttf"):
        font_path("arimo")


def test_every_font_that_is_named_is_installed():
    for family, styles in FAMILIES.items():
        for style in styles:
            assert font_path(family, style).is_file()


def test_truth_scored_against_itself_is_perfect(made, shared, tmp_path):
    score = shared / "documents" / "score.py"
    if not score.is_file():
        pytest.skip("the scorer is not beside the project")
    done = subprocess.run(
        [sys.executable, str(score), str(made), str(made), "--json", str(tmp_path / "s.json")],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    report = next(iter(json.loads((tmp_path / "s.json").read_text()).values()), None)
    assert done.returncode == 0, done.stderr
    assert report["straight_through"] == 24
