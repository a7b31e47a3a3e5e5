"""Loan mathematics: schedules, dues, arrears, classification."""
