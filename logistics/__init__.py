"""Rewards as goods: lots, reservations, picking, packing, shipments and proof of delivery."""
