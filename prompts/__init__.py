"""Prompts and phrase books; data, imported by anyone, importing nothing."""
