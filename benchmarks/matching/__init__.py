"""How well lines of invoices find the programme's products, beside a plain likeness of texts."""
