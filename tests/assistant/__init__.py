"""The analyst, the agent, the gate around them, and the real model over the wire."""
