"""The manufacturer's programme: participants, products and their names, earning rules."""
