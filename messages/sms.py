"""SMS over an HTTPS adapter: one POST of JSON per message."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx

from messages.sending import Refused, Undelivered

TIMEOUT_S = 10
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def send(sms_url: str, *, to: str, text: str, message_id: str) -> None:
    """POST `{"to", "text", "id"}`; any 2xx is success. A password may stand in the address.

    `id` is the same when a message is sent again, so that the adapter can drop the repetition.
    Raises `Refused` for 400, 404 and 422, else `Undelivered`.
    """
    url = urlsplit(sms_url)
    if url.scheme != "https" and url.hostname not in _LOOPBACK:
        raise Undelivered("SMS_URL must begin with https://")
    try:
        answer = httpx.post(
            sms_url,
            json={"to": to, "text": text, "id": message_id},
            headers={"Idempotency-Key": message_id},
            timeout=TIMEOUT_S,
            follow_redirects=False,
        )
    except httpx.HTTPError as error:
        raise Undelivered(type(error).__name__) from error
    if answer.status_code in (400, 404, 422):
        raise Refused(f"HTTP {answer.status_code}")
    if not answer.is_success:
        raise Undelivered(f"HTTP {answer.status_code}")
