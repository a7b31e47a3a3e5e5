"""The console's pages, written on the server."""
