"""A document may be an advance or no proof of a sale, and be refused for it."""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision = "0019"
branch_labels = None
depends_on = None

_KINDS = ("invoice", "receipt", "code_photo", "unknown")
_REASONS = (
    "counted", "duplicate", "unreadable", "not_our_document", "other_buyer", "outside_period",
    "not_in_program", "returned_goods", "suspected_forgery", "other", "product_uncertain",
    "quantity_uncertain", "already_claimed", "cap_reached", "branch_not_in_program",
    "product_not_in_days", "value_uncertain",
)  # fmt: skip
_REASONED = ("claim_line", "decision", "appeal")


def _allow(table: str, name: str, column: str, values: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{value}'" for value in values)
    constraint = op.f(f"ck_{table}_{name}")
    op.drop_constraint(constraint, table, type_="check")
    op.create_check_constraint(constraint, table, f"{column} IN ({listed})")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _allow("document", "document_kind", "kind", (*_KINDS, "advance", "no_sale"))
    for table in _REASONED:
        _allow(table, "reason_code", "reason", (*_REASONS, "advance", "no_sale"))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("UPDATE document SET kind = 'invoice' WHERE kind IN ('advance', 'no_sale')")
    _allow("document", "document_kind", "kind", _KINDS)
    # Decisions are never rewritten: what was refused for it cannot be taken back to the old list.
    for table in _REASONED:
        _allow(table, "reason_code", "reason", _REASONS)
