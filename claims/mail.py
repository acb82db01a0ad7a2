"""An e-mail as a proof of purchase: its sender, whether a person wrote it, its files. Pure.

Limits: RFC 5322 header lines are read by the standard library; a message is never trusted.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses
from pathlib import PurePosixPath

MOST_FILES = 20
MOST_PARTS = 200
SMALLEST_PICTURE = 20_000  # bytes: below it is a logo in somebody's signature
PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif"})
DOCUMENTS = frozenset({".pdf", ".xml"})
# NUL, line ends and other controls, and halves of characters: encoded words may hold them, no
# database takes the first and no file of ours should be named by the rest.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_ENDINGS = {
    "application/pdf": ".pdf",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/heic": ".heic",
    "image/heif": ".heif",
}


@dataclass(frozen=True, slots=True)
class Attached:
    """One file of a message."""

    name: str
    media_type: str
    data: bytes

    @property
    def ending(self) -> str:
        return _ending(self.name, self.media_type)


@dataclass(frozen=True, slots=True)
class Mail:
    """What matters of a message. `automatic` ones are never answered (RFC 3834).

    `identity` is the Message-ID with a digest of sender and files: anybody may use an id of
    somebody else's, and some programs use one twice. `left_out` names files that nobody reads.
    """

    identity: str
    sender: str
    recipients: tuple[str, ...]
    automatic: bool
    files: tuple[Attached, ...]
    left_out: tuple[str, ...] = ()
    results: tuple[str, ...] = ()  # `Authentication-Results`, the newest first


def parse(data: bytes) -> Mail:
    """Read a message as it came. Nothing in it makes this fail."""
    message = BytesParser(policy=policy.default).parsebytes(data)
    assert isinstance(message, EmailMessage)
    named = _headers(message, "from")
    # Of several senders none is one: servers and readers would choose differently.
    senders = [address for _, address in getaddresses(named) if address]
    sender = senders[0].lower() if len(named) == 1 and len(senders) == 1 else ""
    known = [_header(message, n) for n in ("to", "cc", "delivered-to", "x-original-to")]
    files, left_out = _files(message)
    return Mail(
        identity=_identity(_header(message, "message-id").strip(), sender, files, data),
        sender=sender,
        recipients=tuple(address.lower() for _, address in getaddresses(known) if address),
        automatic=_is_automatic(message, sender),
        files=files,
        left_out=left_out,
        results=tuple(_headers(message, "authentication-results")),
    )


def groups(files: Sequence[Attached]) -> list[list[Attached]]:
    """Which files are one document: an XML with its only print, all pictures together.

    Every other PDF or XML is a document of its own.
    """
    documents = [file for file in files if file.ending in DOCUMENTS]
    pictures = [file for file in files if file.ending in PICTURES]
    by_ending = {ending: [f for f in documents if f.ending == ending] for ending in DOCUMENTS}
    made = [[file] for file in documents]
    if all(len(found) == 1 for found in by_ending.values()):
        made = [[by_ending[".xml"][0], by_ending[".pdf"][0]]]
    return [*made, pictures] if pictures else made


def _header(message: EmailMessage, name: str) -> str:
    try:
        return _clean(str(message.get(name, "")))
    except (ValueError, IndexError, AttributeError, TypeError):
        return ""  # The library's parsers stumble over some forged headers.


def _headers(message: EmailMessage, name: str) -> list[str]:
    try:
        return [_clean(str(found)) for found in message.get_all(name, [])]
    except (ValueError, IndexError, AttributeError, TypeError):
        return []


def _is_automatic(message: EmailMessage, sender: str) -> bool:
    """Out-of-office notes, bounces, lists: whoever answers them starts a loop."""
    return (
        _header(message, "auto-submitted").lower() not in ("", "no")
        or _header(message, "precedence").lower() in ("bulk", "list", "junk", "auto_reply")
        or _header(message, "return-path").strip() == "<>"
        or bool(_header(message, "list-id"))
        or sender.split("@")[0] in ("", "mailer-daemon", "postmaster", "no-reply", "noreply")
    )


def _identity(message_id: str, sender: str, files: Sequence[Attached], data: bytes) -> str:
    """What one message is known by; at most 998 characters."""
    if not message_id:
        return f"<{hashlib.sha256(data).hexdigest()}@zalicz>"
    digest = hashlib.sha256(sender.encode("utf-8", "replace"))
    for file in files:
        digest.update(hashlib.sha256(file.data).digest())
    return f"{message_id[:930]} {digest.hexdigest()}"


def _files(message: EmailMessage) -> tuple[tuple[Attached, ...], tuple[str, ...]]:
    """Attachments that can be a proof, also those of a forwarded message, and names of others."""
    taken: list[Attached] = []
    left: list[str] = []
    for number, part in enumerate(message.walk()):
        if number >= MOST_PARTS:
            break
        if part.is_multipart():
            continue
        media_type, name = part.get_content_type(), _name(part)
        ending = _ending(name, media_type)
        try:
            data = part.get_payload(decode=True)
        except (ValueError, LookupError):
            data = None
        whole = isinstance(data, bytes) and bool(data)
        if (
            isinstance(data, bytes)
            and data
            and ending in PICTURES | DOCUMENTS
            and not (ending in PICTURES and len(data) < SMALLEST_PICTURE)
            and len(taken) < MOST_FILES
        ):
            taken.append(Attached(name or f"zalacznik{ending}", media_type, data))
        elif name and (not _is_decoration(part) or not whole):
            left.append(name)
    return tuple(taken), tuple(left)


def _is_decoration(part: object) -> bool:
    """A picture that stands inside of the text, as logos of signatures do, and signatures."""
    try:
        inline = part.get_content_disposition() != "attachment"  # type: ignore[attr-defined]
        kind = part.get_content_type()  # type: ignore[attr-defined]
    except (ValueError, LookupError, TypeError, AttributeError):
        return True
    return (inline and kind.startswith("image/")) or "signature" in kind or kind == "text/calendar"


def _name(part: object) -> str:
    try:
        found = part.get_filename() or ""  # type: ignore[attr-defined]
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""
    return _clean(str(found)).replace("\\", "/").rsplit("/", 1)[-1][:200]


def _clean(text: str) -> str:
    return _UNPRINTABLE.sub("", text)


def _ending(name: str, media_type: str) -> str:
    """By the name where it says something known, else by the declared type."""
    ending = PurePosixPath(name.lower()).suffix
    return ending if ending in PICTURES | DOCUMENTS else _ENDINGS.get(media_type.lower(), "")
