"""Floor 3: settings, wiring, the agent and its two models, verification."""
