"""Carry one notice over one channel; run by a worker, however often."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlmodel import Session

from core import clock
from core.logs import logger
from core.runtime import App
from core.settings import Settings
from messages import mail, sms
from messages.kinds import Channel
from messages.render import html, words
from messages.reveal import revealed
from messages.sending import Refused
from messages.tables import Delivery, DeliveryStatus, Notice


class Attempt(Protocol):
    """The running attempt of a worker; `finishing` is its fenced transaction."""

    def finishing(self) -> AbstractContextManager[Session]: ...


def deliver(app: App, attempt: Attempt, *, delivery_id: str) -> None:
    """Send a waiting delivery and mark it. Running it again after that does nothing.

    A crash between the server's yes and our commit sends it again under the same id, by which
    mailboxes and the SMS adapter recognise it. Raises `Undelivered`, and is tried again.
    """
    with app.database.unit_of_work() as session:
        delivery = session.get(Delivery, UUID(delivery_id))
        if delivery is None or delivery.status is not DeliveryStatus.WAITING:
            return
        send = _prepare(session, app.settings, delivery)
    status, error = DeliveryStatus.SENT, ""
    try:
        sent = send()
    except Refused as refusal:
        status, error = DeliveryStatus.FAILED, str(refusal)
    else:
        status = DeliveryStatus.SENT if sent else DeliveryStatus.KEPT
    with attempt.finishing() as session:
        _mark(session, UUID(delivery_id), status, error, clock.now())


class _Parcel:
    """A message in words, ready to go; holds no transaction open while it is sent."""

    def __init__(
        self, settings: Settings, delivery: Delivery, notice: Notice, facts: dict[str, Any]
    ) -> None:
        self._settings = settings
        self._id, self._channel = delivery.id, delivery.channel
        self._address, self._language = delivery.address, notice.language
        self._words = words(
            notice.kind, language=notice.language, context=facts, base_url=settings.base_url
        )

    def __call__(self) -> bool:
        """Send it; False when no sender is configured."""
        if self._channel is Channel.EMAIL:
            return self._mail()
        return self._sms()

    def _mail(self) -> bool:
        settings = self._settings
        url = settings.smtp_url.get_secret_value()
        if not url:
            return False
        domain = settings.mail_from.rpartition("@")[2].rstrip("> ")
        said = self._words
        message = mail.letter(
            sender=settings.mail_from,
            to=self._address,
            subject=said.subject,
            text=said.body,
            html=html(said, language=self._language, base_url=settings.base_url),
            message_id=f"<{self._id}@{domain}>",
            language=self._language,
        )
        mail.send(url, message)
        return True

    def _sms(self) -> bool:
        url = self._settings.sms_url.get_secret_value()
        if not url:
            return False
        sms.send(url, to=self._address, text=self._words.sms, message_id=str(self._id))
        return True


def _prepare(session: Session, settings: Settings, delivery: Delivery) -> _Parcel:
    notice = session.get_one(Notice, delivery.notice_id)
    return _Parcel(settings, delivery, notice, revealed(session, settings, notice))


def give_up(session: Session, *, at: datetime, error: str, delivery_id: str) -> None:
    """The channel failed each time: the notice stays in the person's list, the failure is seen."""
    _mark(session, UUID(delivery_id), DeliveryStatus.FAILED, error, at)


def _mark(
    session: Session, delivery_id: UUID, status: DeliveryStatus, error: str, at: datetime
) -> None:
    delivery = session.get_one(Delivery, delivery_id, with_for_update=True, populate_existing=True)
    delivery.status, delivery.error = status, error[:500]
    delivery.tries += 1
    if status is DeliveryStatus.SENT:
        delivery.sent_at = at
    if status is DeliveryStatus.FAILED:
        logger().error("not delivered", delivery=str(delivery_id), error=error[:100])
    session.add(delivery)
