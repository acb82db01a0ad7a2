"""Over which channels a notice goes: the person's choice, within what the kind allows."""

from __future__ import annotations

from collections.abc import Mapping

from messages.kinds import Category, Channel, NoticeKind


def channels_for(
    kind: NoticeKind,
    *,
    has_email: bool,
    has_phone: bool,
    choices: Mapping[Channel, bool],
) -> frozenset[Channel]:
    """The channels for one notice; empty leaves it in the person's list of notices only.

    `choices` are the person's for this category; a channel they never touched follows the kind.
    """
    reachable = {Channel.EMAIL: has_email, Channel.SMS: has_phone}
    wanted = set()
    for channel, reached in reachable.items():
        default = channel in kind.channels
        # What guards an account is not up for choice: a thief would switch it off first.
        chosen = default if kind.category is Category.SECURITY else choices.get(channel, default)
        if reached and chosen:
            wanted.add(channel)
    if not wanted and kind.urgent and has_phone and choices.get(Channel.SMS, True):
        wanted.add(Channel.SMS)
    return frozenset(wanted)
