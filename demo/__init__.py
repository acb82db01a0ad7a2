"""Deterministic demo data: a country of small firms that buys, claims and orders."""
