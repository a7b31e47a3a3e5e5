"""The borrowers of the fifth bank."""
