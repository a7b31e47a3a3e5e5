"""The columnar evaluator against the Decimal one, and the portfolio built on it."""
