"""JSON under /api/v1, one module per area; each is listed in web.app."""
