"""Chains of hashes over postings, whole lots, reversals, adjustments; one programme a posting."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_KINDS = (
    "award",
    "hold",
    "capture",
    "release",
    "expiry",
    "correction",
    "refund",
    "adjustment",
    "partner_reward",
)
_NEW_KINDS = (*_KINDS, "reversal", "set_off")

_LINE = r"""
-- What an account's hash is made of; points/chain.py says the same in Python.
CREATE FUNCTION ledger_line(
  reference text, kind text, posted_at timestamptz, points bigint, counterparty text, balance bigint
) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT convert_to(concat_ws(E'\n', reference, kind,
    floor(extract(epoch FROM posted_at) * 1000000)::bigint, points, counterparty, balance), 'UTF8')
$$
"""

_OPEN = r"""
-- The accounts of a programme itself name it; every other learns it from its first posting.
CREATE FUNCTION ledger_program() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  NEW.program_id := CASE
    WHEN NEW.address ~ '^(issued|spent|expired|reversed):[0-9a-f-]{36}$'
    THEN split_part(NEW.address, ':', 2)::uuid END;
  RETURN NEW;
END $$
"""

_APPLY = """
CREATE OR REPLACE FUNCTION ledger_apply() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE entry ledger_transaction; giver uuid; taker uuid;
BEGIN
  SELECT * INTO entry FROM ledger_transaction WHERE id = NEW.transaction_id;
  UPDATE ledger_account AS a SET balance = a.balance - NEW.points,
      head = sha256(coalesce(a.head, sha256(convert_to(a.address, 'UTF8'))) || ledger_line(
        entry.reference, entry.kind, entry.posted_at, -NEW.points, NEW.destination,
        a.balance - NEW.points))
    WHERE a.address = NEW.source
    RETURNING a.balance, a.head, a.program_id
    INTO NEW.source_balance, NEW.source_hash, giver;
  UPDATE ledger_account AS a SET balance = a.balance + NEW.points,
      head = sha256(coalesce(a.head, sha256(convert_to(a.address, 'UTF8'))) || ledger_line(
        entry.reference, entry.kind, entry.posted_at, NEW.points, NEW.source,
        a.balance + NEW.points))
    WHERE a.address = NEW.destination
    RETURNING a.balance, a.head, a.program_id
    INTO NEW.destination_balance, NEW.destination_hash, taker;
  IF giver IS NULL AND taker IS NOT NULL THEN
    UPDATE ledger_account SET program_id = taker WHERE address = NEW.source;
  ELSIF taker IS NULL AND giver IS NOT NULL THEN
    UPDATE ledger_account SET program_id = giver WHERE address = NEW.destination;
  ELSIF giver <> taker THEN
    RAISE EXCEPTION 'points of one programme cannot move to another' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$
"""

_OLD_APPLY = """
CREATE OR REPLACE FUNCTION ledger_apply() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  UPDATE ledger_account SET balance = balance - NEW.points WHERE address = NEW.source;
  UPDATE ledger_account SET balance = balance + NEW.points WHERE address = NEW.destination;
  RETURN NULL;
END $$
"""

_LOCK = """
CREATE OR REPLACE FUNCTION lock_accounts(addresses text[]) RETURNS void LANGUAGE sql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO ledger_account (address, overdraft)
    SELECT wanted, wanted LIKE 'issued:%' OR wanted LIKE 'debt:%'
    FROM unnest(addresses) AS wanted
    WHERE NOT EXISTS (SELECT FROM ledger_account WHERE address = wanted)
    GROUP BY wanted ORDER BY wanted COLLATE "C"
    ON CONFLICT DO NOTHING;
  SELECT 1 FROM ledger_account WHERE address = ANY(addresses) ORDER BY address FOR UPDATE
