"""The sections of a brief, each written from the material alone."""
