"""What the application's role may do: everything but change history."""

from __future__ import annotations

import re

import sqlalchemy as sa


def grant(connection: sa.Connection, metadata: sa.MetaData, role: str) -> None:
    """Grant per table. A table whose `info` says `append_only` gets INSERT and SELECT, no more;
    one with `insert_columns` is inserted with those columns only (triggers own the rest).
    """
    if not re.fullmatch(r"[a-z_][a-z0-9_]*", role):
        raise ValueError(f"{role!r} is no plain role name")
    run = connection.exec_driver_sql
    run(f"GRANT USAGE ON SCHEMA public TO {role}")
    run(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}")
    present = set(sa.inspect(connection).get_table_names())
    for table in metadata.sorted_tables:
        if table.name not in present:
            continue
        run(f'REVOKE ALL ON "{table.name}" FROM {role}')
        if columns := table.info.get("insert_columns"):
            rights = f"SELECT, INSERT ({', '.join(columns)})"
        elif table.info.get("append_only"):
            rights = "SELECT, INSERT"
        else:
            rights = "SELECT, INSERT, UPDATE, DELETE"
        run(f'GRANT {rights} ON "{table.name}" TO {role}')
    run(f"GRANT SELECT ON alembic_version TO {role}")
