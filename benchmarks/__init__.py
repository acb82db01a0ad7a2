"""Measurements: each a command, with its results committed beside it."""
