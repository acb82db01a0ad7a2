"""The kinds of notices: what each is about, over which channels it goes, who may refuse it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from core.errors import DomainError


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"


class Category(StrEnum):
    """What people switch on and off; security cannot be switched off."""

    SECURITY = "security"
    CLAIMS = "claims"
    POINTS = "points"
    REWARDS = "rewards"
    WORK = "work"
    NEWS = "news"


class UnknownNotice(DomainError):
    """No kind of that name is listed here: a mistake of the caller."""

    code = "unknown-notice"


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """`channels` is what a person gets who chose nothing; the text is `templates/<name>.txt`.

    `urgent` goes by SMS to somebody without an e-mail address; other kinds then wait in the list.
    """

    name: str
    category: Category
    channels: frozenset[Channel] = frozenset({Channel.EMAIL})
    urgent: bool = False


BOTH = frozenset(Channel)

SIGN_IN_CODE = NoticeKind("sign-in-code", Category.SECURITY, BOTH, urgent=True)
PASSWORD_LINK = NoticeKind("password-link", Category.SECURITY)
PARTNER_INVITATION = NoticeKind("partner-invitation", Category.SECURITY)
JOIN_INVITATION = NoticeKind("join-invitation", Category.SECURITY, BOTH, urgent=True)
PASSWORD_CHANGED = NoticeKind("password-changed", Category.SECURITY)
CONTACT_CHANGED = NoticeKind("contact-changed", Category.SECURITY, urgent=True)
CLAIM_DECIDED = NoticeKind("claim-decided", Category.CLAIMS)
APPEAL_DECIDED = NoticeKind("appeal-decided", Category.CLAIMS)
REVIEWS_DUE = NoticeKind("reviews-due", Category.WORK)
BUDGET_ENDED = NoticeKind("budget-ended", Category.WORK)
CLAIM_UNREADABLE = NoticeKind("claim-unreadable", Category.CLAIMS)
CODES_LEFT = NoticeKind("codes-left", Category.CLAIMS)
CLAIM_QUESTION = NoticeKind("claim-question", Category.CLAIMS, urgent=True)
CLAIM_ENTERED = NoticeKind("claim-entered", Category.CLAIMS)
MAIL_TAKEN = NoticeKind("mail-taken", Category.CLAIMS)
MAIL_UNPROVEN = NoticeKind("mail-unproven", Category.CLAIMS)
MAIL_REFUSED = NoticeKind("mail-refused", Category.CLAIMS)
MAIL_UNKNOWN = NoticeKind("mail-unknown", Category.CLAIMS)
CLAIM_CORRECTED = NoticeKind("claim-corrected", Category.CLAIMS)
CLAIM_GIVEN_BACK = NoticeKind("claim-given-back", Category.CLAIMS)
POINTS_ADJUSTED = NoticeKind("points-adjusted", Category.POINTS)
POINTS_EXPIRING = NoticeKind("points-expiring", Category.POINTS)
ORDER_PLACED = NoticeKind("order-placed", Category.REWARDS)
ORDER_HELD = NoticeKind("order-held", Category.REWARDS)
ORDER_SENT = NoticeKind("order-sent", Category.REWARDS, urgent=True)
ORDER_DELIVERED = NoticeKind("order-delivered", Category.REWARDS)

# One line per kind, in the order of the packages that send them.
KINDS: Mapping[str, NoticeKind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            SIGN_IN_CODE,
            PASSWORD_LINK,
            PARTNER_INVITATION,
            JOIN_INVITATION,
            PASSWORD_CHANGED,
            CONTACT_CHANGED,
            CLAIM_DECIDED,
            APPEAL_DECIDED,
            REVIEWS_DUE,
            BUDGET_ENDED,
            CLAIM_UNREADABLE,
            CODES_LEFT,
            CLAIM_QUESTION,
            CLAIM_CORRECTED,
            CLAIM_GIVEN_BACK,
            CLAIM_ENTERED,
            MAIL_TAKEN,
            MAIL_UNPROVEN,
            MAIL_REFUSED,
            MAIL_UNKNOWN,
            POINTS_ADJUSTED,
            POINTS_EXPIRING,
            ORDER_PLACED,
            ORDER_HELD,
            ORDER_SENT,
            ORDER_DELIVERED,
        )
    }
)


def kind_of(name: str) -> NoticeKind:
    """Raises `UnknownNotice`."""
    try:
        return KINDS[name]
    except KeyError:
        raise UnknownNotice(name) from None
