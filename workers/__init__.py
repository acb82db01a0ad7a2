"""Background processes: workers, relay, schedule and the supervisor that runs them all."""
