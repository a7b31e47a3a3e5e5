"""The sample bank: its books balance, its papers say what the truth says, the same seed gives the same bytes."""
