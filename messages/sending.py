"""How sending can fail, whatever the channel."""

from __future__ import annotations


class Undelivered(Exception):
    """It did not work this time; trying again may help."""


class Refused(Exception):
    """It will never work for this address."""
