"""The history of the tables, one subject a file."""
