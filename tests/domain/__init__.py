"""Pure arithmetic: ratios, periods, loans."""
