"""Addresses of console pages."""
