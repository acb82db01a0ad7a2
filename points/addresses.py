"""The names of ledger accounts.

Only `issued:` and `debt:` may go below zero (the database's `lock_accounts` opens them so). A debt
is what lies below zero on its account; it never rises above.
"""

from __future__ import annotations

from uuid import UUID


def active(participant_id: UUID) -> str:
    """Points that the participant can spend."""
    return f"participant:{participant_id}:active"


def debt(participant_id: UUID) -> str:
    """What the participant owes after a correction of points that were spent."""
    return f"debt:{participant_id}"


def participant_of(address: str) -> UUID | None:
    """The participant behind an account of theirs; None for every other account."""
    noun, _, rest = address.partition(":")
    return UUID(rest.split(":")[0]) if noun in ("participant", "debt") else None


def held(redemption_id: UUID) -> str:
    return f"held:{redemption_id}"


def issued(program_id: UUID) -> str:
    """Where points come from; its negative balance is what was ever issued."""
    return f"issued:{program_id}"


def spent(program_id: UUID) -> str:
    return f"spent:{program_id}"


def expired(program_id: UUID) -> str:
    return f"expired:{program_id}"


def reversed_(program_id: UUID) -> str:
    return f"reversed:{program_id}"


def branch(branch_id: UUID, program_id: UUID) -> str:
    """The reward account of a wholesaler's branch in one programme: each pays from its budget."""
    return f"partner:{branch_id}:{program_id}"
