"""The borrowers of the fourth bank."""
