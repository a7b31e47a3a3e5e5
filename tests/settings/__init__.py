"""Settings say what is wrong with them."""
