"""Wholesalers: companies, their branches and the people who work there."""
