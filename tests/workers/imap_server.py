"""A small IMAP server of our own for tests: one mailbox in memory, the commands that we use."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Box:
    """The messages of a mailbox by UID and which of them are seen."""

    password: str = "haslo"
    messages: list[bytes] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    flagged: set[int] = field(default_factory=set)
    port: int = 0

    @property
    def url(self) -> str:
        return f"imap://punkty:{self.password}@127.0.0.1:{self.port}/INBOX"


class _Session(socketserver.StreamRequestHandler):
    box: Box

    def handle(self) -> None:
        self._say("* OK ready")
        for raw in self.rfile:
            tag, _, rest = raw.decode().strip().partition(" ")
            command, _, arguments = rest.partition(" ")
            if command.upper() == "UID":
                command, _, arguments = arguments.partition(" ")
            if not self._answer(tag, command.upper(), arguments):
                return

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def _answer(self, tag: str, command: str, arguments: str) -> bool:
        box = self.box
        if command == "CAPABILITY":
            self._say("* CAPABILITY IMAP4rev1")
        elif command == "LOGIN" and box.password not in arguments:
            self._say(f"{tag} NO wrong password")
            return True
        elif command == "SELECT":
            self._say(f"* {len(box.messages)} EXISTS")
        elif command == "SEARCH":
            new = [str(n) for n in range(1, len(box.messages) + 1) if n not in box.seen]
            self._say(f"* SEARCH {' '.join(new)}")
        elif command == "FETCH":
            self._fetch(arguments)
        elif command == "STORE":
            box.seen.add(int(arguments.split()[0]))
            if r"\Flagged" in arguments:
                box.flagged.add(int(arguments.split()[0]))
        elif command == "LOGOUT":
            self._say("* BYE")
        self._say(f"{tag} OK done")
        return command != "LOGOUT"

    def _fetch(self, arguments: str) -> None:
        number = int(re.match(r"\d+", arguments)[0])  # type: ignore[index]
        data = self.box.messages[number - 1]
        if "RFC822.SIZE" in arguments:
            self._say(f"* {number} FETCH (UID {number} RFC822.SIZE {len(data)})")
            return
        if "HEADER" in arguments:
            data = data.partition(b"\n\n")[0] + b"\n\n"
        self.wfile.write(f"* {number} FETCH (UID {number} BODY[] {{{len(data)}}}\r\n".encode())
        self.wfile.write(data + b")\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def serving() -> Iterator[Box]:
    """A running server and the box behind it."""
    box = Box()
    server = _Server(("127.0.0.1", 0), type("Session", (_Session,), {"box": box}))
    box.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield box
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
