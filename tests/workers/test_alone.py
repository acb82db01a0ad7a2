"""Two supervisors never share a data folder or a port."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from workers.alone import Occupied, check_port, hold_folder


def test_a_second_supervisor_is_told_who_has_the_folder(tmp_path: Path) -> None:
    with hold_folder(tmp_path), pytest.raises(Occupied, match=r"process \d+.*DATA_DIR"):
        hold_folder(tmp_path)


def test_the_folder_is_free_again_when_its_holder_is_gone(tmp_path: Path) -> None:
    hold_folder(tmp_path).close()
    hold_folder(tmp_path).close()


def test_a_taken_port_is_named_before_anything_starts() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Occupied, match=f"Port {port} is taken"):
            check_port("127.0.0.1", port)
    check_port("127.0.0.1", port)
