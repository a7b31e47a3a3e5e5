"""Typesetting of what borrowers and banks send: statements, contracts, notes, certificates, bank slips."""
