"""Loan contracts: clauses, terms, and covenants as proposed code that a named person must confirm."""
