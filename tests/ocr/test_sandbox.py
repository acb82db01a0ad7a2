from __future__ import annotations

import io
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.hostile import bombs, seeds
from ocr import codec, limits, sandbox
from ocr import launcher as launcher_module
from ocr.launcher import Launcher, Outcome
from ocr.reading import (
    Box,
    DocumentKind,
    Page,
    Reading,
    SourceFile,
    Unreadable,
    UnreadableReason,
    Word,
)
from tests.ocr import pictured

PROJECT = Path(__file__).resolve().parents[2]
BOMBS = dict(bombs.all_bombs())
DONE = Outcome(0, "", "s", 0.1, 0.1, 1)


@pytest.fixture(autouse=True, scope="module")
def no_waiting_processes() -> Iterator[None]:
    yield
    sandbox.close()


@pytest.fixture
def document_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where directories of documents are made, to see that they go away."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    sandbox.close()  # Waiting launchers have their home elsewhere.
    return tmp_path


def launcher_of(document: SourceFile) -> int:
    """The process id of the launcher that read it."""
    sandbox.preview_limited([document])
    return sandbox._idle[-1]._process.pid


# Reading


def test_a_text_pdf_is_read_with_its_page_image(honest: dict[str, bytes]) -> None:
    result = sandbox.read_limited([SourceFile(honest["pdf"])])

    assert result.reading.kind is DocumentKind.INVOICE
    assert result.reading.total_gross is not None
    assert str(result.reading.total_gross.value) == "264.45"
    assert len(result.page_images) == 1
    assert result.page_images[0].startswith(b"\xff\xd8\xff")


def test_a_structured_invoice_is_read_without_pages(honest: dict[str, bytes]) -> None:
    result = sandbox.read_limited([SourceFile(honest["xml"])])

    assert result.page_images == ()
    assert [str(line.quantity.value) for line in result.reading.lines if line.quantity] == ["100"]


def test_a_picture_is_read_in_a_fork_that_has_the_models(honest: dict[str, bytes]) -> None:
    measured = sandbox.measure([SourceFile(honest["jpg"])])

    assert measured.unreadable is None
    assert measured.result is not None
    assert measured.result.reading.total_gross is not None
    assert 50_000_000 < measured.usage.peak_bytes < limits.MEMORY_BYTES
    assert {"limits", "no-new-privileges"} <= set(measured.usage.confined)


def test_the_same_launcher_serves_one_document_after_another(honest: dict[str, bytes]) -> None:
    document = SourceFile(honest["pdf"])

    assert launcher_of(document) == launcher_of(document)


def test_a_preview_shows_pages_of_what_nobody_can_read(honest: dict[str, bytes]) -> None:
    files = [SourceFile(honest["jpg"]), SourceFile(honest["scan.pdf"]), SourceFile(honest["pdf"])]

    images = sandbox.preview_limited(files)

    assert len(images) == 3
    assert all(image.startswith(b"\xff\xd8\xff") for image in images)
    assert sandbox.preview_limited([SourceFile(honest["xml"])]) == ()


# Refusals


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("gif", UnreadableReason.UNSUPPORTED_TYPE),
        ("png-13000-square", UnreadableReason.TOO_LARGE),
        ("pdf-locked", UnreadableReason.ENCRYPTED),
        ("pdf-twenty-one-pages", UnreadableReason.TOO_MANY_PAGES),
        ("pdf-100000-pages", UnreadableReason.TOO_MANY_PAGES),
        ("pdf-400000-glyphs", UnreadableReason.TOO_COMPLEX),
        ("pdf-60000-boxes", UnreadableReason.TOO_COMPLEX),
        ("pdf-endless-path", UnreadableReason.TOO_COMPLEX),
        ("pdf-giant-page", UnreadableReason.TOO_LARGE),
        ("pdf-eleven-megabytes", UnreadableReason.TOO_LARGE),
        ("pdf-header-only", UnreadableReason.DAMAGED),
        ("jpeg-header-only", UnreadableReason.DAMAGED),
        ("xml-billion-laughs", UnreadableReason.FORBIDDEN_XML),
        ("xml-external-file", UnreadableReason.FORBIDDEN_XML),
        ("xml-doctype-only", UnreadableReason.FORBIDDEN_XML),
        ("xml-million-deep", UnreadableReason.TOO_COMPLEX),
        ("empty", UnreadableReason.EMPTY),
    ],
)
def test_a_hostile_file_ends_in_a_typed_reason(name: str, reason: UnreadableReason) -> None:
    with pytest.raises(Unreadable) as caught:
        sandbox.read_limited([SourceFile(BOMBS[name]())])
    assert caught.value.reason is reason


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (Outcome(-signal.SIGABRT, "", "d", 1, 1, 1), UnreadableReason.PARSER_CRASHED),
        (Outcome(-signal.SIGSEGV, "", "d", 1, 1, 1), UnreadableReason.PARSER_CRASHED),
        (Outcome(-signal.SIGXCPU, "", "d", 1, 1, 1), UnreadableReason.TOO_COMPLEX),
        (Outcome(-signal.SIGKILL, "", "d", 1, 1, 1), UnreadableReason.TOO_LARGE),
        (Outcome(1, "", "", 1, 1, 1), UnreadableReason.PARSER_CRASHED),
        (Outcome(-signal.SIGKILL, "too-slow", "r", 1, 1, 1), UnreadableReason.TOO_SLOW),
        (Outcome(-signal.SIGKILL, "too-large", "r", 1, 1, 1), UnreadableReason.TOO_LARGE),
        (Outcome(-signal.SIGKILL, "parser-crashed", "r", 1, 1, 1), UnreadableReason.PARSER_CRASHED),
    ],
)
def test_each_way_to_end_has_its_reason(
    outcome: Outcome,
    reason: UnreadableReason,
    monkeypatch: pytest.MonkeyPatch,
    honest: dict[str, bytes],
) -> None:
    monkeypatch.setattr(Launcher, "run", lambda *_, **__: outcome)

    with pytest.raises(Unreadable) as caught:
        sandbox.read_limited([SourceFile(honest["pdf"])])

    assert caught.value.reason is reason


