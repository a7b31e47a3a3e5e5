"""The portfolio run: signals of every borrower, alerts per root cause, proposals for a second person."""
