"""REST under /api/v1, in exactly the shapes of interfaces.md."""
