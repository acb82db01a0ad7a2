"""Gives up rights and sets limits, on the very process that calls it."""

from __future__ import annotations

import ctypes
import math
import os
import resource
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from ocr import landlock, limits, seccomp

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_NICENESS = 5
_SYSTEM_FOLDERS = ("/usr", "/lib", "/lib64", "/bin", "/sbin", "/opt", "/nix", "/etc/fonts")
_SYSTEM_FILES = ("/etc/ld.so.cache", "/proc/cpuinfo", "/proc/meminfo", "/proc/self", "/dev/urandom")
_CPU_FACTS = "/sys/devices/system/cpu"


def launcher() -> tuple[str, ...]:
    """For the process that starts readers: no network, hard limits; says what took effect.

    Must run before any thread is started and any parser is imported.
    """
    os.nice(_NICENESS)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, limits.FILE_BYTES)
    _limit(resource.RLIMIT_NOFILE, limits.OPEN_FILES)
    _limit(resource.RLIMIT_AS, limits.ADDRESS_BYTES)
    took_effect = ["limits"]
    if _no_network():
        took_effect.append("no-network")
    if ctypes.CDLL(None).prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
        took_effect.append("no-new-privileges")
    return tuple(took_effect)


def reader(directory: Path, also: Sequence[Path] = ()) -> tuple[str, ...]:
    """For the process that reads one document in `directory`; says what took effect.

    It dies with its launcher, sees no files but its own, the programs, the libraries and the
    folders in `also`, opens no socket, and has `DOCUMENT_CPU_S` of processor time.
    """
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    resource.setrlimit(
        resource.RLIMIT_CPU, (limits.STAGE_CPU_S, limits.DOCUMENT_CPU_S + limits.STAGE_CPU_S)
    )
    took_effect = []
    readable = [Path(path) for path in (*_SYSTEM_FOLDERS, *_SYSTEM_FILES, _CPU_FACTS)]
    readable += [Path(sys.prefix), Path(sys.base_prefix), Path(__file__).parent, *also]
    if models := os.environ.get("TESSDATA_PREFIX"):
        readable.append(Path(models))
    if landlock.restrict(readable=readable, writable=[directory, Path("/dev/null")]):
        took_effect.append("own-files-only")
    if seccomp.refuse_dangerous_calls():
        took_effect.append("no-sockets")
    return tuple(took_effect)


def enter_stage(*, models: bool) -> None:
    """Grant the next stage its processor time; `models` leaves onnxruntime its mappings.

    Other stages decode foreign bytes and get one gigabyte of address space beyond what is mapped.
    """
    spent = math.ceil(time.process_time())
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (min(spent + limits.STAGE_CPU_S, most), most))
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    wanted = most if models else min(most, mapped_bytes() + limits.DECODER_ADDRESS_BYTES)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, most))


def mapped_bytes() -> int:
    """The address space that this process has mapped now."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def _limit(what: int, value: int) -> None:
    _, most = resource.getrlimit(what)
    if most != resource.RLIM_INFINITY:
        value = min(value, most)
    resource.setrlimit(what, (value, value))


def _no_network() -> bool:
    """An empty network of its own: as root directly, else inside a user namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET) == 0:
        return True
    user, group = os.getuid(), os.getgid()
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        return False
    try:  # Keep our own names, so that files made here look right.
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    except OSError:
        pass  # The process then counts as nobody, which opens its own files all the same.
    return True
