"""The command line says what is wrong and leaves with the documented code."""
