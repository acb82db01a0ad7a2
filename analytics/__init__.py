"""Read-only queries behind the dashboards and exports."""