@pytest.mark.parametrize(
    ("stage", "reads", "proven"), [("r", 2, True), ("r", 2, False), ("d", 1, False)]
)
def test_a_page_that_an_engine_dies_of_is_read_once_more_without_its_library(
    stage: str,
    reads: int,
    proven: bool,
    monkeypatch: pytest.MonkeyPatch,
    honest: dict[str, bytes],
) -> None:
    """What dies while foreign bytes are decoded is not: that would be hostile files' second try."""
    seen: list[tuple[Path, bool]] = []

    def run(_: Launcher, directory: Path, *, library: bool, **__: object) -> Outcome:
        seen.append((directory, library))
        if proven and not library:
            (directory / "result.json").write_text(json.dumps(GOOD))
            return DONE
        return Outcome(-signal.SIGSEGV, "", stage, 1, 1, 1)

    monkeypatch.setattr(Launcher, "run", run)

    measured = sandbox.measure([SourceFile(honest["pdf"])])

    assert [library for _, library in seen] == [True, False][:reads]
    assert len({directory for directory, _ in seen}) == reads  # a folder nobody wrote in before
    if proven:
        assert measured.result is not None
        assert measured.usage.cpu_s == 1 + DONE.cpu_s
    else:
        assert measured.unreadable is not None
        assert measured.unreadable.reason is UnreadableReason.PARSER_CRASHED


def test_when_the_library_of_tesseract_crashes_its_program_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library is the real one but for one function, which is the C library's `abort`."""
    (tmp_path / "sitecustomize.py").write_text(
        "import ctypes\n"
        "found = ctypes.CDLL.__getitem__\n"
        "def crashing(library, name):\n"
        "    if name == 'TessBaseAPIRecognize':\n"
        "        return found(ctypes.CDLL(None), 'abort')\n"
        "    return found(library, name)\n"
        "ctypes.CDLL.__getitem__ = crashing\n"
    )
    scan = io.BytesIO()
    Image.fromarray(pictured.page_of("invoice-pdf", 0)).save(scan, "PDF", resolution=200)
    environment = launcher_module._environment

    def crashing(home: Path) -> dict[str, str]:
        passed_on = environment(home)
        return passed_on | {"PYTHONPATH": f"{tmp_path}:{passed_on['PYTHONPATH']}"}

    sandbox.close()
    monkeypatch.setattr(launcher_module, "_environment", crashing)
    try:
        reading = sandbox.read_limited([SourceFile(scan.getvalue())]).reading
    finally:
        sandbox.close()

    assert reading.route == "scan+again"
    assert pictured.wrong(pictured.made("invoice-pdf", 0), reading) == []


# Readers that were taken over


READING = Reading(
    DocumentKind.INVOICE,
    "pdf-text",
    "test",
    pages=(Page(1, 100, 100),),
    words=(Word("a", Box(1, 0, 0, 1, 1), 1.0, "test"),),
)
GOOD = {"reading": codec.encode(READING), "images": 0, "confined": []}


def answering(write: Callable[[Path], None]) -> Callable[..., Outcome]:
    def run(_: Launcher, directory: Path, **__: object) -> Outcome:
        write(directory)
        return DONE

    return run


