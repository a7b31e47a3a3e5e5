"""Tests, named after behaviour."""
