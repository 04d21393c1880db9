"""The set-up: a PostgreSQL and a Valkey of its own for the demo and for each test run."""
