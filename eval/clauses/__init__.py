"""Covenant clauses in many firms' wordings, kept with what each asks, and the count of what the reader makes of them."""
