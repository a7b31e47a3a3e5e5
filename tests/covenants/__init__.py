"""Covenants: tests, headroom, projection, duties and their JSON."""
