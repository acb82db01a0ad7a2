"""Takes system calls away from this process that no reader needs: sockets, tracing, namespaces."""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys

_PR_SET_SECCOMP, _FILTER = 22, 2
# Instructions of classic BPF (linux/bpf_common.h) and answers (linux/seccomp.h).
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4
_X32 = 0x40000000  # the second, older numbering on x86_64

# In this order: socket, socketpair, connect, ptrace, process_vm_readv, process_vm_writev,
# io_uring_setup, bpf, unshare, setns, mount, keyctl, userfaultfd, perf_event_open, kexec_load,
# init_module. A socket would reach the embedded database, which trusts its own user; io_uring
# opens sockets too.
_NUMBERS = {
    "x86_64": (
        0xC000003E,
        (41, 53, 42, 101, 310, 311, 425, 321, 272, 308, 165, 250, 323, 298, 246, 175),
    ),
    "aarch64": (
        0xC00000B7,
        (198, 199, 203, 117, 270, 271, 425, 280, 97, 268, 40, 219, 282, 241, 104, 105),
    ),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def refuse_dangerous_calls() -> bool:
    """The calls above fail with EPERM from now on, here and in all that is started from here.

    False where the kernel or the architecture is not known; the caller must have set
    `no_new_privs`.
    """
    known = _NUMBERS.get(platform.machine())
    if known is None or not sys.platform.startswith("linux"):
        return False
    architecture, numbers = known
    program = b"".join(_instructions(architecture, numbers))
    libc = ctypes.CDLL(None, use_errno=True)
    wanted = _Program(len(program) // 8, program)
    return bool(libc.prctl(_PR_SET_SECCOMP, _FILTER, ctypes.byref(wanted), 0, 0) == 0)


def _instructions(architecture: int, numbers: tuple[int, ...]) -> list[bytes]:
    """Load the number, compare it with each refused one, jump to the refusal or go on."""

    def step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
        return struct.pack("=HBBI", code, if_true, if_false, value)

    count = len(numbers)
    program = [
        step(_LOAD, _ARCHITECTURE_AT),
        step(_EQUAL, architecture, 0, count + 3),
        step(_LOAD, _NUMBER_AT),
        step(_AT_LEAST, _X32, count + 1, 0),
    ]
    program += [step(_EQUAL, number, count - place, 0) for place, number in enumerate(numbers)]
    return [*program, step(_RETURN, _ALLOW), step(_RETURN, _REFUSE)]