def wrong_answers() -> dict[str, Callable[[Path], None]]:
    def result(content: object) -> Callable[[Path], None]:
        text = content if isinstance(content, str) else json.dumps(content)
        return lambda directory: (directory / "result.json").write_text(text) and None

    def link(target: str) -> Callable[[Path], None]:
        return lambda directory: (directory / "result.json").symlink_to(target)

    def image(make: Callable[[Path], object]) -> Callable[[Path], None]:
        def write(directory: Path) -> None:
            (directory / "result.json").write_text(json.dumps(GOOD | {"images": 1}))
            make(directory / "page-0.jpg")

        return write

    reading = dict(GOOD["reading"])  # type: ignore[call-overload]
    return {
        "nothing": lambda _: None,
        "no json": result("hello"),
        "a list": result([]),
        "deep": result("[" * 100_000),
        "not a number": result('{"reading": NaN, "images": 0}'),
        "huge": result('{"reading": "' + "x" * (limits.RESULT_BYTES + 1) + '"}'),
        "a link": link("/etc/hostname"),
        "a device": link("/dev/zero"),
        "a pipe": lambda directory: os.mkfifo(directory / "result.json"),
        "unknown reason": result({"unreadable": "no-such-reason", "facts": {}}),
        "unknown field": result(GOOD | {"reading": reading | {"evil": 1}}),
        "wrong kind": result(GOOD | {"reading": reading | {"kind": "loan"}}),
        "wrong number": result(GOOD | {"reading": reading | {"total_gross": {"value": "NaN"}}}),
        "giant number": result(
            GOOD | {"reading": reading | {"total_gross": {"value": "1e999999"}}}
        ),
        "wrong text": result(GOOD | {"reading": reading | {"engine": ["list"]}}),
        "missing image": result(GOOD | {"images": 1}),
        "many images": result(GOOD | {"images": 1_000_000}),
        "negative images": result(GOOD | {"images": -1}),
        "image that is a link": image(lambda path: path.symlink_to("/etc/hostname")),
        "image that is a page": image(lambda path: path.write_bytes(b"<html><script>")),
        "image too large": image(lambda path: path.write_bytes(b"\xff\xd8\xff" + bytes(5_000_000))),
    }


@pytest.mark.parametrize("name", sorted(wrong_answers()))
def test_an_answer_of_a_wrong_form_is_refused(
    name: str, monkeypatch: pytest.MonkeyPatch, honest: dict[str, bytes]
) -> None:
    monkeypatch.setattr(Launcher, "run", answering(wrong_answers()[name]))

    with pytest.raises(Unreadable) as caught:
        sandbox.read_limited([SourceFile(honest["pdf"])])

    assert caught.value.reason is UnreadableReason.PARSER_CRASHED
    assert caught.value.facts == {"error": "invalid-answer"}


def test_a_right_answer_through_the_same_door_is_taken(
    monkeypatch: pytest.MonkeyPatch, honest: dict[str, bytes]
) -> None:
    """The control of the test above."""

    def write(directory: Path) -> None:
        (directory / "result.json").write_text(json.dumps(GOOD))

    monkeypatch.setattr(Launcher, "run", answering(write))

    assert sandbox.read_limited([SourceFile(honest["pdf"])]).reading == READING


def test_a_crash_leaves_one_clean_line_in_our_log(
    monkeypatch: pytest.MonkeyPatch, honest: dict[str, bytes], caplog: pytest.LogCaptureFixture
) -> None:
    def run(_: Launcher, directory: Path, **__: object) -> Outcome:
        (directory / "stderr.txt").write_text("boom\n\x1b[31mFAKE LINE\n")
        return Outcome(-11, "", "d", 1, 1, 1)

    monkeypatch.setattr(Launcher, "run", run)
    with caplog.at_level(logging.WARNING), pytest.raises(Unreadable):
        sandbox.read_limited([SourceFile(honest["pdf"])])

    assert "boom" in caplog.text
    assert "\x1b" not in caplog.records[-1].getMessage()
    assert "\n" not in caplog.records[-1].getMessage()


# Processes and what they leave behind


