"""Takes in the messages that came to the programme's address."""

from __future__ import annotations

import hashlib

import sqlalchemy.exc

from claims import mail, mail_intake
from core import clock
from core.logs import logger
from core.runtime import App
from workers import imap
from workers.runtime import Task

AT_ONCE = 20


def poll(app: App, task: Task) -> None:
    """A limited number in one turn. A message is marked only after its claims are committed."""
    del task  # Each message is its own transaction, and the same message makes claims once.
    url = app.settings.imap_url.get_secret_value()
    if not url:
        return
    try:
        with imap.opened(url) as box:
            for uid in box.unseen(AT_ONCE):
                data = box.fetch(uid)
                if data is None or _taken_in(app, data):
                    box.done(uid)
                else:
                    box.set_aside(uid)
    except imap.MailboxAway as error:
        logger().warning("mailbox is away", error=str(error))


def _taken_in(app: App, data: bytes) -> bool:
    """Whether its claims are committed. What one message causes must not stop the ones behind it:
    it stays in the mailbox, flagged for a person. A database that is away is no message's fault.
    """
    try:
        with app.database.unit_of_work() as session:
            mail_intake.take_in(
                session,
                app.blobs,
                mail.parse(data),
                server=app.settings.mail_auth_server,
                at=clock.now(),
            )
    except (sqlalchemy.exc.OperationalError, sqlalchemy.exc.InterfaceError, OSError):
        raise
    except Exception as error:
        logger().error(
            "message set aside",
            error=type(error).__name__,
            sha256=hashlib.sha256(data).hexdigest(),
        )
        return False
    return True
