"""The store with a real database: SQLite always, PostgreSQL in the slow run when it is installed."""
