"""One module per story. Each adds its borrower to the draft: rows, papers and the truth about it."""
