"""The gate's own examination: thousands of answers with one thing altered, and thousands of right ones in other words."""
