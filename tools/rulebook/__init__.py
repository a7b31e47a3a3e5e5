"""Banking knowledge as dated, tested data, and its loader."""
