"""Claims: one proof of purchase from one participant, from upload to judged lines."""