$$
"""

_OLD_LOCK = """
CREATE OR REPLACE FUNCTION lock_accounts(addresses text[]) RETURNS void LANGUAGE sql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT 1 FROM ledger_account WHERE address = ANY(addresses) ORDER BY address FOR UPDATE
$$
"""

# A whole posting in one call; NULL when the reference was posted before.
_POST = """
CREATE FUNCTION ledger_post(
  said text, sort text, at timestamptz, sources text[], destinations text[], amounts bigint[]
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE made bigint;
BEGIN
  INSERT INTO ledger_transaction (reference, kind, posted_at) VALUES (said, sort, at)
    ON CONFLICT (reference) DO NOTHING RETURNING id INTO made;
  IF made IS NULL THEN
    RETURN NULL;
  END IF;
  PERFORM lock_accounts(sources || destinations);
  INSERT INTO posting (transaction_id, source, destination, points)
    SELECT made, move.source, move.destination, move.points
    FROM unnest(sources, destinations, amounts) WITH ORDINALITY
      AS move(source, destination, points, place)
    ORDER BY move.place;
  RETURN made;
END $$
"""

# What was posted before gets its chain: the postings are walked once, in their order.
_CHAIN = """
DO $$
DECLARE p record; b bigint; h bytea;
BEGIN
  UPDATE ledger_account SET balance = 0;
  FOR p IN SELECT posting.*, t.reference, t.kind, t.posted_at FROM posting
           JOIN ledger_transaction t ON t.id = posting.transaction_id ORDER BY posting.id LOOP
    UPDATE ledger_account a SET balance = a.balance - p.points,
        head = sha256(coalesce(a.head, sha256(convert_to(a.address, 'UTF8'))) || ledger_line(
          p.reference, p.kind, p.posted_at, -p.points, p.destination, a.balance - p.points))
      WHERE a.address = p.source RETURNING a.balance, a.head INTO b, h;
    UPDATE posting SET source_balance = b, source_hash = h WHERE id = p.id;
    UPDATE ledger_account a SET balance = a.balance + p.points,
        head = sha256(coalesce(a.head, sha256(convert_to(a.address, 'UTF8'))) || ledger_line(
          p.reference, p.kind, p.posted_at, p.points, p.source, a.balance + p.points))
      WHERE a.address = p.destination RETURNING a.balance, a.head INTO b, h;
    UPDATE posting SET destination_balance = b, destination_hash = h WHERE id = p.id;
  END LOOP;
END $$
"""

_PROGRAMS = """
UPDATE ledger_account SET program_id = split_part(address, ':', 2)::uuid
  WHERE address ~ '^(issued|spent|expired|reversed):[0-9a-f-]{36}$'
"""
_SPREAD = """
UPDATE ledger_account a SET program_id = known.program_id
  FROM posting p JOIN ledger_account known ON known.address IN (p.source, p.destination)
  WHERE a.address IN (p.source, p.destination)
    AND a.program_id IS NULL AND known.program_id IS NOT NULL
"""

_LOTS = """
UPDATE point_lot SET used = coalesce(
  (SELECT sum(points - returned) FROM lot_use WHERE lot_id = point_lot.id), 0)
"""
_LOTS_EXPIRED = """
UPDATE point_lot SET expired = points - remaining - used
  WHERE EXISTS (SELECT FROM ledger_transaction WHERE reference = 'expiry:' || point_lot.id)
"""
_LOTS_REVERSED = r"""
UPDATE point_lot SET reversed = points - remaining - used - expired, taken_back = CASE
  WHEN EXISTS (SELECT FROM ledger_transaction WHERE reference = point_lot.reference || '\:undo')
  THEN points ELSE points - remaining - used - expired END
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _kinds(_NEW_KINDS)
    op.add_column("ledger_account", sa.Column("program_id", sa.Uuid(), nullable=True))
    op.add_column("ledger_account", sa.Column("head", sa.LargeBinary(), nullable=True))
    op.create_index("ix_ledger_account_program_id", "ledger_account", ["program_id"])
    op.create_check_constraint(
        op.f("ck_ledger_account_debts_are_owed"),
        "ledger_account",
        "address NOT LIKE 'debt:%' OR balance <= 0",
    )
    for name, kind in (
        ("source_balance", sa.BigInteger()),
        ("destination_balance", sa.BigInteger()),
        ("source_hash", sa.LargeBinary()),
        ("destination_hash", sa.LargeBinary()),
    ):
        op.add_column("posting", sa.Column(name, kind, nullable=True))
    op.execute(_LINE)
    op.execute("ALTER TABLE posting DISABLE TRIGGER USER")
    op.execute(_CHAIN)
    op.execute("ALTER TABLE posting ENABLE TRIGGER USER")
    op.execute(_PROGRAMS)
    for _ in range(4):  # issued → participant → held → spent, and one more for good measure
        op.execute(_SPREAD)
    for name in ("source_balance", "destination_balance", "source_hash", "destination_hash"):
        op.alter_column("posting", name, nullable=False)
    for side in ("source", "destination"):
        op.drop_index(f"ix_posting_{side}", "posting")
        op.create_index(f"ix_posting_{side}", "posting", [side, "id"])
    op.execute("DROP TRIGGER apply ON posting")
    op.execute(_OPEN)
    op.execute(
        "CREATE TRIGGER program BEFORE INSERT ON ledger_account "
        "FOR EACH ROW EXECUTE FUNCTION ledger_program()"
    )
    op.execute(_APPLY)
    op.execute(_LOCK)
    op.execute(_POST)
    op.execute(
        "CREATE TRIGGER apply BEFORE INSERT ON posting FOR EACH ROW EXECUTE FUNCTION ledger_apply()"
    )
    _lots()
    _tables()


def _kinds(kinds: tuple[str, ...]) -> None:
    name = op.f("ck_ledger_transaction_transaction_kind")
    op.drop_constraint(name, "ledger_transaction", type_="check")
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(name, "ledger_transaction", f"kind IN ({listed})")


def _lots() -> None:
    for name in ("used", "expired", "reversed", "taken_back"):
        op.add_column(
            "point_lot", sa.Column(name, sa.BigInteger(), nullable=False, server_default="0")
        )
    op.execute(_LOTS)
    op.execute(_LOTS_EXPIRED)
    op.execute(_LOTS_REVERSED)
    op.create_check_constraint(
        op.f("ck_point_lot_whole"),
        "point_lot",
        "points = remaining + used + expired + reversed "
        "AND used >= 0 AND expired >= 0 AND reversed >= 0",
    )
    op.create_check_constraint(
        op.f("ck_point_lot_taken_back"), "point_lot", "taken_back >= 0 AND taken_back <= points"
    )
    op.create_index(
        "ix_point_lot_expiry",
        "point_lot",
        ["expires_on", "account"],
        postgresql_where=sa.text("remaining > 0"),
    )
    op.create_check_constraint(
        op.f("ck_lot_use_returned"), "lot_use", "returned >= 0 AND returned <= points"
    )


def _tables() -> None:
    op.create_table(
        "point_reversal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("award_reference", sa.String(), nullable=False),
        sa.Column("account", sa.String(collation="C"), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("from_active", sa.BigInteger(), nullable=False),
        sa.Column("from_expired", sa.BigInteger(), nullable=False),
        sa.Column("to_debt", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "points > 0 AND points = from_active + from_expired + to_debt "
            "AND from_active >= 0 AND from_expired >= 0 AND to_debt >= 0",
            name=op.f("ck_point_reversal_points"),
        ),
        sa.ForeignKeyConstraint(
            ["account"], ["ledger_account.address"], name=op.f("fk_point_reversal_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_reversal")),
        sa.UniqueConstraint("reference", name=op.f("uq_point_reversal_reference")),
    )
    op.create_index("ix_point_reversal_account", "point_reversal", ["account"])
    op.create_index("ix_point_reversal_award_reference", "point_reversal", ["award_reference"])
    for when in ("BEFORE UPDATE OR DELETE ON point_reversal FOR EACH ROW",):
        op.execute(f"CREATE TRIGGER no_change {when} EXECUTE FUNCTION refuse_change()")
    op.execute(
        "CREATE TRIGGER no_truncate BEFORE TRUNCATE ON point_reversal "
        "EXECUTE FUNCTION refuse_change()"
    )
    op.create_table(
        "point_adjustment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "proposed",
                "posted",
                "refused",
                name="adjustment_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("needs_second", sa.Boolean(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint("points <> 0", name=op.f("ck_point_adjustment_points")),
        sa.CheckConstraint("length(reason) >= 5", name=op.f("ck_point_adjustment_reason")),
        sa.CheckConstraint(
            "status <> 'posted' OR NOT needs_second OR decided_by <> requested_by",
            name=op.f("ck_point_adjustment_second_person"),
        ),
        sa.CheckConstraint(
            "(status = 'proposed') = (decided_at IS NULL) "
            "AND (decided_by IS NULL) = (decided_at IS NULL)",
            name=op.f("ck_point_adjustment_decided"),
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["person.id"], name=op.f("fk_point_adjustment_requested_by")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_point_adjustment_decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_adjustment")),
    )
    op.create_index(
        "ix_point_adjustment_participant", "point_adjustment", ["participant_id", "requested_at"]
    )
    op.create_index(
        "ix_point_adjustment_program", "point_adjustment", ["program_id", "status", "requested_at"]
    )
    op.create_index("ix_point_adjustment_requested_by", "point_adjustment", ["requested_by"])
    op.create_index("ix_point_adjustment_decided_by", "point_adjustment", ["decided_by"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("point_adjustment")
    op.drop_table("point_reversal")
    op.drop_constraint(op.f("ck_lot_use_returned"), "lot_use", type_="check")
    op.drop_constraint(op.f("ck_point_lot_taken_back"), "point_lot", type_="check")
    op.drop_constraint(op.f("ck_point_lot_whole"), "point_lot", type_="check")
    op.drop_index("ix_point_lot_expiry", "point_lot")
    for name in ("used", "expired", "reversed", "taken_back"):
        op.drop_column("point_lot", name)
    op.execute("DROP TRIGGER apply ON posting")
    op.execute("DROP FUNCTION ledger_post(text, text, timestamptz, text[], text[], bigint[])")
    op.execute(_OLD_LOCK)
    op.execute(_OLD_APPLY)
    op.execute(
        "CREATE TRIGGER apply AFTER INSERT ON posting FOR EACH ROW EXECUTE FUNCTION ledger_apply()"
    )
    op.execute("DROP TRIGGER program ON ledger_account")
    op.execute("DROP FUNCTION ledger_program()")
    op.execute("DROP FUNCTION ledger_line(text, text, timestamptz, bigint, text, bigint)")
    for side in ("source", "destination"):
        op.drop_index(f"ix_posting_{side}", "posting")
        op.create_index(f"ix_posting_{side}", "posting", [side])
    for name in ("source_balance", "destination_balance", "source_hash", "destination_hash"):
        op.drop_column("posting", name)
    op.drop_constraint(op.f("ck_ledger_account_debts_are_owed"), "ledger_account", type_="check")
    op.drop_index("ix_ledger_account_program_id", "ledger_account")
    op.drop_column("ledger_account", "head")
    op.drop_column("ledger_account", "program_id")
    # What was posted in the meantime keeps its meaning under the nearest older name.
    op.execute("ALTER TABLE ledger_transaction DISABLE TRIGGER USER")
    op.execute(
        "UPDATE ledger_transaction SET kind = 'correction' WHERE kind IN ('reversal', 'set_off')"
    )
    op.execute("ALTER TABLE ledger_transaction ENABLE TRIGGER USER")
    _kinds(_KINDS)
