"""Sets of documents on disk: complete, repeatable, with a truth for each."""

import base64
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from random import Random

import pypdfium2
import pytest

from demo.documents import corpus, false_kinds
from demo.documents.__main__ import main
from demo.documents.fonts import FAMILIES, FontMissing, font_path
from demo.documents.identifiers import crc8

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


@pytest.mark.parametrize("turn", range(len(false_kinds.FALSE_LINKS)))
def test_each_false_print_is_false_in_its_own_way(turn):
    made = false_kinds.false_print(Random(turn), turn, "x")
    truth, (_, xml) = made.truth, made.companions[0]
    digest = base64.urlsafe_b64encode(hashlib.sha256(xml).digest()).decode().rstrip("=")
    host, _, nip, day, printed = truth["ksef_link"].removeprefix("https://").split("/")
    number = truth["ksef_number"]
    wrong = {
        "wrong-environment": host == "qr-test.ksef.mf.gov.pl",
        "foreign-host": not host.endswith("mf.gov.pl"),
        "hash-mismatch": printed != digest,
        "nip-mismatch": nip != truth["seller_vat_id"],
        "date-mismatch": "-".join(reversed(day.split("-"))) != truth["issue_date"],
        "bad-number": f"{crc8(number[:32].encode()):02X}" != number[33:],
    }
    assert [name for name, holds in wrong.items() if holds] == [truth["falsity"]]


def test_twins_are_one_purchase_in_several_files():
    made = false_kinds.twins(Random(1), 0, "x")
    assert made.truth["twins"] == ["x.twin.pdf", "x.twin.xml"]
    files = dict(made.companions)
    assert made.truth["invoice_number"].encode() in files["x.twin.xml"]
    slip = false_kinds.twins(Random(1), 1, "y")
    text = pypdfium2.PdfDocument(dict(slip.companions)["y.twin.pdf"])[0].get_textpage()
    total = slip.truth["total_gross"].replace(".", ",")
    assert total in text.get_text_range()


@pytest.mark.parametrize("turn", range(4))
def test_what_proves_no_purchase_says_so(turn):
    made = false_kinds.no_proof(Random(turn), turn, "x")
    assert made.truth["doc_type"] == "other"
    if made.data.startswith(b"%PDF"):
        text = pypdfium2.PdfDocument(made.data)[0].get_textpage().get_text_range()
        assert false_kinds.NO_PROOFS[turn].casefold() in text.casefold()
        assert "Faktura VAT" not in text


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
    assert len(kinds) == 50
    for name, kind in corpus.KINDS.items():
        assert kinds.count(name) == kind.share


@pytest.mark.parametrize("kind", sorted(set(corpus.KINDS) - set(QUICK)))
def test_the_slower_kinds_are_made_too(kind):
    item = next(iter(corpus.plan(1, seed=2, only=[kind])))
    made = corpus.make(item)
    assert made.truth["doc_id"] == item.doc_id
    assert made.data[:4] in (b"%PDF", b"\xff\xd8\xff\xe0", b"\x89PNG")
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
