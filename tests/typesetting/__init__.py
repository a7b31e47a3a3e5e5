"""Fonts that write Chinese anywhere."""
