"""Read-only questions over all areas: what the dashboards, exports and audits show."""
