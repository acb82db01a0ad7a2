"""What a reading process may not do, tried from inside of one."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from ocr import landlock, limits

PROJECT = Path(__file__).resolve().parents[2]


def inside(directory: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Run `script` behind the walls, with `tried(action)` that gives an error's name or None."""
    start = """
        import ctypes, json, os, resource, signal, socket, subprocess, sys, time
        from pathlib import Path
        from ocr import confine, limits

        def tried(action):
            try:
                action()
            except Exception as error:
                return type(error).__name__
        """
    program = textwrap.dedent(start) + textwrap.dedent(script)
    return subprocess.run(
        [sys.executable, "-P", "-c", program],
        cwd=directory,
        env={"PYTHONPATH": str(PROJECT), "PATH": os.environ["PATH"], "SECRET": "of the parent"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def told(directory: Path, script: str) -> Any:
    done = inside(directory, script)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def attempts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a reader got when it tried what it must not."""
    directory = tmp_path_factory.mktemp("reader")
    answers: dict[str, Any] = told(
        directory,
        f"""
        confine.launcher()
        took_effect = confine.reader(Path.cwd())
        parent = os.getppid()
        print(json.dumps({{
            "took_effect": took_effect,
            "tcp socket": tried(lambda: socket.socket()),
            "unix socket": tried(lambda: socket.socket(socket.AF_UNIX)),
            "socket of a grandchild": subprocess.run(
                [sys.executable, "-c", "import socket; socket.socket()"], capture_output=True
            ).returncode,
            "foreign file": tried(lambda: Path({str(PROJECT / "pyproject.toml")!r}).read_text()),
            "password file": tried(lambda: Path("/etc/passwd").read_text()),
            "parent's secrets": tried(lambda: Path(f"/proc/{{parent}}/environ").read_bytes()),
            "signal to the parent": tried(lambda: os.kill(parent, 0)),
            "writing elsewhere": tried(lambda: Path("/tmp/zalicz-escape").write_text("x")),
            "new namespace": ctypes.CDLL(None).unshare(0x10000000),
            "own file": tried(lambda: Path("own.txt").write_text("x")),
            "library file": tried(lambda: Path(os.__file__).read_bytes()),
            "tesseract": tried(
                lambda: subprocess.run(["tesseract", "--version"], capture_output=True, check=True)
            ),
            "limits": {{
                name: resource.getrlimit(getattr(resource, "RLIMIT_" + name))
                for name in ("CORE", "FSIZE", "NOFILE", "AS", "CPU")
            }},
            "niceness": os.nice(0),
        }}))
        """,
    )
    return answers


def test_a_reader_can_work(attempts: dict[str, Any]) -> None:
    assert attempts["own file"] is None
    assert attempts["library file"] is None
    assert attempts["tesseract"] is None


def test_a_reader_opens_no_socket_and_neither_does_what_it_starts(attempts: dict[str, Any]) -> None:
    if "no-sockets" not in attempts["took_effect"]:
        pytest.skip("this kernel filters no system calls")
    assert attempts["tcp socket"] == "PermissionError"
    assert attempts["unix socket"] == "PermissionError"
    assert attempts["socket of a grandchild"] == 1
    assert attempts["new namespace"] == -1


def test_a_reader_sees_no_files_of_others_and_no_secrets(attempts: dict[str, Any]) -> None:
    if "own-files-only" not in attempts["took_effect"]:
        pytest.skip("this kernel has no Landlock")
    assert attempts["foreign file"] == "PermissionError"
    assert attempts["password file"] == "PermissionError"
    assert attempts["parent's secrets"] == "PermissionError"
    assert attempts["writing elsewhere"] == "PermissionError"
    assert not Path("/tmp/zalicz-escape").exists()


def test_a_reader_cannot_signal_its_parent(attempts: dict[str, Any]) -> None:
    if "own-files-only" not in attempts["took_effect"] or _landlock_version() < 6:
        pytest.skip("this kernel does not scope signals")
    assert attempts["signal to the parent"] == "PermissionError"


def test_a_reader_has_hard_limits(attempts: dict[str, Any]) -> None:
    own = attempts["limits"]
    assert own["CORE"] == [0, 0]
    assert own["FSIZE"] == [limits.FILE_BYTES] * 2
    assert own["NOFILE"] == [limits.OPEN_FILES] * 2
    assert own["AS"] == [limits.ADDRESS_BYTES] * 2
    assert own["CPU"][1] == limits.DOCUMENT_CPU_S + limits.STAGE_CPU_S
    assert attempts["niceness"] >= os.nice(0)


def test_a_stage_has_its_own_processor_time(tmp_path: Path) -> None:
    done = inside(
        tmp_path,
        """
        limits.STAGE_CPU_S = 1
        confine.launcher()
        confine.reader(Path.cwd())
        for stage in range(3):
            confine.enter_stage(models=False)
            until = time.process_time() + 0.7
            while time.process_time() < until:
                pass
            print(stage, flush=True)
        while True:
            pass
        """,
    )

    assert done.stdout.split() == ["0", "1", "2"]
    assert done.returncode == -24


def test_decoding_has_a_limit_of_its_own_and_models_have_what_they_map(tmp_path: Path) -> None:
    sizes = told(
        tmp_path,
        """
        confine.launcher()
        confine.enter_stage(models=False)
        refused = tried(lambda: bytearray(1_200_000_000))
        granted = tried(lambda: bytearray(200_000_000))
        confine.enter_stage(models=True)
        print(json.dumps([refused, granted, tried(lambda: bytearray(1_200_000_000))]))
        """,
    )

    assert sizes == ["MemoryError", None, None]


def test_a_process_that_cannot_lose_its_network_says_so_and_goes_on(tmp_path: Path) -> None:
    if os.getuid() == 0 and not _can_unshare():
        pytest.skip("this system allows no namespaces")
    interfaces = told(
        tmp_path,
        """
        took_effect = confine.launcher()
        print(json.dumps([took_effect, Path("/proc/self/net/dev").read_text()]))
        """,
    )

    took_effect, devices = interfaces
    assert ("no-network" in took_effect) == ("eth" not in devices and devices.count(":") <= 1)


def test_landlock_refuses_rules_for_nothing_quietly() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import ctypes; from pathlib import Path; from ocr import landlock\n"
            "ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)\n"
            "print(landlock.restrict(readable=[Path('/no/such/place')], writable=[]))",
        ],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(_landlock_version() > 0)


def test_the_system_still_lets_this_process_write_core_files() -> None:
    """The walls are the reader's own: nothing of them may reach the process that starts it."""
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[1] > limits.OPEN_FILES


def _landlock_version() -> int:
    import ctypes

    return int(ctypes.CDLL(None).syscall(landlock._CREATE_RULESET, None, 0, 1))


def _can_unshare() -> bool:
    return subprocess.run(["unshare", "-n", "true"], check=False).returncode == 0
