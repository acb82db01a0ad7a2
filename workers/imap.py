"""The programme's mailbox over IMAP (RFC 3501), with the standard library."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlparse

TIMEOUT_S = 30
MOST_BYTES = 40_000_000


class MailboxAway(RuntimeError):
    """The server cannot be reached or refuses us; the next turn tries again."""


@dataclass(slots=True)
class Mailbox:
    """An open folder. Messages are seen when they were taken in, and only then."""

    connection: imaplib.IMAP4

    def unseen(self, limit: int) -> list[str]:
        """The identifiers of messages that nobody took in yet, oldest first."""
        _, found = self._ask("SEARCH", "UNSEEN")
        return [uid.decode() for uid in (found[0] or b"").split()][:limit]

    def fetch(self, uid: str) -> bytes | None:
        """A message as it came, still unseen; only its header when it is too large."""
        _, answer = self._ask("FETCH", uid, "(RFC822.SIZE)")
        size = _number_after(b"RFC822.SIZE", answer)
        part = "(BODY.PEEK[])" if size <= MOST_BYTES else "(BODY.PEEK[HEADER])"
        _, answer = self._ask("FETCH", uid, part)
        for item in answer:
            if isinstance(item, tuple):
                return bytes(item[1])
        return None

    def done(self, uid: str) -> None:
        self._ask("STORE", uid, "+FLAGS", r"(\Seen)")

    def set_aside(self, uid: str) -> None:
        """Seen, so that the ones behind it come, and flagged, so that a person finds it."""
        self._ask("STORE", uid, "+FLAGS", r"(\Seen \Flagged)")

    def _ask(self, command: str, *arguments: str) -> tuple[str, list[Any]]:
        kind, answer = self.connection.uid(command, *arguments)
        if kind != "OK":
            raise MailboxAway(f"{command}: {kind}")
        return kind, answer


@contextmanager
def opened(url: str) -> Iterator[Mailbox]:
    """`imaps://user:password@host:993/INBOX`, or `imap://` with STARTTLS where it is offered.

    A password goes over an encrypted line only, except to this machine. Raises `MailboxAway`.
    """
    at = urlparse(url)
    host, folder = at.hostname or "", unquote(at.path.lstrip("/")) or "INBOX"
    try:
        connection = _connect(at.scheme, host, at.port)
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxAway(type(error).__name__) from error
    try:
        connection.login(unquote(at.username or ""), unquote(at.password or ""))
        kind, _ = connection.select(f'"{folder}"')
        if kind != "OK":
            raise MailboxAway(f"no folder {folder}")
        yield Mailbox(connection)
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxAway(type(error).__name__) from error
    finally:
        try:
            connection.logout()
        except (OSError, imaplib.IMAP4.error):
            connection.shutdown()


def _connect(scheme: str, host: str, port: int | None) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if scheme == "imaps":
        return imaplib.IMAP4_SSL(host, port or 993, ssl_context=context, timeout=TIMEOUT_S)
    connection = imaplib.IMAP4(host, port or 143, timeout=TIMEOUT_S)
    if "STARTTLS" in connection.capabilities:
        connection.starttls(context)
    elif host not in ("localhost", "127.0.0.1", "::1"):
        connection.shutdown()
        raise MailboxAway("no encryption")
    return connection


def _number_after(name: bytes, answer: list[Any]) -> int:
    for item in answer:
        text = item[0] if isinstance(item, tuple) else item
        if isinstance(text, bytes) and name in text:
            digits = text.split(name, 1)[1].split(b")")[0].split()[0]
            return int(digits)
    return 0
