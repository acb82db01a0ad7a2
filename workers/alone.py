"""One supervisor per data folder and per port: two would stop each other's engines."""

from __future__ import annotations

import fcntl
import os
import socket
from pathlib import Path
from typing import IO


class Occupied(RuntimeError):
    """Somebody else has the folder or the port; the text is one sentence with the remedy."""


def hold_folder(data_dir: Path) -> IO[str]:
    """Hold the folder for as long as the file that is given back is open. Raises `Occupied`."""
    data_dir.mkdir(parents=True, exist_ok=True)
    # Not inherited by children: when this process is killed, the folder is free at once.
    file = (data_dir / "supervisor.lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        holder = file.read().strip() or "unknown"
        file.close()
        raise Occupied(
            f"Zalicz already runs with the data in {data_dir} (process {holder}): "
            "stop it first, or set DATA_DIR and PORT for a second one"
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def check_port(host: str, port: int) -> None:
    """Raises `Occupied` when another program listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise Occupied(f"Port {port} is not ours to open: choose another with PORT") from None
        except OSError:
            raise Occupied(
                f"Port {port} is taken by another program: stop it, or choose another with PORT"
            ) from None
