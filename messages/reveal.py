"""Puts secrets into a message at the last moment: no stored notice holds a code or a link."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlmodel import Session

from accounts import codes, passwords, secrets
from core.errors import NotFound
from core.settings import Settings
from messages.kinds import PARTNER_INVITATION, PASSWORD_LINK, SIGN_IN_CODE
from messages.tables import Notice

HIDDEN = "••••••"
INVITATIONS = "partner-invitation"  # the purpose of the key of invitations' links


def revealed(session: Session, settings: Settings, notice: Notice) -> dict[str, Any]:
    """The facts of a notice with what must not be stored beside them."""
    facts = dict(notice.context)
    try:
        facts |= _secrets(session, settings, notice.kind, facts)
    except NotFound:
        # Swept after it expired; a list that shows the old message shows dots.
        facts |= {"code": HIDDEN, "token": HIDDEN}
    return facts


def _secrets(
    session: Session, settings: Settings, kind: str, facts: dict[str, Any]
) -> dict[str, str]:
    if kind == SIGN_IN_CODE.name:
        key = settings.derive_key(codes.PURPOSE)
        return {"code": codes.reveal(session, key=key, code_id=UUID(facts["code_id"]))}
    if kind == PASSWORD_LINK.name:
        key = settings.derive_key(passwords.PURPOSE)
        return {"token": passwords.reveal_link(session, key=key, link_id=UUID(facts["link_id"]))}
    if kind == PARTNER_INVITATION.name:
        invitation = UUID(facts["invitation_id"]).bytes
        return {"token": secrets.words(settings.derive_key(INVITATIONS), invitation)}
    return {}
