"""What templates are given: frozen views made from rows, in the reader's words."""
