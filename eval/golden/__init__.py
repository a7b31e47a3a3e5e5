"""Golden questions over the sample bank, and a scorer that needs no judge: status, numbers, borrower, citations, language."""
