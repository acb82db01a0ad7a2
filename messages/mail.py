"""E-mail over SMTP: one letter, plain text and HTML, to one address."""

from __future__ import annotations

import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from core import clock
from messages.sending import Refused, Undelivered

TIMEOUT_S = 20
SUBMISSION, IMPLICIT_TLS = 587, 465


def letter(
    *, sender: str, to: str, subject: str, text: str, html: str, message_id: str, language: str
) -> EmailMessage:
    """A letter ready to send. The same `message_id` lets mailboxes fold a repeated one."""
    name, address = parseaddr(sender)
    made = EmailMessage()
    made["Subject"] = subject
    made["From"] = Address(name, addr_spec=address)
    made["To"] = Address(addr_spec=to)
    made["Message-ID"] = message_id
    made["Date"] = format_datetime(clock.now())
    made["Content-Language"] = language
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies, please
    made.set_content(text)
    made.add_alternative(html, subtype="html")
    return made


def send(smtp_url: str, message: EmailMessage) -> None:
    """Hand a letter to `smtp://user:password@host:587` (STARTTLS) or `smtps://…:465`.

    Raises `Refused` when this letter will never be taken, `Undelivered` when later may be better.
    """
    url = urlsplit(smtp_url)
    host = url.hostname or ""
    secure = url.scheme == "smtps"
    port = url.port or (IMPLICIT_TLS if secure else SUBMISSION)
    context = ssl.create_default_context()
    try:
        server: smtplib.SMTP
        if secure:
            server = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_S, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=TIMEOUT_S)
        with server:
            if not secure:
                server.ehlo()
                if server.has_extn("starttls"):
                    server.starttls(context=context)
                elif url.username:
                    raise Undelivered("the server offers no encryption for the password")
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        if all(500 <= code < 600 for code in codes):
            raise Refused(f"recipient refused: {codes}") from error
        raise Undelivered(f"recipient not taken now: {codes}") from error
    except smtplib.SMTPResponseException as error:
        # The text of the server may repeat the address; its number is enough.
        raise Undelivered(f"SMTP {error.smtp_code}") from error
    except (smtplib.SMTPException, OSError) as error:
        raise Undelivered(type(error).__name__) from error
