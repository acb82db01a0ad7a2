"""The web edge: pages, the JSON API and everything that knows HTTP."""
