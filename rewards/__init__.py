"""Rewards and their redemption: points and stock held together, spent when the parcel leaves."""
