"""The ledger of points: double-entry, append-only, balanced by construction."""