def test_secrets_of_this_process_do_not_reach_the_launcher(
    monkeypatch: pytest.MonkeyPatch, honest: dict[str, bytes]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    sandbox.close()

    launcher = launcher_of(SourceFile(honest["pdf"]))

    environment = Path(f"/proc/{launcher}/environ").read_bytes()
    assert b"secret" not in environment
    assert b"OMP_THREAD_LIMIT=1" in environment


def test_nothing_of_a_document_stays_on_disk(document_root: Path, honest: dict[str, bytes]) -> None:
    sandbox.preview_limited([SourceFile(honest["jpg"])])
    with pytest.raises(Unreadable):
        sandbox.preview_limited([SourceFile(BOMBS["pdf-locked"]())])

    assert [path.name for path in document_root.glob("zalicz-read-*")] == []
    sandbox.close()
    assert list(document_root.iterdir()) == []


def test_folders_of_dead_processes_are_swept_and_no_others(
    document_root: Path, honest: dict[str, bytes]
) -> None:
    program = (
        "import sys, tempfile, time\n"
        "from ocr.scratch import Scratch\n"
        "tempfile.tempdir = sys.argv[1]\n"
        "kept = Scratch('zalicz-launcher-'), Scratch('zalicz-read-')\n"
        "(kept[1].path / '0.bin').write_bytes(b'document')\n"
        "print(*(one.path for one in kept), flush=True)\n"
        "time.sleep(60)\n"
    )
    start = [sys.executable, "-c", program, str(document_root)]
    with (
        subprocess.Popen(start, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as dead,
        subprocess.Popen(start, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as alive,
    ):
        assert dead.stdout is not None
        assert alive.stdout is not None
        of_dead, of_alive = dead.stdout.readline().split(), alive.stdout.readline().split()
        dead.kill()
        dead.wait()
        other = document_root / "zalicz-reading-of-somebody"
        young = document_root / "zalicz-read-young"
        for folder in (other, young):
            folder.mkdir()
        for path in (*of_dead, *of_alive, str(other)):
            os.utime(path, (0, 0))

        sandbox.preview_limited([SourceFile(honest["pdf"])])

        left = {str(path) for path in document_root.iterdir()}
        assert left >= {*of_alive, str(other), str(young)}
        assert not left & set(of_dead)
        alive.kill()
    sandbox.close()
    assert {str(path) for path in document_root.iterdir()} == {*of_alive, str(other), str(young)}


def test_a_launcher_that_died_while_waiting_costs_no_document(honest: dict[str, bytes]) -> None:
    document = SourceFile(honest["pdf"])
    launcher = launcher_of(document)
    os.kill(launcher, signal.SIGKILL)

    assert launcher_of(document) != launcher


def test_a_launcher_that_cannot_start_is_a_typed_reason_and_says_why_in_the_log(
    monkeypatch: pytest.MonkeyPatch, honest: dict[str, bytes], caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.close()
    monkeypatch.setattr("ocr.launcher._environment", lambda _: {"PYTHONPATH": "/no/such/place"})

    with caplog.at_level(logging.WARNING), pytest.raises(Unreadable) as caught:
        sandbox.read_limited([SourceFile(honest["xml"])])

    assert caught.value.facts == {"error": "launcher"}
    assert "No module named" in caplog.text
    assert sandbox._idle == []


def test_when_this_process_is_killed_its_launcher_goes_too(honest: dict[str, bytes]) -> None:
    program = (
        "from ocr import sandbox\n"
        "from ocr.intake import FileKind\n"
        "import time\n"
        "sandbox.warm_up(FileKind.XML)\n"
        "print(sandbox._idle[0]._process.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=PROJECT, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        launcher = int(process.stdout.readline())
        process.kill()
    until = time.monotonic() + 10
    while Path(f"/proc/{launcher}/stat").exists() and time.monotonic() < until:
        if Path(f"/proc/{launcher}/stat").read_text().split(") ")[1][0] == "Z":
            break
        time.sleep(0.02)
    else:
        assert not Path(f"/proc/{launcher}/stat").exists()


def test_a_forked_process_shares_the_launcher_and_leaves_it_usable(
    honest: dict[str, bytes],
) -> None:
    document = SourceFile(honest["pdf"])
    launcher = launcher_of(document)
    child = os.fork()
    if child == 0:
        same = launcher_of(document) == launcher
        sandbox.close()  # Lets go of it; only its maker ends it.
        os._exit(0 if same else 1)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert launcher_of(document) == launcher


def test_two_readers_at_once_do_not_share_a_launcher(honest: dict[str, bytes]) -> None:
    from concurrent.futures import ThreadPoolExecutor

    document = SourceFile(honest["pdf"])
    with ThreadPoolExecutor(4) as pool:
        previews = list(pool.map(lambda _: sandbox.preview_limited([document]), range(8)))

    assert len(set(previews)) == 1
    assert len(sandbox._idle) <= 3


def test_words_are_left_out_of_a_reading_that_is_too_long() -> None:
    page = "\n".join(f"wiersz {n} " + "slowo " * 12 for n in range(33))
    document = SourceFile(seeds.text_pdf("Faktura nr 1\n" + page, pages=19))

    reading = sandbox.read_limited([document]).reading

    assert {word.box.page for word in reading.words} < set(range(1, 20))
    assert "words-left-out" in {finding.code for finding in reading.findings}
