"""How well, how fast and at what cost documents are read, beside simpler ways to do it."""
