"""Importing the loan book a bank hands over: `import_loan_book(folder) -> ImportReport`."""

from ingestion.loan_book.importer import import_loan_book
from ingestion.loan_book.report import ImportReport, Rejection

__all__ = ["ImportReport", "Rejection", "import_loan_book"]
