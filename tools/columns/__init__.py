"""The second evaluator: the rulebook's trees over columns, for thousands of borrowers and millions of loans at once.

Columns only screen. What binary floats cannot decide beyond doubt is marked, and the Decimal evaluator of `tools.domain` decides
it; every value shown or stored is that evaluator's.
"""
