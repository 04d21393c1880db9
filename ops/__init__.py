"""The set-up: an own PostgreSQL and Valkey for the demo and for each test run. Needs the standard library and psycopg2."""
