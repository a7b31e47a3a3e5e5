"""Signals, the portfolio run, alerts and proposals."""
