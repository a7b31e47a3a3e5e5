"""The gate lets nothing through that no tool found, and lets right answers pass."""
