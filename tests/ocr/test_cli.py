from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ocr import sandbox
from ocr.__main__ import _SENTENCES, main
from ocr.reading import UnreadableReason
from tests.ocr import fa


@pytest.fixture(autouse=True, scope="module")
def no_waiting_processes() -> Iterator[None]:
    yield
    sandbox.close()


@pytest.fixture
def folder(tmp_path: Path, honest: dict[str, bytes]) -> Path:
    (tmp_path / "faktura.pdf").write_bytes(honest["pdf"])
    (tmp_path / "faktura.xml").write_bytes(honest["xml"])
    (tmp_path / "paragon.jpg").write_bytes(honest["jpg"])
    (tmp_path / "zepsuty.jpg").write_bytes(honest["jpg"][:300])
    return tmp_path


def test_one_json_per_document_is_written_and_one_line_printed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(folder / name) for name in ("faktura.pdf", "paragon.jpg", "zepsuty.jpg")]

    code = main(["read", *files, "--json-dir", str(folder / "out")])

    written = {
        file.stem: json.loads(file.read_text("utf-8")) for file in (folder / "out").iterdir()
    }
    assert code == 0
    assert set(written) == {"faktura", "paragon", "zepsuty"}
    assert written["faktura"]["invoice_number"] == "FV/12/11/2026"
    assert written["faktura"]["total_gross"] == "264.45"
    assert len(written["faktura"]["lines"]) == 2
    assert written["zepsuty"]["unreadable"]["reason"] == "damaged"
    assert written["zepsuty"]["lines"] == []
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("faktura: invoice FV/12/11/2026, 264.45 PLN, 2 lines (")
    assert told[2].startswith("zepsuty: unreadable: damaged, ")


def test_without_a_directory_the_json_is_printed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["read", str(folder / "faktura.xml")]) == 0

    printed = json.loads(capsys.readouterr().out)
    assert printed["route"] == "ksef-xml"
    assert printed["values"]["invoice_number"]["proof"] == "structured"
    assert printed["usage"]["peak_bytes"] > 0


def test_files_of_one_name_do_not_overwrite_each_other(folder: Path) -> None:
    files = [str(folder / "faktura.pdf"), str(folder / "faktura.xml"), str(folder / "faktura.xml")]

    main(["read", *files, "--json-dir", str(folder / "out")])

    names = sorted(file.name for file in (folder / "out").iterdir())
    assert names == ["faktura.pdf.json", "faktura.xml-again.json", "faktura.xml.json"]


def test_joined_files_are_one_document_with_page_images(folder: Path) -> None:
    files = [str(folder / "faktura.xml"), str(folder / "faktura.pdf")]

    to = ["--json-dir", str(folder / "out"), "--images-dir", str(folder / "pages")]
    main(["read", "--join", *files, *to])

    (document,) = (folder / "out").iterdir()
    read = json.loads(document.read_text("utf-8"))
    assert read["file"] == "faktura.xml+faktura.pdf"
    assert read["route"] == "ksef-xml"
    assert [file.name for file in (folder / "pages").iterdir()] == ["faktura-1.jpg"]


def test_a_missing_file_is_told_and_the_others_are_read(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(folder / "no-such.pdf"), str(folder), str(folder / "faktura.xml")]

    code = main(["read", *files, "--json-dir", str(folder / "out")])

    assert code == 1
    told = capsys.readouterr().err
    assert "no-such.pdf: there is no such file" in told
    assert f"{folder}: a folder; name the files in it" in told
    assert json.loads((folder / "out" / "faktura.json").read_text("utf-8"))["lines"]


def test_what_cannot_be_read_is_told_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.pdf").write_bytes(b"")
    (tmp_path / "note.txt").write_bytes(b"hello")
    files = [str(tmp_path / name) for name in ("empty.pdf", "note.txt")]

    assert main(["read", *files, "--json-dir", str(tmp_path / "out")]) == 0

    empty, note = capsys.readouterr().out.splitlines()
    assert empty.startswith("empty: unreadable: empty, the file is empty")
    assert note.startswith("note: unreadable: unsupported-type, read are JPEG, PNG")
    assert {str(reason) for reason in UnreadableReason} <= set(map(str, _SENTENCES))


def test_a_file_in_the_place_of_a_folder_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "faktura.xml"
    assert main(["read", str(file), "--json-dir", str(file)]) == 2
    assert "cannot be a folder for answers" in capsys.readouterr().err


def test_a_wrong_command_line_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["read"], ["write", "x"]):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 2
    assert "usage: python -m ocr" in capsys.readouterr().err


def test_schema_files_are_used_and_a_missing_folder_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "faktura.xml"
    file.write_bytes(fa.invoice(fa.goods()))
    (tmp_path / "form.xsd").write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"'
        f' targetNamespace="{fa.FA3}"><xs:element name="Faktura"/></xs:schema>'
    )
    assert main(["read", str(file), "--schema-dir", str(tmp_path)]) == 0
    record = json.loads(capsys.readouterr().out)
    assert "schema-valid" in [finding["code"] for finding in record["findings"]]

    assert main(["read", str(file), "--schema-dir", str(tmp_path / "gone")]) == 2
    assert "gone: no such folder" in capsys.readouterr().err


