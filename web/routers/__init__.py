"""Pages, one module per area; each is listed in web.app."""
