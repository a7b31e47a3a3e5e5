"""The papers of the fifth bank's borrowers."""
