"""Notices to people: what is said, in which language, over which channel, exactly once."""
