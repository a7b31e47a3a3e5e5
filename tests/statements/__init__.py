"""Statements are read from real PDFs."""
