"""Guarantee circles, related parties and groups."""
