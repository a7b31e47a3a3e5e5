"""One reader per file format; each returns a Reading of blocks and decides nothing about their meaning."""
