"""The API and the console, over HTTP and in a real browser."""
