"""Cash ahead, debt capacity, break-evens and the working-capital need of a borrower."""
