"""Invoices as Polish invoicing programs print them: one layout a module."""

from demo.documents.invoices.render import (
    LAYOUTS,
    Layout,
    LayoutMismatch,
    layouts_for,
    render_invoice_pdf,
)

__all__ = ["LAYOUTS", "Layout", "LayoutMismatch", "layouts_for", "render_invoice_pdf"]