def test_on_a_terminal_it_says_how_far_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [tmp_path / name for name in ("a.xml", "b.xml")]
    for file in files:
        file.write_bytes(fa.invoice(fa.goods()))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["read", *map(str, files), "--json-dir", str(tmp_path / "out")]) == 0
    told = capsys.readouterr()
    assert "0/2 a" in told.err
    assert "1/2 b" in told.err
    assert told.err.endswith("\x1b[K")
    assert "0/2" not in told.out


def test_a_name_of_any_bytes_is_read_written_and_shown_without_moving_the_cursor(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    number = "FV/\u009b2J/7"  # C1 controls are legal in XML
    names = [b"fakt\xf3ra.xml", b"esc\x1b[31m.xml", b"prawo\xe2\x80\xae.xml"]
    for name in names:
        (tmp_path / os.fsdecode(name)).write_bytes(fa.invoice(fa.goods(), number=number))
    files = [str(tmp_path / os.fsdecode(name)) for name in names]

    assert main(["read", *files, "--json-dir", str(tmp_path / "out")]) == 0

    written = {os.fsencode(file.name) for file in (tmp_path / "out").iterdir()}
    assert written == {name.replace(b".xml", b".json") for name in names}
    record = json.loads((tmp_path / "out" / os.fsdecode(b"fakt\xf3ra.json")).read_text("utf-8"))
    assert record["doc_id"] == "fakt\ufffdra"
    assert record["file"] == "fakt\ufffdra.xml"
    assert record["invoice_number"] == number
    assert main(["read", files[1], str(tmp_path / "gone\x1b[2J.xml")]) == 1
    told = capsys.readouterr()
    for unseen in "\x1b\x9b\u202e":
        assert unseen not in told.out + told.err
    assert "esc\\u001b[31m: invoice FV/\\u009b2J/7" in told.out


def test_what_cannot_be_written_is_told_and_the_rest_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.xml", "b.xml"):
        (tmp_path / name).write_bytes(fa.invoice(fa.goods()))
    out = tmp_path / "out"
    (out / "a.json").mkdir(parents=True)  # in the place of the answer
    (out / "a.json" / "x").touch()

    files = [str(tmp_path / "a.xml"), str(tmp_path / "b.xml")]
    assert main(["read", *files, "--json-dir", str(out)]) == 2

    told = capsys.readouterr()
    assert "a.json: cannot be written: " in told.err
    assert told.out.startswith("b: invoice ")
    assert sorted(file.name for file in out.iterdir()) == ["a.json", "b.json"]


def test_a_pipe_is_refused_and_not_waited_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "fifo.xml")
    assert main(["read", str(tmp_path / "fifo.xml")]) == 1
    assert "fifo.xml: no ordinary file, but a pipe or a device" in capsys.readouterr().err


def test_no_document_is_written_over_by_an_answer(
    tmp_path: Path, honest: dict[str, bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.json").write_bytes(fa.invoice(fa.goods()))
    (tmp_path / "b.pdf").write_bytes(honest["pdf"])
    (tmp_path / "b-1.jpg").write_bytes(b"a picture")
    files = [str(tmp_path / name) for name in ("a.json", "b.pdf", "b-1.jpg")]

    here = str(tmp_path)
    assert main(["read", *files, "--json-dir", here, "--images-dir", here]) == 2

    assert (tmp_path / "a.json").read_bytes().startswith(b"<?xml")
    assert (tmp_path / "b-1.jpg").read_bytes() == b"a picture"
    told = capsys.readouterr().err
    assert told.count("is a document to read, not written over") == 2
    assert json.loads((tmp_path / "b.json").read_text("utf-8"))["invoice_number"]


def test_a_name_is_one_line_and_may_be_as_long_as_names_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("dwa\nwiersze.xml", "ż" * 125 + ".xml"):
        (tmp_path / name).write_bytes(fa.invoice(fa.goods()))
    files = sorted(str(file) for file in tmp_path.iterdir())

    assert main(["read", *files, "--json-dir", str(tmp_path / "out")]) == 0

    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("dwa\\u000awiersze: invoice ")
    assert second.startswith("żżż")
    assert sum(file.suffix == ".json" for file in (tmp_path / "out").iterdir()) == 2


def test_stopped_by_hand_it_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    (tmp_path / "a.xml").write_bytes(fa.invoice(fa.goods()))
    monkeypatch.setattr(sandbox, "measure", stopped)
    assert main(["read", str(tmp_path / "a.xml")]) == 130
    assert capsys.readouterr().err.startswith("stopped; ")


def test_with_its_output_closed_it_still_writes_the_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.xml").write_bytes(fa.invoice(fa.goods()))
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["read", str(tmp_path / "a.xml"), "--json-dir", str(tmp_path)]) == 0
    assert (tmp_path / "a.json").exists()


def test_a_kind_of_file_that_is_not_read_is_told_what_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "skan.tif").write_bytes(b"II*\0" + b"\1" * 100)
    assert main(["read", str(tmp_path / "skan.tif"), "--json-dir", str(tmp_path)]) == 0
    assert "read are JPEG, PNG, WebP, HEIC, PDF and e-invoices" in capsys.readouterr().out
