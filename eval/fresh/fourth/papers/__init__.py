"""The papers of the fourth bank's borrowers."""
