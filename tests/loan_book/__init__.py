"""The loan book: its contract, import, snapshots and reading."""
