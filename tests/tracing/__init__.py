"""Use of proceeds: tracing, payees, evidence, red flags and the picture."""
