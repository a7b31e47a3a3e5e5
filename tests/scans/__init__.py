"""Pages read from pictures."""
