"""Papers of every kind in unusual words and under unusual names, with what they are and whose."""
