"""The third bank's borrowers, one module each."""
