"""Reads purchase documents: bytes in, a `Reading` out. Knows no database and no queue."""
