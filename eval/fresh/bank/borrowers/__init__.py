"""One module per borrower of the held-out bank."""
