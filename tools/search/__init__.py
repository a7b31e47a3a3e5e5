"""Passage search: lexical and by meaning, permission filters in the query."""
