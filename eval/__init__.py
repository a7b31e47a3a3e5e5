"""Sample bank, golden sets, benchmarks."""
