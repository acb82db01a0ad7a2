"""Who decides: review queue, decisions, and the transaction that pays."""
