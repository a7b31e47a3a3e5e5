"""Slack against a fake Slack on loopback: real sockets, real payloads, the real app over a real store."""
