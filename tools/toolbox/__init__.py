"""Typed read-only tools the agent may call."""
