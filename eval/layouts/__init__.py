"""Statements in layouts drawn by lot, with their truth: what the reader meets that no fixture holds."""
